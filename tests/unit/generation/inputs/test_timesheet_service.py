"""What operators store about workspaces and time, checked before anything of it is stored."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.errors import InvalidParameters, NonexistentEntities, NotFound
from services.generation.timetracking.directory import Client, Group, Member, Project, Tag, Task, Workspace
from services.generation.timetracking.entries import TimeEntry
from services.generation.timetracking.timesheet_checks import MAX_BATCH
from services.generation.timetracking.timesheet_service import TimesheetService

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
STUDIO, BOB, SITE = Workspace(1, "Studio", 1), Member(0, "Bob"), Project(0, "Site")
ENTRY = TimeEntry(0, 11, NOW, 60, 7, 21, (3,))
GOOD: list[Any] = [BOB, Client(0, "x"), SITE, Task(0, "x", 7), Tag(0, "x"), Group(0, "x")]
PNG = b"\x89PNG\r\n\x1a\n"
THERE: dict[type, set[int]] = {Member: {11}, Client: {5}, Project: {7, 8}, Tag: {3}}


class Timesheets:
    """Fills the part of the port Timesheets that is asked: the workspace 1 has one of each kind, and project 8."""

    def __init__(self) -> None:
        self.stored: list[Any] = []

    async def put_workspace(self, workspace: Workspace) -> int:
        self.stored.append(workspace)
        return 1

    async def put(self, workspace_id: int, things: Sequence[Any]) -> list[int]:
        assert workspace_id == 1
        self.stored += things
        return list(range(1, len(things) + 1))

    put_members = put

    async def workspace(self, workspace_id: int) -> Workspace | None:
        return STUDIO if workspace_id == 1 else None

    async def some(self, workspace_id: int, kind: type, ids: Collection[int]) -> dict[int, Task]:
        assert (1, Task) == (workspace_id, kind)
        return {21: Task(21, "Walls", 7)} if 21 in ids else {}

    async def missing(self, workspace_id: int, kind: type, ids: Collection[int]) -> set[int]:
        assert workspace_id == 1
        return set(ids) - THERE[kind]


class Entries:
    """Fills the writing part of the port TimeEntries; entries with a key are there already."""

    def __init__(self) -> None:
        self.stored: list[TimeEntry] = []

    async def put(self, workspace_id: int, entries: Sequence[TimeEntry]) -> tuple[list[int], int]:
        assert workspace_id == 1
        self.stored += entries
        return list(range(1, len(entries) + 1)), sum(not one.import_key for one in entries)

    async def delete(self, workspace_id: int, ids: Collection[int]) -> int:
        assert workspace_id == 1
        return len(ids)


@pytest.fixture
def timesheets() -> Timesheets:
    return Timesheets()


@pytest.fixture
def entries() -> Entries:
    return Entries()


@pytest.fixture
def book(timesheets: Timesheets, entries: Entries) -> TimesheetService:
    return TimesheetService(timesheets, entries, lambda: NOW)  # type: ignore[arg-type] # the parts that are asked


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"id": -1}, "id"),
        ({"currency": "eur"}, "currency_code"),
        ({"currency": "ÄÖÜ"}, "currency_code"),
        ({"rate_cents": -1}, "hourly_rate_cents"),
        ({"logo_url": "javascript:alert(1)"}, "logo_url"),
        ({"logo": b"GIF89a"}, "logo"),
        ({"logo": PNG + bytes(256 * 2**10)}, "logo"),
    ],
)
async def test_a_bad_workspace_is_named(
    book: TimesheetService, timesheets: Timesheets, change: dict[str, Any], field: str
) -> None:
    """It is refused before it is stored."""
    with pytest.raises(InvalidParameters) as caught:
        await book.put_workspace(replace(STUDIO, **change))

    assert ([f"workspace.{field}"], []) == ([one.field for one in caught.value.violations], timesheets.stored)


async def test_a_workspace_may_have_a_logo(book: TimesheetService) -> None:
    """A PNG or a JPEG."""
    for logo in (b"", PNG, b"\xff\xd8\xff\xe0"):
        assert 1 == await book.put_workspace(replace(STUDIO, logo=logo, logo_url="https://a/l.png"))


@pytest.mark.parametrize(
    ("thing", "field"),
    [
        (replace(BOB, time_zone="Berlin"), "members[1].time_zone"),
        (replace(BOB, email=" bob"), "members[1].email"),
        (replace(BOB, name="a\0b"), "members[1].name"),
        (replace(BOB, id=2**31), "members[1].user_id"),
        (replace(BOB, avatar_url="ftp://a"), "members[1].avatar_url"),
        (Client(0, " "), "clients[1].name"),
        (Client(0, "x", "y" * 256), "clients[1].external_reference"),
        (replace(SITE, color="red"), "projects[1].color"),
        (replace(SITE, color="#0b83dg"), "projects[1].color"),
        (replace(SITE, currency="EURO"), "projects[1].currency_code"),
        (replace(SITE, rate_cents=10**9 + 1), "projects[1].hourly_rate_cents"),
        (replace(SITE, estimated_seconds=-1), "projects[1].estimated_seconds"),
        (replace(SITE, fixed_fee_cents=-1), "projects[1].fixed_fee_cents"),
        (replace(SITE, start_date=date(2026, 1, 2), end_date=date(2026, 1, 1)), "projects[1].end_date"),
        (replace(SITE, client_id=-5), "projects[1].client_id"),
        (Task(0, "x", 0), "tasks[1].project_id"),
        (Tag(0, "a\nb"), "tags[1].name"),
        (Group(0, "x", (0,)), "groups[1].user_ids"),
    ],
)
async def test_a_bad_thing_is_named_by_its_place(
    book: TimesheetService, timesheets: Timesheets, thing: Any, field: str
) -> None:
    """The batch is refused before anything of it is stored."""
    good = next(one for one in GOOD if isinstance(one, type(thing)))
    batch = [good, thing]
    putting = book.put_members(1, batch) if isinstance(thing, Member) else book.put(1, type(thing), batch)
    with pytest.raises(InvalidParameters) as caught:
        await putting

    assert ([field], []) == ([one.field for one in caught.value.violations], timesheets.stored)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"user_id": 0}, "user_id"),
        ({"project_id": -1}, "project_id"),
        ({"tag_ids": (0,)}, "tag_ids"),
        ({"tag_ids": tuple(range(1, 102))}, "tag_ids"),
        ({"description": "x" * 3001}, "description"),
        ({"description": "a\0b"}, "description"),
        ({"start": datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)}, "start_time"),
        ({"start": datetime(2101, 1, 1, tzinfo=UTC)}, "start_time"),
        ({"seconds": -1}, "seconds"),
        ({"seconds": 999 * 3600 + 1}, "seconds"),
        ({"rate_cents": -1}, "hourly_rate_cents"),
        ({"currency": ""}, "currency_code"),
        ({"import_key": "x" * 65}, "import_key"),
        ({"project_id": 8}, "task_id"),
        ({"project_id": None}, "task_id"),
    ],
)
async def test_a_bad_entry_is_named_by_its_place(
    book: TimesheetService, entries: Entries, change: dict[str, Any], field: str
) -> None:
    """A task belongs to its project: an entry of another project cannot have it."""
    with pytest.raises(InvalidParameters) as caught:
        await book.put_entries(1, [ENTRY, replace(ENTRY, **change)])

    assert ([f"time_entries[1].{field}"], []) == ([one.field for one in caught.value.violations], entries.stored)


async def test_an_entry_is_stored_with_the_moment_of_its_change(book: TimesheetService, entries: Entries) -> None:
    """Its longest, its running and its plainest form are good; a description holds line breaks and tabs."""
    good = [
        replace(ENTRY, seconds=999 * 3600, description="a\r\n\tb" + "x" * 2995, rate_cents=0, currency="EUR"),
        replace(ENTRY, seconds=None, start=datetime(1970, 1, 1, tzinfo=UTC), update_time=NOW - timedelta(days=1)),
        TimeEntry(0, 11, datetime(2100, 12, 31, tzinfo=UTC), 0),
    ]

    assert ([1, 2, 3], 3) == await book.put_entries(1, good)
    assert [replace(one, update_time=NOW) for one in good] == entries.stored


@pytest.mark.parametrize(
    "change", [{"user_id": 12}, {"project_id": 9, "task_id": None}, {"task_id": 22}, {"tag_ids": (4,)}]
)
async def test_entries_name_what_is_there(book: TimesheetService, entries: Entries, change: dict[str, Any]) -> None:
    """A member, project, task or tag that the workspace does not have is refused."""
    with pytest.raises(NonexistentEntities):
        await book.put_entries(1, [ENTRY, replace(ENTRY, **change)])
    assert [] == entries.stored


async def test_things_name_what_is_there(book: TimesheetService, timesheets: Timesheets) -> None:
    """A project its client, a task its project, a group its members."""
    for thing in (replace(SITE, client_id=6), Task(0, "x", 9), Group(0, "x", (11, 12))):
        with pytest.raises(NonexistentEntities):
            await book.put(1, type(thing), [thing])
    assert [] == timesheets.stored

    for thing in (replace(SITE, client_id=5), Task(0, "x", 8), Group(0, "x", (11,))):
        assert [1] == await book.put(1, type(thing), [thing])


async def test_a_batch_is_bounded(book: TimesheetService, timesheets: Timesheets, entries: Entries) -> None:
    """More than a thousand at once are refused."""
    with pytest.raises(InvalidParameters):
        await book.put(1, Tag, [Tag(0, "x")] * (MAX_BATCH + 1))
    with pytest.raises(InvalidParameters):
        await book.put_members(1, [BOB] * (MAX_BATCH + 1))
    with pytest.raises(InvalidParameters):
        await book.put_entries(1, [ENTRY] * (MAX_BATCH + 1))
    with pytest.raises(InvalidParameters):
        await book.delete_entries(1, range(MAX_BATCH + 1))

    assert ([], []) == (timesheets.stored, entries.stored)


async def test_a_workspace_is_needed(book: TimesheetService) -> None:
    """Nothing is stored in one that does not exist."""
    with pytest.raises(NotFound):
        await book.put(2, Tag, [Tag(0, "x")])
    with pytest.raises(NotFound):
        await book.put_members(2, [BOB])
    with pytest.raises(NotFound):
        await book.put_entries(2, [ENTRY])
    with pytest.raises(NotFound):
        await book.delete_entries(2, [1])
    assert 1 == await book.delete_entries(1, [1])


async def batches(*those: tuple[int, Sequence[TimeEntry]]) -> AsyncIterator[tuple[int, Sequence[TimeEntry]]]:
    for one in those:
        yield one


async def test_a_stream_counts_what_came_and_what_is_new(book: TimesheetService) -> None:
    """Entries whose key is stored are no new ones."""
    done = await book.import_entries(batches((1, [ENTRY, ENTRY]), (1, []), (1, [replace(ENTRY, import_key="k")])))

    assert (3, 2) == (done.received, done.created)


@pytest.mark.parametrize("bad", [(1, [replace(ENTRY, user_id=12)]), (1, [replace(ENTRY, seconds=-1)]), (2, [ENTRY])])
async def test_a_stream_that_fails_keeps_what_came_before(book: TimesheetService, entries: Entries, bad: Any) -> None:
    """The error says how many that are."""
    with pytest.raises((InvalidParameters, NonexistentEntities)) as caught:
        await book.import_entries(batches((1, [ENTRY, ENTRY]), bad, (1, [ENTRY])))

    assert ("2", 2) == (caught.value.metadata["entries_stored"], len(entries.stored))
