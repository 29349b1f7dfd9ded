"""Rows of a detailed report, a page or all: by date as they are read, else by a plan."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.errors import InvalidParameters, ReportTooBig
from services.generation.timetracking.detailed_rows import DetailedRow, DetailedRows, rows_of
from services.generation.timetracking.entries import Entries, Rows
from services.generation.timetracking.entry_reader import EntryReader, Slice
from services.generation.timetracking.parameters import DetailedParams
from services.generation.timetracking.row_plan import RowPlan
from services.generation.timetracking.time_report import RUN_ROWS, NextPage
from services.generation.words.zones import offsets_s

RUN_ENTRIES = 20_000  # of a run of merged rows, unless its only row has more
PAGE_ROW_ENTRIES = 8_000  # of one row: more do not fit into a message
WHOLE_ROW_ENTRIES = 100_000  # of one row of an export, which must fit into memory
PLACE_COLUMNS = ("id", "start_s")

Run = Sequence[DetailedRow]


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows on their way: their number, and where the page after them begins, None after the last."""

    row_count: int
    rows: AsyncGenerator[Run, None]
    next_page: NextPage | None = None


class OrderedByDate:
    """A row for each entry in order of its start, read as they are asked for."""

    def __init__(self, reading: EntryReader, params: DetailedParams, *, amounts: bool) -> None:
        self._reading = reading
        self._params = params
        self._amounts = amounts

    async def page(self) -> Listed:
        """Return a page. Raises InvalidParameters when it begins at an entry that is not in the report."""
        first = await self._first_row()
        wanted = Slice(self._params.descending, first - 1, self._params.page_size + 1)
        found = [row async for run in self._rows(wanted, first) for row in run]
        page, more = found[: self._params.page_size], found[self._params.page_size :]
        following = NextPage(more[0].entries[0].id, more[0].number, more[0].entries[0].start_s) if more else None
        return Listed(len(page), _runs(page), following)

    def whole(self, count: int) -> Listed:
        """Return all rows, which are as many as there are entries."""
        return Listed(count, self._rows(Slice(self._params.descending), 1))

    async def _rows(self, wanted: Slice, number: int) -> AsyncGenerator[Run, None]:
        async with aclosing(self._reading.rows(wanted)) as runs:
            async for run in runs:
                rows = await _made(self._reading, run, None, number, amounts=self._amounts)
                number += len(rows)
                for first in range(0, len(rows), RUN_ROWS):
                    yield rows[first : first + RUN_ROWS]

    async def _first_row(self) -> int:
        """Return the row where a page begins: by its number, else at an entry, else at a moment in either direction."""
        if self._params.begins_by_number:
            return self._params.first_row
        read, by_time = 0, 0
        async with aclosing(self._reading.runs(Slice(self._params.descending), PLACE_COLUMNS)) as runs:
            async for run in runs:
                if place := _place(run.id == self._params.first_id):
                    return read + place
                after = _is_after(run, self._params.first_timestamp, descending=self._params.descending)
                if not by_time and (place := _place(after)):
                    by_time = read + place
                if by_time and self._params.first_id is None:
                    break
                read += len(run)
        if self._params.first_timestamp is None:
            raise _not_in_report()
        return by_time or read + 1


class OrderedByPlan:
    """Rows of a plan: in any order, and merged where equal; each is fetched by its entries' ids."""

    def __init__(self, reading: EntryReader, plan: RowPlan, params: DetailedParams, *, amounts: bool) -> None:
        self._reading = reading
        self._plan = plan
        self._begins = np.concatenate(([0], plan.row_ends))[:-1]
        self._params = params
        self._amounts = amounts

    async def page(self) -> Listed:
        """Return a page.

        Raises InvalidParameters when it begins at an entry that is not in the report, or at a moment where rows are not
        in order of date, and ReportTooBig when a row has too many entries for a message.
        """
        count = len(self._plan)
        first = min(await self._first_row() - 1, count)
        last = min(first + self._params.page_size, count)
        self._check(first, last, PAGE_ROW_ENTRIES)
        more = await self._reading.by_ids(self._plan.ids[self._begins[last : last + 1]])
        following = NextPage(int(more.entries.id[0]), last + 1, int(more.entries.start_s[0])) if len(more) else None
        return Listed(last - first, self._rows(first, last), following)

    def whole(self) -> Listed:
        """Return all rows. Raises ReportTooBig when a row has too many entries to be held."""
        count = len(self._plan)
        self._check(0, count, WHOLE_ROW_ENTRIES)
        return Listed(count, self._rows(0, count))

    def _check(self, first: int, last: int, most: int) -> None:
        if np.any(self._plan.row_ends[first:last] - self._begins[first:last] > most):
            raise ReportTooBig

    async def _rows(self, first: int, last: int) -> AsyncGenerator[Run, None]:
        while first < last:
            fitting = int(np.searchsorted(self._plan.row_ends, self._begins[first] + RUN_ENTRIES, side="right"))
            end = max(first + 1, min(first + RUN_ROWS, fitting, last))
            yield await self._read(first, end)
            first = end

    async def _read(self, first: int, end: int) -> Run:
        begin, ends = self._begins[first], self._plan.row_ends[first:end]
        ids = self._plan.ids[begin : ends[-1]]
        rows, ends = await self._reading.by_ids(ids), ends - begin
        if len(rows) < len(ids):  # some were deleted meanwhile
            ends = np.cumsum(np.isin(ids, rows.entries.id))[ends - 1]
            ends = ends[np.diff(ends, prepend=0) > 0]
        return await _made(self._reading, rows, ends, first + 1, amounts=self._amounts)

    async def _first_row(self) -> int:
        if self._params.begins_by_number:
            return self._params.first_row
        if place := _place(self._plan.ids == self._params.first_id):
            return int(np.searchsorted(self._plan.row_ends, place)) + 1
        if self._params.first_timestamp is None:
            raise _not_in_report()
        if self._params.order_by != "date":
            raise InvalidParameters.one("first_timestamp", "is no place in this order: give first_row_number")
        after = await asyncio.to_thread(np.isin, self._plan.ids[self._begins], await self._ids_after())
        return _place(after) or len(self._plan) + 1

    async def _ids_after(self) -> NDArray[np.int64]:
        moment_s, descending = self._params.first_timestamp, self._params.descending
        async with aclosing(self._reading.runs(Slice(), PLACE_COLUMNS)) as runs:
            found = [run.id[_is_after(run, moment_s, descending=descending)] async for run in runs]
        return np.concatenate([np.zeros(0, np.int64), *found])


def _is_after(run: Entries, moment_s: int | None, *, descending: bool) -> NDArray[np.bool_]:
    """Return whether each entry starts at a time or beyond it in the order of rows; False without a time."""
    if moment_s is None:
        return np.zeros(len(run), np.bool_)
    return run.start_s <= moment_s if descending else run.start_s >= moment_s


def _place(is_there: NDArray[np.bool_]) -> int:
    """Return the place of the first True, from 1; 0 for none."""
    return int(np.argmax(is_there)) + 1 if is_there.any() else 0


def _not_in_report() -> InvalidParameters:
    return InvalidParameters.one("first_id", "must be an entry of the report")


async def _made(
    reading: EntryReader, rows: Rows, ends: NDArray[np.int64] | None, number: int, *, amounts: bool
) -> DetailedRows:
    return await asyncio.to_thread(rows_of, rows, ends, number, offsets_s, reading.directory, amounts)


async def _runs(page: Sequence[DetailedRow]) -> AsyncGenerator[Run, None]:
    if page:
        yield page
