"""Short ways to make time entries, the columns of them, and the workspace their ids stand for."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from daybook.input.v1 import workspace_pb2
from daybook.input.v1.workspace_pb2 import Client, Group, Member, Project, ProjectTask, Tag, Workspace
from google.protobuf.message import Message
from numpy.typing import NDArray

from services.generation.inputs.time_entries import TIME_ENTRIES
from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import NO_AMOUNT, NO_RATE, NONE, Coded, Entries
from services.generation.timetracking.periods import Days
from services.runtime.codec import timestamp_of

Named = TypeVar("Named", Client, Project, ProjectTask, Tag, Group)
Word = TypeVar("Word", bound=Hashable)
M = TypeVar("M", bound=Message)


def member(id_: int, name: str, email: str = "", role: str = "member", time_zone: str = "UTC", **others: Any) -> Member:
    """Return a member."""
    role_ = Member.ROLE_ADMIN if role == "admin" else Member.ROLE_MEMBER
    return Member(user_id=id_, name=name, email=email, role=role_, time_zone=time_zone, **others)


ANN = member(11, "Ann", "ann@example.com", "admin", "Europe/Berlin")
BOB = member(12, "Bob", "bob@example.com", "member", "America/New_York")
ACME = Client(id=5, name="Acme")
SITE = Project(id=7, name="Site", client_id=5, color="#0b83d9", hourly_rate_cents=5000, currency_code="EUR")
INSIDE = Project(id=8, name="Inside", color="#d94182")
DRAFTS = ProjectTask(id=21, name="Drafts", project_id=7)
URGENT, CALM = Tag(id=3, name="urgent"), Tag(id=4, name="calm")
WORKSPACE = Workspace(id=1, name="Studio", owner_id=1, currency_code="USD")


@dataclass(frozen=True, slots=True)
class EntryRow:
    """Time entry as a row of columns: None and () where there is nothing."""

    id: int
    user_id: int
    start: datetime
    seconds: int | None
    project_id: int | None = None
    task_id: int | None = None
    tag_ids: tuple[int, ...] = ()
    description: str = ""
    billable: bool = False
    rate_cents: int | None = None
    currency: str | None = None
    update_time: datetime | None = None
    import_key: str = ""
    amount_cents: int | None = None

    @property
    def message(self) -> workspace_pb2.TimeEntry:
        """The entry as an input."""
        return workspace_pb2.TimeEntry(
            id=self.id,
            user_id=self.user_id,
            start_time=timestamp_of(self.start),
            seconds=self.seconds,
            project_id=self.project_id or 0,
            task_id=self.task_id or 0,
            billable=self.billable,
            hourly_rate_cents=self.rate_cents,
            currency_code=self.currency or "",
            amount_cents=self.amount_cents,
            import_key=self.import_key,
            description=self.description,
            tag_ids=self.tag_ids,
        )

    def document(self, workspace_id: int, update_time: datetime) -> dict[str, Any]:
        """Return the entry as it is stored."""
        values = TIME_ENTRIES.document(self.message)
        moment = self.update_time or update_time
        return {"_id": values.pop("id"), "workspace_id": workspace_id, "update_time": moment, **values}


def changed(message: M, **fields: Any) -> M:
    """Return a message with other values of some fields; None leaves a field unset."""
    made = type(message)()
    made.CopyFrom(message)
    for name in fields:
        made.ClearField(name)  # type: ignore[arg-type] # a field's name
    made.MergeFrom(type(message)(**fields))
    return made


def moment(text: str) -> datetime:
    """Return a moment written as 2026-01-05T09:00:00Z, or with any offset."""
    return datetime.fromisoformat(text).astimezone(UTC)


def entry(
    *,
    start: str | datetime = "2026-01-05T09:00:00Z",
    seconds: int | None = 3600,
    user: int = 11,
    project: int | None = None,
    task: int | None = None,
    tags: Iterable[int] = (),
    description: str = "",
    **others: object,
) -> EntryRow:
    """Return an entry of an hour, id 1, changed at its end; keywords give its fields in short or by their names."""
    since = moment(start) if isinstance(start, str) else start
    plain = EntryRow(1, user, since, seconds, project, task, tuple(sorted(tags)), description)
    plain = replace(plain, update_time=datetime.fromtimestamp(since.timestamp() + (seconds or 0), UTC))
    return replace(plain, **others)  # type: ignore[arg-type] # fields by name


def entries(*those: EntryRow) -> Entries:
    """Return stopped entries as columns, in the order given; several with id 1 get the ids 1, 2, 3 and so on."""
    ids = [one.id for one in those]
    if set(ids) == {1}:
        ids = list(range(1, len(those) + 1))
    return Entries(
        id=_ints(ids),
        user_id=_ints(one.user_id for one in those),
        project_id=_ints(one.project_id or NONE for one in those),
        task_id=_ints(one.task_id or NONE for one in those),
        start_s=_ints(int(one.start.timestamp()) for one in those),
        seconds=_ints(one.seconds or 0 for one in those),
        billable=np.array([one.billable for one in those], np.bool_),
        rate_cents=_ints(NO_RATE if one.rate_cents is None else one.rate_cents for one in those),
        amount_cents=_ints(NO_AMOUNT if one.amount_cents is None else one.amount_cents for one in those),
        currency=coded([one.currency or "" for one in those]),
        update_s=_ints(int((one.update_time or one.start).timestamp()) for one in those),
        description=coded([one.description for one in those]),
        tag_ids=coded([one.tag_ids for one in those]),
    )


def picked(whole: Entries, places: Iterable[int]) -> Entries:
    """Return the entries at the places given, in that order, with words coded anew as a store would."""
    where = list(places)
    return Entries(
        **{name: getattr(whole, name)[where] for name in _PLAIN_COLUMNS},
        **{name: _picked(getattr(whole, name), where) for name in ("currency", "description", "tag_ids")},
    )


def pieces(whole: Entries, cuts: Iterable[int]) -> list[Entries]:
    """Return the entries in runs cut at the places given; runs may be empty."""
    edges = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    return [picked(whole, range(first, end)) for first, end in pairwise(edges)]


def coded(values: Sequence[Word]) -> Coded[Word]:
    """Return values as a coded column."""
    distinct = list(dict.fromkeys(values))
    place = {value: code for code, value in enumerate(distinct)}
    return Coded(np.array([place[value] for value in values], np.int32), distinct)


def directory(
    *,
    workspace: Workspace = WORKSPACE,
    members: Iterable[Member] = (ANN, BOB),
    clients: Iterable[Client] = (ACME,),
    projects: Iterable[Project] = (SITE, INSIDE),
    tasks: Iterable[ProjectTask] = (DRAFTS,),
    tags: Iterable[Tag] = (URGENT, CALM),
    groups: Iterable[Group] = (),
) -> Directory:
    """Return a studio in USD: Ann (11, Berlin, admin), Bob (12, New York); Site (7, of Acme, 50 EUR), Inside (8)."""
    return Directory(
        workspace,
        members={one.user_id: one for one in members},
        clients=_by_id(clients),
        projects=_by_id(projects),
        tasks=_by_id(tasks),
        tags=_by_id(tags),
        groups=_by_id(groups),
    )


def days(first: str, last: str | None = None) -> Days:
    """Return the days from one to another, both inclusive; one alone by default."""
    return Days(date.fromisoformat(first), date.fromisoformat(last or first))


def at_utc(_zone: str, moments_s: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the offsets of clocks that all show UTC."""
    return np.zeros(len(moments_s), np.int64)


_PLAIN_COLUMNS = (
    "id", "user_id", "project_id", "task_id", "start_s", "seconds", "billable", "rate_cents", "amount_cents",
    "update_s",
)  # fmt: skip


def _ints(values: Iterable[int]) -> NDArray[np.int64]:
    return np.fromiter(values, np.int64)


def _picked(column: Coded[Word], places: list[int]) -> Coded[Word]:
    return coded([column.values[code] for code in column.codes[places].tolist()])


def _by_id(things: Iterable[Named]) -> dict[int, Named]:
    return {thing.id: thing for thing in things}
