"""Rows of a detailed report as columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.columns import Ints
from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import NO_RATE, Rows
from services.generation.timetracking.preparation import Offsets, local_offsets_s
from services.generation.timetracking.tally import Ranges


@dataclass(frozen=True, slots=True)
class RowEntry:
    """A time entry of a row: rounded seconds, UTC seconds since 1970, its owner's offsets at start, stop and change."""

    id: int
    seconds: int
    start_s: int
    stop_s: int
    update_s: int
    start_offset_s: int
    stop_offset_s: int
    update_offset_s: int


@dataclass(frozen=True, slots=True)
class DetailedRow:
    """A row of a detailed report; names are looked up in the directory by whoever writes it."""

    number: int  # from 1
    user_id: int
    project_id: int | None
    task_id: int | None
    tag_ids: tuple[int, ...]
    description: str
    billable: bool
    amount_cents: int | None  # None when not billable, without a rate, or hidden
    rate_cents: int | None
    currency: str
    entries: Sequence[RowEntry]  # by start; one unless grouped


Number = TypeVar("Number", np.int64, np.int32, np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class DetailedRows(Sequence[DetailedRow]):
    """Rows of prepared entries, those of a row in its range; what they have in common is the first's."""

    entries: Rows
    ranges: Ranges
    numbers: Ints
    is_priced: NDArray[np.bool_]  # of rows: whether a rate and an amount are shown
    stop_offset_s: Ints  # of entries: how far their owner's clock is ahead of UTC at the stop, and at the last change
    update_offset_s: Ints

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, place: int) -> DetailedRow: ...
    @overload
    def __getitem__(self, place: slice) -> "DetailedRows": ...
    def __getitem__(self, place: int | slice) -> "DetailedRow | DetailedRows":
        if isinstance(place, slice):
            ranges = Ranges(self.ranges.begins[place], self.ranges.ends[place])
            return replace(self, ranges=ranges, numbers=self.numbers[place], is_priced=self.is_priced[place])
        one = range(len(self))[place]
        return next(iter(self[one : one + 1]))

    def __iter__(self) -> Iterator[DetailedRow]:
        entries, currencies = self.entries.entries, self.entries.currency.values
        those, lengths = self._entries()
        columns = (
            self.numbers,
            self.firsts(entries.user_id),
            self.firsts(entries.project_id),
            self.firsts(entries.task_id),
            self.firsts(entries.billable),
            self.firsts(self.entries.rate_cents),
            self.firsts(entries.tag_ids.codes),
            self.firsts(entries.description.codes),
            self.firsts(self.entries.currency.codes),
            self.is_priced,
            self.cents,
            lengths,
        )
        lines = zip(*(column.tolist() for column in columns), strict=True)
        for number, user, project, task, billable, rate, tags, text, currency, is_priced, cents, length in lines:
            yield DetailedRow(
                number=number,
                user_id=user,
                project_id=project or None,
                task_id=task or None,
                tag_ids=entries.tag_ids.values[tags],
                description=entries.description.values[text],
                billable=billable,
                amount_cents=cents if is_priced else None,
                rate_cents=rate if is_priced else None,
                currency=currencies[currency],
                entries=list(islice(those, length)),
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment] # like any list

    @property
    def seconds(self) -> Ints:
        """Return the rounded seconds of each row."""
        return self._sums(self.entries.seconds)

    @property
    def cents(self) -> Ints:
        """Return the amount of each row, also of those that do not show it."""
        return self._sums(self.entries.amount_cents)

    @property
    def start_s(self) -> Ints:
        """Return when each row's first entry starts by its owner's clock, in seconds since 1970."""
        return self.firsts(self.entries.entries.start_s + self.entries.offset_s)

    @property
    def stop_s(self) -> Ints:
        """Return when each row's last entry stops by its owner's clock, in seconds since 1970."""
        entries, last = self.entries.entries, self.ranges.ends - 1
        return entries.start_s[last] + entries.seconds[last] + self.stop_offset_s[last]

    def firsts(self, column: NDArray[Number]) -> NDArray[Number]:
        """Return a column of entries at the first entry of each row."""
        return column[self.ranges.begins]

    def _sums(self, column: Ints) -> Ints:
        until = np.concatenate(([0], np.cumsum(column)))
        return until[self.ranges.ends] - until[self.ranges.begins]

    def _entries(self) -> tuple[Iterator[RowEntry], Ints]:
        """Return the entries of one row after another, as tracked but for rounded seconds, and how many each has."""
        places, lengths = self.ranges.rows(0, len(self))
        entries = self.entries.entries
        columns = (
            entries.id,
            self.entries.seconds,
            entries.start_s,
            entries.start_s + entries.seconds,
            entries.update_s,
            self.entries.offset_s,
            self.stop_offset_s,
            self.update_offset_s,
        )
        values = zip(*(column[places].tolist() for column in columns), strict=True)
        return (RowEntry(*one) for one in values), lengths


def rows_of(  # noqa: PLR0917 # what is asked of rows, none of it by default
    rows: Rows, ends: Ints | None, first_number: int, offsets: Offsets, directory: Directory, amounts: bool
) -> DetailedRows:
    """Return prepared entries as rows: row k is of the entries from `ends[k - 1]` up to `ends[k]`; None has one each.

    Without amounts there are no rates either.
    """
    last = np.arange(1, len(rows) + 1) if ends is None else ends
    begins = np.append(0, last)[:-1]
    entries = rows.entries
    stop_s = entries.start_s + entries.seconds
    return DetailedRows(
        entries=rows,
        ranges=Ranges(begins, last),
        numbers=np.arange(first_number, first_number + len(last)),
        is_priced=(rows.rate_cents[begins] != NO_RATE) & amounts,
        stop_offset_s=local_offsets_s(entries.user_id, stop_s, directory, offsets),
        update_offset_s=local_offsets_s(entries.user_id, entries.update_s, directory, offsets),
    )
