"""Rows of detailed reports: pages, orders, exports."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import InvalidParameters
from services.errors.workspaces import ReportTooBig
from services.generation.timetracking import ordered_rows as detailed
from services.generation.timetracking.entries import ALL_COLUMNS
from services.generation.timetracking.timestamp_cursor import Moment, place_of, timestamp_of
from tests.builders.time_entries import EntryRow, entry
from tests.builders.time_report_service import ids_of, january, run, time_report_service
from tests.fakes.time_entries import MemoryTimeEntries

NAMES = {"row_number": "first_row_number", "id": "first_id", "timestamp": "first_timestamp"}
ORDERS = st.sampled_from(["date", "user", "duration", "description", "last_update"])
DIRECTIONS = st.sampled_from(["ASC", "DESC"])


def day(number: int, id_: int, **more: Any) -> EntryRow:
    """Return an entry on a day of January at nine in Berlin."""
    return entry(id=id_, start=f"2026-01-{number:02d}T08:00:00Z", **more)


@st.composite
def stores(draw: st.DrawFn) -> list[EntryRow]:
    """Return entries with ids in no order, many of them alike."""
    count = draw(st.integers(0, 12))
    ids = draw(st.permutations(range(1, count + 1)))
    return [
        day(
            draw(st.integers(2, 9)),
            id_,
            user=draw(st.sampled_from([11, 12])),
            seconds=draw(st.sampled_from([0, 60, 90])),
            description=draw(st.sampled_from(["a", "B"])),
        )
        for id_ in ids
    ]


async def pages(stored: MemoryTimeEntries, follow: str, **params: Any) -> list[Any]:
    """Return all rows, page by page, following what the page before says."""
    found: list[Any] = []
    more: dict[str, Any] = {}
    while True:
        report, rows = await run(stored, january(**params, **more), "rows")
        assert report.row_count == len(rows)
        found += rows
        if report.next_page is None:
            return found
        more = {NAMES[follow]: getattr(report.next_page, follow)}
        assert abs(report.next_page.timestamp) < 2**53
        assert params.get("page_size") in (None, len(rows)), "all pages but the last are full"


@given(stores(), ORDERS, DIRECTIONS, st.booleans(), st.integers(1, 5), st.sampled_from(sorted(NAMES)))
async def test_pages_together_are_the_export(  # noqa: PLR0917 - what Hypothesis draws
    stored: list[EntryRow], order: str, direction: str, grouped: bool, size: int, follow: str
) -> None:
    """Whatever the order, each row is on one page, and the pages hold what an export holds, numbered from 1."""
    memory = MemoryTimeEntries.of(*stored)
    asked = {"order_by": order, "order_dir": direction, "grouped": grouped, "enrich_response": True}
    _, exported = await run(memory, january(**asked), "export")
    paged = await pages(memory, follow, page_size=size, **asked)

    assert exported == paged
    assert list(range(1, len(exported) + 1)) == [row.row_number for row in exported]
    assert sorted(one.id for one in stored) == sorted(ids_of(exported))


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_rows_of_one_second_are_told_apart(direction: str) -> None:
    """By start, then by id, both in the direction; a timestamp says how many of the second were given."""
    team = [day(2, id_) for id_ in range(1, 61)] + [day(3, id_) for id_ in range(61, 121)]
    memory, first_s = MemoryTimeEntries.of(*team), int(day(2, 1).start.timestamp())
    asked = {"order_dir": direction, "page_size": 50}
    told, seen, more = [], [], {}
    while True:
        report, rows = await run(memory, january(**asked, **more), "rows")
        seen += ids_of(rows)
        if report.next_page is None:
            break
        told.append(report.next_page.timestamp)
        more = {"first_timestamp": told[-1]}

    up = direction == "ASC"
    seconds = [first_s, first_s + 86_400] if up else [first_s + 86_400, first_s]
    assert [seconds[0] * 1_000_000 + 50, seconds[1] * 1_000_000 + 40] == told
    assert list(range(1, 121) if up else range(120, 0, -1)) == seen


async def test_a_moment_that_begins_a_page_is_plain() -> None:
    """Grouped rows and other orders are told by their numbers."""
    memory = MemoryTimeEntries.of(day(2, 1), day(3, 2), day(4, 3, description="x"))
    reports = [
        (await run(memory, january(page_size=1, **asked), "rows"))[0]
        for asked in ({}, {"order_by": "duration"}, {"grouped": True})
    ]

    expected = [int(day(3, 2).start.timestamp()), -2, -2]
    assert expected == [one.next_page and one.next_page.timestamp for one in reports]


async def test_rows_of_a_second_that_are_gone_skip_none() -> None:
    """Where fewer are left than were given, the page begins after that second."""
    memory, second = MemoryTimeEntries.of(day(2, 1), day(3, 2)), int(day(2, 1).start.timestamp())
    _, rows = await run(memory, january(first_timestamp=second * 1_000_000 + 3), "rows")

    assert [2] == ids_of(rows)


@pytest.mark.parametrize(
    ("expected", "start_s", "passed"),
    [
        (0, 0, 0),
        (2**33, 2**33, 0),
        (1772442000000050, 1772442000, 50),
        (-7, -1, 0),
        (-7, 5, 1),
        (-7, 1772442000, 1_000_000),
    ],
)
def test_a_timestamp_is_read_as_it_was_written(expected: int, start_s: int, passed: int) -> None:
    """A row's number stands in where a moment could be taken for another."""
    found = timestamp_of(start_s, passed, 7)

    assert expected == found
    assert place_of(found) == (Moment(start_s, passed) if found >= 0 else 7)


