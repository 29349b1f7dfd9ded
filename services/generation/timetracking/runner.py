"""Run of a report: its totals and its rows from as few passes over the entries as possible."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import Choice
from services.generation.timetracking.entry_reader import EntryReader, Fold
from services.generation.timetracking.filters import candidates, filter_of
from services.generation.timetracking.ordered_rows import Listed, OrderedByDate, OrderedByPlan
from services.generation.timetracking.query import Audit, EntryFilter, Grouping, TimeReportQuery
from services.generation.timetracking.row_plan import DetailFold
from services.generation.timetracking.summaries import SummaryFold
from services.generation.timetracking.summary_groups import SummaryGroup
from services.generation.timetracking.time_report import RUN_ROWS, Extent, NextPage, RowRun
from services.generation.timetracking.totals import Totals, TotalsFold
from services.generation.timetracking.weeks import ProjectFold, ProjectRow, WeekFold, WeeklyRow


@dataclass(frozen=True, slots=True)
class Audited:
    """The entries of the groups that are shown, and the ids of the shown groups that have none."""

    reading: EntryReader
    empty_ids: Collection[int] = ()


async def audited(reading: EntryReader, ask: TimeReportQuery) -> Audited:
    """Return what an audit leaves of a summary, so that its totals are those of its groups. Raises ReportTooBig."""
    audit, by = ask.audit, ask.grouping.by
    if audit == Audit():
        return Audited(reading)
    fold = SummaryFold(Grouping(by, "users"), reading.directory)
    await reading.fold([fold])
    tracked = await asyncio.to_thread(fold.result)
    shown = {group.id for group in tracked if audit.shows_tracked and audit.bounds.hold(group.seconds, group.amounts)}
    narrower = replace(reading, wanted=filter_of(replace(ask, kept=_narrowed(ask, shown)), reading.directory))
    if not (audit.shows_empty and audit.bounds.hold(0, {})):
        return Audited(narrower)
    return Audited(narrower, candidates(ask, reading.directory) - {group.id for group in tracked})


def _narrowed(ask: TimeReportQuery, ids: Collection[int | None]) -> EntryFilter:
    """Return which entries are kept when only those of some groups are."""
    named = frozenset(one for one in ids if one is not None)
    match ask.grouping.by:
        case "projects":
            return replace(ask.kept, projects=Choice(named, None in ids))
        case "clients":
            return replace(ask.kept, clients=Choice(named, None in ids))
        case "users":
            return replace(ask.kept, user_ids=named, group_ids=None)


Table = Sequence[SummaryGroup] | Sequence[WeeklyRow] | Sequence[ProjectRow]


@dataclass(frozen=True, slots=True)
class Folding:
    """Fold and the table that it results in."""

    fold: Fold
    table: Callable[[], Table]


def folding_of(ask: TimeReportQuery, directory: Directory, empty_ids: Iterable[int] = ()) -> Folding:
    """Return how the rows of a report come about that is not detailed; a summary has the empty groups given besides."""
    amounts, writing = not ask.hide_amounts, ask.writing
    if ask.report_type == "summary":
        groups = SummaryFold(ask.grouping, directory)
        return Folding(
            groups,
            lambda: groups.result(
                by_duration=writing.by_duration, descending=writing.descending, amounts=amounts, empty_ids=empty_ids
            ),
        )
    if ask.report_type == "weekly":
        week = WeekFold(ask.week, directory, ask.days.first)
        return Folding(week, lambda: week.result(amounts))
    projects = ProjectFold(directory)
    return Folding(projects, projects.result)


async def runs_of(table: Table) -> AsyncGenerator[RowRun, None]:
    """Yield the rows of a table in runs."""
    for first in range(0, len(table), RUN_ROWS):
        yield table[first : first + RUN_ROWS]


@dataclass(frozen=True, slots=True)
class Contents:
    """Totals where they are wanted, and rows on their way."""

    totals: Totals | None
    row_count: int
    rows: AsyncGenerator[RowRun, None]
    next_page: NextPage | None = None


async def contents_of(reading: EntryReader, ask: TimeReportQuery, extent: Extent) -> Contents:
    """Return what is wanted of a report. Raises ReportTooBig, and InvalidParameters for a page that is none of it."""
    if extent == "totals":
        return Contents(await _totals(reading, ask, extent), 0, runs_of(()))
    if ask.report_type != "detailed":
        return await _table(reading, ask, extent)
    if ask.layout.order_by == "date" and not ask.layout.grouped:
        return await _by_date(reading, ask, extent)
    return await _planned(reading, ask, extent)


async def _table(reading: EntryReader, ask: TimeReportQuery, extent: Extent) -> Contents:
    summary = await audited(reading, ask)
    folding = folding_of(ask, reading.directory, summary.empty_ids)
    totals = await _totals(summary.reading, ask, extent, folding.fold)
    table = await asyncio.to_thread(folding.table)
    return Contents(totals, len(table), runs_of(table))


async def _by_date(reading: EntryReader, ask: TimeReportQuery, extent: Extent) -> Contents:
    totals = await _totals(reading, ask, extent)
    rows = OrderedByDate(reading, ask.layout, amounts=not ask.hide_amounts)
    if totals is not None and extent == "export":
        return _detailed(totals, rows.whole(totals.entry_count))
    return _detailed(totals, await rows.page(ask.paging))


async def _planned(reading: EntryReader, ask: TimeReportQuery, extent: Extent) -> Contents:
    fold = DetailFold(ask.layout, reading.directory)
    totals = await _totals(reading, ask, extent, fold)
    plan = await asyncio.to_thread(fold.result)
    rows = OrderedByPlan(reading, plan, ask.layout, amounts=not ask.hide_amounts)
    return _detailed(totals, rows.whole() if extent == "export" else await rows.page(ask.paging))


def _detailed(totals: Totals | None, listed: Listed) -> Contents:
    return Contents(totals, listed.row_count, listed.rows, listed.next_page)


async def _totals(reading: EntryReader, ask: TimeReportQuery, extent: Extent, *others: Fold) -> Totals | None:
    """Read all entries once, into the totals where they are wanted and into other folds."""
    totals = TotalsFold(ask.days, ask.resolution, not ask.hide_amounts, tags=extent == "everything")
    folds = [*others, totals] if extent != "rows" else list(others)
    if folds:
        await reading.fold(folds)
    return await asyncio.to_thread(totals.result) if extent != "rows" else None
