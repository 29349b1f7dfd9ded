"""Segments: runs of accepted points that are all moving or all slow, a row each."""

from dataclasses import dataclass, replace

import numpy as np

from services.generation.domain.columns import Columns, Flags, Floats, Ints


@dataclass(frozen=True, slots=True)
class Segments(Columns):
    """Runs of accepted points in time order. Rows can be joined without the points.

    Units are degrees, km, km/h and ms; `_far` columns count longitudes from 0 to 360.
    """

    first_ms: Ints
    first_lat: Floats
    first_lng: Floats
    first_kmh: Floats
    step_km: Floats  # from the point before to the first, 0 after a gap
    gap_before: Flags
    last_ms: Ints
    last_lat: Floats
    last_lng: Floats
    last_on: Flags  # ignition known to be on at the last point
    moving: Flags
    inner_km: Floats  # from the first point to the last
    max_kmh: Floats
    count: Ints  # points
    south: Floats
    north: Floats
    west: Floats
    east: Floats
    west_far: Floats
    east_far: Floats
    on_ms: Ints  # time from the first point to the last that began with ignition on
    has_off: Flags
    knows_ignition: Flags

    def merged(self, starts: Ints) -> "Segments":
        """Return one row for all rows from each start up to the next; `starts` begins with 0 where there are rows."""
        if not len(self):
            return self
        ends = np.append(starts[1:], len(self)) - 1
        first, last = self[starts], self[ends]
        between_ms = np.zeros(len(self), np.int64)
        between_ms[1:] = (self.first_ms[1:] - self.last_ms[:-1]) * self.last_on[:-1]
        between_ms[starts] = 0
        return replace(
            first,
            **{name: getattr(last, name) for name in ("last_ms", "last_lat", "last_lng", "last_on")},
            **{name: reduced.reduceat(getattr(self, name), starts) for name, reduced in _REDUCED.items()},
            inner_km=np.add.reduceat(self.step_km + self.inner_km, starts) - first.step_km,
            on_ms=np.add.reduceat(self.on_ms + between_ms, starts),
        )

    def truncated_to_first_point(self, rows: Flags) -> "Segments":
        """Return the table with the rows of a mask cut down to their first points; ignition columns stay."""
        first_far = self.first_lng % 360
        return replace(
            self,
            last_ms=np.where(rows, self.first_ms, self.last_ms),
            last_lat=np.where(rows, self.first_lat, self.last_lat),
            last_lng=np.where(rows, self.first_lng, self.last_lng),
            inner_km=np.where(rows, 0.0, self.inner_km),
            max_kmh=np.where(rows, self.first_kmh, self.max_kmh),
            count=np.where(rows, 1, self.count),
            south=np.where(rows, self.first_lat, self.south),
            north=np.where(rows, self.first_lat, self.north),
            west=np.where(rows, self.first_lng, self.west),
            east=np.where(rows, self.first_lng, self.east),
            west_far=np.where(rows, first_far, self.west_far),
            east_far=np.where(rows, first_far, self.east_far),
        )


_REDUCED: dict[str, np.ufunc] = {
    "max_kmh": np.maximum,
    "count": np.add,
    "south": np.minimum,
    "north": np.maximum,
    "west": np.minimum,
    "east": np.maximum,
    "west_far": np.minimum,
    "east_far": np.maximum,
    "has_off": np.logical_or,
    "knows_ignition": np.logical_or,
}
