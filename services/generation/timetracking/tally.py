"""Sums by group over columns of whole numbers, added run by run."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

import numpy as np

from services.generation.domain.columnar import Ints
from services.generation.timetracking.entries import Coded

T = TypeVar("T", bound=Hashable)
Columns = Sequence[Ints]
_WIDEST_TABLE = 1 << 21  # values that a lookup table may span whatever the number of rows
_WIDEST_KEY = 64  # values that a key may span before they are numbered
_WIDEST_CODE = 1 << 62
_EXACT_FLOAT = 1 << 53
_FEWEST_PENDING = 1 << 17  # rows to group at once


def mapped(column: Ints, look: Callable[[Ints], Ints]) -> Ints:
    """Return what `look` says of each value; it is asked once, for the distinct values in ascending order."""
    if not len(column):
        return np.empty(0, np.int64)
    low, width = _range(column)
    if not _fits_table(width, len(column)):
        values, places = np.unique(column, return_inverse=True)
        return look(values)[places]
    shifted = column - low
    present = _present(shifted, width)
    table = np.empty(width, np.int64)
    table[present] = look(present + low)
    return table[shifted]


def numbered(columns: Iterable[Ints]) -> tuple[Ints, int]:
    """Return the number of each row among the distinct rows in ascending order, and how many of those there are.

    There is at least one column. Columns are taken one by one, so they need not be in memory together.
    """
    code, span = np.zeros(1, np.int64), 1
    for column in columns:
        if not len(column):
            return np.empty(0, np.int64), 0
        low, width = _range(column)
        shifted = column - low
        if width > _WIDEST_KEY:
            shifted, width = _numbered(shifted, width)
        is_wide = not _fits_table(span * width, len(column))
        if is_wide and (_fits_table(span, len(column)) or span * width >= _WIDEST_CODE):
            code, span = _numbered(code, span)  # by a table while one fits: the sort at the end is slower
        code, span = code * width + shifted, span * width
    return _numbered(code, span)


def summed(codes: Ints, values: Ints, count: int) -> Ints:
    """Return the exact sums of values that are not negative by code, from 0 up to `count`."""
    if not len(values) or len(values) * int(values.max()) < _EXACT_FLOAT:
        return np.bincount(codes, values, count).astype(np.int64)
    sums = np.zeros(count, np.int64)
    np.add.at(sums, codes, values)
    return sums


class Tally:
    """Sums of columns over equal keys. What it holds grows with the number of different keys, not of rows."""

    def __init__(self) -> None:
        self._keys: list[list[Ints]] = []  # of each column its runs, the first of them settled
        self._sums: list[list[Ints]] = []
        self._pending = 0
        self._settled = 0

    def add(self, keys: Columns, sums: Columns) -> None:
        """Add a run of rows: key columns and columns to sum, as many each time."""
        if len(keys[0]):
            for runs, columns in (self._keys, keys), (self._sums, sums):
                runs.extend([] for _ in columns[len(runs) :])
                for column_runs, column in zip(runs, columns, strict=True):
                    column_runs.append(column)
            self._pending += len(keys[0])
            if self._pending > max(_FEWEST_PENDING, 2 * self._settled):
                self._settle()

    def result(self) -> tuple[Columns, Columns]:
        """Return the different keys as columns in ascending order, and their sums; no columns when nothing came."""
        self._settle()
        return [column for (column,) in self._keys], [column for (column,) in self._sums]

    def rows(self) -> list[tuple[int, ...]]:
        """Return the result as rows: each key followed by its sums."""
        keys, sums = self.result()
        return list(zip(*(column.tolist() for column in (*keys, *sums)), strict=True))

    def _settle(self) -> None:
        """Add up what came since, column by column: there may be millions of rows."""
        if not self._pending:
            return
        keys = [_joined(runs) for runs in self._keys]
        codes, count = numbered(keys)
        example = np.empty(count, np.int64)
        example[codes] = np.arange(len(codes))
        for place, runs in enumerate(self._keys):
            runs.append(keys[place][example])
            keys[place] = example  # the whole column is needed no longer
        for runs in self._sums:
            runs.append(summed(codes, _joined(runs), count))
        self._pending, self._settled = 0, count


class Codebook(Generic[T]):
    """One numbering for the values of coded columns that each have their own."""

    def __init__(self) -> None:
        self.values: list[T] = []
        self._code: dict[T, int] = {}
        self._source: Sequence[T] = ()  # values of the last column, and the place of each that occurred, else -1
        self._table = np.empty(0, np.int64)

    def codes(self, column: Coded[T]) -> Ints:
        """Return a column as places in `values`."""
        if not len(column.codes):
            return np.empty(0, np.int64)
        if column.values is not self._source:
            self._source, self._table = column.values, np.empty(0, np.int64)
        grown = np.full(len(column.values) - len(self._table), -1, np.int64)
        self._table = np.concatenate((self._table, grown))
        used = np.flatnonzero(np.bincount(column.codes))
        new = used[self._table[used] < 0]
        self._table[new] = self.places(column.values[code] for code in new.tolist())
        return self._table[column.codes]

    def places(self, values: Iterable[T]) -> Ints:
        """Return the places of values in `values`, new ones at its end."""
        return np.array([self._place(value) for value in values], np.int64)

    def taken(self) -> list[T]:
        """Return the values and forget them."""
        values, self.values = self.values, []
        self._code.clear()
        self._source = ()
        return values

    def _place(self, value: T) -> int:
        place = self._code.setdefault(value, len(self.values))
        if place == len(self.values):
            self.values.append(value)
        return place


def _joined(runs: list[Ints]) -> Ints:
    """Return runs as one column and keep them no longer."""
    column = np.concatenate(runs)
    runs.clear()
    return column


def _range(column: Ints) -> tuple[int, int]:
    low = int(column.min())
    return low, int(column.max()) - low + 1


def _fits_table(width: int, rows: int) -> bool:
    return width <= max(_WIDEST_TABLE, 4 * rows)


def _present(shifted: Ints, width: int) -> Ints:
    seen = np.zeros(width, np.bool_)
    seen[shifted] = True
    return np.flatnonzero(seen)


def _numbered(column: Ints, width: int) -> tuple[Ints, int]:
    """Return the number of each value, which lie in [0, width), among the distinct ones, and how many there are."""
    if not _fits_table(width, len(column)):
        values, places = np.unique(column, return_inverse=True)
        return places, len(values)
    present = _present(column, width)
    table = np.empty(width, np.int32)
    table[present] = np.arange(len(present), dtype=np.int32)
    return table[column].astype(np.int64), len(present)


@dataclass(frozen=True, slots=True)
class Ranges:
    """Ranges of rows, from `begins` up to `ends`, each of a group of neighbours."""

    begins: Ints
    ends: Ints

    @classmethod
    def of(cls, columns: Sequence[Ints]) -> Self:
        """Return the ranges of rows that are equal in columns, which have rows and are in order."""
        differs = np.ones(len(columns[0]), np.bool_)
        differs[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
        begins = np.flatnonzero(differs)
        return cls(begins, np.append(begins[1:], len(differs)))

    def at(self, places: Ints) -> Self:
        """Return the ranges at some places."""
        return type(self)(self.begins[places], self.ends[places])

    def rows(self, first: int, end: int) -> tuple[Ints, Ints]:
        """Return the rows of some neighbouring ranges one after another, and how many each has."""
        lengths = self.ends[first:end] - self.begins[first:end]
        shift = np.repeat(self.begins[first:end] - (np.cumsum(lengths) - lengths), lengths)
        return np.arange(len(shift)) + shift, lengths
