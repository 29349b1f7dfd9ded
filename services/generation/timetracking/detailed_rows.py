"""Rows of a detailed report: columns for files, messages for callers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar, overload

import numpy as np
from daybook.savedreport.v1.time_report_pb2 import DetailedRow, RowEntry
from numpy.typing import NDArray

from services.generation.domain.columnar import Ints
from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import NO_RATE, Coded, Entries, Rows
from services.generation.timetracking.preparation import Offsets, local_offsets_s
from services.generation.timetracking.tally import Ranges

Number = TypeVar("Number", np.int64, np.int32, np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class DetailedRows(Sequence[DetailedRow]):
    """Rows of prepared entries, each a range of them; shared values are those of the first.

    As a message a row has what does not depend on the reader: no names, and its rate wherever it has an amount.
    """

    entries: Rows
    ranges: Ranges
    numbers: Ints
    is_priced: NDArray[np.bool_]  # of rows: whether a rate and an amount are shown
    stop_offset_s: Ints  # of entries: how far their owner's clock is ahead of UTC at the stop, and at the last change
    update_offset_s: Ints
    entry_ids: Sequence[str] = ()  # of entries, as files have them, where these are shown

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
        those, lengths = self._entries()
        columns = (
            self.numbers.tolist(),
            self.values("user_id"),
            self.values("project_id"),
            self.values("task_id"),
            self.values("tag_ids"),
            self.values("description"),
            self.values("billable"),
            self.shown_cents,
            self.firsts(self.entries.rate_cents).tolist(),
            self.currencies,
            lengths.tolist(),
        )
        for number, user, project, task, tags, text, billable, cents, rate, currency, length in zip(
            *columns, strict=True
        ):
            yield DetailedRow(
                row_number=number,
                user_id=user,
                project_id=project or None,
                task_id=task or None,
                tag_ids=tags,
                description=text,
                billable=billable,
                billable_amount_in_cents=cents,
                hourly_rate_in_cents=None if cents is None or rate == NO_RATE else rate,
                currency=currency,
                time_entries=islice(those, length),
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment] # like any list

    def values(self, name: str) -> list[Any]:
        """Return a column of the entries as stored, at the first entry of each row."""
        return self._decoded(getattr(self.entries.entries, name))

    @property
    def currencies(self) -> list[str]:
        """Return the currency of each row."""
        return self._decoded(self.entries.currency)

    @property
    def shown_cents(self) -> list[int | None]:
        """Return the amount of each row, None where it is not shown."""
        amounts = zip(self.cents.tolist(), self.is_priced.tolist(), strict=True)
        return [cents if is_priced else None for cents, is_priced in amounts]

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

    @property
    def start_offset_s(self) -> Ints:
        """Return how far the clock of each row's first start is ahead of UTC."""
        return self.firsts(self.entries.offset_s)

    @property
    def end_offset_s(self) -> Ints:
        """Return how far the clock of each row's last stop is ahead of UTC."""
        return self.stop_offset_s[self.ranges.ends - 1]

    @property
    def entry_id_texts(self) -> list[str]:
        """Return the ids of each row's entries, side by side; empty where they were not looked up."""
        if not self.entry_ids:
            return [""] * len(self)
        edges = zip(self.ranges.begins.tolist(), self.ranges.ends.tolist(), strict=True)
        return [", ".join(self.entry_ids[begin:end]) for begin, end in edges]

    def firsts(self, column: NDArray[Number]) -> NDArray[Number]:
        """Return a column of entries at the first entry of each row."""
        return column[self.ranges.begins]

    def _decoded(self, column: NDArray[Number] | Coded[Any]) -> list[Any]:
        if isinstance(column, Coded):
            return [column.values[code] for code in self.firsts(column.codes).tolist()]
        values: list[Any] = self.firsts(column).tolist()
        return values

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
        return (_entry(*one) for one in values), lengths


def _entry(  # noqa: PLR0917 # a value of each column
    id_: int,
    seconds: int,
    start_s: int,
    stop_s: int,
    update_s: int,
    start_offset_s: int,
    stop_offset_s: int,
    update_offset_s: int,
) -> RowEntry:
    return RowEntry(
        id=id_,
        seconds=seconds,
        start=_local(start_s, start_offset_s),
        stop=_local(stop_s, stop_offset_s),
        at=_local(update_s, 0),
        at_tz=_local(update_s, update_offset_s),
    )


def _local(moment_s: int, offset_s: int) -> str:
    return datetime.fromtimestamp(moment_s, _zone(offset_s)).isoformat()


@lru_cache(maxsize=1024)
def _zone(offset_s: int) -> timezone:
    return timezone(timedelta(seconds=offset_s)) if offset_s else UTC


def rows_of(  # noqa: PLR0917 # none of it has a default
    rows: Rows, ends: Ints | None, first_number: int, offsets: Offsets, directory: Directory, amounts: bool
) -> DetailedRows:
    """Return prepared entries as rows: row k is of the entries from `ends[k - 1]` up to `ends[k]`; None has one each.

    Without amounts there are no rates either.
    """
    last = np.arange(1, len(rows) + 1) if ends is None else ends
    begins = np.append(0, last)[:-1]
    is_priced = rows.is_priced if ends is None else np.logical_or.reduceat(rows.is_priced, begins)
    entries = rows.entries
    stop_s = entries.start_s + entries.seconds
    return DetailedRows(
        entries=rows,
        ranges=Ranges(begins, last),
        numbers=np.arange(first_number, first_number + len(last)),
        is_priced=is_priced & amounts,
        stop_offset_s=local_offsets_s(entries.user_id, stop_s, directory, offsets),
        update_offset_s=local_offsets_s(entries.user_id, entries.update_s, directory, offsets),
    )


def _nothing() -> DetailedRows:
    none = np.empty(0, np.int64)
    rows = Rows(
        Entries.blank(0), none, none, Coded(none.astype(np.int32), ()), none, none.astype(np.bool_), lambda: none
    )
    return DetailedRows(rows, Ranges(none, none), none, none.astype(np.bool_), none, none)


NO_ROWS = _nothing()
