"""Quality of a fuel sensor's signal, an index from 1 to 10."""

import numpy as np

from services.generation.domain.medians import medians_around
from services.generation.domain.value_series import Block

STEPS = 100_000  # of the tank, in which deviations are counted
LEAST_READINGS = 100


class SignalQuality:
    """Distribution of how far readings of a tank are from the median of the 11 around them; it comes in blocks."""

    def __init__(self, volume: float) -> None:
        self._volume = volume
        self._counts = np.zeros(STEPS + 1, np.int64)

    def add(self, block: Block, start_ms: int, end_ms: int) -> None:
        """Count the readings of a block that are in a half-open interval."""
        time_ms, value = block.values.time_ms, block.values.value
        inside = block.holds(time_ms) & (time_ms >= start_ms) & (time_ms < end_ms)
        deviation = np.abs(value - medians_around(value))[inside]
        steps = np.minimum(np.rint(deviation / self._volume * STEPS), STEPS).astype(np.int64)
        self._counts += np.bincount(steps, minlength=STEPS + 1)

    def index(self) -> float | None:
        """Return the index, None where there are too few readings."""
        count = int(self._counts.sum())
        if count < LEAST_READINGS:
            return None
        middles = np.searchsorted(np.cumsum(self._counts), [(count + 1) // 2, count // 2 + 1])
        return min(max(10 - 3 * float(middles.mean()) / STEPS * 100, 1.0), 10.0)
