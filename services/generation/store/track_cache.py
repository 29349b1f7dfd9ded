"""Cache of a tracker's points: the interval that was read last, as long as it is small."""

from collections.abc import Callable

from services.generation.domain.tracks import Track

Read = Callable[[int, int], Track]


class TrackCache:
    """Reads points, those that were read before and touch what is asked for from memory.

    It keeps an interval of at most so many points; larger ones are not kept.
    """

    def __init__(self, read: Read, most_points: int) -> None:
        self._read = read
        self._most_points = most_points
        self._start_ms = self._end_ms = 0
        self._track: Track | None = None

    def read(self, start_ms: int, end_ms: int) -> Track:
        """Return the points of a half-open interval."""
        kept = self._track
        if kept is None or end_ms < self._start_ms or start_ms > self._end_ms:
            return self._keep(start_ms, end_ms, self._read(start_ms, end_ms))
        parts = [kept]
        if start_ms < self._start_ms:
            parts.insert(0, self._read(start_ms, self._start_ms))
        if end_ms > self._end_ms:
            parts.append(self._read(self._end_ms, end_ms))
        if len(parts) > 1:
            self._keep(min(start_ms, self._start_ms), max(end_ms, self._end_ms), kept := Track.join(parts))
        return kept.between(start_ms, end_ms)

    def _keep(self, start_ms: int, end_ms: int, track: Track) -> Track:
        self._start_ms, self._end_ms = start_ms, end_ms
        self._track = track if len(track) <= self._most_points else None
        return track
