"""Shifts: working hours that repeat each day by the clock, and the trips that lie inside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

import numpy as np

from services.generation.domain.columnar import Columns, Floats, Ints
from services.generation.domain.stops import Stops
from services.generation.domain.trips import Trips
from services.generation.domain.windows import DAY, SECONDS_PER_DAY, Windows, civil_to_ms, dates_of


@dataclass(frozen=True, slots=True)
class Shift:
    """Working hours in seconds since a local midnight; an end at or before the start is on the next day."""

    start_s: int
    end_s: int

    @property
    def is_overnight(self) -> bool:
        """Whether it goes on after midnight."""
        return self.end_s <= self.start_s

    def parts(self) -> Iterator[tuple[int, int]]:
        """Yield its parts within a day, in seconds since the midnight of that day."""
        if self.is_overnight:
            yield self.start_s, SECONDS_PER_DAY
            yield 0, self.end_s
        else:
            yield self.start_s, self.end_s

    def overlaps(self, other: "Shift") -> bool:
        """Return whether both have a moment of the clock in common."""
        return any(a < d and c < b for a, b in self.parts() for c, d in other.parts())


@dataclass(frozen=True, slots=True)
class ShiftTimes(Columns):
    """Times of shifts in time order, disjoint, in ms; `shift` is the index of the shift."""

    start_ms: Ints
    end_ms: Ints
    shift: Ints

    @classmethod
    def of(cls, shifts: Sequence[Shift], windows: Windows, zone: ZoneInfo) -> Self:
        """Return the times of shifts that may reach into the windows, which are not empty."""
        found = []
        for day in dates_of(int(windows.start_ms[0]), int(windows.end_ms[-1]), zone):
            midnight = datetime.combine(day, time())
            for index, shift in enumerate(shifts):
                start, end = (midnight + timedelta(seconds=second) for second in (shift.start_s, shift.end_s))
                span = civil_to_ms(start, zone), civil_to_ms(end + DAY if shift.is_overnight else end, zone)
                if span[0] < span[1]:
                    found.append((*span, index))
        columns = np.array(sorted(found), np.int64).reshape(-1, 3).T
        return cls(*columns)

    @property
    def windows(self) -> Windows:
        """The times as windows."""
        return Windows(self.start_ms, self.end_ms)

    def split_at(self, midnights_ms: Ints) -> "ShiftTimes":
        """Return the times cut at midnights."""
        edges = np.unique(np.concatenate([midnights_ms, [self.start_ms[0], self.end_ms[-1]]]))
        pieces = Windows(edges[:-1], edges[1:]).cut(self.start_ms, self.end_ms)
        return ShiftTimes(pieces.start_ms, pieces.end_ms, self.shift[pieces.span])


@dataclass(frozen=True, slots=True)
class ShiftTrips(Trips):
    """Trips inside shifts; `idle_s` is of the stop that follows within the shift, and so is its ignition."""

    ignition_on_s: Floats  # NaN where unknown, 0 where no stop follows
    stopped: Ints  # 1 where a stop follows

    @classmethod
    def of(cls, trips: Trips, stops: Stops, times: ShiftTimes) -> "ShiftTrips":
        """Return the trips that lie wholly inside a shift, with the stop that follows, cut at the shift's end."""
        shift = times.windows.at(trips.start_ms)
        inside = (shift >= 0) & (trips.end_ms <= np.append(times.end_ms, 0)[shift])
        trips, shift = trips[inside], shift[inside]
        at = np.searchsorted(stops.start_ms, trips.end_ms)
        follows = np.append(stops.start_ms, -1)[at] == trips.end_ms
        follows &= trips.end_ms < times.end_ms[shift]
        rows = np.where(follows, at, len(stops))
        idle_s = np.append((stops.end_ms - stops.start_ms) // 1000, 0)[rows].astype(np.float64)
        on_s = np.append(np.where(stops.ignition_known, np.floor(stops.ignition_on_s), np.nan), 0.0)[rows]
        own = {field.name: getattr(trips, field.name) for field in fields(Trips)}
        return cls(**own | {"idle_s": idle_s}, ignition_on_s=on_s, stopped=follows.astype(np.int64))
