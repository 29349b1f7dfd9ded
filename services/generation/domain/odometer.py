"""Odometer of a tracker: the value that its points report, or that of the first point, and the distance since."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from services.generation.domain.columnar import Floats
from services.generation.domain.counter_outlines import CounterOutlines
from services.generation.domain.counter_replay import CounterReplay, ReadingsOfPoints
from services.generation.domain.detection import Detection
from services.generation.domain.fixes import Fixes
from services.generation.domain.outliers import Acceptance
from services.generation.domain.recordings import Recording
from services.generation.domain.tracks import MS_PER_DAY, MS_PER_HOUR, Track


def distance_km(recording: Recording, start_ms: int, end_ms: int, detection: Detection) -> float:
    """Return the distance between accepted points over a half-open interval, without legs that cannot be driven.

    It begins at the last accepted point that is not after `start_ms`.
    """
    pieces = accepted(recording, start_ms, end_ms, detection)
    return float(sum(driven_km(fixes)[fixes.time_ms > start_ms].sum() for fixes in pieces))


def odometer_km(recording: Recording, end_ms: int, given_km: float | None, detection: Detection) -> float | None:
    """Return the odometer at the end of a period that does not include `end_ms`, None where it is unknown.

    A value that a point reported takes precedence over `given_km`, that of the first point. A reading of 0 is unknown.
    Where the counter falls it goes on from the value before, by the distance since.
    """
    if recording.span is None:
        return given_km
    first_ms, last_ms = recording.span
    end_ms = min(end_ms, last_ms + 1)
    if (reading := last_reading(recording, end_ms, detection)) is not None:
        return reading.value_km
    return None if given_km is None else given_km + distance_km(recording, first_ms, end_ms, detection)


def accepted(recording: Recording, start_ms: int, end_ms: int, detection: Detection) -> Iterator[Fixes]:
    """Yield the accepted points of a half-open interval in pieces, and some before it.

    Points are read from so far before it that an earlier beginning would accept the same.
    """
    lookback_ms, begin_ms, before = MS_PER_HOUR, start_ms, Track.empty()
    while True:
        acceptance = Acceptance(detection.jump_kmh)
        read_ms, begin_ms = begin_ms, start_ms - lookback_ms
        before = Track.join([*(track for _, track in recording.pieces(begin_ms, read_ms)), before])
        fixes = acceptance.add(before)
        if acceptance.steady_ms is not None or recording.span is None or begin_ms <= recording.span[0]:
            break
        lookback_ms *= 2
    yield fixes
    for _, track in recording.pieces(start_ms, end_ms):
        yield acceptance.add(track)
    read_ms, ahead_ms, behind_ms = end_ms, MS_PER_HOUR, recording.span[1] + 1 if recording.span else end_ms
    while read_ms < behind_ms and (acceptance.undecided.time_ms[:1] < end_ms).any():
        fixes = acceptance.add(recording.read(read_ms, read_ms + ahead_ms))
        yield fixes[: int(np.searchsorted(fixes.time_ms, end_ms))]
        read_ms, ahead_ms = read_ms + ahead_ms, min(2 * ahead_ms, recording.chunk_days * MS_PER_DAY)
    fixes = acceptance.add(Track.empty(), whole=True)
    yield fixes[: int(np.searchsorted(fixes.time_ms, end_ms))]


def driven_km(fixes: Fixes) -> Floats:
    """Return the length of the leg into each accepted point, 0 where it cannot be driven."""
    return np.where(fixes.unreachable, 0.0, fixes.step_km)


@dataclass(frozen=True, slots=True)
class LastReading:
    """Last reading of an accepted point: its moment, and what the counter comes to with the way since."""

    time_ms: int
    value_km: float


def last_reading(recording: Recording, end_ms: int, detection: Detection) -> LastReading | None:
    """Return the last reading of an accepted point before a moment, with the way from there to that moment.

    The counter goes on after each fall; only the points around falls, and those from that reading on, are read.
    """
    counter = _Counter(recording, _outlines(recording, end_ms), detection)
    last = counter.last_before(end_ms)
    if last is None or last.first_ms is None or last.last_ms is None:
        return None
    value_km, done_ms = last.value_km, int(counter.outlines.first_ms.min())
    for begin_ms, behind_ms in counter.outlines.possible_falls():
        start_ms, fallen_ms = max(begin_ms, done_ms), min(behind_ms, last.first_ms)
        if start_ms < fallen_ms:
            replay = counter.around(start_ms, fallen_ms, within_ms=(done_ms, last.first_ms))
            value_km += replay.correction_km
            done_ms = replay.last_ms or done_ms
    return LastReading(last.last_ms, value_km)


def _outlines(recording: Recording, end_ms: int) -> CounterOutlines:
    """Return the outlines of the readings before a moment, none that begins with a later one."""
    if recording.odometer_outlines is not None:
        found = recording.odometer_outlines(end_ms)
        return found[found.first_ms < end_ms]
    first_ms = [] if recording.span is None or recording.span[0] >= end_ms else [recording.span[0]]
    return CounterOutlines.unknown(first_ms, [end_ms - 1] * len(first_ms))


@dataclass(frozen=True, slots=True)
class _Counter:
    """Odometer readings of a recording, of which as few are read as decide."""

    recording: Recording
    outlines: CounterOutlines
    detection: Detection

    def last_before(self, end_ms: int) -> CounterReplay | None:
        """Return a replay from a reading to a moment, None where no accepted point has one."""
        if not len(self.outlines):
            return None
        first_ms, count = int(self.outlines.first_ms.min()), 0
        start_ms = last_ms = int(self.outlines.last_ms.max())
        if last_ms >= end_ms:
            last_ms = end_ms
            start_ms = self.outlines.start_before(end_ms, 0)
        while (replay := self._replay(start_ms, end_ms)).last_ms is None and start_ms > first_ms:
            start_ms, count = self.outlines.start_before(last_ms, count), 2 * count + 1
        return replay

    def around(self, from_ms: int, to_ms: int, within_ms: tuple[int, int]) -> CounterReplay:
        """Return a replay from the last reading of an accepted point that is not after a moment to one after another.

        It stays within moments of which the last one is that of such a reading.
        """
        start_ms, end_ms, count = from_ms, to_ms, 0
        while True:
            replay = self._replay(start_ms, end_ms + 1)
            late = start_ms > within_ms[0] and (replay.first_ms is None or replay.first_ms > from_ms)
            early = end_ms < within_ms[1] and (replay.last_ms is None or replay.last_ms < to_ms)
            if not late and not early:
                return replay
            if late:
                start_ms = max(self.outlines.start_before(from_ms, count), within_ms[0])
            if early:
                end_ms = min(self.outlines.end_after(to_ms, count), within_ms[1])
            count = 2 * count + 1

    def _replay(self, start_ms: int, end_ms: int) -> CounterReplay:
        readings, replay = ReadingsOfPoints(self.recording.read), CounterReplay()
        for fixes in accepted(replace(self.recording, read=readings.read), start_ms, end_ms, self.detection):
            replay.add(np.cumsum(driven_km(fixes)), *readings.of(fixes.time_ms, start_ms))
        return replay
