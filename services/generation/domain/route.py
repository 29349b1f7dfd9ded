"""Route: the accepted points of a recording with the speeds they report and the way through them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Columns, Floats, Ints, Readings
from services.generation.domain.detection import Rules
from services.generation.domain.fixes import STALE_MS, Fixes
from services.generation.domain.outliers import Acceptance
from services.generation.domain.recordings import Recording
from services.generation.domain.speeds import REPEATS_MS, Legs, speeds_of
from services.generation.domain.tracks import MS_PER_DAY, MS_PER_HOUR, Track


@dataclass(frozen=True, slots=True)
class Route(Columns):
    """Accepted points in time order."""

    time_ms: Ints
    lat: Floats
    lng: Floats
    speed_kmh: Readings  # as reported; the derived one where none is
    way_km: Floats  # since any first point, without the legs of silences without data

    def way_at(self, ms: Ints) -> Floats:
        """Return the way up to each moment; that of a leg is shared by its time."""
        way_km: Floats = np.interp(ms, self.time_ms, self.way_km)
        return way_km


class RouteBuilder:
    """Route of accepted points that come in pieces. What it comes to does not depend on the pieces."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._fixes = Fixes.empty()  # those whose speeds may still change, and as many before as these depend on
        self._done = 0  # number of those that are in the route
        self._way_km = 0.0

    def add(self, new: Fixes, *, whole: bool = False) -> Route:
        """Return the next points whose speeds later points cannot change, all of them with `whole`."""
        fixes = Fixes.join([self._fixes, new])
        if not len(fixes):
            return Route.empty()
        end = len(fixes) if whole else int(np.searchsorted(fixes.time_ms, fixes.time_ms[-1] - REPEATS_MS))
        if end <= self._done:
            self._fixes = fixes
            return Route.empty()
        route = self._route(fixes, slice(self._done, end))
        start = max(int(np.searchsorted(fixes.time_ms, fixes.time_ms[end - 1] - REPEATS_MS - STALE_MS)) - 1, 0)
        self._fixes, self._done = fixes[start:], end - start
        return route

    def _route(self, fixes: Fixes, rows: slice) -> Route:
        legs, speed_kmh = Legs(fixes, self._rules), fixes.speed_kmh
        unknown = np.isnan(speed_kmh)
        if unknown.any():
            speed_kmh = np.where(unknown, speeds_of(fixes, legs, self._rules).kmh, speed_kmh)
        way_km = self._way_km + np.cumsum(np.where(legs.without_data[rows], 0.0, fixes.step_km[rows]))
        self._way_km = float(way_km[-1])
        return Route(fixes.time_ms[rows], fixes.lat[rows], fixes.lng[rows], speed_kmh[rows], way_km)


def routes(recording: Recording, start_ms: int, end_ms: int, rules: Rules) -> Iterator[Route]:
    """Yield the route in pieces: all accepted points of a half-open interval, some before it and all behind it.

    It begins so far before the interval that an earlier beginning would accept the same points, and includes the last
    one before it. Behind the interval pieces are small at first; a caller stops when it has seen enough.
    """
    if recording.span is None:
        return
    first_ms, behind_ms = recording.span[0], recording.span[1] + 1
    start_ms, end_ms = (min(max(moment, first_ms), behind_ms) for moment in (start_ms, end_ms))
    acceptance, fixes = _settled(recording, start_ms, rules)
    builder = RouteBuilder(rules)
    yield builder.add(fixes)
    for _, track in recording.pieces(start_ms, end_ms):
        yield builder.add(acceptance.add(track))
    read_ms, ahead_ms = end_ms, MS_PER_HOUR
    while read_ms < behind_ms:
        yield builder.add(acceptance.add(recording.read(read_ms, read_ms + ahead_ms)))
        read_ms, ahead_ms = read_ms + ahead_ms, min(2 * ahead_ms, recording.chunk_days * MS_PER_DAY)
    yield builder.add(acceptance.add(Track.empty(), whole=True), whole=True)


def routes_through(recording: Recording, start_ms: int, end_ms: int, rules: Rules) -> Iterator[Route]:
    """Yield the pieces of the route up to the one that reaches the end of an interval."""
    for piece in routes(recording, start_ms, end_ms, rules):
        yield piece
        if len(piece) and piece.time_ms[-1] >= end_ms:
            return


def _settled(recording: Recording, start_ms: int, rules: Rules) -> tuple[Acceptance, Fixes]:
    """Return the acceptance of points before a moment, and those accepted so far."""
    first_ms = recording.span[0] if recording.span else start_ms
    lookback_ms = MS_PER_HOUR
    while True:
        acceptance = Acceptance(rules.detection.jump_kmh)
        begin_ms = max(start_ms - lookback_ms, first_ms)
        fixes = Fixes.join([acceptance.add(track) for _, track in recording.pieces(begin_ms, start_ms)])
        if acceptance.steady_ms is not None or begin_ms == first_ms:
            return acceptance, fixes
        lookback_ms *= 2
