"""Ports to the stores of workspaces, time entries and saved reports."""

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.paging import Page
from services.generation.timetracking.directory import Client, Directory, Group, Member, Project, Tag, Task, Workspace
from services.generation.timetracking.entries import Entries, TimeEntry
from services.generation.timetracking.filters import Filter

Kind = TypeVar("Kind", Client, Project, Task, Tag, Group)
SavedReportOrder = Literal["id", "name", "created_at", "updated_at"]


@dataclass(frozen=True, slots=True)
class SavedReport:
    """A report that was saved to be run again. Its id is 0 until it is stored."""

    id: int
    workspace_id: int
    user_id: int  # the member who owns it
    name: str
    params: dict[str, Any]  # as saved; whole numbers are ints
    public: bool = False
    fixed_daterange: bool = False
    token: str = ""
    expire_date: date | None = None  # the last day, in its owner's zone
    create_time: datetime | None = None
    update_time: datetime | None = None
    updated_by: int = 0
    delete_time: datetime | None = None


class Timesheets(Protocol):
    """Workspaces and all that is in them but time entries."""

    async def put_workspace(self, workspace: Workspace) -> int:
        """Store a workspace: one with id 0 replaces the owner's of that name, or is new.

        Raises AlreadyExists when the name is another's, NotFound for an unknown id.
        """

    async def workspace(self, workspace_id: int) -> Workspace | None:
        """Return a workspace without its logo."""

    async def workspace_page(self, page: Page, *, owner_id: int | None, email: str | None) -> list[Workspace]:
        """Return workspaces by id without logos: all, an owner's, or those with an active member of that email."""

    async def put_members(self, workspace_id: int, members: Sequence[Member]) -> list[int]:
        """Store members; one with id 0 is the person with that email, or a new one. The owner stays an admin.

        Raises AlreadyExists when an email is somebody else's, NonexistentEntities for an id that nobody has.
        """

    async def member(self, workspace_id: int, *, email: str = "", user_id: int = 0) -> Member | None:
        """Return the member with an email, letters' case apart, or with an id."""

    async def put(self, workspace_id: int, things: Sequence[Kind]) -> list[int]:
        """Store things of one kind; those with id 0 replace the one of the same name, or are new.

        Raises AlreadyExists on an id of another workspace or a name of another thing.
        """

    async def page(self, workspace_id: int, kind: type[Kind], page: Page) -> list[Kind]:
        """Return a workspace's things of a kind by id."""

    async def member_page(self, workspace_id: int, page: Page) -> list[Member]:
        """Return a workspace's members by id."""

    async def some(self, workspace_id: int, kind: type[Kind], ids: Collection[int]) -> dict[int, Kind]:
        """Return those of the ids that the workspace has."""

    async def missing(self, workspace_id: int, kind: type[Any], ids: Collection[int]) -> set[int]:
        """Return those of the ids that the workspace does not have; `kind` is Member or any other kind."""

    async def directory(self, workspace_id: int) -> Directory | None:
        """Return everything a workspace's ids stand for, logo included; None when there is no such workspace."""


class TimeEntries(Protocol):
    """Time entries of workspaces."""

    async def put(self, workspace_id: int, entries: Sequence[TimeEntry]) -> tuple[list[int], int]:
        """Store entries and return their ids and how many are new. Those with a stored import key stay as they are.

        Raises AlreadyExists on an id of another workspace and on an import key of another entry.
        """

    async def page(self, workspace_id: int, page: Page) -> list[TimeEntry]:
        """Return entries by start and id, running ones included."""

    async def delete(self, workspace_id: int, ids: Collection[int]) -> int:
        """Delete entries and return how many there were."""

    def read(
        self, wanted: Filter, *, columns: Collection[str], descending: bool = False, skip: int = 0, limit: int = 0
    ) -> AsyncGenerator[Entries, None]:
        """Yield stopped entries by start and id, in runs of at most 20,000; limit 0 is none.

        Columns that are not named may be 0 or empty: reading them takes time.
        """

    async def by_ids(self, workspace_id: int, ids: NDArray[np.int64]) -> Entries:
        """Return stopped entries in the order of the ids; those that were deleted meanwhile are left out."""


class SavedReports(Protocol):
    """Saved reports. Deleted ones are kept but found by nothing here."""

    async def add(self, report: SavedReport) -> SavedReport:
        """Store a new report under a new id and return it as stored."""

    async def by_token(self, token: str) -> SavedReport | None:
        """Return the report behind a token."""

    async def by_ids(self, workspace_id: int, ids: Collection[int]) -> dict[int, SavedReport]:
        """Return those of the ids that the workspace has."""

    async def change(self, changes: Sequence[tuple[SavedReport, SavedReport]]) -> None:
        """Store the fields in which reports differ from how they were read: a change is the report before and after.

        Other fields that changed meanwhile are kept, and a report that was deleted meanwhile stays deleted.
        """

    async def delete(self, ids: Collection[int], at: datetime) -> None:
        """Delete reports."""

    async def page(self, wanted: "SavedReportQuery", page: Page) -> list[SavedReport]:
        """Return a workspace's reports in the order asked for."""


@dataclass(frozen=True, slots=True)
class SavedReportQuery:
    """Query of a list of saved reports and its order; None and "" keep all."""

    workspace_id: int
    user_id: int | None = None
    name: str = ""
    public: bool | None = None
    fixed_daterange: bool | None = None
    order_by: SavedReportOrder = "id"
    descending: bool = False
    skip: int = 0
