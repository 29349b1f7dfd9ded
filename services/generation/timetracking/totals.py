"""Totals of a report: time, amounts, rates and graph."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from services.generation.timetracking.entries import Rows
from services.generation.timetracking.periods import Days, Resolution, bucket_starts, day_number, resolution_of
from services.generation.timetracking.prices import (
    NOT_BILLABLE,
    Currencies,
    Piece,
    Rate,
    amounts_of,
    one_sum,
    price_column,
    rates_of,
)
from services.generation.timetracking.tally import Codebook, Tally

MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Bucket:
    """One day, week or month of a graph; `by_rate` counts billable seconds by place in the totals' rates."""

    seconds: int = 0
    billable_seconds: int = 0
    by_rate: Mapping[int, int] = field(default_factory=dict)
    amount_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole of a report (reference section 9)."""

    seconds: int = 0
    billable_seconds: int = 0
    entry_count: int = 0
    amounts: Mapping[str, int] = field(default_factory=dict)  # cents by currency, of priced entries
    amount_cents: int | None = None  # None when hidden or in several currencies
    rates: Sequence[Rate] = ()  # by currency and rate
    currencies: Sequence[str] = ()  # of all entries, ascending
    resolution: Resolution = "day"
    graph: Sequence[Bucket] = ()  # over the whole range
    tracked_days: int = 0
    several_offsets: bool = False  # entries start on clocks that differ
    whole_minutes: bool = False  # no entry has odd seconds
    project_seconds: Mapping[int, int] = field(default_factory=dict)  # actual time, by id; NONE among them
    project_entries: Mapping[int, int] = field(default_factory=dict)  # how many entries each has
    task_seconds: Mapping[int, int] = field(default_factory=dict)
    user_seconds: Mapping[int, int] = field(default_factory=dict)
    tag_seconds: Mapping[tuple[int, ...], int] = field(default_factory=dict)  # by all tags of an entry, if read

    @property
    def tag_ids(self) -> frozenset[int]:
        """Return the tags that occur; none where entries were read without them."""
        return frozenset(tag for tags in self.tag_seconds for tag in tags)


class TotalsFold:
    """Adds up prepared entries whose days lie in the report's; one of another day counts in the nearest bucket."""

    def __init__(self, days: Days, resolution: Resolution | None, amounts: bool, *, tags: bool = True) -> None:
        names = {"user_id", "start_s", "project_id", "task_id"}
        self.columns = frozenset(names | {"tag_ids"} if tags else names)
        self._resolution: Resolution = resolution or resolution_of(days)
        self._amounts = amounts
        self._first_day, last_day = day_number(days.first), day_number(days.last)
        starts = bucket_starts(days, self._resolution)
        self._bucket_count = len(starts)
        self._bucket = np.searchsorted(starts, np.arange(self._first_day, last_day + 1), side="right") - 1
        self._tracked = np.zeros(len(self._bucket), np.bool_)
        self._count = 0
        self._whole_minutes = True
        self._offsets: tuple[int, int] | None = None  # least and most
        self._currencies = Currencies()
        self._reads_tags = tags
        self._tag_sets = Codebook[tuple[int, ...]]()
        self._money, self._projects, self._tasks, self._users, self._tags = (Tally() for _ in range(5))

    def add(self, rows: Rows) -> None:
        """Add a run of entries."""
        day = np.clip(rows.day - self._first_day, 0, len(self._tracked) - 1)
        self._tracked[day[rows.seconds > 0]] = True
        self._count += len(rows)
        if len(rows):
            least, most = self._offsets or (int(rows.offset_s[0]),) * 2
            self._offsets = min(least, int(rows.offset_s.min())), max(most, int(rows.offset_s.max()))
        self._whole_minutes = self._whole_minutes and not np.any(rows.seconds % MINUTE_S)
        if self._reads_tags:
            self._tags.add((self._tag_sets.codes(rows.entries.tag_ids),), (rows.seconds,))
        keys = self._bucket[day], self._currencies.column(rows), price_column(rows)
        self._money.add(keys, (rows.seconds, rows.amount_cents, *rows.graph_sums))
        self._projects.add((rows.entries.project_id,), (rows.seconds, np.ones(len(rows), np.int64)))
        self._tasks.add((rows.entries.task_id,), (rows.seconds,))
        self._users.add((rows.entries.user_id,), (rows.seconds,))

    def result(self) -> Totals:
        """Return the totals of what was added."""
        pieces, placed = list[Piece](), list[tuple[int, Piece]]()
        projects = self._projects.rows()
        for bucket, currency, price, seconds, cents, tracked_s, tracked_cents in self._money.rows():
            pieces.append(self._currencies.piece(currency, price, seconds, cents))
            placed.append((bucket, self._currencies.piece(currency, price, tracked_s, tracked_cents)))
        amounts = amounts_of(pieces) if self._amounts else {}
        rates = rates_of(pieces) if self._amounts else ()
        amount_cents = one_sum(amounts) if self._amounts else None
        return Totals(
            seconds=sum(piece.seconds for piece in pieces),
            billable_seconds=sum(piece.billable_seconds for piece in pieces),
            entry_count=self._count,
            amounts=amounts,
            amount_cents=amount_cents,
            rates=rates,
            currencies=sorted({piece.currency for piece in pieces}),
            resolution=self._resolution,
            graph=self._graph(placed, rates, is_one_sum=amount_cents is not None),
            tracked_days=int(self._tracked.sum()),
            several_offsets=len(set(self._offsets or ())) > 1,
            whole_minutes=self._count > 0 and self._whole_minutes,
            project_seconds={one: seconds for one, seconds, _count in projects},
            project_entries={one: count for one, _seconds, count in projects},
            task_seconds=_by_id(self._tasks),
            user_seconds=_by_id(self._users),
            tag_seconds={self._tag_sets.values[code]: seconds for code, seconds in _by_id(self._tags).items()},
        )

    def _graph(
        self, placed: Iterable[tuple[int, Piece]], rates: Sequence[Rate], *, is_one_sum: bool
    ) -> tuple[Bucket, ...]:
        buckets: list[list[Piece]] = [[] for _ in range(self._bucket_count)]
        for bucket, piece in placed:
            buckets[bucket].append(piece)
        index = {(rate.currency, rate.rate_cents): number for number, rate in enumerate(rates)}
        return tuple(_bucket(pieces, index, is_one_sum=is_one_sum) for pieces in buckets)


def _bucket(pieces: Sequence[Piece], index: dict[tuple[str, int | None], int], *, is_one_sum: bool) -> Bucket:
    """Return a bucket; without rates in the index, none are counted."""
    billable = sorted(
        (index[piece.currency, piece.rate_cents], piece.seconds)
        for piece in pieces
        if index and piece.price != NOT_BILLABLE
    )
    return Bucket(
        seconds=sum(piece.seconds for piece in pieces),
        billable_seconds=sum(piece.billable_seconds for piece in pieces),
        by_rate=dict(billable),
        amount_cents=sum(piece.amount_cents for piece in pieces) if is_one_sum else None,
    )


def _by_id(tally: Tally) -> dict[int, int]:
    return {one: seconds for one, seconds in tally.rows()}  # noqa: C416 # rows are tuples of any length
