"""What is in a report: its totals and its rows, out of one pass over the entries or a few."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from services.generation.timetracking.audited_summary import audited
from services.generation.timetracking.computation.details import DetailFold
from services.generation.timetracking.computation.query import TimeReportQuery
from services.generation.timetracking.computation.results import Totals
from services.generation.timetracking.computation.totals import TotalsFold
from services.generation.timetracking.entry_reader import EntryReader, Fold
from services.generation.timetracking.folding import folding_of, runs_of
from services.generation.timetracking.ordered_rows import Listed, OrderedByDate, OrderedByPlan
from services.generation.timetracking.sources import Extent
from services.generation.timetracking.time_report import NextPage, RowRun


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
    totals = await _totals(summary.reading, ask, extent, folding.fold, words=folding.words)
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
    words = ask.layout.grouped or ask.layout.order_by == "description"
    totals = await _totals(reading, ask, extent, fold, words=words)
    plan = await asyncio.to_thread(fold.result)
    rows = OrderedByPlan(reading, plan, ask.layout, amounts=not ask.hide_amounts)
    return _detailed(totals, rows.whole() if extent == "export" else await rows.page(ask.paging))


def _detailed(totals: Totals | None, listed: Listed) -> Contents:
    return Contents(totals, listed.row_count, listed.rows, listed.next_page)


async def _totals(
    reading: EntryReader, ask: TimeReportQuery, extent: Extent, *others: Fold, words: bool = False
) -> Totals | None:
    """Read all entries once, into the totals where they are wanted and into other folds."""
    totals = TotalsFold(ask.days, ask.resolution, not ask.hide_amounts)
    folds = [*others, totals] if extent != "rows" else list(others)
    if folds:
        await reading.fold(folds, words=words or extent == "everything")  # everything tells which tags occur
    return await asyncio.to_thread(totals.result) if extent != "rows" else None
