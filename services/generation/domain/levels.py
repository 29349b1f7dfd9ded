"""Levels of a tank: readings without losses of signal and surges (reference 6.6)."""

from dataclasses import dataclass, replace

import numpy as np

from services.generation.domain.columnar import Flags, Floats, Ints
from services.generation.domain.medians import AROUND, HALF, medians_around, with_medians
from services.generation.domain.value_series import Values

SURGE_MS = 300_000  # on either side of a reading
LOST_SHARE = 0.02  # of the tank, up to which a level may be a lost signal
DEFAULT_ACCURACY, LEAST_ACCURACY = 3.0, 1.0  # percent
SMOOTHED = 5  # readings
ABOVE = 1 + 1e-9  # more than the rounding of floats


@dataclass(frozen=True, slots=True)
class Tank:
    """Volume of a tank, the error of its level, and how levels are cleaned.

    `surge_threshold` is the share of the error by which a reading may differ from its neighbours, None for any.
    """

    volume: float
    error: float
    surge_threshold: float | None = None
    is_smoothed: bool = False

    @classmethod
    def of(cls, volume: float, accuracy: float) -> "Tank":
        """Return a tank whose sensor is accurate to a percentage of it; 0 is an unknown one."""
        return cls(volume, volume * max(accuracy or DEFAULT_ACCURACY, LEAST_ACCURACY) / 100)

    def is_open(self, values: Values) -> tuple[bool, bool]:
        """Return whether the first and the last value may belong to a loss that begins earlier or ends later."""
        low = values.value[[0, -1]] <= self.volume * LOST_SHARE if len(values) else [False, False]
        return bool(low[0]), bool(low[1])

    def levels(self, values: Values) -> Values:
        """Return the levels that readings stand for."""
        found = values[~self.losses(values.value)]
        if self.surge_threshold is not None:
            found = replace(found, value=_without_surges(found, self.surge_threshold * self.error * ABOVE))
        return replace(found, value=smoothed(found.value)) if self.is_smoothed else found

    def losses(self, value: Floats) -> Flags:
        """Return of each value whether it is none: it is low, and afterwards the level is what it was before."""
        low = value <= self.volume * LOST_SHARE
        starts = np.flatnonzero(low & ~np.append(True, low[:-1])[: len(low)])
        ends = np.flatnonzero(~low & np.append(False, low[:-1])[: len(low)])  # first after each low run
        if len(ends) and len(low) and low[0]:
            ends = ends[1:]
        starts = starts[: len(ends)]
        is_back = np.abs(value[ends] - value[starts - 1]) <= self.error
        lost = np.zeros(len(value) + 1, np.int8)
        lost[starts[is_back]] += 1
        lost[ends[is_back]] -= 1
        flags: Flags = np.cumsum(lost[:-1], dtype=np.int8).astype(np.bool_)
        return flags


def surrounding(time_ms: Ints) -> tuple[Ints, Ints]:
    """Return the window around each reading: the 11 around it, or all within 5 minutes if these are more."""
    place = np.arange(len(time_ms))
    first = np.maximum(place - HALF, 0)
    end = np.minimum(place + HALF + 1, len(time_ms))
    near_end = np.searchsorted(time_ms, time_ms + SURGE_MS, side="right")
    near_first = np.cumsum(np.bincount(near_end, minlength=len(time_ms) + 1))[: len(time_ms)]
    more = near_end - near_first > AROUND
    return np.where(more, near_first, first), np.where(more, near_end, end)


def smoothed(value: Floats) -> Floats:
    """Return the mean of the 5 values around each, of fewer at the ends."""
    total, count = value.copy(), np.ones(len(value))
    for shift in range(1, SMOOTHED // 2 + 1):
        total[shift:] += value[:-shift]
        total[:-shift] += value[shift:]
        count[shift:] += 1
        count[:-shift] += 1
    return total / count


def _without_surges(levels: Values, most: float) -> Floats:
    first, end = surrounding(levels.time_ms)
    dense = end - first > AROUND
    cleaned = with_medians(levels.value, (first, end), np.flatnonzero(dense), most)
    if not dense.all():
        medians = medians_around(levels.value)
        cleaned = np.where(~dense & (np.abs(levels.value - medians) > most), medians, cleaned)
    return cleaned
