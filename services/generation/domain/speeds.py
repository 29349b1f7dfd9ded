"""Speeds that count: those reported by accepted points, and derived ones where nothing credible is reported."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from services.generation.domain.columnar import Flags, Floats, Ints, Readings
from services.generation.domain.detection import Parking, Rules
from services.generation.domain.fixes import HALF_TURN, STALE_MS, Fixes
from services.generation.domain.tracks import EARTH_RADIUS_KM, MS_PER_HOUR, haversine_km

REPEATS_MS = 60_000  # a longer run of identical coordinates is rest
KM_PER_DEGREE = EARTH_RADIUS_KM * np.pi / 180 * (1 + 1e-9)  # of a great circle, and a little more


class Legs:
    """Legs into accepted fixes: which are silences and of what kind, and their derived speeds."""

    def __init__(self, fixes: Fixes, rules: Rules) -> None:
        self._fixes = fixes
        self._parking = rules.parking
        self.silent: Flags = fixes.elapsed_ms > rules.gap_ms
        silent = np.flatnonzero(self.silent)
        near = fixes.step_km[silent] <= rules.detection.parked_km
        begun = np.isinf(fixes.elapsed_ms[silent]) | fixes.unreachable[silent]
        self.parked = silent[near & ~begun]
        far = silent[~near & ~begun]
        far = far[fixes.elapsed_ms[far] <= rules.detection.travel_s * 1000]
        self.travelled = far[rules.parking.is_fast(self.speed_kmh(far))]
        self.without_data: Flags = self.silent | fixes.unreachable
        self.without_data[self.parked] = False
        self.without_data[self.travelled] = False

    @cached_property
    def run_starts(self) -> Ints:
        """Row at which the run of identical coordinates of each fix begins."""
        return self._fixes.run_starts()

    def speed_kmh(self, rows: Ints) -> Floats:
        """Return the derived speed of the legs into some rows, 0 into the first of all.

        The time of a leg that leaves a run of identical coordinates counts from the run's first point, at most 5
        minutes back, or 1 minute where the speed would be below the idle speed.
        """
        if not len(rows):
            return np.zeros(0)
        before = np.maximum(rows - 1, 0)
        left_ms, run_ms = self._fixes.time_ms[before], self._fixes.time_ms[self.run_starts[before]]
        length = self._fixes.step_km[rows] * MS_PER_HOUR
        speeds = []
        for back_ms in (STALE_MS, REPEATS_MS):
            lasted_ms = self._fixes.time_ms[rows] - np.maximum(run_ms, left_ms - back_ms)
            speeds.append(length / np.where(rows == 0, np.inf, lasted_ms))
        return np.where(self._parking.is_fast(speeds[0]), speeds[0], speeds[1])


@dataclass(frozen=True, slots=True)
class Speeds:
    """Speed that counts at each fix, and whether it is derived."""

    kmh: Readings
    derived: Flags


def speeds_of(fixes: Fixes, legs: Legs, rules: Rules) -> Speeds:
    """Return the speeds that count.

    A reported speed below the idle speed is disbelieved where the way to the next such point is too long for it.
    """
    parking = rules.parking
    unknown, slow = np.isnan(fixes.speed_kmh), ~parking.is_fast(fixes.speed_kmh)
    low = slow & ~unknown
    disbelieved = disbelieved_rows(fixes, legs, low, rules)
    if not (len(disbelieved) or len(legs.travelled) or unknown.any()):
        return Speeds(fixes.speed_kmh, unknown)
    kmh, derived = fixes.speed_kmh.astype(np.float64), unknown.copy()
    rows = np.flatnonzero(unknown)
    kmh[rows] = np.where(legs.without_data[rows], 0.0, legs.speed_kmh(rows))
    kmh[disbelieved], derived[disbelieved] = legs.speed_kmh(disbelieved), True
    rests = ~parking.is_fast(kmh)
    travelled = legs.travelled[rests[legs.travelled] & rests[legs.travelled - 1]]
    kmh[travelled], derived[travelled] = legs.speed_kmh(travelled), True
    low_ends = np.zeros(len(fixes), np.bool_)
    low_ends[disbelieved] = low_ends[travelled] = True
    speeds = Speeds(kmh, derived)
    _hold(fixes, legs, speeds, low_ends, parking)
    return speeds


def _hold(fixes: Fixes, legs: Legs, speeds: Speeds, low_ends: Flags, parking: Parking) -> None:
    """Give the later points of short runs of identical coordinates the speed of the leg that leaves the run.

    Points that report less than the idle speed take it where the end of that leg, one of `low_ends`, is disbelieved.
    """
    starts = legs.run_starts
    repeated = starts < np.arange(len(fixes))
    leaving = np.flatnonzero(repeated[:-1] & ~repeated[1:]) + 1
    run = starts[leaving - 1]
    speed_kmh = legs.speed_kmh(leaving)
    holds = (fixes.time_ms[leaving - 1] - fixes.time_ms[run] <= REPEATS_MS) & parking.is_fast(speed_kmh)
    holds &= ~legs.without_data[leaving] & ~np.isin(leaving, legs.parked)
    run, leaving, speed_kmh = run[holds], leaving[holds], speed_kmh[holds]
    held_kmh, is_disbelieved = np.full(len(fixes), np.nan), np.zeros(len(fixes), np.bool_)
    held_kmh[run], is_disbelieved[run] = speed_kmh, low_ends[leaving]
    unknown = np.isnan(fixes.speed_kmh)
    low = ~unknown & ~parking.is_fast(fixes.speed_kmh)
    taken = repeated & ~np.isnan(held_kmh[starts]) & (unknown | (low & is_disbelieved[starts]))
    speeds.kmh[taken], speeds.derived[taken] = held_kmh[starts[taken]], True


def disbelieved_rows(fixes: Fixes, legs: Legs, low: Flags, rules: Rules) -> Ints:
    """Return the rows of points that report less than the idle speed and are disbelieved.

    They end legs at the idle speed or faster between two such points that are too far apart for rest, within the time
    of a silence and with only such points between.
    """
    edges = np.flatnonzero(np.diff(low[1:] & low[:-1] & ~legs.without_data[1:], prepend=False, append=False))
    first, end = edges[::2], edges[1::2] + 1
    if not len(first):
        return first
    spans = np.column_stack([first, end]).ravel()
    km = np.add.reduceat(np.append(fixes.step_km, 0.0), spans)[::2] - fixes.step_km[first]
    far = km > rules.detection.parked_km
    moved = [_moved_rows(fixes, legs, rows, rules) for rows in map(slice, first[far].tolist(), end[far].tolist())]
    return np.concatenate([first[:0], *moved])


def _moved_rows(fixes: Fixes, legs: Legs, rows: slice, rules: Rules) -> Ints:
    """Return those of neighbouring slow fixes that end legs between two that are too far apart."""
    if (np.ptp(fixes.lat[rows]) + np.ptp(fixes.lng[rows])) * KM_PER_DEGREE <= rules.detection.parked_km:
        return np.zeros(0, np.int64)  # all of them lie closer together
    slow = fixes[rows]
    begin = _unrest(slow, rules)
    if not len(begin):
        return begin
    end = np.searchsorted(slow.time_ms, slow.time_ms[begin] + rules.gap_ms, side="right") - 1
    marks = np.zeros(len(slow) + 1, np.int64)
    while len(begin):
        km = haversine_km(slow.lat[begin], slow.lng[begin], slow.lat[end], slow.lng[end])
        hours = (slow.time_ms[end] - slow.time_ms[begin]) / MS_PER_HOUR
        apart = (km > rules.detection.parked_km) & rules.parking.is_fast(km / np.where(hours > 0, hours, np.inf))
        np.add.at(marks, begin[apart] + 1, 1)
        np.add.at(marks, end[apart] + 1, -1)
        goes_on = ~apart & (end > begin + 1)
        begin, end = begin[goes_on], end[goes_on] - 1
    between: Ints = rows.start + np.flatnonzero(np.cumsum(marks)[:-1] > 0)
    moved: Ints = between[rules.parking.is_fast(legs.speed_kmh(between))]
    return moved


def _unrest(fixes: Fixes, rules: Rules) -> Ints:
    """Return the rows around which fixes within the time of a silence are spread wider than rest allows."""
    cell = (fixes.time_ms - fixes.time_ms[0]) // max(int(rules.gap_ms), 1)
    starts = np.flatnonzero(np.diff(cell, prepend=-1))
    low, high = (
        [reduced.reduceat(values, starts) for values in (fixes.lat, fixes.lng)] for reduced in (np.minimum, np.maximum)
    )
    south, west = (np.minimum(values, np.append(values[1:], values[-1])) for values in low)
    north, east = (np.maximum(values, np.append(values[1:], values[-1])) for values in high)
    nearest_equator = np.maximum(np.maximum(south, -north), 0.0)
    width = (east - west) * np.cos(np.radians(nearest_equator))
    wide = (north - south + width) * KM_PER_DEGREE > rules.detection.parked_km  # wider than a distance in it
    wide |= east - west > HALF_TURN  # the date line between them
    return np.flatnonzero(np.repeat(wide, np.diff(np.append(starts, len(fixes)))))
