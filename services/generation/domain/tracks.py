"""A tracker's points as columns, and the great circle between them."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from services.generation.domain.columns import Columns, Floats, Ints, Readings

EARTH_RADIUS_KM = 6371.0088
MS_PER_HOUR = 3_600_000
MS_PER_DAY = 24 * MS_PER_HOUR
_BLOCK = 16_384  # points whose columns stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Track(Columns):
    """Recorded points in ascending order, one a millisecond; NaN is unknown.

    Raises ValueError when columns differ in length or times do not ascend.
    """

    time_ms: Ints  # since 1970-01-01T00:00:00Z
    lat: Floats  # degrees
    lng: Floats  # degrees
    speed_kmh: Readings
    altitude_m: Readings
    heading: Readings  # degrees clockwise from north
    satellites: Readings
    ignition: Readings  # 1 on, 0 off
    odometer_km: Readings

    def __post_init__(self) -> None:
        if any(len(getattr(self, field.name)) != len(self.time_ms) for field in fields(self)):
            raise ValueError("The columns of a track are of one length")
        if (self.time_ms[1:] <= self.time_ms[:-1]).any():
            raise ValueError("The times of a track ascend")

    @classmethod
    def of(cls, time_ms: Ints, lat: Floats, lng: Floats, **readings: Readings) -> Self:
        """Return a track with the readings given by column name; the others are unknown."""
        names = [field.name for field in fields(cls)[3:]]
        if unknown := readings.keys() - set(names):
            raise TypeError(f"A track has no column {min(unknown)}")
        nothing = np.full(len(time_ms), np.nan)
        return cls(time_ms, lat, lng, *(readings.get(name, nothing) for name in names))

    def between(self, start_ms: int, end_ms: int) -> Self:
        """Return the points from `start_ms` up to, not including, `end_ms`."""
        first, end = np.searchsorted(self.time_ms, [start_ms, end_ms])
        return self[first:end]


def haversine_km(lat1: Floats, lng1: Floats, lat2: Floats, lng2: Floats) -> Floats:
    """Return the great-circle distances between points given in degrees; arrays and numbers mix."""
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    across = np.sin(np.radians(np.subtract(lng2, lng1)) / 2)
    along = np.sin((phi2 - phi1) / 2)
    return _arc_km(along * along + np.cos(phi1) * np.cos(phi2) * across * across)


def neighbour_km(lat: Floats, lng: Floats) -> Floats:
    """Return the great-circle distance from each point to the next, one fewer than points."""
    steps = np.empty(max(len(lat) - 1, 0))
    for first in range(0, len(steps), _BLOCK):
        block = slice(first, first + _BLOCK + 1)
        half_lat, half_lng = np.radians(lat[block]) / 2, np.radians(lng[block]) / 2
        cosine = np.cos(2 * half_lat)
        along, across = np.sin(np.diff(half_lat)), np.sin(np.diff(half_lng))
        steps[first : first + _BLOCK] = _arc_km(along * along + cosine[1:] * cosine[:-1] * across * across)
    return steps


def _arc_km(haversine: Floats) -> Floats:
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(haversine, 1.0)))
