"""Replay of an odometer over accepted points: the readings of these points, and what falls of the counter change."""

from collections.abc import Callable

import numpy as np

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.tracks import Track


class ReadingsOfPoints:
    """Known readings of the points that were read and are not accepted yet."""

    def __init__(self, read: Callable[[int, int], Track]) -> None:
        self._read = read
        self._time_ms: Ints = np.zeros(0, np.int64)
        self._value_km: Floats = np.zeros(0)

    def read(self, start_ms: int, end_ms: int) -> Track:
        """Read points and keep their readings, those of an interval that is read again once."""
        track = self._read(start_ms, end_ms)
        known = track.odometer_km > 0
        first, behind = np.searchsorted(self._time_ms, [start_ms, end_ms])
        times = self._time_ms[:first], track.time_ms[known], self._time_ms[behind:]
        values = self._value_km[:first], track.odometer_km[known].astype(np.float64), self._value_km[behind:]
        self._time_ms, self._value_km = np.concatenate(times), np.concatenate(values)
        return track

    def of(self, time_ms: Ints, start_ms: int) -> tuple[Ints, Ints, Floats]:
        """Return the rows, moments and values of the readings at the next accepted points, none before a moment."""
        of_point, at = np.intersect1d(time_ms, self._time_ms, assume_unique=True, return_indices=True)[1:]
        wanted = self._time_ms[at] >= start_ms
        of_point, moments, values = of_point[wanted], self._time_ms[at[wanted]], self._value_km[at[wanted]]
        behind = int(np.searchsorted(self._time_ms, time_ms[-1], "right")) if len(time_ms) else 0
        self._time_ms, self._value_km = self._time_ms[behind:], self._value_km[behind:]
        return of_point, moments, values


class CounterReplay:
    """Counter that is read piece by piece: its first and last reading, and what its falls make wrong."""

    def __init__(self) -> None:
        self.first_ms: int | None = None
        self.last_ms: int | None = None
        self.correction_km = 0.0  # for each fall the reading before it and the way to the reading behind it, less that
        self._reading_km = np.nan  # the last one
        self._way_km = 0.0  # since it

    @property
    def value_km(self) -> float:
        """Last reading with the correction, and the way since."""
        return self._reading_km + self.correction_km + self._way_km

    def add(self, way_km: Floats, rows: Ints, time_ms: Ints, reading_km: Floats) -> None:
        """Take the ways up to the next points, and the readings of some of them by their rows."""
        if len(rows):
            ways_km = np.diff(way_km[rows], prepend=-self._way_km)
            counted_km = np.diff(reading_km, prepend=self._reading_km)
            falls = counted_km < 0
            self.correction_km += float((ways_km - counted_km)[falls].sum())
            self.first_ms = int(time_ms[0]) if self.first_ms is None else self.first_ms
            self.last_ms = int(time_ms[-1])
            self._reading_km, self._way_km = float(reading_km[-1]), float(way_km[-1] - way_km[rows[-1]])
        elif len(way_km):
            self._way_km += float(way_km[-1])
