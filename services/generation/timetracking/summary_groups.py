"""Groups of a summary: columns in memory, and an object for each part only while it is read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, repeat
from typing import overload

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.columnar import Ints
from services.generation.timetracking.budget import Budget, Budgets
from services.generation.timetracking.entries import NONE
from services.generation.timetracking.group_keys import Label, TagSet
from services.generation.timetracking.prices import NOT_BILLABLE, Rate
from services.generation.timetracking.tally import Ranges


@dataclass(frozen=True, slots=True)
class SubGroup:
    """A part of a summary's group."""

    id: int | None
    title: str | None
    seconds: int
    billable_seconds: int
    amounts: Mapping[str, int]  # cents by currency
    rates: Sequence[Rate]
    entry_ids: Sequence[int] = ()
    budget: Budget | None = None


@dataclass(frozen=True, slots=True)
class SummaryGroup:
    """A group of a summary: the entries that have a key in common, such as a project, or that have none."""

    id: int | None
    title: str  # "" for none
    color: str  # #rrggbb of a project, else ""
    seconds: int
    billable_seconds: int
    amounts: Mapping[str, int]
    sub_groups: Sequence[SubGroup]
    tags: TagSet | None = None  # of a summary by tags
    key: int = field(default=NONE, compare=False)  # number of the group in the summary's key
    budget: Budget | None = None


_AT_ONCE = 2_000  # parts that are made together
Named = Callable[[int], Label]
Line = tuple[int, int, int, int]  # currency, price, seconds, amount
Told = tuple[NDArray[np.uint32], Ranges]  # the ids of entries, and which of them are of each part


@dataclass(frozen=True, slots=True)
class PartColumns:
    """The parts of all groups, in the order in which they are shown, and the rows that they add up."""

    subs: Ints
    named: Named
    ranges: Ranges
    rows: Sequence[Ints]  # currency, price, seconds, amount
    currencies: Sequence[str]  # by number; none without money
    ids: Told | None
    budgets: Budgets  # of the parts that are projects

    def __len__(self) -> int:
        return len(self.subs)

    def made(self, first: int, end: int) -> Iterator[SubGroup]:
        """Return some parts, made one by one."""
        rows, lengths = self.ranges.rows(first, end)
        lines: Iterator[Line] = zip(*(column[rows].tolist() for column in self.rows), strict=True)
        parts = zip(self.subs[first:end].tolist(), lengths.tolist(), self._ids(first, end), strict=False)
        return (self._part(sub, islice(lines, length), ids) for sub, length, ids in parts)

    def _ids(self, first: int, end: int) -> Iterable[Sequence[int]]:
        if self.ids is None:
            return repeat(())
        ids, ranges = self.ids
        edges = zip(ranges.begins[first:end].tolist(), ranges.ends[first:end].tolist(), strict=True)
        return (ids[begin:past].tolist() for begin, past in edges)

    def _part(self, sub: int, lines: Iterable[Line], ids: Sequence[int]) -> SubGroup:
        seconds = billable_seconds = 0
        cents: dict[str, int] = {}
        rates = []
        for currency, price, row_seconds, amount in lines:
            seconds += row_seconds
            if price != NOT_BILLABLE:
                billable_seconds += row_seconds
                if self.currencies:
                    name = self.currencies[currency]
                    rates.append(Rate(row_seconds, price if price >= 0 else None, name))
                    if price >= 0 or amount:
                        cents[name] = cents.get(name, 0) + amount
        label = self.named(sub)
        return SubGroup(
            label.id, label.title, seconds, billable_seconds, cents, rates, ids, self.budgets.get(label.id or NONE)
        )


class Parts(Sequence[SubGroup]):
    """The parts of one group, each made anew whenever it is looked at."""

    def __init__(self, columns: PartColumns, first: int, end: int) -> None:
        self._columns = columns
        self._range = range(first, end)

    def __len__(self) -> int:
        return len(self._range)

    def __iter__(self) -> Iterator[SubGroup]:
        for first in self._range[::_AT_ONCE]:
            yield from self._columns.made(first, min(first + _AT_ONCE, self._range.stop))

    @overload
    def __getitem__(self, place: int) -> SubGroup: ...
    @overload
    def __getitem__(self, place: slice) -> list[SubGroup]: ...
    def __getitem__(self, place: int | slice) -> SubGroup | list[SubGroup]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        return next(self._columns.made(self._range[place], self._range[place] + 1))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment] # like any list
