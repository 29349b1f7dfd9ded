"""Speeding: runs of points that are too fast, found on the whole recording and cut by windows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Columns, Flags, Floats, Ints, Readings
from services.generation.domain.detection import Rules
from services.generation.domain.recordings import Recording
from services.generation.domain.route import Route, routes, routes_through
from services.generation.domain.tracks import MS_PER_HOUR
from services.generation.domain.windows import Pieces, Windows

LONGEST_GAP_MS = 1_800_000  # between points of one episode

IsFast = Callable[[Readings], Flags]


@dataclass(frozen=True, slots=True)
class Violations(Columns):
    """Episodes of speeding inside windows, in time order, in ms, km, km/h and degrees."""

    episode: Ints  # index of the whole episode
    start_ms: Ints
    end_ms: Ints
    length_km: Floats
    max_kmh: Floats  # of its fastest point, or its average where that is higher
    lat: Floats  # of its fastest point, the first of equals; of the last one before where it has none
    lng: Floats


@dataclass(frozen=True, slots=True)
class Speeding:
    """Episodes of a route that holds their points, as rows: the first fast point, and the point at which each ends.

    That is the first point that is not too fast; before a long gap and where the route ends it is the last fast one.
    """

    route: Route
    begin: Ints
    end: Ints
    ends_fast: Flags

    @classmethod
    def of(cls, route: Route, fast: Flags) -> "Speeding":
        """Return the episodes of a route in time order; a lone fast point before a gap lasts no time and is none."""
        if not len(route):
            none = np.empty(0, np.int64)
            return cls(route, none, none, np.empty(0, np.bool_))
        goes_on = np.diff(route.time_ms) <= LONGEST_GAP_MS
        linked = np.append(False, fast[1:] & fast[:-1] & goes_on)
        begin = np.flatnonzero(fast & ~linked)
        last = np.flatnonzero(fast & np.append(~linked[1:], True))
        ends_fast = ~np.append(goes_on, False)[last]
        lasts = (last > begin) | ~ends_fast
        return cls(route, begin[lasts], (last + ~ends_fast)[lasts], ends_fast[lasts])

    @property
    def start_ms(self) -> Ints:
        """Start of each episode."""
        return self.route.time_ms[self.begin]

    @property
    def end_ms(self) -> Ints:
        """End of each episode."""
        return self.route.time_ms[self.end]

    @property
    def max_kmh(self) -> Floats:
        """Speed of the fastest point of each episode."""
        return self.route.speed_kmh[self._fastest(self.begin, self.end + self.ends_fast)].astype(np.float64)

    def __len__(self) -> int:
        return len(self.begin)

    def __getitem__(self, kept: Flags | Ints) -> "Speeding":
        """Return some of the episodes."""
        return Speeding(self.route, self.begin[kept], self.end[kept], self.ends_fast[kept])

    def longer_than(self, least_s: float) -> "Speeding":
        """Return the episodes that last longer."""
        return self[self.end_ms - self.start_ms > least_s * 1000]

    def inside(self, windows: Windows) -> Violations:
        """Return the episodes cut exactly at the edges of the windows."""
        pieces = windows.cut(self.start_ms, self.end_ms)
        if not len(pieces):
            return Violations.empty()
        length_km = self.route.way_at(pieces.end_ms) - self.route.way_at(pieces.start_ms)
        first, behind = self._rows(pieces)
        has_points = first < behind
        before = np.searchsorted(self.route.time_ms, pieces.start_ms, side="right") - 1
        lat, lng = self.route.lat[before], self.route.lng[before]
        max_kmh = length_km / (pieces.end_ms - pieces.start_ms) * MS_PER_HOUR
        fastest = self._fastest(first[has_points], behind[has_points])
        lat[has_points], lng[has_points] = self.route.lat[fastest], self.route.lng[fastest]
        max_kmh[has_points] = np.maximum(max_kmh[has_points], self.route.speed_kmh[fastest])
        return Violations(pieces.span, pieces.start_ms, pieces.end_ms, length_km, max_kmh, lat, lng)

    def _rows(self, pieces: Pieces) -> tuple[Ints, Ints]:
        """Return the fast points of each piece: the row of the first, and the one behind the last."""
        first = np.searchsorted(self.route.time_ms, pieces.start_ms)
        behind = np.searchsorted(self.route.time_ms, pieces.end_ms)
        return first, behind + (self.ends_fast[pieces.span] & (pieces.end_ms == self.end_ms[pieces.span]))

    def _fastest(self, first: Ints, behind: Ints) -> Ints:
        """Return the row of the fastest point between rows, of each of some spans that are not empty."""
        if not len(first):
            return first
        counts = behind - first
        starts = np.cumsum(counts) - counts
        rows = np.arange(counts.sum()) + np.repeat(first - starts, counts)
        speeds = self.route.speed_kmh[rows]
        is_fastest = speeds == np.repeat(np.maximum.reduceat(speeds, starts), counts)
        _, place = np.unique(np.repeat(np.arange(len(counts)), counts)[is_fastest], return_index=True)
        fastest: Ints = rows[is_fastest][place]
        return fastest


def find_speeding(
    recording: Recording, windows: Windows, rules: Rules, is_fast: IsFast, seen: Callable[[Route], None] | None = None
) -> Speeding:
    """Return the episodes that reach into the windows, whole, in time order.

    Args:
        recording: Points of a tracker.
        windows: Where episodes are looked for.
        rules: Rules of trips and stops, for outliers and silences without data.
        is_fast: Function that tells which speeds in km/h are too fast.
        seen: Function that gets all pieces of the route that are read, in time order.

    """
    if not len(windows):
        return Speeding.of(Route.empty(), np.zeros(0, np.bool_))
    start_ms, end_ms = int(windows.start_ms[0]), int(windows.end_ms[-1])
    begin_ms = _begin_ms(recording, start_ms, rules, is_fast)
    kept, is_last_fast = [], False
    for piece in _until_slow(routes(recording, begin_ms, end_ms, rules), end_ms, is_fast):
        if seen is not None:
            seen(piece)
        fast = is_fast(piece.speed_kmh)
        kept.append(piece[fast | np.append(is_last_fast, fast[:-1])])
        is_last_fast = bool(fast[-1])
    route = Route.join(kept)
    found = Speeding.of(route, is_fast(route.speed_kmh))
    return found[(found.end_ms > start_ms) & (found.start_ms < end_ms)]


def _begin_ms(recording: Recording, start_ms: int, rules: Rules, is_fast: IsFast) -> int:
    """Return a moment from which on a route has all of an episode that is going on at the start."""
    first_ms, lookback_ms = recording.span[0] if recording.span else start_ms, MS_PER_HOUR
    while start_ms - lookback_ms > first_ms:
        before = Route.join(routes_through(recording, start_ms - lookback_ms, start_ms, rules))
        is_before = before.time_ms < start_ms
        has_gap = (np.diff(before.time_ms) > LONGEST_GAP_MS) & is_before[:-1]
        if has_gap.any() or (is_before & ~is_fast(before.speed_kmh)).any():
            break
        lookback_ms *= 2
    return start_ms - lookback_ms


def _until_slow(pieces: Iterable[Route], end_ms: int, is_fast: IsFast) -> Iterator[Route]:
    """Yield the pieces with points until an episode that goes on at the end is over."""
    last_ms = -LONGEST_GAP_MS
    for piece in pieces:
        if not len(piece):
            continue
        yield piece
        ends = ~is_fast(piece.speed_kmh) | (np.diff(piece.time_ms, prepend=last_ms) > LONGEST_GAP_MS)
        if ends[piece.time_ms >= end_ms].any():
            return
        last_ms = int(piece.time_ms[-1])
