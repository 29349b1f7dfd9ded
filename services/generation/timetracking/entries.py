"""Time entries as columns: as stored, and prepared for a report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
DAY_S = 86_400
NONE = 0  # the id of no project, no task
NO_RATE = -1  # cents of an entry without a rate of its own
NO_AMOUNT = -1  # cents of an entry without an amount of its own
TEXT_COLUMNS = ("currency", "description", "tag_ids")
RUNNING = -1  # seconds of an entry that runs, which no report reads


@dataclass(frozen=True, slots=True)
class Coded(Generic[T]):
    """A column of few different values: `values[codes[i]]` is row i's. No two values are equal."""

    codes: NDArray[np.int32]
    values: Sequence[T]

    def __getitem__(self, rows: NDArray[np.int64]) -> "Coded[T]":
        """Return the column of some rows."""
        return Coded(self.codes[rows], self.values)


@dataclass(frozen=True, slots=True)
class Entries:
    """A run of stopped entries as columns of equal length. Times are UTC seconds since 1970, money is cents an hour."""

    id: NDArray[np.int64]
    user_id: NDArray[np.int64]
    project_id: NDArray[np.int64]  # NONE without one
    task_id: NDArray[np.int64]  # NONE without one
    start_s: NDArray[np.int64]
    seconds: NDArray[np.int64]  # as tracked
    billable: NDArray[np.bool_]
    rate_cents: NDArray[np.int64]  # NO_RATE without one of its own
    amount_cents: NDArray[np.int64]  # NO_AMOUNT without one of its own
    currency: Coded[str]  # "" without one of its own
    update_s: NDArray[np.int64]
    description: Coded[str]
    tag_ids: Coded[tuple[int, ...]]  # ascending

    def __len__(self) -> int:
        return len(self.id)

    @classmethod
    def blank(cls, count: int) -> Self:
        """Return so many entries whose columns are all 0 or empty."""
        zeros, codes = np.zeros(count, np.int64), np.zeros(count, np.int32)
        text = Coded(codes, ("",))
        no_tags: Coded[tuple[int, ...]] = Coded(codes, ((),))
        ids = (zeros,) * 6
        return cls(*ids, zeros.astype(np.bool_), zeros, zeros, text, zeros, text, no_tags)

    def at(self, rows: NDArray[np.int64]) -> "Entries":
        """Return the entries at some places."""
        return Entries(*(getattr(self, field.name)[rows] for field in fields(self)))


ALL_COLUMNS = frozenset(field.name for field in fields(Entries))
PRICE_COLUMNS = frozenset({"project_id", "seconds", "billable", "rate_cents", "amount_cents", "currency"})


@dataclass(frozen=True)
class Rows:
    """Entries made ready for a report: rounded, priced and placed in their owners' local time."""

    entries: Entries
    seconds: NDArray[np.int64]  # rounded
    rate_cents: NDArray[np.int64]  # NO_RATE where not billable, without any rate, or with an amount for no time
    currency: Coded[str]  # never ""
    amount_cents: NDArray[np.int64]  # 0 where not priced
    is_priced: NDArray[np.bool_]  # whether there is an amount
    look_at_clocks: Callable[[], NDArray[np.int64]]  # gives offset_s; a summary never asks
    tracked_s: NDArray[np.int64] | None = None  # seconds before sums were rounded, where they are
    tracked_cents: NDArray[np.int64] | None = None

    @property
    def graph_sums(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return seconds and amounts as graphs show them, whose sums are not rounded."""
        if self.tracked_s is None or self.tracked_cents is None:
            return self.seconds, self.amount_cents
        return self.tracked_s, self.tracked_cents

    def __len__(self) -> int:
        return len(self.entries)

    @cached_property
    def offset_s(self) -> NDArray[np.int64]:
        """Return how far each owner's clock is ahead of UTC at the start."""
        return self.look_at_clocks()

    @cached_property
    def day(self) -> NDArray[np.int64]:
        """Return the local days of the starts, days since 1970-01-01."""
        return (self.entries.start_s + self.offset_s) // DAY_S
