"""Rows of a detailed report: columns in memory, and an object for each row only while it is looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.columns import Ints
from services.generation.domain.timesheets.directory import Directory
from services.generation.domain.timesheets.entries import NO_RATE, Rows
from services.generation.domain.timesheets.preparing import Offsets, local_offsets_s
from services.generation.domain.timesheets.results import DetailedRow, RowEntry


@dataclass(frozen=True, slots=True, eq=False)
class DetailedRows(Sequence[DetailedRow]):
    """Rows that each are of the entries from `begins` up to `ends`; what these have in common is the first's."""

    rows: Rows
    begins: Ints
    ends: Ints
    first_number: int
    is_priced: NDArray[np.bool_]  # row by row: whether it shows a rate and an amount
    stop_offset_s: Ints  # how far the owner's clock is ahead of UTC at the stop, and at the last change
    update_offset_s: Ints

    def __len__(self) -> int:
        return len(self.begins)

    @overload
    def __getitem__(self, place: int) -> DetailedRow: ...
    @overload
    def __getitem__(self, place: slice) -> "DetailedRows": ...
    def __getitem__(self, place: int | slice) -> "DetailedRow | DetailedRows":
        if not isinstance(place, slice):
            place = range(len(self))[place]
            return next(iter(self[place : place + 1]))
        taken = range(len(self))[place]
        begins, ends = self.begins[place], self.ends[place]
        number = self.first_number + taken.start
        return replace(self, begins=begins, ends=ends, first_number=number, is_priced=self.is_priced[place])

    def __iter__(self) -> Iterator[DetailedRow]:
        entries, begins = self.rows.entries, self.begins
        columns = (
            *(column[begins] for column in (entries.user_id, entries.project_id, entries.task_id)),
            *(entries.tag_ids.codes[begins], entries.description.codes[begins], entries.billable[begins]),
            *(self.is_priced, self.cents, self.rows.rate_cents[begins], self.rows.currency.codes[begins], begins, self.ends),
        )
        lines = zip(*(column.tolist() for column in columns), strict=True)
        for number, (user, project, task, tags, text, billable, priced, amount, rate, currency, begin, end) in enumerate(
            lines, self.first_number
        ):
            yield DetailedRow(
                number=number,
                user_id=user,
                project_id=project or None,
                task_id=task or None,
                tag_ids=entries.tag_ids.values[tags],
                description=entries.description.values[text],
                billable=billable,
                amount_cents=amount if priced else None,
                rate_cents=rate if priced else None,
                currency=self.rows.currency.values[currency],
                entries=self._entries(begin, end),
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment] # like any list

    @property
    def seconds(self) -> Ints:
        """Return the rounded seconds of each row."""
        return self._sums(self.rows.seconds)

    @property
    def cents(self) -> Ints:
        """Return the amount of each row, also of those that show none."""
        return self._sums(self.rows.amount_cents)

    @property
    def wall_start_s(self) -> Ints:
        """Return when each row's first entry starts by its owner's clock, seconds since 1970."""
        return self.rows.entries.start_s[self.begins] + self.rows.offset_s[self.begins]

    @property
    def wall_stop_s(self) -> Ints:
        """Return when each row's last entry stops by its owner's clock, seconds since 1970."""
        entries, last = self.rows.entries, self.ends - 1
        return entries.start_s[last] + entries.seconds[last] + self.stop_offset_s[last]

    def _sums(self, column: Ints) -> Ints:
        until = np.append(0, np.cumsum(column))
        return until[self.ends] - until[self.begins]

    def _entries(self, begin: int, end: int) -> list[RowEntry]:
        """Return entries with their start and stop as tracked, which rounding leaves as they are."""
        entries, rows = self.rows.entries, slice(begin, end)
        columns = (
            entries.id,
            self.rows.seconds,
            entries.start_s,
            entries.start_s[rows]...
        )
