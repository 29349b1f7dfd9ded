"""Runs: segments as stops and trips, as far as they are certain before the next points are known."""

from dataclasses import dataclass, replace

import numpy as np

from services.generation.domain.columns import Columns, Flags, Ints, Rows
from services.generation.domain.detection import Parking, Rules, passes_smart_filter
from services.generation.domain.segments import Segments


@dataclass(frozen=True, slots=True)
class Runs(Columns):
    """Longest runs of segments that are all moving or all slow, without a gap, in time order.

    A slow run lasts from its first point to the next moving point, or to its last point before a gap.
    """

    begin: Ints  # index of its first segment
    end: Ints  # index after its last segment
    start_ms: Ints
    end_ms: Ints
    moving: Flags
    opens: Flags  # no accepted point before it, or a gap
    is_stop: Flags
    trip: Ints  # number of the trip it is part of, -1 outside of trips

    @property
    def ends_trip(self) -> Flags:
        """Mask of the stops that end a trip at their first point."""
        return self.is_stop & ~self.opens

    @property
    def of_segments(self) -> Ints:
        """Index of the run of each segment."""
        return np.repeat(np.arange(len(self)), self.end - self.begin)


def runs_of(segments: Segments, parking: Parking) -> Runs:
    """Return the runs of segments, taking the last point for the end of all data."""
    if not len(segments):
        return Runs.empty()
    opens = segments.gap_before.copy()
    opens[0] = True
    begin = np.flatnonzero(opens | np.append(True, segments.moving[1:] != segments.moving[:-1]))
    end = np.append(begin[1:], len(segments))
    moving, opens = segments.moving[begin], opens[begin]
    goes_on = ~np.append(opens[1:], True)
    start_ms = segments.first_ms[begin]
    end_ms = np.where(goes_on, np.append(start_ms[1:], 0), segments.last_ms[end - 1])
    lasts = end_ms - start_ms >= parking.shortest_s * 1000
    if parking.ignition_aware:
        lasts |= np.logical_or.reduceat(segments.has_off, begin)
    is_stop = ~moving & lasts & (parking.idle_kmh > 0)
    travels = moving | ~(is_stop | opens)
    starts_trip = travels & (opens | ~np.append(False, travels[:-1]))
    trip = np.where(travels, np.cumsum(starts_trip) - 1, -1)
    return Runs(begin, end, start_ms, end_ms, moving, opens, is_stop, trip)


@dataclass(frozen=True, slots=True)
class Legs:
    """Segments of trips in time order, with the trip of each; a stop is in the trip it ends with its first point."""

    segments: Segments
    trip: Ints

    def __getitem__(self, rows: Rows) -> "Legs":
        return Legs(self.segments[rows], self.trip[rows])

    def merged(self, *labels: Ints) -> "Legs":
        """Return the legs with neighbouring segments of a trip joined where all labels, one per segment, are equal."""
        change = np.zeros(len(self.trip), np.bool_)
        change[:1] = True
        for label in (self.trip, *labels):
            change[1:] |= label[1:] != label[:-1]
        starts = np.flatnonzero(change)
        return Legs(self.segments.merged(starts), self.trip[starts])


def legs_of(segments: Segments, runs: Runs) -> Legs:
    """Return the legs of all trips."""
    trip = runs.trip[runs.of_segments]
    ending = np.flatnonzero(runs.ends_trip)
    truncated = np.zeros(len(segments), np.bool_)
    truncated[runs.begin[ending]] = True
    trip[runs.begin[ending]] = runs.trip[ending - 1]
    chosen = trip >= 0
    return Legs(segments[chosen].truncated_to_first_point(truncated[chosen]), trip[chosen])


def settled(segments: Segments, rules: Rules, edges_ms: Ints, *, whole: bool) -> Segments:
    """Return the segments with short pauses turned to moving, rejected trips to slow, and equal neighbours joined.

    Unless they are the `whole`, segments that later points may change stay as they are. Settling is idempotent.
    """
    if not len(segments):
        return segments
    runs = runs_of(segments, rules.parking)
    on_way = runs.trip >= 0
    if not whole:
        on_way[-1] &= runs.moving[-1]
    if rules.filter_on:
        on_way &= ~_is_rejected(segments, runs, rules, whole=whole)
    segments = replace(segments, moving=on_way[runs.of_segments])
    cell = np.searchsorted(edges_ms, segments.first_ms, side="right")
    change = segments.gap_before.copy()
    change[0] = True
    change[1:] |= (segments.moving[1:] != segments.moving[:-1]) | (cell[1:] != cell[:-1])
    return segments.merged(np.flatnonzero(change))


def _is_rejected(segments: Segments, runs: Runs, rules: Rules, *, whole: bool) -> Flags:
    """Return a mask of the runs of trips that are over and that the smart filter rejects."""
    rejected = ~passes_smart_filter(legs_of(segments, runs).merged().segments, rules.detection)
    if not whole and runs.trip[-1] >= 0:
        rejected[-1] = False
    return np.append(rejected, False)[runs.trip]
