"""Working time: on-intervals cut by windows, with the part of each that the tracker moved, and the way."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Columns, Floats, Ints
from services.generation.domain.findings import Findings
from services.generation.domain.on_intervals import Intervals
from services.generation.domain.trips import trips_of
from services.generation.domain.windows import Windows


@dataclass(frozen=True, slots=True)
class WorkingTime(Columns):
    """Pieces of on-intervals, or the days that they come to, in time order."""

    start_ms: Ints  # of the piece, or of the day
    end_ms: Ints
    on_ms: Ints
    moving_ms: Ints  # inside trips
    way_km: Floats  # inside trips or not
    count: Ints  # intervals that begin here

    @property
    def on_s(self) -> Floats:
        """Whole seconds with the state on."""
        return (self.on_ms // 1000).astype(np.float64)

    @property
    def moving_s(self) -> Floats:
        """Whole seconds of them inside trips."""
        return (self.moving_ms // 1000).astype(np.float64)

    @property
    def idle_s(self) -> Floats:
        """Whole seconds of them outside of trips."""
        return self.on_s - self.moving_s

    def by_day(self, days: Windows) -> "WorkingTime":
        """Return what the pieces, none of which crosses a midnight, come to on each of the days."""
        day = days.at(self.start_ms)
        sums = {name: _sums(getattr(self, name), day, len(days)) for name in ("on_ms", "moving_ms", "count")}
        way_km = np.zeros(len(days))
        np.add.at(way_km, day, self.way_km)
        return WorkingTime(days.start_ms, days.end_ms, way_km=way_km, **sums)


def working_time(intervals: Intervals, found: Findings, windows: Windows, days: Windows | None = None) -> WorkingTime:
    """Return the intervals cut by the windows, and by the days if they are given.

    What is found has segments cut at the ends of the intervals, the edges of the windows and those of the days.
    """
    trips = trips_of(found, windows)
    pieces = windows.cut(intervals.start_ms, intervals.end_ms)
    start_ms, end_ms, count = pieces.start_ms, pieces.end_ms, np.ones(len(pieces), np.int64)
    if days is not None:
        parts = days.cut(start_ms, end_ms)
        count = np.diff(parts.span, prepend=-1).clip(0, 1)
        start_ms, end_ms = parts.start_ms, parts.end_ms
    moving_s = Windows(trips.start_ms, trips.end_ms).covered_s(start_ms, end_ms)
    way_km = np.zeros(len(start_ms))
    if len(found.line):
        way_km = found.line.km_at(end_ms) - found.line.km_at(start_ms)
    return WorkingTime(start_ms, end_ms, end_ms - start_ms, np.rint(1000 * moving_s).astype(np.int64), way_km, count)


def _sums(values: Ints, place: Ints, size: int) -> Ints:
    sums = np.zeros(size, np.int64)
    np.add.at(sums, place, values)
    return sums
