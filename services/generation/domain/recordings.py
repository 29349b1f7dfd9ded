"""Recordings: a tracker's stored points, read in pieces of bounded size, and the trips and stops in them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from services.generation.domain.counter_outlines import CounterOutlines
from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.findings import Findings
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

    `span` holds the moments of the first and the last point, None without points. `odometer_outlines` returns the
    outlines of the odometer before a moment; the last of them may end behind it. Without that function the readings may
    be anywhere.
    """

    read: Callable[[int, int], Track]
    span: tuple[int, int] | None
    chunk_days: int = 7
    odometer_outlines: Callable[[int], CounterOutlines] | None = None

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


def find_trips(recording: Recording, windows: Windows, rules: Rules, on_progress: Progress = silent) -> Trips:
    """Return the trips in the windows; `on_progress` gets fractions of the work, the last of them 1."""
    return trips_of(find(recording, windows, Detector(rules, windows.edges_ms()), on_progress), windows)


def find_stops(recording: Recording, windows: Windows, rules: Rules, on_progress: Progress = silent) -> Stops:
    """Return the stops in the windows; `on_progress` gets fractions of the work, the last of them 1."""
    return stops_of(find(recording, windows, Detector(rules, windows.edges_ms()), on_progress), windows)


def find_days(
    recording: Recording, windows: Windows, rules: Rules, zone: ZoneInfo, on_progress: Progress = silent
) -> Trips:
    """Return a row for each local day with trips in the windows; `on_progress` is as for trips."""
    days = local_days(int(windows.start_ms[0]), int(windows.end_ms[-1]), zone) if len(windows) else windows
    edges_ms = np.union1d(windows.edges_ms(), days.edges_ms())
    return days_of(find(recording, windows, Detector(rules, edges_ms), on_progress), windows, days)


def find(recording: Recording, windows: Windows, detector: Detector, on_progress: Progress = silent) -> Findings:
    """Return what decides about the windows: `trips_of`, `days_of`, `stops_of` and `silences_of` give their rows.

    The detector is a new one with the edges of the windows, and of all else that cuts rows exactly, such as days.
    Points are read from far enough before the windows to far enough behind them for trips and stops to be the same as
    in the whole recording.
    """
    first_ms, behind_ms = (recording.span[0], recording.span[1] + 1) if recording.span else (0, 0)
    start_ms, end_ms = (int(windows.start_ms[0]), int(windows.end_ms[-1])) if len(windows) else (0, 0)
    if start_ms >= behind_ms or end_ms <= first_ms:
        on_progress(1.0)
        return detector.finish()
    detector = _warmed_up(recording, start_ms, detector)
    for read_ms, track in recording.pieces(max(start_ms, first_ms), min(end_ms, behind_ms)):
        detector.add(track)
        on_progress((read_ms - start_ms) / (end_ms - start_ms))
    read_ms, ahead_ms = end_ms, MS_PER_HOUR
    while read_ms < behind_ms and not detector.is_settled(end_ms):
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
        if begin_ms == recording.span[0] or detector.is_independent():
            break
        detector, lookback_ms = new.restarted(), 2 * lookback_ms
    return detector
