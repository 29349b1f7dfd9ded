"""Which points are impossible, and why."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.columns import Flags
from services.generation.domain.points import Points
from services.generation.domain.tracks import MS_PER_DAY

EARLIEST_MS = 946_684_800_000  # 2000-01-01
FINE = -1


@dataclass(frozen=True, slots=True)
class Limit:
    """What a column's values may be, both ends included; where it is optional an unknown value is fine too."""

    name: str
    low: float
    high: float
    unit: str = ""
    optional: bool = True

    def breaks(self, points: Points) -> Flags:
        """Say of each point whether its value is outside."""
        column = points.column(self.name)
        outside = ~((column >= self.low) & (column <= self.high))  # NaN is in no range
        return outside & ~np.isnan(column) if self.optional else outside

    def reason(self, value: float) -> str:
        """Name the value and what would be right."""
        return f"{self.name} is {value:.10g}; it must be from {self.low:g} to {self.high:g}{self.unit}"


class Moment(Limit):
    """What moments may be."""

    def reason(self, value: float) -> str:
        """Name the moment and what would be right."""
        first, last = (_text(moment) for moment in (self.low, self.high))
        return f"time is {_text(value)}; it must be from {first} to {last}, a day ahead of now"


VALUE_LIMITS = (
    Limit("lat", -90, 90, " degrees", optional=False),
    Limit("lng", -180, 180, " degrees", optional=False),
    Limit("speed_kmh", 0, 1_000, " km/h"),
    Limit("altitude_m", -12_000, 100_000, " m"),
    Limit("heading", 0, 360, " degrees"),
    Limit("satellites", 0, 255),
    Limit("ignition", 0, 1),
    Limit("odometer_km", 0, 100_000_000, " km"),
)


def limits(now_ms: int) -> tuple[Limit, ...]:
    """Return the limits of all columns at a moment, the one that is reported first leading."""
    return (Moment("time_ms", EARLIEST_MS, now_ms + MS_PER_DAY, optional=False), *VALUE_LIMITS)


def first_broken(points: Points, now_ms: int) -> NDArray[np.intp]:
    """Return for each point the place in `limits` of the first one that it breaks, FINE where there is none."""
    broken = np.full(len(points), FINE, np.intp)
    for place, limit in reversed(list(enumerate(limits(now_ms)))):
        broken[limit.breaks(points)] = place
    return broken


def _text(moment_ms: float) -> str:
    return f"{np.datetime64(int(moment_ms), 'ms')}Z"
