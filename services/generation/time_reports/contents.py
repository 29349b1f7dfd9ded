"""What is in a report: its totals and its rows, out of one pass over the entries or a few."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from services.generation.domain.timesheets.asks import TimeAsk
from services.generation.domain.timesheets.details import DetailFold
from services.generation.domain.timesheets.results import Totals
from services.generation.domain.timesheets.totals import TotalsFold
from services.generation.time_reports.audits import audited
from services.generation.time_reports.detailed import ByDate, Listed, Planned
from services.generation.time_reports.reading import Fold, Reading
from services.generation.time_reports.report import NextPage, RowRun
from services.generation.time_reports.sources import Extent
from services.generation.time_reports.tables import folding_of, runs_of


@dataclass(frozen=True, slots=True)
class Contents:
    """Totals where they are wanted, and rows on their way."""

    totals: Totals | None
    row_count: int
    rows: AsyncGenerator[RowRun, None]
    next_page: NextPage | None = None


async def contents_of(reading: Reading, ask: TimeAsk, extent: Extent) -> Contents:
    """Return what is wanted of a report. Raises ReportTooBig, and InvalidParameters for a page that is none of it."""
    if extent == "totals":
        return Contents(await _totals(reading, ask, extent), 0, runs_of(()))
    if ask.report_type != "detailed":
        return await _table(reading, ask, extent)
    if ask.layout.order_by == "date" and not ask.layout.grouped:
        return await _by_date(reading, ask, extent)
    return await _planned(reading, ask, extent)


async def _table(reading: Reading, ask: TimeAsk, extent: Extent) -> Contents:
    summary = await audited(reading, ask)
    folding = folding_of(ask, reading.directory, summary.empty_ids)
    totals = await _totals(summary.reading, ask, extent, folding.fold, words=folding.words)
    table = await asyncio.to_thread(folding.table)
    return Contents(totals, len(table), runs_of(table))


async def _by_date(reading: Reading, ask: TimeAsk, extent: Extent) -> Contents:
    totals = await _totals(reading, ask, extent)
    rows = ByDate(reading, ask.layout, amounts=not ask.hide_amounts)
    if totals is not None and extent == "export":
        return _detailed(totals, rows.whole(totals.entry_count))
    return _detailed(totals, await rows.page(ask.paging))


async def _planned(reading: Reading, ask: TimeAsk, extent: Extent) -> Contents:
    fold = DetailFold(ask.layout, reading.directory)
    words = ask.layout.grouped or ask.layout.order_by == "description"
    totals = await _totals(reading, ask, extent, fold, words=words)
    plan = await asyncio.to_thread(fold.result)
    rows = Planned(reading, plan, ask.layout, amounts=not ask.hide_amounts)
    return _detailed(totals, rows.whole() if extent == "export" else await rows.page(ask.paging))


def _detailed(totals: Totals | None, listed: Listed) -> Contents:
    return Contents(totals, listed.row_count, listed.rows, listed.next_page)


async def _totals(reading: Reading, ask: TimeAsk, extent: Extent, *others: Fold, words: bool = False) -> Totals | None:
    """Read all entries once, into the totals where they are wanted and into other folds."""
    totals = TotalsFold(ask.days, ask.resolution, not ask.hide_amounts)
    folds = [*others, totals] if extent != "rows" else list(others)
    if folds:
        await reading.fold(folds, words=words or extent == "everything")  # everything tells which tags occur
    return await asyncio.to_thread(totals.result) if extent != "rows" else None
