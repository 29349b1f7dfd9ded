"""Run of a report: its totals and its rows from as few passes over the entries as possible."""

from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from services.generation.timetracking.budget import Budgets
from services.generation.timetracking.budgets import used
from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entry_reader import EntryReader, Fold
from services.generation.timetracking.filters import candidates, filter_of
from services.generation.timetracking.group_keys import ChosenGroups
from services.generation.timetracking.group_rounding import rounded_by_group
from services.generation.timetracking.ordered_rows import Listed, OrderedByDate, OrderedByPlan
from services.generation.timetracking.parameters import AuditParams, GroupFilter, SummaryParams
from services.generation.timetracking.preparation import Rounding
from services.generation.timetracking.query import TimeReportQuery
from services.generation.timetracking.row_plan import DetailFold
from services.generation.timetracking.summaries import SummaryFold
from services.generation.timetracking.summary_groups import SummaryGroup
from services.generation.timetracking.time_report import EXPORTS, RUN_ROWS, Extent, NextPage, RowRun
from services.generation.timetracking.totals import Totals, TotalsFold
from services.generation.timetracking.weeks import ProjectFold, ProjectRow, WeekFold, WeeklyRow
from services.runtime.fair_threads import in_thread

BY_CLIENT = SummaryParams(grouping="clients", sub_grouping="projects")


async def audited(reading: EntryReader, query: TimeReportQuery) -> tuple[EntryReader, Collection[int]]:
    """Return the reader of the groups that an audit shows, and the keys of those of them that have no entries.

    A first pass finds the groups, so that totals are those of the groups that are shown; what a viewer sends does not
    change the groups that a saved audit shows. Raises ReportTooBig.
    """
    judged = query.judged or query
    audit, bounds = _audit(judged.summary)
    if (audit, bounds) == (AuditParams(), GroupFilter()):
        return reading, ()
    judging = reading
    if query.judged:
        wanted, rounding = filter_of(judged, reading.directory), Rounding.of(judged.params)
        exact = replace(reading, wanted=wanted, rounding=rounding, adjustments=None)
        judging = await rounded_by_group(exact, judged)
    members = {"sub_grouping": "billable", "include_time_entry_ids": False}  # of which there are few
    fold = SummaryFold(judged.summary.model_copy(update=members), reading.directory, judged.days.week_start)
    await judging.fold([fold])
    tracked = await in_thread(fold.result)
    is_shown = audit.show_tracked_groups
    shown = {group.key for group in tracked if is_shown and bounds.holds(group.seconds, group.amounts)}
    empty_keys: set[int] = set()
    if audit.show_empty_groups and bounds.holds(0, {}):
        empty_keys = candidates(query, reading.directory) - {group.key for group in tracked}
    wanted = reading.wanted if shown else None
    return replace(reading, wanted=wanted, groups=ChosenGroups(fold.key, shown)), empty_keys


def _audit(params: SummaryParams) -> tuple[AuditParams, GroupFilter]:
    """Return the audit and its bounds; hidden amounts cannot be found out by bounds of them."""
    audit = params.audit or AuditParams()
    bounds = audit.group_filter or GroupFilter()
    return audit.model_copy(update={"group_filter": None}), bounds.without_money() if params.hide_amounts else bounds


Table = Sequence[SummaryGroup] | Sequence[WeeklyRow] | Sequence[ProjectRow]


@dataclass(frozen=True, slots=True)
class Folding:
    """Fold and the table that it results in."""

    fold: Fold
    table: Callable[[], Table]


def folding_of(
    query: TimeReportQuery, directory: Directory, empty_keys: Iterable[int] = (), budgets: Budgets | None = None
) -> Folding:
    """Return the fold of a report that is not detailed; a summary has the empty groups given besides."""
    amounts = not query.hide_amounts
    if query.report_type == "summary":
        groups = SummaryFold(query.summary, directory, query.days.week_start)
        return Folding(groups, partial(groups.result, amounts=amounts, empty_keys=empty_keys, budgets=budgets))
    if query.report_type == "weekly":
        week = WeekFold(query.weekly, directory, query.days.first)
        return Folding(week, partial(week.result, amounts))
    projects = ProjectFold(directory)
    return Folding(projects, projects.result)


