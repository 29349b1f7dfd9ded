"""Segments: neighbouring accepted points of one pace, a row each."""

from dataclasses import dataclass, replace

import numpy as np

from services.generation.domain.columnar import Columns, Flags, Floats, Ints

SLOW, TOWED, MOVING = range(3)  # below the idle speed; not below it but with ignition known to be off; else

_LAST = ("last_ms", "last_lat", "last_lng", "last_derived", "last_reported_kmh", "last_on", "last_off")
_REDUCED: dict[str, np.ufunc] = {
    "max_kmh": np.maximum,
    "reported_kmh": np.fmax,
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


@dataclass(frozen=True, slots=True)
class Segments(Columns):
    """Neighbouring points of one pace in time order, without an edge or a silence without data between them.

    Units are degrees, km, km/h and ms; `_far` columns count longitudes from 0 to 360.
    """

    pace: Ints
    first_ms: Ints
    first_lat: Floats
    first_lng: Floats
    first_kmh: Floats
    first_derived: Flags
    first_reported_kmh: Floats  # NaN where unknown
    without_data: Flags  # before the first point
    parked_before: Flags  # in the silence before the first point
    step_km: Floats  # from the point before to the first, 0 without data
    lost_km: Floats  # from the point before to the first, 0 with data
    slow_step: Flags  # the way to the first point was slow
    step_turns: Flags  # the way to the first point turned back
    last_ms: Ints
    last_lat: Floats
    last_lng: Floats
    last_derived: Flags
    last_reported_kmh: Floats
    last_on: Flags  # ignition known to be on at the last point
    last_off: Flags
    inner_km: Floats  # from the first point to the last
    inner_legs: Ints  # legs with a way, from the first point to the last
    inner_turns: Ints  # those that turned back
    max_kmh: Floats
    reported_kmh: Floats  # highest reported one, NaN where none is known
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

    def merged(self, starts: Ints, pace: Ints) -> "Segments":
        """Return a row of the given pace for all rows from each start up to the next; the first start is 0."""
        if not len(self):
            return self
        first, last = self[starts], self[np.append(starts[1:], len(self)) - 1]
        between_ms = np.zeros(len(self), np.int64)
        between_ms[1:] = (self.first_ms[1:] - self.last_ms[:-1]) * self.last_on[:-1]
        between_ms[starts] = 0
        steps = {"inner_km": self.step_km, "inner_legs": self.step_km > 0, "inner_turns": self.step_turns}
        return replace(
            first,
            pace=pace,
            **{name: getattr(last, name) for name in _LAST},
            **{name: reduced.reduceat(getattr(self, name), starts) for name, reduced in _REDUCED.items()},
            **{
                name: np.add.reduceat(getattr(self, name) + step, starts) - step[starts] for name, step in steps.items()
            },
            on_ms=np.add.reduceat(self.on_ms + between_ms, starts),
        )

    def with_rests(self, idle_kmh: float) -> "Segments":
        """Return the rows with a slow one before each silence in which a tracker parked that had been moving."""
        parked = np.flatnonzero(self.parked_before[1:] & (self.pace[:-1] != SLOW))
        if not len(parked) or idle_kmh <= 0:
            return self
        order = np.argsort(np.append(2 * np.arange(len(self)), 2 * parked + 1), kind="stable")
        return Segments.join([self, self[parked].rests_after()])[order]

    def rests_after(self) -> "Segments":
        """Return for each row a slow one without points, of no length and no duration, at its last point."""
        none, zero, no = np.zeros(len(self), np.int64), np.zeros(len(self)), np.zeros(len(self), np.bool_)
        return Segments(
            pace=none + SLOW,
            first_ms=self.last_ms,
            first_lat=self.last_lat,
            first_lng=self.last_lng,
            first_kmh=zero,
            first_derived=~no,
            first_reported_kmh=zero + np.nan,
            without_data=no,
            parked_before=no,
            step_km=zero,
            lost_km=zero,
            slow_step=~no,  # so that travel ends before it
            step_turns=no,
            last_ms=self.last_ms,
            last_lat=self.last_lat,
            last_lng=self.last_lng,
            last_derived=no,
            last_reported_kmh=zero + np.nan,
            last_on=self.last_on,
            inner_km=zero,
            inner_legs=none,
            inner_turns=none,
            max_kmh=zero,
            reported_kmh=zero + np.nan,
            count=none,
            south=self.last_lat,
            north=self.last_lat,
            west=self.last_lng,
            east=self.last_lng,
            west_far=self.last_lng % 360,
            east_far=self.last_lng % 360,
            on_ms=none,
            has_off=self.last_off,
            knows_ignition=self.last_on | self.last_off,
            last_off=self.last_off,
        )
