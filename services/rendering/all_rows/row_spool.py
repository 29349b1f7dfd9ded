"""Spool of rows: blocks of columns in a temporary file, read back by sheet and start under the union of all columns."""

import heapq
import marshal
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from tempfile import SpooledTemporaryFile
from typing import Self

from services.rendering.all_rows.fields import Field, Filled, Value

IN_MEMORY = 1 << 20  # bytes of rows before they go to a file
BATCH_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows by columns, which are those of the spool; moments are shown in a time zone."""

    columns: Sequence[Sequence[Value]]
    time_zone: str

    @property
    def row_count(self) -> int:
        """The number of rows."""
        return len(self.columns[0])


@dataclass(frozen=True, slots=True)
class _Block:
    sheet: int
    time_zone: str
    names: Sequence[str]
    starts: tuple[float, float]  # of the first and the last row
    is_ordered: bool
    row_count: int


class RowSpool:
    """Rows of a report in the making; leaving the context removes their file."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed at the end of the context
        self._fields: dict[str, Field] = {}
        self._order: list[str] = []
        self._blocks: list[_Block] = []
        self._places: list[tuple[int, int]] = []  # where each block begins in the file, and its bytes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def fields(self) -> list[Field]:
        """The fields of all rows so far, each behind the one that it first followed."""
        return [self._fields[name] for name in self._order]

    def declare(self, fields: Sequence[Field]) -> None:
        """Add fields that rows may have."""
        before = -1
        for field in fields:
            if field.name not in self._fields:
                self._fields[field.name] = field
                self._order.insert(before + 1, field.name)
            before = self._order.index(field.name)

    def add(self, sheet: int, time_zone: str, filled: Sequence[Filled], row_count: int) -> None:
        """Add rows of a sheet; sheets come in order, each with its rows."""
        self.declare([field for field, _values in filled])
        if not row_count:
            return
        starts = _starts(filled, row_count)
        ordered = all(one <= other for one, other in zip(starts, islice(starts, 1, None), strict=False))
        names = [field.name for field, _values in filled]
        written = marshal.dumps(([*map(list, (values for _field, values in filled))], starts))
        self._places.append((self._file.seek(0, 2), len(written)))
        self._file.write(written)
        self._blocks.append(_Block(sheet, time_zone, names, (starts[0], starts[-1]), ordered, row_count))

    def batches(self, names: Sequence[str]) -> Iterator[Batch]:
        """Yield all rows by sheet, then by start, under the fields named; a value that a row lacks is unknown."""
        places = range(len(self._blocks))
        for _sheet, group in groupby(places, key=lambda place: self._blocks[place].sheet):
            own = [*group]
            if self._is_in_order(own):
                yield from (self._batch(place, names) for place in own)
            else:
                yield from self._merged(own, names)

    def _is_in_order(self, places: Sequence[int]) -> bool:
        last = -math.inf
        for place in places:
            block = self._blocks[place]
            if not block.is_ordered or block.starts[0] < last:
                return False
            last = block.starts[1]
        return True

    def _read(self, place: int) -> tuple[list[list[Value]], list[float]]:
        start, size = self._places[place]
        self._file.seek(start)
        columns, starts = marshal.loads(self._file.read(size))  # noqa: S302  written by this process
        return columns, starts

    def _batch(self, place: int, names: Sequence[str]) -> Batch:
        block = self._blocks[place]
        return Batch(self._arranged(block, self._read(place)[0], names), block.time_zone)

    @staticmethod
    def _arranged(block: _Block, columns: list[list[Value]], names: Sequence[str]) -> list[Sequence[Value]]:
        own, nothing = dict(zip(block.names, columns, strict=True)), [None] * block.row_count
        return [own.get(name, nothing) for name in names]

    def _merged(self, places: Sequence[int], names: Sequence[str]) -> Iterator[Batch]:
        """Yield the rows of a sheet whose blocks overlap in time; runs of blocks in order are read one at a time."""
        runs: list[list[int]] = []
        for place in places:
            follows = runs and self._blocks[runs[-1][-1]].starts[1] <= self._blocks[place].starts[0]
            if follows and self._blocks[place].is_ordered and self._blocks[runs[-1][-1]].is_ordered:
                runs[-1].append(place)
            else:
                runs.append([place])
        rows = heapq.merge(*(self._rows(run, names) for run in runs), key=lambda row: row[0])
        while some := [row for _start, row in islice(rows, BATCH_ROWS)]:
            yield Batch([*zip(*some, strict=True)], self._blocks[places[0]].time_zone)

    def _rows(self, run: Sequence[int], names: Sequence[str]) -> Iterator[tuple[float, tuple[Value, ...]]]:
        for place in run:
            columns, starts = self._read(place)
            rows = zip(starts, zip(*self._arranged(self._blocks[place], columns, names), strict=True), strict=True)
            yield from rows if self._blocks[place].is_ordered else sorted(rows, key=lambda row: row[0])


def _starts(filled: Sequence[Filled], row_count: int) -> list[float]:
    """Return when each row begins: a row that does not say it stands with the one before."""
    values = next((values for field, values in filled if field.is_start), None)
    if values is None:
        return [-math.inf] * row_count
    starts, last = [], -math.inf
    for value in values:
        if isinstance(value, float) and not math.isnan(value):
            last = value
        starts.append(last)
    return starts
