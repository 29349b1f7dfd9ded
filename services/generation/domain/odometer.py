"""Odometer of a tracker: the last value that a point reported, or that of the first point, and the distance since."""

import numpy as np

from services.generation.domain.detection import Detection
from services.generation.domain.fixes import Fixes, accept
from services.generation.domain.recordings import Recording
from services.generation.domain.tracks import MS_PER_HOUR


def distance_km(recording: Recording, start_ms: int, end_ms: int, detection: Detection) -> float:
    """Return the distance of a half-open interval between accepted points, gaps included, jumps left out.

    It begins at the last accepted point that is not after `start_ms`.
    """
    total_km, last = 0.0, Fixes.empty()
    for _, track in recording.pieces(start_ms - MS_PER_HOUR, end_ms):
        fixes, _ = accept(track, last, detection)
        since = fixes[int(np.searchsorted(fixes.time_ms, start_ms, side="right")) :]
        total_km += float(since.step_km.sum() + since.gap_km.sum())
        last = fixes[-1:] if len(fixes) else last
    return total_km


def odometer_km(recording: Recording, end_ms: int, given_km: float | None, detection: Detection) -> float | None:
    """Return the odometer at the end of a period that does not include `end_ms`, None where it is unknown.

    A value that a point reported takes precedence over `given_km`, that of the first point.
    """
    if recording.span is None:
        return given_km
    first_ms, last_ms = recording.span
    end_ms = min(end_ms, last_ms + 1)
    reading = _last_reading(recording, end_ms)
    if reading is None and given_km is None:
        return None
    since_ms, known_km = reading or (first_ms, given_km or 0.0)
    return known_km + distance_km(recording, since_ms, end_ms, detection)


def _last_reading(recording: Recording, end_ms: int) -> tuple[int, float] | None:
    """Return the moment and the value of the last odometer reading before a moment."""
    for track in recording.with_odometer(end_ms):
        known = np.flatnonzero(~np.isnan(track.odometer_km))
        if len(known):
            return int(track.time_ms[known[-1]]), float(track.odometer_km[known[-1]])
    return None
