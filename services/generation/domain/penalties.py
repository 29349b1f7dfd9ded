"""Penalties of eco driving: rates by tiers, minutes above a minimum, shares of what is cut, harsh events as rows."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.columnar import Columns, Floats, Ints
from services.generation.domain.windows import Windows

MS_PER_MINUTE = 60_000
TOGETHER_MS = 3 * MS_PER_MINUTE  # from a harsh event to the next one of its row
MAX_RATING = 100.0


@dataclass(frozen=True, slots=True)
class Tiers:
    """Points a minute by the speed above a limit; tiers ascend."""

    limit_kmh: float
    over_kmh: Floats
    rates: Floats

    @classmethod
    def of(cls, limit_kmh: float, rates: Mapping[int, float]) -> "Tiers":
        """Return the tiers of a limit; there is at least one."""
        over_kmh = sorted(rates)
        return cls(limit_kmh, np.array(over_kmh, np.float64), np.array([rates[one] for one in over_kmh], np.float64))

    @property
    def lowest_kmh(self) -> float:
        """The speed from which on there is a penalty."""
        return float(self.limit_kmh + self.over_kmh[0])

    def rates_at(self, speed_kmh: Floats) -> Floats:
        """Return the points a minute of the highest tier that each speed reaches, 0 below all of them."""
        found: Floats = np.append(0.0, self.rates)[np.searchsorted(self.limit_kmh + self.over_kmh, speed_kmh, "right")]
        return found


@dataclass(frozen=True, slots=True)
class Penalised(Columns):
    """Pieces of violations inside windows: the violation, the part of it in ms, and the points for that part."""

    whole: Ints
    start_ms: Ints
    end_ms: Ints
    points: Floats


def penalised(start_ms: Ints, end_ms: Ints, least_ms: float, rates: Floats, windows: Windows) -> Penalised:
    """Return the pieces of the violations that last longer than a minimum, each with its share of the points.

    The points are the minutes above the minimum times the rate of each violation.
    """
    duration_ms = end_ms - start_ms
    points = (duration_ms - least_ms) / MS_PER_MINUTE * rates
    kept = np.flatnonzero(duration_ms > least_ms)
    pieces = windows.cut(start_ms[kept], end_ms[kept])
    whole = kept[pieces.span]
    shares = (pieces.end_ms - pieces.start_ms) / duration_ms[whole]
    return Penalised(whole, pieces.start_ms, pieces.end_ms, points[whole] * shares)


def rows_of_events(time_ms: Ints, kinds: Ints) -> Ints:
    """Return the row of each event: those of one kind, each soon after the one before, share the row of the first.

    Events are in time order; a row is named by its first event.
    """
    order = np.lexsort((time_ms, kinds))
    begins = np.append(True, (np.diff(kinds[order]) != 0) | (np.diff(time_ms[order]) > TOGETHER_MS))[: len(order)]
    rows = np.empty(len(order), np.int64)
    rows[order] = order[np.flatnonzero(begins)][np.cumsum(begins) - 1]
    return rows


def ratings(points: Floats, length_km: Floats) -> NDArray[np.float64]:
    """Return ratings from 0 to 100 by the points for each 100 km."""
    return np.clip(MAX_RATING - 100 * points / length_km, 0.0, MAX_RATING)
