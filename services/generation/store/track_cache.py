"""Cache of a tracker's points: the interval that was read last, as long as it is small."""

from collections.abc import Callable

from services.generation.domain.tracks import MS_PER_HOUR, Track

STEP_MS = 6 * MS_PER_HOUR  # of what is read: who asks for an hour soon asks for the one beside it

Read = Callable[[int, int], Track]


class TrackCache:
    """Reads points in whole steps of time, those that were read before and touch what is asked for from memory.

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
        first_ms, behind_ms = start_ms // STEP_MS * STEP_MS, -(-end_ms // STEP_MS) * STEP_MS
        if kept is None or end_ms < self._start_ms or start_ms > self._end_ms:
            return self._keep(first_ms, behind_ms, self._read(first_ms, behind_ms)).between(start_ms, end_ms)
        parts = [kept]
        if start_ms < self._start_ms:
            parts.insert(0, self._read(first_ms, self._start_ms))
        if end_ms > self._end_ms:
            parts.append(self._read(self._end_ms, behind_ms))
        if len(parts) > 1:
            kept = Track.join(parts)
            self._keep(min(first_ms, self._start_ms), max(behind_ms, self._end_ms), kept)
        return kept.between(start_ms, end_ms)

    def _keep(self, start_ms: int, end_ms: int, track: Track) -> Track:
        self._start_ms, self._end_ms = start_ms, end_ms
        self._track = track if len(track) <= self._most_points else None
        return track
