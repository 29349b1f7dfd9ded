"""Fillings and drains: changes of a tank's level that are no consumption (reference 6.6)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Columns, Flags, Floats, Ints
from services.generation.domain.levels import ABOVE
from services.generation.domain.medians import AROUND, medians_around
from services.generation.domain.tracks import MS_PER_HOUR
from services.generation.domain.value_series import Values

APART_MS = 600_000
DEFAULT_PER_HOUR = 120.0
SPREAD, LARGEST = 2_654_435_761, 2**32  # numbers that follow each other are spread by their product
TIE = 1e-9  # of the error, by which equal turns are told apart
SAME_SHARE = 0.25  # of the error, by which readings at one level may differ from their median
LEAST_ROWS = 2  # both ends
LASTING = 5  # readings that a level must last for
NOISE_OF_TURNS, NOISE_OF_LEVELS = 6.0, 3.0  # times the noise of a signal, which its turns and levels do not exceed
SAMPLES, PIECE = 16, 4_096  # of readings by which the noise is told
QUIET_SHARE = 0.5  # of the error, that a level may change by in 10 minutes without a change


@dataclass(frozen=True, slots=True)
class FuelEvents(Columns):
    """Fillings and drains in time order, with the levels before and after them."""

    start_ms: Ints  # last reading at the level before
    end_ms: Ints  # first reading at the level after
    start_level: Floats
    end_level: Floats

    @property
    def volume(self) -> Floats:
        """Volume filled, negative for what was drained."""
        return self.end_level - self.start_level

    @property
    def is_filling(self) -> Flags:
        """Whether each is a filling."""
        rising: Flags = self.end_level > self.start_level
        return rising


@dataclass(frozen=True, slots=True)
class Lowering:
    """Consumption above which a fall is a drain, in units of the level an hour and, where set, on 100 km."""

    per_hour: float = DEFAULT_PER_HOUR
    per_100_km: float | None = None


@dataclass(frozen=True, slots=True)
class LevelCurve:
    """Levels with the mileage at each reading, which is needed where a bound on 100 km is set."""

    levels: Values
    mileage_km: Floats | None = None

    def clocks(self, lowering: Lowering) -> Iterator[Floats]:
        """Yield by how much the level may fall up to each reading, by each of the bounds."""
        yield self.levels.time_ms / MS_PER_HOUR * lowering.per_hour
        if lowering.per_100_km is not None and self.mileage_km is not None:
            yield self.mileage_km / 100 * lowering.per_100_km


def find_events(curve: LevelCurve, error: float, lowering: Lowering) -> FuelEvents:
    """Return the fillings and drains among the levels of a block."""
    found = [*_Search(curve, error, lowering).events()]
    if not found:
        return FuelEvents.empty()
    start_ms, end_ms, start_level, end_level = zip(*found, strict=True)
    return FuelEvents(np.array(start_ms), np.array(end_ms), np.array(start_level), np.array(end_level))


def noise_of(value: Floats) -> float:
    """Return the median distance of values from the median of the 11 around, of a sample where they are many."""
    step = max(len(value) // SAMPLES, PIECE)
    pieces = [value[start : start + PIECE] for start in range(0, len(value), step)]
    distances = [np.abs(piece - medians_around(piece)) for piece in pieces]
    return float(np.median(np.concatenate(distances))) if distances else 0.0


def turning_points(value: Floats, least: float) -> Ints:
    """Return the rows at which values turn, when turns back by no more than `least` do not count."""
    rows = _extremes(value, np.arange(len(value)))
    while len(rows) > LEAST_ROWS:
        size = np.abs(np.diff(value[rows]))
        rank = size + rows[:-1] * SPREAD % LARGEST * (least * TIE / LARGEST)  # of equal turns many are dropped at once
        padded = np.concatenate([[np.inf], rank, [np.inf]])
        small = (size <= least) & (rank < padded[:-2]) & (rank < padded[2:])
        if not small.any():
            break
        lower, upper = np.append(small, False), np.append(False, small)
        lower[-2] = upper[1] = False  # of the legs at both ends the inner row stays
        rows = _extremes(value, rows[~(lower | upper)])
    return rows


def _extremes(value: Floats, rows: Ints) -> Ints:
    """Return the rows at which values turn, of equal neighbours the first, and both ends."""
    rows = rows[np.append(True, np.diff(value[rows]) != 0)[: len(rows)]]
    if len(rows) <= LEAST_ROWS:
        return rows
    rises = np.diff(value[rows]) > 0
    turns: Ints = rows[np.concatenate([[True], rises[1:] != rises[:-1], [True]])]
    return turns


Event = tuple[int, int, float, float]  # moments and levels of its start and end
Portion = tuple[int, int, float]  # first and last row, 1 of a rise or -1 of a fall


@dataclass(frozen=True, slots=True)
class Level:
    """Readings at one level, in ascending order."""

    ordered: Floats

    @property
    def median(self) -> float:
        """The median."""
        count = len(self.ordered)
        return float(self.ordered[(count - 1) // 2] + self.ordered[count // 2]) / 2

    def edge(self, sign: float) -> float:
        """Return the largest reading, the smallest for a negative sign."""
        return float(self.ordered[-1 if sign > 0 else 0])


class _Search:
    """Search for events on a curve: in each rise or fall by more than the error, where the level changes quickly."""

    def __init__(self, curve: LevelCurve, error: float, lowering: Lowering) -> None:
        self._time_ms, self._value = curve.levels.time_ms, curve.levels.value
        noise = noise_of(self._value)
        self._turn = max(error, NOISE_OF_TURNS * noise) * ABOVE
        self._error = max(error, NOISE_OF_LEVELS * noise) * ABOVE
        self._clocks = list(curve.clocks(lowering))
        self._behind = np.searchsorted(self._time_ms, self._time_ms + APART_MS)

    def events(self) -> Iterator[Event]:
        """Yield the events in time order."""
        last = len(self._value) - 1
        portions = [one for one in self._all_portions() if self._event(one, (0, last), LASTING) is not None]
        behind = 0
        for place, portion in enumerate(portions):
            following = portions[place + 1][0] if place + 1 < len(portions) else last
            event = self._event(portion, (behind, max(following, portion[1])))
            if event is not None:
                yield event[0]
                behind = event[1]

    def _all_portions(self) -> Iterator[Portion]:
        rows = turning_points(self._value, self._turn)
        change = np.diff(self._value[rows])
        wide = np.flatnonzero(np.abs(change) > self._error)
        for first, last, rises in zip(rows[wide].tolist(), rows[wide + 1].tolist(), change[wide] > 0, strict=True):
            sign = 1.0 if rises else -1.0
            for portion in self._portions(first, last, sign):
                yield from ((*one, sign) for one in ([portion] if rises else self._fast(*portion)))

    def _portions(self, first: int, last: int, sign: float) -> Iterator[tuple[int, int]]:
        """Yield the rows between which a leg changes by more than the error, parted where it is quiet for long."""
        reached = np.maximum.accumulate(sign * self._value[first : last + 1])
        behind = self._behind[first : last + 1]
        whole = np.flatnonzero(behind <= last)
        quiet = whole[reached[behind[whole] - first] - reached[whole] <= self._error * QUIET_SHARE]
        spans = np.bincount(quiet, minlength=len(reached)) - np.bincount(behind[quiet] - first, minlength=len(reached))
        still = np.cumsum(spans)[:-1] > 0  # steps from each row to the next
        breaks = np.diff(self._time_ms[first : last + 1]) > APART_MS
        starts = np.flatnonzero(~still & (np.append(True, still[:-1]) | breaks))
        ends = np.flatnonzero(~still & (np.append(still[1:], True) | np.append(breaks[1:], False))) + 1
        wide = reached[ends] - reached[starts] > self._error * QUIET_SHARE
        behind_last = 0
        for start, end in zip(starts[wide].tolist(), ends[wide].tolist(), strict=True):
            begins = max(self._knee(reached, start, first, -1), behind_last)
            behind_last = self._knee(reached, end, first, 1)
            yield begins + first, behind_last + first

    def _knee(self, reached: Floats, row: int, first: int, step: int) -> int:
        """Return the row within 10 minutes before or behind a row of a leg at which quiet and change meet best."""
        time_ms = self._time_ms[first : first + len(reached)]
        other = int(np.searchsorted(time_ms, time_ms[row] + step * APART_MS, side="left" if step < 0 else "right"))
        low, high = (other, row) if step < 0 else (row, other - 1)
        span_ms, change = time_ms[high] - time_ms[low], reached[high] - reached[low]
        if not change:
            return row
        lead = (time_ms[low : high + 1] - time_ms[low]) / span_ms - (reached[low : high + 1] - reached[low]) / change
        return low + int((-step * lead).argmax())

    def _fast(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Yield the rows of a portion between which the level falls faster than consumption may."""
        value = self._value[first : last + 1]
        found: list[tuple[int, int]] = []
        for clock in self._clocks:
            allowed = clock[first : last + 1]
            pace = value + allowed
            tops = np.flatnonzero(pace == np.maximum.accumulate(pace))
            deep = np.flatnonzero(value[tops] - np.minimum.reduceat(value, tops) > self._error)
            behind = np.append(tops[1:], len(pace))[deep]
            for top, end in zip(tops[deep].tolist(), behind.tolist(), strict=True):
                low = top + int(pace[top:end].argmin())
                is_driven = clock is self._clocks[0] or allowed[low] > allowed[top]
                is_free = all(done <= first + top or start >= first + low for start, done in found)
                if value[top] - value[low] > self._error and is_free and is_driven:
                    found.append((first + top, first + low))
        yield from sorted(found)

    def _event(self, portion: Portion, bounds: tuple[int, int], least: int = 1) -> tuple[Event, int] | None:
        """Return the event in a portion and its last row; None where it is none.

        Levels are medians of readings within bounds: up to 11 in up to 10 minutes, at least so many in any time.
        """
        first, last, sign = portion
        before, after = self._level(first, -1, bounds, least), self._level(last, 1, bounds, least)
        same = self._error * SAME_SHARE
        value = sign * self._value[first : last + 1]
        reached = max(min(sign * after.edge(-sign), sign * after.median), sign * after.median - same)
        left = min(max(sign * before.edge(sign), sign * before.median), sign * before.median + same)
        end = 1 + int((value[1:] >= reached).argmax()) if (value[1:] >= reached).any() else len(value) - 1
        start = int(np.flatnonzero(np.append(True, value[1:end] <= left))[-1])
        start, end = first + start, first + end
        low, high = self._level(start, -1, bounds, least).median, self._level(end, 1, bounds, least).median
        volume = sign * (high - low)
        if volume <= self._error or (sign < 0 and not self._is_fast(start, end, volume)):
            return None
        return (int(self._time_ms[start]), int(self._time_ms[end]), low, high), end

    def _level(self, row: int, step: int, bounds: tuple[int, int], least: int) -> "Level":
        """Return the level of the readings up to a row, or from it on."""
        near_ms = self._time_ms[row] + step * APART_MS
        if step < 0:
            near = int(np.searchsorted(self._time_ms, near_ms))
            low, high = max(row - AROUND + 1, min(near, row - least + 1), bounds[0]), row + 1
        else:
            near = int(np.searchsorted(self._time_ms, near_ms, side="right"))
            low, high = row, min(row + AROUND, max(near, row + least), bounds[1] + 1)
        return Level(np.sort(self._value[low:high]))

    def _is_fast(self, start: int, end: int, volume: float) -> bool:
        by_time, *by_mileage = (clock[end] - clock[start] for clock in self._clocks)
        return bool(volume > by_time or any(0 < most < volume for most in by_mileage))


def apart_from_trips(events: FuelEvents, starts_ms: Ints, ends_ms: Ints, gap_ms: float) -> Flags:
    """Return of each event whether it begins outside of trips, or soon after the start or before the end of one."""
    trip = np.searchsorted(starts_ms, events.start_ms, side="right") - 1
    if not len(starts_ms):
        return np.ones(len(events), np.bool_)
    inside = (trip >= 0) & (events.start_ms < ends_ms[trip])
    deep: Flags = (events.start_ms - starts_ms[trip] > gap_ms) & (ends_ms[trip] - events.start_ms > gap_ms)
    return ~(inside & deep)
