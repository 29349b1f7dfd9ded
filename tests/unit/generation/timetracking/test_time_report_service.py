"""Running reports over time entries."""

from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.errors import NotFound, TooMuch
from services.errors.workspaces import OwnerGone, ReportTooBig, WorkspaceNotFound
from services.generation.timetracking.entries import PRICE_COLUMNS
from services.generation.timetracking.time_report import OfWorkspace, Source
from services.generation.timetracking.time_report_service import Limits
from services.generation.timetracking.time_store import SavedReport
from services.generation.words.language import Locale
from tests.builders.time_entries import EntryRow, entry
from tests.builders.time_report_service import ANN_USER, JANUARY, january, run, shared, time_report_service
from tests.fakes.time_entries import MemoryTimeEntries

SAVED = SavedReport(1, 1, 11, "Hours", {"report_type": "summary", **JANUARY})
THIS_WEEK = OfWorkspace(1, "summary", {"period": "thisWeek", "grouping": "weeks"})
SUNDAY = 6
WORK: tuple[EntryRow, ...] = (
    entry(id=1, start="2026-01-05T08:00:00Z", project=7, billable=True, description="Design", tags=(3,)),
    entry(id=2, start="2026-01-06T08:00:00Z", project=7, description="Talk"),
    entry(id=3, start="2026-01-06T18:00:00Z", user=12, seconds=60),
)


async def test_a_detailed_report_has_totals_of_all_entries() -> None:
    """They do not depend on the page, and know which tags occur."""
    report, rows = await run(MemoryTimeEntries.of(*WORK), january(page_size=1))

    assert report.totals
    assert (7260, 3, 5000, 2) == (
        report.totals.seconds,
        report.totals.entry_count,
        report.totals.amount_cents,
        report.totals.tracked_days,
    )
    assert {3} == report.totals.tag_ids
    assert (1, 2) == (len(rows), report.next_page and report.next_page.row_number)


async def test_totals_alone_have_no_rows() -> None:
    """One pass, which reads no words."""
    memory = MemoryTimeEntries.of(*WORK)
    report, rows = await run(memory, january(), "totals")

    assert (7260, [], 0) == (report.totals and report.totals.seconds, rows, report.row_count)
    ((columns, limit),) = memory.reads

    assert 0 == limit
    assert columns.isdisjoint({"id", "description", "tag_ids"})


@pytest.mark.parametrize(
    ("asked", "columns"),
    [
        (january("summary"), {"description"}),
        (january("summary", sub_grouping="users"), {"user_id"}),
        (january("summary", sub_grouping="users", include_time_entry_ids=True), {"user_id", "id", "start_s"}),
        (january("weekly"), {"user_id", "start_s"}),
        (january("projects"), {"user_id"}),
        (january(order_by="duration"), {"id", "start_s"}),
        (january(order_by="description"), {"id", "start_s", "description"}),
        (january(grouped=True), {"id", "start_s", "user_id", "task_id", "description", "tag_ids"}),
    ],
)
async def test_columns_are_read_where_they_count(asked: OfWorkspace, columns: set[str]) -> None:
    """The pass over all entries reads what prices are made of, and what the kind of report needs besides."""
    memory = MemoryTimeEntries.of(*WORK)
    await run(memory, asked, "rows")

    assert [(PRICE_COLUMNS | columns, 0)] == memory.reads


async def test_other_reports_fold_all_entries() -> None:
    """Groups, weeks and projects each sum up to all the time."""
    _, groups = await run(MemoryTimeEntries.of(*WORK), january("summary"))
    _, weeks = await run(MemoryTimeEntries.of(*WORK), january("weekly", start_date="2026-01-05"))
    _, projects = await run(MemoryTimeEntries.of(*WORK), january("projects"))

    assert {7: 7200, None: 60} == {group.id: group.seconds for group in groups}
    assert {(11, 7): [3600, 3600], (12, None): [0, 60]} == {
        (row.user_id, row.project_id): list(row.seconds)[:2] for row in weeks
    }
    assert {(7, 11): 7200, (None, 12): 60} == {(row.project_id, row.user_id): row.seconds for row in projects}


async def test_hidden_amounts_are_hidden_everywhere() -> None:
    """Neither totals nor rows tell money."""
    report, rows = await run(MemoryTimeEntries.of(*WORK), january(hide_amounts=True))

    assert report.totals
    assert (None, (), {}) == (report.totals.amount_cents, tuple(report.totals.rates), dict(report.totals.amounts))
    assert not any(row.HasField("billable_amount_in_cents") or row.HasField("hourly_rate_in_cents") for row in rows)


