"""Trips: movements between two stops, cut by windows, a row each or a row per local day."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Columns, Floats, Ints
from services.generation.domain.findings import Findings
from services.generation.domain.windows import Pieces, Windows

S_PER_HOUR = 3600


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
    max_speed_kmh: Floats  # never below the average
    point_count: Ints
    trip_count: Ints  # that began in the row
    idle_s: Floats  # of the stop that follows, or of the day's stops, as far as it is in the windows


def trips_of(found: Findings, windows: Windows) -> Trips:
    """Return the trips, cut exactly at the edges of the windows.

    Of a trip in several pieces the last one has the stop that follows.
    """
    trips = found.stretches[found.stretches.on_way]
    pieces = _lasting(windows.cut(trips.start_ms, trips.end_ms))
    if not len(pieces):
        return Trips.empty()
    start_lat, start_lng = found.line.places_at(pieces.start_ms)
    end_lat, end_lng = found.line.places_at(pieces.end_ms)
    length_km = found.line.km_at(pieces.end_ms) - found.line.km_at(pieces.start_ms)
    travel_s = (pieces.end_ms - pieces.start_ms) / 1000
    return Trips(
        start_ms=pieces.start_ms,
        end_ms=pieces.end_ms,
        start_lat=start_lat,
        start_lng=start_lng,
        end_lat=end_lat,
        end_lng=end_lng,
        length_km=length_km,
        travel_s=travel_s,
        max_speed_kmh=np.maximum(found.fastest_kmh(pieces, trips), S_PER_HOUR * length_km / travel_s),
        point_count=found.point_counts(pieces, trips),
        trip_count=np.ones(len(pieces), np.int64),
        idle_s=_idle_s(found, windows, pieces),
    )


def days_of(found: Findings, windows: Windows, days: Windows) -> Trips:
    """Return a row for each day with trips: from its first to its last point in the windows, moving or not.

    Where a trip crosses the edge of a window or of the day, the row begins or ends there. Length and time are those of
    the day's pieces of trips.
    """
    inside = days.cut(windows.start_ms, windows.end_ms)
    pieces = trips_of(found, Windows(inside.start_ms, inside.end_ms))
    moved, starts = np.unique(days.at(pieces.start_ms), return_index=True)
    if not len(moved):
        return Trips.empty()
    first, last = pieces[starts], pieces[np.append(starts[1:], len(pieces)) - 1]
    points = found.segments[windows.at(found.segments.first_ms) >= 0]
    start_ms, end_ms = first.start_ms.copy(), last.end_ms.copy()
    day = np.searchsorted(moved, days.at(points.first_ms))
    known = days.at(points.first_ms) == np.append(moved, -1)[day]
    np.minimum.at(start_ms, day[known], points.first_ms[known])
    np.maximum.at(end_ms, day[known], points.last_ms[known])
    start_lat, start_lng = found.line.places_at(start_ms)
    end_lat, end_lng = found.line.places_at(end_ms)
    length_km, travel_s = (np.add.reduceat(values, starts) for values in (pieces.length_km, pieces.travel_s))
    fastest_kmh = np.maximum.reduceat(pieces.max_speed_kmh, starts)
    return Trips(
        start_ms=start_ms,
        end_ms=end_ms,
        start_lat=start_lat,
        start_lng=start_lng,
        end_lat=end_lat,
        end_lng=end_lng,
        length_km=length_km,
        travel_s=travel_s,
        max_speed_kmh=np.maximum(fastest_kmh, S_PER_HOUR * length_km / travel_s),
        point_count=np.add.reduceat(pieces.point_count, starts),
        trip_count=np.add.reduceat(_begun(pieces), starts),
        idle_s=_stopped_s(found, windows, days)[moved],
    )


def _begun(pieces: Trips) -> Ints:
    """Return 1 for each piece with which a trip begins, 0 for one that goes on where the last one ended."""
    begun = np.ones(len(pieces), np.int64)
    begun[1:] -= pieces.start_ms[1:] == pieces.end_ms[:-1]
    return begun


def _lasting(pieces: Pieces) -> Pieces:
    """Return the pieces that take time."""
    return pieces[pieces.start_ms < pieces.end_ms]


def _idle_s(found: Findings, windows: Windows, pieces: Pieces) -> Floats:
    """Return for each piece of a trip how long the stop that follows is inside the windows."""
    stretches = found.stretches
    way = np.flatnonzero(stretches.on_way)[pieces.span]
    stop = np.minimum(way + 1, len(stretches) - 1)
    follows = (stop > way) & stretches.is_stop[stop] & ~stretches.opens[stop]
    follows &= np.append(pieces.span[1:] != pieces.span[:-1], True)
    covered_s = windows.covered_s(stretches.start_ms[stop], stretches.end_ms[stop])
    return np.where(follows, covered_s, 0.0)


def _stopped_s(found: Findings, windows: Windows, days: Windows) -> Floats:
    """Return for each day how long its stops are inside the windows."""
    stops = found.stretches[found.stretches.is_stop]
    parts = days.cut(stops.start_ms, stops.end_ms)
    stopped_s = np.zeros(len(days))
    np.add.at(stopped_s, parts.window, windows.covered_s(parts.start_ms, parts.end_ms))
    return stopped_s
