"""Lines of tracks: the accepted points of a range of time, with its ends, as they are drawn on a map."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Columns, Flags, Floats, Ints, Readings
from services.generation.domain.detection import Rules
from services.generation.domain.line import Line
from services.generation.domain.recordings import Recording
from services.generation.domain.route import Route, routes_through


@dataclass(frozen=True, slots=True)
class TrackLine(Columns):
    """Places of a tracker in time order, through which a line is drawn."""

    time_ms: Ints
    lat: Floats  # degrees
    lng: Floats
    speed_kmh: Readings  # as reported, else derived
    way_km: Floats  # since any first place, without the ways on which there is no data
    after_gap: Flags  # there is no data on the way to it; the line has a gap there


@dataclass(frozen=True, slots=True)
class TimeRange:
    """Range of time in ms. A line includes what is at its end, a period does not."""

    start_ms: int
    end_ms: int


def track_lines(recording: Recording, within: TimeRange, line: Line, rules: Rules) -> Iterator[TrackLine]:
    """Yield the line of a range in pieces; no pieces, or empty ones, where there is no way in it.

    It begins and ends at the places where the tracker was at the ends of the range, as `line` knows them: that of
    findings without a smart filter whose edges are the ends.
    """
    last = Route.empty()
    for piece in routes_through(recording, within.start_ms, within.end_ms, rules):
        rows = Route.join([last, piece])
        if len(piece):
            yield _inside(rows, len(last), within, line)
        last = rows[-1:]


def _inside(route: Route, known: int, within: TimeRange, line: Line) -> TrackLine:
    """Return the part of a route inside a range; the first `known` points only say where its first leg begins."""
    gaps = _gaps(route)
    new = route[known:]
    inside = (new.time_ms >= within.start_ms) & (new.time_ms <= within.end_ms)
    points = TrackLine(new.time_ms, new.lat, new.lng, new.speed_kmh, new.way_km, gaps[known:])[inside]
    ends = [_end(route, gaps, moment, line) for moment in (within.start_ms, within.end_ms)]
    return TrackLine.join([ends[0], points, ends[1]])


def _gaps(route: Route) -> Flags:
    """Return of each point whether it is apart from the one before, but no way leads to it."""
    gaps = np.zeros(len(route), np.bool_)
    moved = (route.lat[1:] != route.lat[:-1]) | (route.lng[1:] != route.lng[:-1])
    gaps[1:] = moved & (route.way_km[1:] == route.way_km[:-1])
    return gaps


def _end(route: Route, gaps: Flags, moment_ms: int, line: Line) -> TrackLine:
    """Return the place on the leg that crosses an end of a range, none where no leg or one without data crosses it."""
    row = int(np.searchsorted(route.time_ms, moment_ms))
    if not 0 < row < len(route) or route.time_ms[row] == moment_ms or gaps[row]:
        return TrackLine.empty()
    before, at = route[row - 1 : row], np.array([moment_ms])
    lat, lng = line.places_at(at)
    way_km = before.way_km + line.km_at(at) - line.km_at(before.time_ms)
    return TrackLine(at, lat, lng, before.speed_kmh, way_km, np.zeros(1, np.bool_))
