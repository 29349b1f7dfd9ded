"""A recording is read as far around a period as is needed, and no further."""

import pytest

from services.generation.domain.detection import Rules
from services.generation.domain.recordings import Recording, find_stops, find_trips
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from tests.builders.tracks import DAY_MS, NOON_MS, minutes, parking, track, windows

WEEK = Track.join(
    [track((60, 60), (30, 0), (60, 60), start_ms=NOON_MS + day * DAY_MS, every_s=60) for day in range(-4, 5)]
)


class Watched:
    """A track in memory that notes what is read of it, in minutes."""

    def __init__(self, whole: Track) -> None:
        self._whole = whole
        self.spans: list[tuple[float, float]] = []
        self.recording = Recording(self.read, (int(whole.time_ms[0]), int(whole.time_ms[-1])), chunk_days=2)

    def read(self, start_ms: int, end_ms: int) -> Track:
        self.spans.append(((start_ms - NOON_MS) / 60_000, (end_ms - NOON_MS) / 60_000))
        return self._whole.between(start_ms, end_ms)


def test_reading_goes_back_a_day_and_on_for_an_hour() -> None:
    """A stop or a gap in the day before is enough, and the stop in progress at the end is certain within the hour."""
    watched = Watched(WEEK)
    trips = find_trips(watched.recording, windows((30, 70)), Rules())

    assert [(30, 60)] == list(zip(minutes(trips.start_ms), minutes(trips.end_ms), strict=True))
    assert min(start for start, _ in watched.spans) >= -1440
    assert max(end for _, end in watched.spans) <= 70 + 60


def test_an_endless_trip_is_read_from_its_beginning() -> None:
    """Without a stop or a gap reading goes back further and further, as a trip may have begun there."""
    endless = track((5 * 1440, 60), start_ms=NOON_MS - 5 * DAY_MS, every_s=300)
    watched = Watched(endless)
    trips = find_trips(watched.recording, windows((-60, 0)), Rules(parking(idle_kmh=0)))

    assert -5 * 1440 == min(start for start, _ in watched.spans)
    assert trips.length_km.tolist() == pytest.approx([60], abs=1e-3)


def test_nothing_is_read_for_a_period_without_points() -> None:
    """Before the first point and behind the last one there is nothing to find, nor without windows."""
    watched = Watched(WEEK)
    for outside in (windows((-9000, -8000)), windows((9000, 9100)), Windows.empty()):
        assert 0 == len(find_trips(watched.recording, outside, Rules()))

    assert [] == watched.spans
    assert 0 == len(find_stops(Recording(watched.read, None), windows(), Rules()))


def test_progress_rises_to_one() -> None:
    """It moves with the pieces read."""
    fractions: list[float] = []
    find_trips(Watched(WEEK).recording, windows((-4 * 1440, 4 * 1440)), Rules(), fractions.append)

    assert sorted(fractions) == fractions
    assert len(fractions) > 4
    assert 1.0 == fractions[-1]
