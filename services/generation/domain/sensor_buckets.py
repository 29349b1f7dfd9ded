"""Buckets of readings: equal times from each local midnight on, with what the readings in them come to."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Flags, Floats, Ints
from services.generation.domain.level_days import RowStats
from services.generation.domain.value_series import Values
from services.generation.domain.windows import Windows


class Buckets:
    """Buckets of a period, of readings that come in pieces in time order; `days` are local days, the last one ends."""

    def __init__(self, days: Windows, length_ms: int) -> None:
        self._days, self._length_ms = days, length_ms
        counts = -(-(days.end_ms - days.start_ms) // length_ms)
        self._offset = np.cumsum(counts) - counts
        size = int(counts.sum())
        self._stats = RowStats.of(size)
        self._last = np.full(size, np.nan)
        self._first_ms = np.zeros(size, np.int64)

    def add(self, values: Values) -> None:
        """Process the next readings, all of them in the days."""
        if not len(values):
            return
        day = self._days.at(values.time_ms)
        bucket = self._offset[day] + (values.time_ms - self._days.start_ms[day]) // self._length_ms
        starts = np.flatnonzero(np.diff(bucket, prepend=-1))
        own = bucket[starts]
        new = self._stats.count[own] == 0
        self._first_ms[own[new]] = values.time_ms[starts[new]]
        self._last[own] = values.value[np.append(starts[1:], len(bucket)) - 1]
        self._stats.add(bucket, values.value)

    def found(self) -> "Breakdown":
        """Return the buckets from the first to the last with readings."""
        filled = np.flatnonzero(self._stats.count)
        rows = np.arange(filled[0], filled[-1] + 1) if len(filled) else filled
        day = np.searchsorted(self._offset, rows, side="right") - 1
        start_ms = self._days.start_ms[day] + (rows - self._offset[day]) * self._length_ms
        end_ms = np.minimum(start_ms + self._length_ms, self._days.end_ms[day])
        return Breakdown(start_ms, end_ms, self._stats[rows], self._last[rows], self._first_ms[rows])


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Buckets in time order, with the last value of each and the moment of its first."""

    start_ms: Ints
    end_ms: Ints
    stats: RowStats
    last: Floats
    first_ms: Ints

    def __len__(self) -> int:
        return len(self.start_ms)

    def inside(self, windows: Windows) -> "Breakdown":
        """Return the buckets with readings and those that windows touch."""
        kept = self.filled | (windows.covered_s(self.start_ms, self.end_ms) > 0)
        return Breakdown(self.start_ms[kept], self.end_ms[kept], self.stats[kept], self.last[kept], self.first_ms[kept])

    @property
    def filled(self) -> Flags:
        """Whether each has readings."""
        filled: Flags = self.stats.count > 0
        return filled