async def runs_of(table: Table) -> AsyncGenerator[RowRun, None]:
    """Yield the rows of a table in runs."""
    for first in range(0, len(table), RUN_ROWS):
        yield table[first : first + RUN_ROWS]


@dataclass(frozen=True, slots=True)
class Contents:
    """Totals, if requested, and rows that are still to be read."""

    totals: Totals | None
    row_count: int
    rows: AsyncGenerator[RowRun, None]
    next_page: NextPage | None = None
    empty_keys: Collection[int] = ()  # of a summary's groups without entries
    clients: Sequence[SummaryGroup] = ()


async def contents_of(reading: EntryReader, query: TimeReportQuery, extent: Extent) -> Contents:
    """Return the requested parts of a report. Raises ReportTooBig, and InvalidParameters for a page outside of it."""
    reading = await rounded_by_group(reading, query)
    if extent == "totals":
        return Contents(await _totals(reading, query, extent), 0, runs_of(()))
    if query.report_type != "detailed":
        return await _table(reading, query, extent)
    clients = SummaryFold(BY_CLIENT, reading.directory) if extent == "print" else None
    by_date = query.detailed.order_by == "date" and not query.detailed.grouped
    contents = await (_by_date if by_date else _planned)(reading, query, extent, *([clients] if clients else []))
    if clients is None:
        return contents
    groups = await in_thread(clients.result, amounts=not query.hide_amounts)
    return replace(contents, clients=groups)


async def _table(reading: EntryReader, query: TimeReportQuery, extent: Extent) -> Contents:
    empty_keys: Collection[int] = ()
    if query.report_type == "summary":
        reading, empty_keys = await audited(reading, query)
    budgets = await used(reading, query, reading.directory.budgets)
    folding = folding_of(query, reading.directory, empty_keys, budgets)
    totals = await _totals(reading, query, extent, folding.fold)
    table = await in_thread(folding.table)
    return Contents(totals, len(table), runs_of(table), empty_keys=empty_keys)


async def _by_date(reading: EntryReader, query: TimeReportQuery, extent: Extent, *others: Fold) -> Contents:
    by_day = DetailFold(query.detailed, reading.directory, by_day=True) if extent == "print" else None
    totals = await _totals(reading, query, extent, *others, *([by_day] if by_day else []))
    rows = OrderedByDate(reading, query.detailed, amounts=not query.hide_amounts)
    if by_day and totals is not None and totals.several_offsets:
        plan = await in_thread(by_day.result)
        return _detailed(totals, OrderedByPlan(reading, plan, query.detailed, amounts=not query.hide_amounts).whole())
    if totals is not None and extent in EXPORTS:
        return _detailed(totals, rows.whole(totals.entry_count))
    return _detailed(totals, await rows.page())


async def _planned(reading: EntryReader, query: TimeReportQuery, extent: Extent, *others: Fold) -> Contents:
    fold = DetailFold(query.detailed, reading.directory)
    totals = await _totals(reading, query, extent, fold, *others)
    plan = await in_thread(fold.result)
    rows = OrderedByPlan(reading, plan, query.detailed, amounts=not query.hide_amounts)
    return _detailed(totals, rows.whole() if extent in EXPORTS else await rows.page())


def _detailed(totals: Totals | None, listed: Listed) -> Contents:
    return Contents(totals, listed.row_count, listed.rows, listed.next_page)


async def _totals(reading: EntryReader, query: TimeReportQuery, extent: Extent, *others: Fold) -> Totals | None:
    """Read all entries once, into the totals, if requested, and into other folds."""
    by_tags = query.report_type == "summary" and query.summary.grouping == "tags"
    on_paper = extent == "print" and query.report_type == "detailed" and "tags" in (query.detailed.columns or ())
    tags = extent == "everything" or query.viewer or by_tags or on_paper
    totals = TotalsFold(query.days, query.params.graph_resolution, not query.hide_amounts, tags=tags)
    folds = [*others, totals] if extent != "rows" else list(others)
    if folds:
        await reading.fold(folds)
    return await in_thread(totals.result) if extent != "rows" else None
