"""Days sum up the trips of a local day."""

from zoneinfo import ZoneInfo

import pytest

from services.generation.domain.detection import Rules
from services.generation.domain.recordings import find_days
from services.generation.domain.windows import Windows
from tests.builders.tracks import minutes, recording, track, windows

UTC = ZoneInfo("UTC")  # midnight is 720 minutes after a track begins


def test_a_day_lasts_from_its_first_to_its_last_point() -> None:
    """Standing before and after the trips is recorded too; length and time are those of the trips."""
    days = find_days(recording(track((60, 0), (10, 60), (30, 0), (20, 60), (60, 0))), windows((0, 720)), Rules(), UTC)

    assert ([0], [180]) == (minutes(days.start_ms), minutes(days.end_ms))
    assert [30] == pytest.approx(days.length_km, abs=1e-6)
    assert ([1800], [150 * 60]) == (days.travel_s.tolist(), days.idle_s.tolist())
    assert [60] == pytest.approx(days.max_speed_kmh)


def test_a_trip_across_midnight_is_cut() -> None:
    """The way over midnight is divided between the days."""
    drive = track((700, 0), (40, 60), (100, 0), every_s=60)
    days = find_days(recording(drive), windows(), Rules(), UTC)

    assert ([0, 720], [720, 840]) == (minutes(days.start_ms), minutes(days.end_ms))
    assert [20, 20] == pytest.approx(days.length_km, abs=1e-6)
    assert [20 * 60, 20 * 60] == days.travel_s.tolist()


def test_midnight_is_that_of_the_zone() -> None:
    """In Moscow the 6th ends three hours earlier."""
    drive = track((520, 0), (40, 60), (100, 0), every_s=60)

    assert [0, 540] == minutes(find_days(recording(drive), windows(), Rules(), ZoneInfo("Europe/Moscow")).start_ms)


def test_a_day_without_trips_has_no_row() -> None:
    """Standing all day is no movement, and no window no day."""
    assert 0 == len(find_days(recording(track((700, 0))), windows(), Rules(), UTC))
    assert 0 == len(find_days(recording(track((10, 60))), Windows.empty(), Rules(), UTC))
