"""Rounding of groups: the sum of each is rounded once, and the difference goes to entries of its largest part."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from services.generation.timetracking.entries import Rows
from services.generation.timetracking.entry_reader import EntryReader
from services.generation.timetracking.preparation import Adjustments, Rounding, rounded
from services.generation.timetracking.prices import Currencies, price_column
from services.generation.timetracking.query import TimeReportQuery
from services.generation.timetracking.row_plan import DetailFold
from services.generation.timetracking.summaries import SummaryFold
from services.generation.timetracking.tally import Columns, numbered, summed
from services.generation.timetracking.weeks import ProjectFold, WeekFold
from services.runtime.fair_threads import in_thread


@dataclass(frozen=True, slots=True)
class Cells:
    """Sums of a report that are each rounded: the keys of the one that an entry is part of, from some columns."""

    columns: frozenset[str]
    keys: Callable[[Rows], Columns]


class CellFold:
    """Keeps the sum, the price, the seconds and the id of each entry."""

    def __init__(self, cells: Cells) -> None:
        self.columns = cells.columns | {"id"}
        self._keys = cells.keys
        self._currencies = Currencies()
        self._runs: list[Columns] = []

    def add(self, rows: Rows) -> None:
        """Add a run of entries."""
        if len(rows):
            prices = self._currencies.column(rows), price_column(rows)
            self._runs.append((*self._keys(rows), *prices, rows.seconds, rows.entries.id))

    def result(self, rounding: Rounding) -> Adjustments:
        """Return the seconds of those entries that a rounded sum changes.

        What is added goes to the longest entry of the part of equal price with the most time, and what is taken away
        comes from there first.
        """
        if not self._runs:
            return Adjustments.none()
        *keys, currency, price, seconds, ids = (np.concatenate(column) for column in zip(*self._runs, strict=True))
        self._runs.clear()
        cell, count = numbered(keys)
        part, part_count = numbered((cell, currency, price))
        sums = summed(cell, seconds, count)
        missing = (rounded(sums, rounding) - sums)[cell]
        order = np.lexsort((ids, -seconds, part, -summed(part, seconds, part_count)[part], cell))
        cell, missing, before = cell[order], missing[order], seconds[order]
        begins = np.flatnonzero(np.append(True, cell[1:] != cell[:-1]))
        until = np.cumsum(before) - before  # the seconds of entries that come earlier, in all cells
        earlier = until - np.repeat(until[begins], np.diff(np.append(begins, len(cell))))
        taken = np.clip(-missing - earlier, 0, before)
        added = np.zeros(len(cell), np.int64)
        added[begins] = np.maximum(missing[begins], 0)
        changed = np.flatnonzero(taken + added)
        return Adjustments.of(ids[order][changed], (before - taken + added)[changed])


def cells_of(query: TimeReportQuery, reading: EntryReader) -> Cells | None:
    """Return the sums that are rounded once: sub-groups, cells of weeks, merged rows; None where entries are."""
    if query.params.rounding_scope == "entry" or not query.params.rounding:
        return None
    match query.report_type:
        case "summary":
            groups = SummaryFold(query.summary, reading.directory, query.days.week_start)
            return Cells(groups.columns, groups.keys)
        case "weekly":
            week = WeekFold(query.weekly, reading.directory, query.days.first)
            return Cells(week.columns, week.keys)
        case "projects":
            projects = ProjectFold(reading.directory)
            return Cells(projects.columns, projects.keys)
        case "detailed" if query.detailed.grouped:
            rows = DetailFold(query.detailed, reading.directory)
            return Cells(rows.columns, rows.merged_keys)
    return None


async def rounded_by_group(reading: EntryReader, query: TimeReportQuery) -> EntryReader:
    """Return the reader of a report whose sums are rounded once; itself where each entry is. Raises ReportTooBig."""
    cells = cells_of(query, reading)
    if cells is None:
        return reading
    exact, fold = replace(reading, rounding=Rounding()), CellFold(cells)
    await exact.fold([fold])
    return replace(exact, adjustments=await in_thread(fold.result, Rounding.of(query.params)))