@given(stores(), DIRECTIONS, st.booleans(), st.integers(1, 10))
async def test_a_page_can_begin_at_a_moment(stored: list[EntryRow], direction: str, grouped: bool, number: int) -> None:
    """In order of date it begins at the first row that starts there or beyond, seen in the order's direction."""
    memory, moment = MemoryTimeEntries.of(*stored), day(number, 1).start.timestamp()
    asked = {"order_dir": direction, "grouped": grouped, "page_size": 100}
    _, every = await run(memory, january(**asked), "rows")
    _, some = await run(memory, january(**asked, first_timestamp=int(moment)), "rows")

    def is_beyond(row: Any) -> bool:
        start = datetime.fromisoformat(row.time_entries[0].start).timestamp()
        return bool(start >= moment if direction == "ASC" else start <= moment)

    assert [row for row in every if is_beyond(row)] == some


async def test_the_row_number_decides() -> None:
    """Clients send all that a page said of the next one; id and moment take no part beside the number."""
    memory = MemoryTimeEntries.of(day(2, 1), day(3, 2), day(4, 3))
    _, rows = await run(memory, january(first_row_number=3, first_id=1, first_timestamp=0), "rows")

    assert [3] == ids_of(rows)


async def test_an_id_that_is_gone_leaves_the_moment() -> None:
    """The entry that was to come next may have been deleted."""
    memory = MemoryTimeEntries.of(day(2, 1), day(4, 3))
    _, rows = await run(memory, january(first_id=2, first_timestamp=int(day(3, 2).start.timestamp())), "rows")

    assert [3] == ids_of(rows)


@pytest.mark.parametrize("asked", [{"first_id": 99}, {"first_id": 99, "grouped": True}])
async def test_a_page_begins_at_an_entry_of_the_report(asked: dict[str, Any]) -> None:
    """An unknown id alone says nothing."""
    with pytest.raises(InvalidParameters):
        await run(MemoryTimeEntries.of(day(2, 1)), january(**asked), "rows")


async def test_a_moment_is_no_place_in_another_order() -> None:
    """Rows by user do not go on at a moment."""
    with pytest.raises(InvalidParameters):
        await run(MemoryTimeEntries.of(day(2, 1)), january(order_by="user", first_timestamp=5), "rows")


async def test_a_page_past_the_end_is_empty() -> None:
    """It has no rows and no page after it."""
    for grouped in (False, True):
        report, rows = await run(MemoryTimeEntries.of(day(2, 1)), january(first_row_number=9, grouped=grouped), "rows")

        assert (0, [], None) == (report.row_count, rows, report.next_page)


async def test_a_page_of_rows_reads_no_more_than_itself() -> None:
    """One read with a limit: the page and the row after it."""
    memory = MemoryTimeEntries.of(*(day(number, number) for number in range(2, 20)))
    report, _ = await run(memory, january(page_size=5), "rows")

    assert [(ALL_COLUMNS, 6)] == memory.reads
    assert report.totals is None


async def test_rows_come_in_short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run has at most so many rows, and at most so many entries unless one row has more."""
    monkeypatch.setattr(detailed, "RUN_ROWS", 3)
    monkeypatch.setattr(detailed, "RUN_ENTRIES", 4)
    alike = [day(2, number, description=word) for number, word in enumerate("aaaaabbccdefg", 1)]
    async with time_report_service(MemoryTimeEntries.of(*alike)).opened(
        january(grouped=True), None, "export"
    ) as report:
        runs = [[len(row.time_entries) for row in run] async for run in report.rows]

    assert [[5], [2, 2], [1, 1, 1], [1]] == runs


async def test_a_row_that_fits_into_no_message_is_too_big(monkeypatch: pytest.MonkeyPatch) -> None:
    """A merged row names all its entries; the limit for files is another."""
    monkeypatch.setattr(detailed, "PAGE_ROW_ENTRIES", 2)
    memory = MemoryTimeEntries.of(*(day(2, number) for number in (1, 2, 3)))
    with pytest.raises(ReportTooBig):
        await run(memory, january(grouped=True), "rows")
    _, rows = await run(memory, january(grouped=True), "export")

    assert [1, 2, 3] == ids_of(rows)


async def test_entries_deleted_meanwhile_are_left_out() -> None:
    """A row that has lost all its entries is gone, one that lost some is shorter."""

    class Forgetful(MemoryTimeEntries):
        async def by_ids(self, workspace_id: int, ids: Any) -> Any:
            self.stored = {one: entry for one, entry in self.stored.items() if one > 3}
            return await super().by_ids(workspace_id, ids)

    memory = Forgetful.of(*(day(2, number, description=word) for number, word in enumerate("aabbc", 1)))
    _, rows = await run(memory, january(grouped=True), "export")

    assert [[4], [5]] == [[one.id for one in row.time_entries] for row in rows]
