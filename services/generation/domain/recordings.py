"""Recordings: a tracker's stored points, read in pieces of bounded size, and the trips and stops in them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.segments import Segments
from services.generation.domain.stops import Stops, stops_of
from services.generation.domain.tracks import MS_PER_DAY, MS_PER_HOUR, Track
from services.generation.domain.trips import Trips, days_of, trips_of
from services.generation.domain.windows import Windows, local_days

Progress = Callable[[float], None]


def silent(_fraction: float) -> None:
    """Ignore the progress."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A tracker's points. `read` returns those of a half-open interval in ms.

    `span` holds the moments of the first and the last point, None without points. `odometer_before` returns a half-open
    interval that begins before a moment and has the last odometer readings before it, None where there are none;
    without that function they may be anywhere.
    """

    read: Callable[[int, int], Track]
    span: tuple[int, int] | None
    chunk_days: int = 7
    odometer_before: Callable[[int], tuple[int, int] | None] | None = None

    def pieces(self, start_ms: int, end_ms: int) -> Iterator[tuple[int, Track]]:
        """Yield the points of a half-open interval in pieces of days, each with the moment at which its piece ends."""
        step = self.chunk_days * MS_PER_DAY
        while start_ms < end_ms:
            reached = min((start_ms // step + 1) * step, end_ms)
            yield reached, self.read(start_ms, reached)
            start_ms = reached

    def backwards(self, end_ms: int) -> Iterator[Track]:
        """Yield the points before a moment in pieces, the last piece first; each is in time order."""
        first_ms, last_ms = self.span or (end_ms, end_ms)
        end_ms, days = min(end_ms, last_ms + 1), 1
        while end_ms > first_ms:
            start_ms = max(end_ms - days * MS_PER_DAY, first_ms)
            yield self.read(start_ms, end_ms)
            end_ms, days = start_ms, min(2 * days, self.chunk_days)

    def with_odometer(self, end_ms: int) -> Iterator[Track]:
        """Yield the points before a moment that may have an odometer reading in pieces, the last piece first."""
        if self.odometer_before is None:
            yield from self.backwards(end_ms)
            return
        while found := self.odometer_before(end_ms):
            start_ms, behind_ms = found
            yield self.read(start_ms, min(behind_ms, end_ms))
            end_ms = start_ms


def find_trips(recording: Recording, windows: Windows, rules: Rules, on_progress: Progress = silent) -> Trips:
    """Return the trips in the windows; `on_progress` gets fractions of the work, the last of them 1."""
    segments = _detect(recording, windows, Detector(rules, windows.edges_ms()), on_progress)
    return trips_of(segments, rules.parking, windows)


def find_stops(recording: Recording, windows: Windows, rules: Rules, on_progress: Progress = silent) -> Stops:
    """Return the stops in the windows; `on_progress` gets fractions of the work, the last of them 1."""
    segments = _detect(recording, windows, Detector(rules, windows.edges_ms()), on_progress)
    return stops_of(segments, rules.parking, windows)


def find_days(
    recording: Recording, windows: Windows, rules: Rules, zone: ZoneInfo, on_progress: Progress = silent
) -> Trips:
    """Return a row for each local day with trips in the windows; `on_progress` is as for trips."""
    days = local_days(int(windows.start_ms[0]), int(windows.end_ms[-1]), zone) if len(windows) else windows
    edges_ms = np.union1d(windows.edges_ms(), days.edges_ms())
    segments = _detect(recording, windows, Detector(rules, edges_ms), on_progress)
    return days_of(segments, rules.parking, windows, days)


def _detect(recording: Recording, windows: Windows, detector: Detector, on_progress: Progress) -> Segments:
    """Return the settled segments that decide about the windows; the detector is a new one.

    Points are read from far enough before the windows to far enough behind them for trips and stops to be the same as
    in the whole recording.
    """
    first_ms, behind_ms = (recording.span[0], recording.span[1] + 1) if recording.span else (0, 0)
    start_ms, end_ms = (int(windows.start_ms[0]), int(windows.end_ms[-1])) if len(windows) else (0, 0)
    if start_ms >= behind_ms or end_ms <= first_ms:
        on_progress(1.0)
        return Segments.empty()
    detector = _warmed_up(recording, start_ms, detector)
    for read_ms, track in recording.pieces(max(start_ms, first_ms), min(end_ms, behind_ms)):
        detector.add(track)
        on_progress((read_ms - start_ms) / (end_ms - start_ms))
    read_ms, ahead_ms = end_ms, MS_PER_HOUR
    while read_ms < behind_ms and not detector.is_settled(end_ms, read_ms):
        detector.add(recording.read(read_ms, read_ms + ahead_ms))
        read_ms, ahead_ms = read_ms + ahead_ms, min(2 * ahead_ms, recording.chunk_days * MS_PER_DAY)
    on_progress(1.0)
    return detector.finish()


def _warmed_up(recording: Recording, start_ms: int, new: Detector) -> Detector:
    """Return a detector fed with the points before a moment: those of a day, or of as much more as it depends on."""
    detector, lookback_ms = new, MS_PER_DAY
    last_ms = next((int(track.time_ms[-1]) for track in recording.backwards(start_ms) if len(track)), None)
    while recording.span and last_ms is not None:
        begin_ms = max(last_ms - lookback_ms, recording.span[0])
        for _, track in recording.pieces(begin_ms, last_ms + 1):
            detector.add(track)
        if begin_ms == recording.span[0] or detector.is_independent(start_ms):
            break
        detector, lookback_ms = new.restarted(), 2 * lookback_ms
    return detector
