"""Trips: movements between two stops, cut by windows, a row each or a row per local day."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columns import Columns, Floats, Ints
from services.generation.domain.detection import Parking
from services.generation.domain.runs import Legs, Runs, legs_of, runs_of
from services.generation.domain.segments import Segments
from services.generation.domain.windows import Windows


@dataclass(frozen=True, slots=True)
class Trips(Columns):
    """Trips in time order, in ms, degrees, km, km/h and seconds."""

    start_ms: Ints
    end_ms: Ints
    start_lat: Floats
    start_lng: Floats
    end_lat: Floats
    end_lng: Floats
    length_km: Floats
    travel_s: Floats
    max_speed_kmh: Floats
    point_count: Ints
    idle_s: Floats  # of the stop that follows, or of the day's stops, as far as it is in the windows


def trips_of(segments: Segments, parking: Parking, windows: Windows) -> Trips:
    """Return the trips of settled segments, cut by the windows: each piece from its first to its last point inside.

    The segments are cut at the windows' edges. Pieces of less than two points are left out. Of a trip in several
    pieces the last one has the stop that follows.
    """
    runs = runs_of(segments, parking)
    legs = _pieces(legs_of(segments, runs), windows)
    pieces = legs.segments
    ending = np.flatnonzero(runs.ends_trip)
    idle_s = np.zeros(runs.trip.max(initial=-1) + 1)
    idle_s[runs.trip[ending - 1]] = windows.covered_s(runs.start_ms[ending], runs.end_ms[ending])
    is_last = np.append(legs.trip[1:] != legs.trip[:-1], True)[: len(pieces)]
    return Trips(
        start_ms=pieces.first_ms,
        end_ms=pieces.last_ms,
        start_lat=pieces.first_lat,
        start_lng=pieces.first_lng,
        end_lat=pieces.last_lat,
        end_lng=pieces.last_lng,
        length_km=pieces.inner_km,
        travel_s=(pieces.last_ms - pieces.first_ms) / 1000,
        max_speed_kmh=pieces.max_kmh,
        point_count=pieces.count,
        idle_s=np.where(is_last, idle_s[legs.trip], 0.0),
    )


def days_of(segments: Segments, parking: Parking, windows: Windows, days: Windows) -> Trips:
    """Return a row for each day with trips: from its first to its last point in the windows, moving or not.

    The segments are cut at the edges of windows and days. Length and time are those of the day's pieces of trips.
    """
    runs = runs_of(segments, parking)
    pieces = _pieces(legs_of(segments, runs), windows, days).segments
    moved, starts = np.unique(days.at(pieces.first_ms), return_index=True)
    if not len(moved):
        return Trips.empty()
    inside = segments[windows.at(segments.first_ms) >= 0]
    day = days.at(inside.first_ms)
    first, last = inside[np.searchsorted(day, moved)], inside[np.searchsorted(day, moved, side="right") - 1]
    return Trips(
        start_ms=first.first_ms,
        end_ms=last.last_ms,
        start_lat=first.first_lat,
        start_lng=first.first_lng,
        end_lat=last.last_lat,
        end_lng=last.last_lng,
        length_km=np.add.reduceat(pieces.inner_km, starts),
        travel_s=np.add.reduceat(pieces.last_ms - pieces.first_ms, starts) / 1000,
        max_speed_kmh=np.maximum.reduceat(pieces.max_kmh, starts),
        point_count=np.add.reduceat(pieces.count, starts),
        idle_s=_stopped_s(runs, windows, days)[moved],
    )


def _pieces(legs: Legs, windows: Windows, *cuts: Windows) -> Legs:
    """Return the legs inside the windows, joined except at the cuts, without those of less than two points."""
    window = windows.at(legs.segments.first_ms)
    legs, window = legs[window >= 0], window[window >= 0]
    legs = legs.merged(window, *(cut.at(legs.segments.first_ms) for cut in cuts))
    return legs[legs.segments.count > 1]


def _stopped_s(runs: Runs, windows: Windows, days: Windows) -> Floats:
    """Return for each day how long its stops are inside the windows."""
    stops = runs[runs.is_stop]
    parts = days.cut(stops.start_ms, stops.end_ms)
    stopped_s = np.zeros(len(days))
    np.add.at(stopped_s, parts.window, windows.covered_s(parts.start_ms, parts.end_ms))
    return stopped_s
