"""Ports to the columns of time entries and to the store of saved reports."""

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.paging import Page
from services.generation.timetracking.entries import Entries
from services.generation.timetracking.filters import Filter

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
    show_emails: bool = False  # also to those outside of the workspace
    token: str = ""
    expire_date: date | None = None  # the last day, in its owner's zone
    create_time: datetime | None = None
    update_time: datetime | None = None
    updated_by: int = 0
    delete_time: datetime | None = None
    scheduled_user_ids: tuple[int, ...] = ()  # the members to whom schedules mail it; told by them, not stored with it


class TimeEntries(Protocol):
    """Time entries of workspaces by columns."""

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


class MailedReports(Protocol):
    """Saved reports that schedules mail to members."""

    async def members_by_report(self, workspace_id: int) -> dict[int, list[int]]:
        """Return the members who get mails by saved report of a workspace that has a schedule."""


@dataclass(frozen=True, slots=True)
class SavedReportQuery:
    """Query of a list of saved reports and its order; None and "" keep all.

    `among` and `apart_from` are ids; the service sets them for a query by `scheduled`.
    """

    workspace_id: int
    user_id: int | None = None
    name: str = ""
    public: bool | None = None
    fixed_daterange: bool | None = None
    scheduled: bool | None = None
    among: frozenset[int] | None = None
    apart_from: frozenset[int] = frozenset()
    order_by: SavedReportOrder = "id"
    descending: bool = False
    skip: int = 0
