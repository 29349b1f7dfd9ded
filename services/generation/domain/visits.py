"""Visits of areas: runs of accepted points inside, found on the whole recording and cut by windows."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.generation.domain.areas import AreaIndex
from services.generation.domain.columnar import Columns, Floats, Ints
from services.generation.domain.detection import Rules
from services.generation.domain.recordings import Recording
from services.generation.domain.route import Route, routes, routes_through
from services.generation.domain.tracks import MS_PER_HOUR
from services.generation.domain.windows import Windows


@dataclass(frozen=True, slots=True)
class Stays(Columns):
    """Whole visits: the area, the numbers of the first and the last accepted point inside, and their moments in ms."""

    area: Ints
    first: Ints
    last: Ints
    start_ms: Ints
    end_ms: Ints


@dataclass(frozen=True, slots=True)
class Visits(Columns):
    """Visits inside windows by entry, then by area, in ms, km and degrees."""

    area: Ints  # index among the areas
    start_ms: Ints
    end_ms: Ints
    length_km: Floats
    start_lat: Floats
    start_lng: Floats
    end_lat: Floats
    end_lng: Floats


def find_visits(recording: Recording, windows: Windows, rules: Rules, areas: AreaIndex, least_s: float) -> Visits:
    """Return the visits that last `least_s` or longer before they are cut exactly at the edges of the windows.

    A time without points ends no visit whose next point is inside. Areas that overlap have visits of their own.
    """
    if not len(windows) or recording.span is None:
        return Visits.empty()
    start_ms, end_ms = int(windows.start_ms[0]), int(windows.end_ms[-1])
    begin_ms = _begin_ms(recording, start_ms, rules, areas)
    moments_ms, builder = windows.edges_ms(), _Builder(areas)
    for piece in _until_outside(routes(recording, begin_ms, end_ms, rules), end_ms, areas):
        builder.add(piece, moments_ms)
    stays = builder.stays()
    stays = stays[(stays.end_ms - stays.start_ms >= least_s * 1000) & (stays.end_ms >= start_ms)]
    return _cut(stays, windows, Route.join(builder.spots))


def _cut(stays: Stays, windows: Windows, spots: Route) -> Visits:
    """Return the pieces of visits; `spots` has the way and the place of every moment at which one begins or ends."""
    pieces = windows.cut(stays.start_ms, stays.end_ms)
    area = stays.area[pieces.span]
    order = np.lexsort((area, pieces.start_ms))
    pieces, area = pieces[order], area[order]
    begin, end = (np.searchsorted(spots.time_ms, ms, side="right") - 1 for ms in (pieces.start_ms, pieces.end_ms))
    return Visits(
        area,
        pieces.start_ms,
        pieces.end_ms,
        spots.way_km[end] - spots.way_km[begin],
        spots.lat[begin],
        spots.lng[begin],
        spots.lat[end],
        spots.lng[end],
    )


class _Builder:
    """Visits of a route that comes in pieces, and the places and ways of the moments at which they begin and end."""

    def __init__(self, areas: AreaIndex) -> None:
        self._areas = areas
        self._runs: list[Stays] = []
        self._count = 0  # of the points so far
        self._last = Route.empty()
        self.spots: list[Route] = []

    def add(self, piece: Route, moments_ms: Ints) -> None:
        """Take the next points; `moments_ms` are those at which visits may be cut."""
        if not len(piece):
            return
        points, areas = self._areas.containing(piece.lat, piece.lng)
        order = np.lexsort((points, areas))
        points, areas = points[order], areas[order]
        begins = (np.diff(areas, prepend=-1) != 0) | (np.diff(points, prepend=-2) != 1)
        first, last = points[begins], points[np.append(begins[1:], True)[: len(points)]]
        runs = Stays(areas[begins], first + self._count, last + self._count, piece.time_ms[first], piece.time_ms[last])
        self._runs.append(runs)
        known = Route.join([self._last, piece])
        within = moments_ms[(moments_ms > known.time_ms[0]) & (moments_ms <= known.time_ms[-1])]
        wanted = np.unique(np.concatenate([within, runs.start_ms, runs.end_ms]))
        self.spots.append(_at(known, wanted))
        self._count += len(piece)
        self._last = piece[-1:]

    def stays(self) -> Stays:
        """Return the visits of the whole route."""
        runs = Stays.join(self._runs)
        runs = runs[np.lexsort((runs.first, runs.area))]
        if not len(runs):
            return runs
        goes_on = (runs.area[1:] == runs.area[:-1]) & (runs.first[1:] == runs.last[:-1] + 1)
        begins, ends = np.append(True, ~goes_on), np.append(~goes_on, True)
        return Stays(runs.area[begins], runs.first[begins], runs.last[ends], runs.start_ms[begins], runs.end_ms[ends])


def _at(route: Route, ms: Ints) -> Route:
    """Return the ways up to moments, which the time of a leg shares, and the last points at or before them."""
    before = np.searchsorted(route.time_ms, ms, side="right") - 1
    return Route(ms, route.lat[before], route.lng[before], route.speed_kmh[before], route.way_at(ms))


def _begin_ms(recording: Recording, start_ms: int, rules: Rules, areas: AreaIndex) -> int:
    """Return a moment from which on a route has all of the visits that are going on at the start."""
    first_ms, lookback_ms = recording.span[0] if recording.span else start_ms, MS_PER_HOUR
    while start_ms - lookback_ms > first_ms:
        before = Route.join(routes_through(recording, start_ms - lookback_ms, start_ms, rules))
        before = before[before.time_ms < start_ms]
        if len(before) and not _throughout(before, areas):
            break
        lookback_ms *= 2
    return start_ms - lookback_ms


def _throughout(route: Route, areas: AreaIndex) -> bool:
    """Return whether some area contains all points of a route."""
    _, found = areas.containing(route.lat, route.lng)
    return bool(len(found)) and bool(np.bincount(found).max() == len(route))


def _until_outside(pieces: Iterator[Route], end_ms: int, areas: AreaIndex) -> Iterator[Route]:
    """Yield the pieces until the visits that go on at the end are over."""
    staying: set[int] | None = None
    for piece in pieces:
        if not len(piece):
            continue
        yield piece
        later = piece[max(int(np.searchsorted(piece.time_ms, end_ms)) - (staying is None), 0) :]
        if not len(later) or later.time_ms[-1] < end_ms:
            continue
        _, found = areas.containing(later.lat, later.lng)
        counts = np.bincount(found, minlength=1)
        whole = set(np.flatnonzero(counts == len(later)).tolist())
        staying = whole if staying is None else staying & whole
        if not staying:
            return
