"""Movement: the segments that accepted points form, by their pace."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from services.generation.domain.columnar import Flags, Ints
from services.generation.domain.detection import Parking, Rules
from services.generation.domain.fixes import HALF_TURN, STALE_MS, Fixes
from services.generation.domain.segments import MOVING, SLOW, TOWED, Segments
from services.generation.domain.speeds import REPEATS_MS, Legs, Speeds, speeds_of

COSINE_OF_TURN = -0.5  # of 120 degrees


class Movement:
    """Segments of accepted points that come in pieces. What they come to does not depend on the pieces."""

    def __init__(self, rules: Rules, edges_ms: Ints) -> None:
        self._rules = rules
        self._edges_ms = edges_ms
        self._fixes = Fixes.empty()  # those whose speeds may still change, and as many before as these depend on
        self._done = 0  # number of those whose segments are made
        self._course = 0.0, 0.0  # of the last leg with a way into one of those, in degrees to the north and east

    def add(self, new: Fixes, *, whole: bool = False) -> Segments:
        """Return the segments of the next points whose speeds later points cannot change, of all with `whole`."""
        fixes = Fixes.join([self._fixes, new])
        if not len(fixes):
            return Segments.empty()
        lag_ms = self._rules.gap_ms + REPEATS_MS
        end = len(fixes) if whole else int(np.searchsorted(fixes.time_ms, fixes.time_ms[-1] - lag_ms))
        if end <= self._done:
            self._fixes = fixes
            return Segments.empty()
        segments = self._segments(fixes, end)
        start = max(int(np.searchsorted(fixes.time_ms, fixes.time_ms[end - 1] - lag_ms - STALE_MS)) - 1, 0)
        self._fixes, self._done = fixes[start:], end - start
        return segments

    def _segments(self, fixes: Fixes, end: int) -> Segments:
        legs = Legs(fixes, self._rules)
        points = Points.of(fixes, legs, self._rules)
        turns = np.zeros(len(fixes), np.bool_)
        if np.isnan(fixes.speed_kmh).any():
            turns[self._done : end], self._course = _turns(fixes, legs, (self._done, end), self._course)
        starts = points.starts(self._done, end, self._edges_ms)
        return points.segments(starts, end, turns)


@dataclass(frozen=True, slots=True)
class Points:
    """Accepted points with their legs, the speeds that count and their paces."""

    fixes: Fixes
    legs: Legs
    speeds: Speeds
    parking: Parking
    fast: Flags
    towed: Flags | None  # where ignition counts

    @classmethod
    def of(cls, fixes: Fixes, legs: Legs, rules: Rules) -> "Points":
        """Return the points of fixes."""
        parking, speeds = rules.parking, speeds_of(fixes, legs, rules)
        if parking.idle_kmh <= 0:
            return cls(fixes, legs, speeds, parking, np.ones(len(fixes), np.bool_), None)
        fast = parking.is_fast(speeds.kmh)
        return cls(fixes, legs, speeds, parking, fast, fast & (fixes.ignition == 0) if parking.ignition_aware else None)

    def starts(self, first: int, end: int, edges_ms: Ints) -> Ints:
        """Return the rows from `first` to before `end` at which segments start."""
        fixes = self.fixes
        change = self.legs.without_data.copy()
        for flags in (self.fast, self.towed):
            if flags is not None:
                change[1:] |= flags[1:] != flags[:-1]
        change[1:] |= np.abs(fixes.lng[1:] - fixes.lng[:-1]) > HALF_TURN
        parked = self.legs.parked
        change[parked[self.fast[parked - 1]]] = True
        at_edges = np.searchsorted(fixes.time_ms, edges_ms)
        change[at_edges[at_edges < len(fixes)]] = True
        change[first] = True
        return first + np.flatnonzero(change[first:end])

    def segments(self, starts: Ints, end: int, turns: Flags) -> Segments:
        """Return the segments between the starts and `end`."""
        fixes, ends = self.fixes, np.append(starts[1:], end) - 1
        first, last, lost = fixes[starts], fixes[ends], self.legs.without_data[starts]
        pace = np.where(self.fast[starts], MOVING, SLOW)
        if self.towed is not None:
            pace[self.towed[starts]] = TOWED
        derived, parked = self.speeds.derived, np.zeros(len(fixes), np.bool_)
        parked[self.legs.parked] = True
        slow_step = np.zeros(len(starts), np.bool_)
        asked = np.flatnonzero((derived[starts] | derived[starts - 1]) & (starts > 0))
        slow_step[asked] = ~self.parking.is_fast(self.legs.speed_kmh(starts[asked]))
        return Segments(
            pace=pace,
            first_ms=first.time_ms,
            first_lat=first.lat,
            first_lng=first.lng,
            first_kmh=self.speeds.kmh[starts].astype(np.float64),
            first_derived=derived[starts],
            first_reported_kmh=first.speed_kmh.astype(np.float64),
            without_data=lost,
            parked_before=parked[starts],
            step_km=np.where(lost, 0.0, first.step_km),
            lost_km=np.where(lost, first.step_km, 0.0),
            slow_step=slow_step,
            step_turns=turns[starts],
            last_ms=last.time_ms,
            last_lat=last.lat,
            last_lng=last.lng,
            last_derived=derived[ends],
            last_reported_kmh=last.speed_kmh.astype(np.float64),
            last_on=last.ignition == 1,
            last_off=last.ignition == 0,
            **self._inner(starts, end, turns),
            **_box(fixes[:end], starts),
            **_ignition(fixes[:end], starts, ends),
        )

    def _inner(self, starts: Ints, end: int, turns: Flags) -> dict[str, Any]:
        """Return what lies between the first and the last point of each segment."""
        step_km, kmh = self.fixes.step_km[:end], self.speeds.kmh[:end]
        none = np.zeros(len(starts), np.int64)
        moved = {"inner_legs": none, "inner_turns": none}
        reported_kmh = max_kmh = np.maximum.reduceat(kmh, starts).astype(np.float64)
        if self.speeds.derived[starts[0] : end].any():
            reported_kmh = np.fmax.reduceat(self.fixes.speed_kmh[:end], starts).astype(np.float64)
            flags = {"inner_legs": step_km > 0, "inner_turns": turns[:end]}
            moved = {name: np.add.reduceat(flag, starts, dtype=np.int64) - flag[starts] for name, flag in flags.items()}
        return {
            "inner_km": np.add.reduceat(step_km, starts) - step_km[starts],
            **moved,
            "max_kmh": max_kmh,
            "reported_kmh": reported_kmh,
            "count": np.append(starts[1:], end) - starts,
        }


def _box(fixes: Fixes, starts: Ints) -> dict[str, Any]:
    """Return the bounds of each segment."""
    west, east = np.minimum.reduceat(fixes.lng, starts), np.maximum.reduceat(fixes.lng, starts)
    both_sides = (west < 0) & (east >= 0)
    return {
        "south": np.minimum.reduceat(fixes.lat, starts),
        "north": np.maximum.reduceat(fixes.lat, starts),
        "west": west,
        "east": east,
        "west_far": np.where(both_sides, 0.0, west % 360),
        "east_far": np.where(both_sides, 360.0, east % 360),
    }


def _ignition(fixes: Fixes, starts: Ints, ends: Ints) -> dict[str, Any]:
    """Return what is known of the ignition in each segment."""
    known = ~np.isnan(fixes.ignition)
    lasted_ms = np.zeros(len(fixes), np.int64)
    lasted_ms[:-1] = np.diff(fixes.time_ms) * (fixes.ignition[:-1] == 1)
    lasted_ms[ends] = 0
    return {
        "on_ms": np.add.reduceat(lasted_ms, starts),
        "has_off": np.logical_or.reduceat(fixes.ignition == 0, starts),
        "knows_ignition": np.logical_or.reduceat(known, starts),
    }


def _turns(
    fixes: Fixes, legs: Legs, rows: tuple[int, int], course: tuple[float, float]
) -> tuple[Flags, tuple[float, float]]:
    """Return of the legs into some rows whether they turn back against the leg with a way before, and the last course.

    A course is a difference of places in degrees to the north and, as wide there, to the east.
    """
    first, end = rows
    moved = max(first, 1) + np.flatnonzero(fixes.step_km[max(first, 1) : end] > 0)
    back = np.zeros(end - first, np.bool_)
    if not len(moved):
        return back, course
    north = fixes.lat[moved] - fixes.lat[moved - 1]
    east = (fixes.lng[moved] - fixes.lng[moved - 1] + 180) % 360 - 180
    courses = np.column_stack([north, east * np.cos(np.radians(fixes.lat[moved]))])
    courses[legs.without_data[moved]] = 0.0
    before = np.vstack([course, courses[:-1]])
    lengths = np.hypot(*courses.T) * np.hypot(*before.T)
    back[moved - first] = (courses * before).sum(axis=1) < COSINE_OF_TURN * lengths
    return back, (float(courses[-1, 0]), float(courses[-1, 1]))