async def test_a_filter_that_keeps_nothing_reads_nothing() -> None:
    """The report is empty and whole."""
    memory = MemoryTimeEntries.of(*WORK)
    report, rows = await run(memory, january(client_ids=[99]))

    assert (0, [], []) == (report.totals and report.totals.seconds, rows, memory.reads)


async def test_a_saved_report_is_written_for_its_owner() -> None:
    """It has the owner's language and clock, and what was saved is run with what comes with the call."""
    report, _ = await run(MemoryTimeEntries.of(*WORK), shared(grouping="users"), saved=SAVED)

    assert ("Ann", Locale("de", "Europe/Berlin")) == (report.viewpoint.name, report.locale)
    assert ("summary", "users", SAVED) == (report.query.report_type, report.query.summary.grouping, report.saved)


async def test_today_is_the_owners() -> None:
    """Late on 31 January in UTC it is February in Berlin."""
    late = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    report, _ = await run(
        MemoryTimeEntries.of(),
        shared(period="today"),
        saved=SavedReport(1, 1, 11, "Hours", {"report_type": "detailed"}),
        now=lambda: late,
    )

    assert date(2026, 2, 1) == report.query.days.first


@pytest.mark.parametrize("source", [shared(), THIS_WEEK])
async def test_weeks_are_those_of_the_account(source: Source) -> None:
    """Of a saved report its owner's, else the caller's; here they begin on Sundays."""
    saved = SavedReport(1, 1, 11, "Hours", {"report_type": "summary", **THIS_WEEK.params})
    user = replace(ANN_USER, locale=Locale("en_US", "UTC"))
    work = [entry(id=day, start=f"2026-01-{day}T09:00:00Z") for day in (24, 25, 31)]
    report, groups = await run(MemoryTimeEntries.of(*work), source, saved=saved, user=user)

    assert (date(2026, 1, 25), SUNDAY) == (report.query.days.first, report.query.days.week_start)
    assert [("2026-01-25", 7200)] == [(group.title, group.seconds) for group in groups]


async def test_too_many_entries_are_refused() -> None:
    """One more than the limit is too many, for totals and for exports."""
    memory, limits = MemoryTimeEntries.of(*WORK), Limits(max_entries=2, runs_at_once=1)
    for extent in ("everything", "totals", "export"):
        with pytest.raises(ReportTooBig):
            await run(memory, january(), extent, limits=limits)
    _, rows = await run(memory, january(billable=False), limits=limits)

    assert (2, 0) == (len(rows), memory.open_reads)


async def test_a_slow_reader_holds_no_place_for_summing_up() -> None:
    """Others run while somebody takes long over rows; past so many open reports there is an error at once."""
    limits = Limits(max_entries=9, runs_at_once=1, open_at_once=2, waiting=0)
    office = time_report_service(MemoryTimeEntries.of(*WORK), limits=limits)

    async def read() -> int:
        async with office.opened(january(), None, "everything") as report:
            return report.row_count

    async with AsyncExitStack() as held:
        await held.enter_async_context(office.opened(january(), None, "export"))
        assert 3 == await read()
        await held.enter_async_context(office.opened(january(), None, "export"))
        with pytest.raises(TooMuch):
            await read()

    assert 3 == await read()


async def test_a_reader_who_leaves_closes_the_read() -> None:
    """Nothing of an export goes on that nobody reads."""
    memory = MemoryTimeEntries.of(*WORK)
    async with time_report_service(memory).opened(january(), None, "export") as report:
        first = await anext(report.rows)
        assert (2, 1) == (len(first), memory.open_reads)

    assert 0 == memory.open_reads


@pytest.mark.parametrize(
    ("source", "error"), [(shared(), OwnerGone), (january(), WorkspaceNotFound)], ids=["shared", "workspace"]
)
async def test_a_workspace_can_go_meanwhile(source: Any, error: type[Exception]) -> None:
    """It is answered as if it had gone before."""
    with pytest.raises(error):
        await run(MemoryTimeEntries.of(), source, saved=SAVED, is_gone=True)


async def test_an_unknown_token_is_not_found() -> None:
    """The service adds no rule of its own."""
    with pytest.raises(NotFound):
        await run(MemoryTimeEntries.of(), shared())
