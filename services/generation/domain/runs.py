"""Runs: stretches seen as stops and trips, and what of that is certain before the next points are known."""

from dataclasses import dataclass, replace

import numpy as np

from services.generation.domain.columns import Columns, Flags, Ints, Rows
from services.generation.domain.detection import Parking, Rules
from services.generation.domain.segments import Segments
from services.generation.domain.smart_filter import is_worth_keeping


@dataclass(frozen=True, slots=True)
class Runs(Columns):
    """Longest runs of stretches that are all moving or all slow, without a gap, in time order.

    A slow run lasts from its first point to the next moving point, or to its last point before a gap.
    """

    begin: Ints  # index of its first stretch
    end: Ints  # index after its last one
    start_ms: Ints
    end_ms: Ints
    moving: Flags
    opens: Flags  # no accepted point before it, or a gap
    is_stop: Flags
    trip: Ints  # number of the trip it is part of, -1 when of none

    @property
    def ends_trip(self) -> Flags:
        """Say which runs are stops that end a trip at their first point."""
        return self.is_stop & ~self.opens

    @property
    def of_stretches(self) -> Ints:
        """Return for each stretch the index of its run."""
        return np.repeat(np.arange(len(self)), self.end - self.begin)


def runs_of(rows: Segments, parking: Parking) -> Runs:
    """Return the runs of stretches, taking the last point for the end of all data."""
    if not len(rows):
        return Runs.empty()
    opens = rows.gap_before.copy()
    opens[0] = True
    begin = np.flatnonzero(opens | np.append(True, rows.moving[1:] != rows.moving[:-1]))
    end = np.append(begin[1:], len(rows))
    moving, opens = rows.moving[begin], opens[begin]
    goes_on = ~np.append(opens[1:], True)
    start_ms = rows.first_ms[begin]
    end_ms = np.where(goes_on, np.append(start_ms[1:], 0), rows.last_ms[end - 1])
    lasts = end_ms - start_ms >= parking.shortest_s * 1000
    if parking.ignition_aware:
        lasts |= np.logical_or.reduceat(rows.has_off, begin)
    is_stop = ~moving & lasts & (parking.idle_kmh > 0)
    travels = moving | ~(is_stop | opens)
    starts_trip = travels & (opens | ~np.append(False, travels[:-1]))
    trip = np.where(travels, np.cumsum(starts_trip) - 1, -1)
    return Runs(begin, end, start_ms, end_ms, moving, opens, is_stop, trip)


@dataclass(frozen=True, slots=True)
class Legs:
    """The stretches of trips in time order, each trip's stop with its first point, and the trip of each."""

    stretches: Segments
    trip: Ints

    def __getitem__(self, rows: Rows) -> "Legs":
        return Legs(self.stretches[rows], self.trip[rows])

    def merged(self, *labels: Ints) -> "Legs":
        """Return neighbouring stretches of one trip as one as long as their labels, given for each, are the same."""
        change = np.zeros(len(self.trip), np.bool_)
        change[:1] = True
        for label in (self.trip, *labels):
            change[1:] |= label[1:] != label[:-1]
        starts = np.flatnonzero(change)
        return Legs(self.stretches.merged(starts), self.trip[starts])


def legs_of(rows: Segments, runs: Runs) -> Legs:
    """Return the legs of all trips."""
    trip = runs.trip[runs.of_stretches]
    ending = np.flatnonzero(runs.ends_trip)
    heads = np.zeros(len(rows), np.bool_)
    heads[runs.begin[ending]] = True
    trip[runs.begin[ending]] = runs.trip[ending - 1]
    chosen = trip >= 0
    return Legs(rows[chosen].truncated_to_first_point(heads[chosen]), trip[chosen])


def settled(rows: Segments, rules: Rules, edges_ms: Ints, *, whole: bool) -> Segments:
    """Return the stretches with short pauses counted as moving, dropped trips as slow, and what is alike joined.

    Unless they are the `whole`, what the points to come may change stays as it is. Settling again changes nothing.
    """
    if not len(rows):
        return rows
    runs = runs_of(rows, rules.parking)
    on_way = runs.trip >= 0
    if not whole:
        on_way[-1] &= runs.moving[-1]
    if rules.filter_on:
        on_way &= ~_is_dropped(rows, runs, rules, whole=whole)
    rows = replace(rows, moving=on_way[runs.of_stretches])
    cell = np.searchsorted(edges_ms, rows.first_ms, side="right")
    change = rows.gap_before.copy()
    change[0] = True
    change[1:] |= (rows.moving[1:] != rows.moving[:-1]) | (cell[1:] != cell[:-1])
    return rows.merged(np.flatnonzero(change))


def _is_dropped(rows: Segments, runs: Runs, rules: Rules, *, whole: bool) -> Flags:
    """Say which runs are of a trip that is over and that the smart filter drops."""
    dropped = ~is_worth_keeping(legs_of(rows, runs).merged().stretches, rules.detection)
    if not whole and runs.trip[-1] >= 0:
        dropped[-1] = False
    return np.append(dropped, False)[runs.trip]
