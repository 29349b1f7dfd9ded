"""Tracks: a tracker's points as columns, and great-circle distances between them."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from services.generation.domain.columnar import Columns, Floats, Ints, Readings

EARTH_RADIUS_KM = 6371.0088
MS_PER_HOUR = 3_600_000
MS_PER_DAY = 24 * MS_PER_HOUR
_BLOCK = 16_384  # points whose columns stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Track(Columns):
    """Recorded points in ascending order of time, without repeated moments; NaN is unknown.

    Raises ValueError when columns differ in length or times do not ascend.
    """

    time_ms: Ints  # since 1970-01-01T00:00:00Z
    lat: Floats  # degrees
    lng: Floats  # degrees
    speed_kmh: Readings
    ignition: Readings  # 1 on, 0 off
    odometer_km: Readings

    def __post_init__(self) -> None:
        if any(len(getattr(self, field.name)) != len(self.time_ms) for field in fields(self)):
            raise ValueError("The columns of a track are of one length")
        if (self.time_ms[1:] <= self.time_ms[:-1]).any():
            raise ValueError("The times of a track ascend")

    @classmethod
    def of(cls, time_ms: Ints, lat: Floats, lng: Floats, **readings: Readings) -> Self:
        """Return a track with readings by column name, the others unknown. Raises TypeError on another name."""
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
    """Return the great-circle distances between points given in degrees; arrays are broadcast."""
    (half_lat1, half_lng1, cosine1), (half_lat2, half_lng2, cosine2) = _halves(lat1, lng1), _halves(lat2, lng2)
    return _arc_km(half_lat2 - half_lat1, half_lng2 - half_lng1, cosine2 * cosine1)


def neighbour_km(lat: Floats, lng: Floats) -> Floats:
    """Return the great-circle distance from each point to the next, one fewer than points, as `haversine_km` does."""
    steps = np.empty(max(len(lat) - 1, 0))
    for first in range(0, len(steps), _BLOCK):
        block = slice(first, first + _BLOCK + 1)
        half_lat, half_lng, cosine = _halves(lat[block], lng[block])
        arcs = _arc_km(half_lat[1:] - half_lat[:-1], half_lng[1:] - half_lng[:-1], cosine[1:] * cosine[:-1])
        steps[first : first + _BLOCK] = arcs
    return steps


def _halves(lat: Floats, lng: Floats) -> tuple[Floats, Floats, Floats]:
    """Return half of each angle in radians, and the cosine of the latitude."""
    half_lat = np.radians(lat) / 2
    return half_lat, np.radians(lng) / 2, np.cos(2 * half_lat)


def _arc_km(half_lat: Floats, half_lng: Floats, cosines: Floats) -> Floats:
    along, across = np.sin(half_lat), np.sin(half_lng)
    haversine = along * along + cosines * (across * across)
    arcs: Floats = np.arcsin(np.sqrt(np.minimum(haversine, 1.0)))
    return 2 * EARTH_RADIUS_KM * arcs
