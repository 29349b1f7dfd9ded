"""Outlines of a counter: the first and the last reading of each stretch of samples, and whether it falls between."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from services.generation.domain.columnar import Columns, Flags, Floats, Ints


@dataclass(frozen=True, slots=True)
class CounterOutlines(Columns):
    """Outlines in any order; they may overlap in time. A reading of 0 is unknown."""

    first_ms: Ints  # moment of the first known reading
    last_ms: Ints
    first: Floats
    last: Floats
    falls: Flags  # whether a reading is below the one before

    @classmethod
    def of(cls, time_ms: Ints, values: Floats) -> Self:
        """Return the outline of readings in time order, no row where none of them is known."""
        known = values > 0
        time_ms, values = time_ms[known], values[known]
        falls = np.full(len(values), (values[1:] < values[:-1]).any())
        return cls(time_ms[:1], time_ms[-1:], values[:1], values[-1:], falls[:1])

    @classmethod
    def unknown(cls, first_ms: Sequence[int], last_ms: Sequence[int]) -> Self:
        """Return outlines of stretches that may hold any readings."""
        size = len(first_ms)
        lowest, highest = np.full(size, -np.inf), np.full(size, np.inf)
        return cls(np.array(first_ms, np.int64), np.array(last_ms, np.int64), lowest, highest, np.ones(size, np.bool_))

    def possible_falls(self) -> list[tuple[int, int]]:
        """Return intervals, both ends included, outside of which the counter never falls, in time order.

        Stretches that overlap may hold readings in any order. Leaving out readings adds no fall elsewhere, because one
        between two readings is one between two neighbours that lie from the first to the second.
        """
        if not len(self):
            return []
        rows = self[np.argsort(self.first_ms, kind="stable")]
        reached_ms = np.maximum.accumulate(rows.last_ms)
        starts = np.flatnonzero(np.append(True, rows.first_ms[1:] > reached_ms[:-1]))
        sizes = np.diff(starts, append=len(rows))
        start_ms, end_ms = rows.first_ms[starts], reached_ms[starts + sizes - 1]
        at_start = rows.first_ms == np.repeat(start_ms, sizes)
        at_end = rows.last_ms == np.repeat(end_ms, sizes)
        first = np.minimum.reduceat(np.where(at_start, rows.first, np.inf), starts)
        last = np.maximum.reduceat(np.where(at_end, rows.last, -np.inf), starts)
        within = (sizes > 1) | np.logical_or.reduceat(rows.falls, starts)
        return _touching(start_ms, end_ms, within, first[1:] < last[:-1])

    def start_before(self, moment_ms: int, count: int) -> int:
        """Return where the outline begins that is `count` more back from the last that begins before a moment."""
        first_ms = np.sort(self.first_ms)
        return int(first_ms[max(int(np.searchsorted(first_ms, moment_ms)) - 1 - count, 0)])

    def end_after(self, moment_ms: int, count: int) -> int:
        """Return where the outline ends that is `count` further on from the first that ends after a moment."""
        last_ms = np.sort(self.last_ms)
        return int(last_ms[min(int(np.searchsorted(last_ms, moment_ms, "right")) + count, len(last_ms) - 1)])


def _touching(start_ms: Ints, end_ms: Ints, within: Flags, behind: Flags) -> list[tuple[int, int]]:
    """Return the flagged ones of stretches and of the gaps behind them, neighbours as one interval."""
    edges_ms = np.stack([start_ms, end_ms], axis=1).ravel()
    flagged = np.zeros(len(edges_ms) + 1, np.bool_)  # by intervals between edges: nothing before and behind all
    flagged[1:-1:2], flagged[2:-1:2] = within, behind
    begins = np.flatnonzero(flagged[1:] & ~flagged[:-1])
    ends = np.flatnonzero(flagged[:-1] & ~flagged[1:])
    return list(zip(edges_ms[begins].tolist(), edges_ms[ends].tolist(), strict=True))
