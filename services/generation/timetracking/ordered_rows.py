"""Rows of a detailed report, a page or all: by date as they are read, else by a plan."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from daybook.savedreport.v1.time_report_pb2 import DetailedRow
from numpy.typing import NDArray

from services.errors import InvalidParameters
from services.errors.workspaces import ReportTooBig
from services.generation.timetracking.detailed_rows import DetailedRows, rows_of
from services.generation.timetracking.entries import Entries, Rows
from services.generation.timetracking.entry_reader import EntryReader, Slice
from services.generation.timetracking.parameters import DetailedParams
from services.generation.timetracking.row_plan import RowPlan
from services.generation.timetracking.time_report import RUN_ROWS, NextPage
from services.generation.timetracking.timestamp_cursor import Moment, place_of, timestamp_of, timestamp_of_number
from services.generation.words.time_zones import offsets_s
from services.runtime.fair_threads import in_thread

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
        return Listed(len(page), _runs(page), await self._page_at(more[0], page[-1]) if more else None)

    def whole(self, count: int) -> Listed:
        """Return all rows, which are as many as there are entries."""
        return Listed(count, self._rows(Slice(self._params.descending), 1))

    async def _page_at(self, row: DetailedRow, before: DetailedRow) -> NextPage:
        """Return where a page begins at a row after another."""
        first_id, start_s = row.time_entries[0].id, _start_s(row)
        passed = await self._passed(first_id, start_s) if start_s == _start_s(before) else 0
        return NextPage(first_id, row.row_number, timestamp_of(start_s, passed, row.row_number))

    async def _passed(self, first_id: int, start_s: int) -> int:
        """Return how many rows before an entry start in the same second as it does."""
        async with aclosing(self._reading.second(start_s, PLACE_COLUMNS)) as runs:
            found = [run.id > first_id if self._params.descending else run.id < first_id async for run in runs]
        return sum(int(np.count_nonzero(run)) for run in found)

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
        place = _timestamp_place(self._params)
        read = before = same = 0
        async with aclosing(self._reading.runs(Slice(self._params.descending), PLACE_COLUMNS)) as runs:
            async for run in runs:
                if number := _place(run.id == self._params.first_id):
                    return read + number
                read += len(run)
                if isinstance(place, Moment):
                    is_after = _is_after(run, place.start_s, descending=self._params.descending)
                    is_same = run.start_s == place.start_s
                    before += int(np.count_nonzero(~is_after))
                    same += int(np.count_nonzero(is_same))
                    if self._params.first_id is None and np.any(is_after & ~is_same):
                        break
        if place is None:
            raise _not_in_report()
        return before + min(place.passed, same) + 1 if isinstance(place, Moment) else place


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
        following = NextPage(int(more.entries.id[0]), last + 1, timestamp_of_number(last + 1)) if len(more) else None
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
        if number := _place(self._plan.ids == self._params.first_id):
            return int(np.searchsorted(self._plan.row_ends, number)) + 1
        place = _timestamp_place(self._params)
        if place is None:
            raise _not_in_report()
        if not isinstance(place, Moment):
            return place
        if self._params.order_by != "date":
            raise InvalidParameters.one("first_timestamp", "is no place in this order: give first_row_number")
        ids = await self._ids_after(place.start_s)
        after = await in_thread(np.isin, self._plan.ids[self._begins], ids)
        return _place(after) or len(self._plan) + 1

    async def _ids_after(self, moment_s: int) -> NDArray[np.int64]:
        descending = self._params.descending
        async with aclosing(self._reading.runs(Slice(), PLACE_COLUMNS)) as runs:
            found = [run.id[_is_after(run, moment_s, descending=descending)] async for run in runs]
        return np.concatenate([np.zeros(0, np.int64), *found])


def _timestamp_place(params: DetailedParams) -> Moment | int | None:
    return None if params.first_timestamp is None else place_of(params.first_timestamp)


def _is_after(run: Entries, moment_s: int, *, descending: bool) -> NDArray[np.bool_]:
    """Return whether each entry starts at a time or beyond it in the order of rows."""
    return run.start_s <= moment_s if descending else run.start_s >= moment_s


def _place(is_there: NDArray[np.bool_]) -> int:
    """Return the place of the first True, from 1; 0 for none."""
    return int(np.argmax(is_there)) + 1 if is_there.any() else 0


def _not_in_report() -> InvalidParameters:
    return InvalidParameters.one("first_id", "must be an entry of the report")


async def _made(
    reading: EntryReader, rows: Rows, ends: NDArray[np.int64] | None, number: int, *, amounts: bool
) -> DetailedRows:
    return await in_thread(rows_of, rows, ends, number, offsets_s, reading.directory, amounts)


def _start_s(row: DetailedRow) -> int:
    return int(datetime.fromisoformat(row.time_entries[0].start).timestamp())


async def _runs(page: Sequence[DetailedRow]) -> AsyncGenerator[Run, None]:
    if page:
        yield page
