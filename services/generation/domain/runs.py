"""Runs: segments of one pace, and the stretches of rest and of travel that they form."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from services.generation.domain.columnar import Columns, Flags, Floats, Ints
from services.generation.domain.detection import Rules
from services.generation.domain.segments import MOVING, SLOW, Segments
from services.generation.domain.tracks import MS_PER_HOUR


@dataclass(frozen=True, slots=True)
class Bounds(Columns):
    """Moment and place at which a row of segments and the row before part, by the paces of both.

    Travel begins so long before its first point as the way from the last resting point takes. It ends at the first slow
    point, or at the last moving one where the way between is slow and a speed at either end derived.
    """

    ms: Ints
    lat: Floats
    lng: Floats
    at_row: Flags  # the first point of the row is the bound, or on the far side of it


def departures(segments: Segments, rows: Ints) -> Bounds:
    """Return the bounds at which travel begins with the rows, none of which is the first."""
    rest, step_km, first_ms = rows - 1, segments.step_km[rows], segments.first_ms[rows]
    with np.errstate(divide="ignore", invalid="ignore"):
        took_ms = step_km / segments.first_kmh[rows] * MS_PER_HOUR
    took_ms = np.minimum(np.where(step_km > 0, took_ms, 0.0), first_ms - segments.last_ms[rest])
    left_ms = first_ms - np.rint(took_ms).astype(np.int64)
    return Bounds(left_ms, segments.last_lat[rest], segments.last_lng[rest], step_km == 0)


def arrivals(segments: Segments, rows: Ints) -> Bounds:
    """Return the bounds at which travel ends before the rows, none of which is the first."""
    way = rows - 1
    goes_on = ~((segments.first_derived[rows] | segments.last_derived[way]) & segments.slow_step[rows])
    return Bounds(
        np.where(goes_on, segments.first_ms[rows], segments.last_ms[way]),
        np.where(goes_on, segments.first_lat[rows], segments.last_lat[way]),
        np.where(goes_on, segments.first_lng[rows], segments.last_lng[way]),
        goes_on,
    )


@dataclass(frozen=True, slots=True)
class Runs(Columns):
    """Longest runs of segments of one pace without a silence without data, in time order."""

    begin: Ints  # index of its first segment
    end: Ints  # index after its last segment
    opens: Flags  # no data before it
    on_way: Flags  # part of a trip

    @property
    def of_segments(self) -> Ints:
        """Index of the run of each segment."""
        return np.repeat(np.arange(len(self)), self.end - self.begin)


def runs_of(segments: Segments, rules: Rules) -> Runs:
    """Return the runs of segments, taking the last point for the end of all data.

    A tracker is on its way from a moving run on until a slow one that lasts, or ends the data and lasts.
    """
    if not len(segments):
        return Runs.empty()
    opens = segments.without_data.copy()
    opens[0] = True
    begin = np.flatnonzero(opens | np.append(True, segments.pace[1:] != segments.pace[:-1]))
    end, opens, pace = np.append(begin[1:], len(segments)), opens[begin], segments.pace[begin]
    inner = np.flatnonzero(~opens)
    start_ms, behind_ms = segments.first_ms[begin], segments.last_ms[end - 1]
    start_ms[inner] = arrivals(segments, begin[inner]).ms
    behind_ms[inner - 1] = departures(segments, begin[inner]).ms
    lasts = behind_ms - start_ms >= rules.shortest_ms
    if rules.parking.ignition_aware:
        lasts |= np.logical_or.reduceat(segments.has_off, begin)
    rests = opens | ((pace == SLOW) & lasts)
    decides = (pace == MOVING) | rests
    decided_by = np.maximum.accumulate(np.where(decides, np.arange(len(begin)), 0))
    return Runs(begin, end, opens, (pace == MOVING)[decided_by])


@dataclass(frozen=True, slots=True)
class Stretches(Columns):
    """Longest stretches of time at rest or on the way, in time order; only silences without data lie between them."""

    begin: Ints  # index of its first segment
    end: Ints  # index after its last segment
    opens: Flags  # no data before it
    closes: Flags  # no data after it
    on_way: Flags
    is_stop: Flags
    start_ms: Ints
    end_ms: Ints
    start_lat: Floats
    start_lng: Floats
    end_lat: Floats
    end_lng: Floats
    from_rest: Flags  # it begins with the way from the last point of the stretch before
    to_rest: Flags  # it ends at the first point of the stretch behind it


def stretches_of(segments: Segments, runs: Runs, rules: Rules) -> Stretches:
    """Return the stretches of rest and travel that runs form."""
    if not len(runs):
        return Stretches.empty()
    change = runs.opens | np.append(True, runs.on_way[1:] != runs.on_way[:-1])
    starts = np.flatnonzero(change)
    begin, opens, on_way = runs.begin[starts], runs.opens[starts], runs.on_way[starts]
    end, closes = np.append(begin[1:], len(segments)), np.append(opens[1:], True)
    bounds, places = _bounds(segments, begin, opens, on_way), ("ms", "lat", "lng")
    start: dict[str, Any] = {name: getattr(segments, f"first_{name}")[begin] for name in places}
    stop: dict[str, Any] = {name: getattr(segments, f"last_{name}")[end - 1] for name in places}
    behind = np.flatnonzero(~opens)
    for name in places:
        start[name][behind] = stop[name][behind - 1] = getattr(bounds, name)
    from_rest, to_rest = np.zeros((2, len(begin)), np.bool_)
    from_rest[behind] = on_way[behind] & ~bounds.at_row
    to_rest[behind - 1] = ~on_way[behind] & bounds.at_row
    lasts = stop["ms"] - start["ms"] >= rules.shortest_ms
    is_stop = ~on_way & (lasts | ~opens) & (rules.parking.idle_kmh > 0)
    return Stretches(
        begin=begin,
        end=end,
        opens=opens,
        closes=closes,
        on_way=on_way,
        is_stop=is_stop,
        start_ms=start["ms"],
        end_ms=stop["ms"],
        start_lat=start["lat"],
        start_lng=start["lng"],
        end_lat=stop["lat"],
        end_lng=stop["lng"],
        from_rest=from_rest,
        to_rest=to_rest,
    )


def _bounds(segments: Segments, begin: Ints, opens: Flags, on_way: Flags) -> Bounds:
    """Return the bounds before the stretches that do not open."""
    bounds = departures(segments, begin[~opens])
    arrived, leaves = arrivals(segments, begin[~opens]), on_way[~opens]
    return Bounds(
        *(np.where(leaves, getattr(bounds, name), getattr(arrived, name)) for name in ("ms", "lat", "lng", "at_row"))
    )
