"""Trips begin, end, are cut and are dropped where the rules say."""

from dataclasses import replace

import numpy as np
import pytest

from services.generation.domain.detection import Parking, Rules
from services.generation.domain.recordings import find_stops, find_trips
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from tests.builders.tracks import NOON_MS, minutes, parking, recording, track, windows, without_speeds


def spans(drive: Track, rule: Parking | None = None, shown: Windows | None = None, *, on: bool = False) -> list[tuple]:
    """Return starts and ends of the trips in minutes."""
    trips = find_trips(recording(drive), shown or windows(), Rules(rule or parking(), filter_on=on))
    return list(zip(minutes(trips.start_ms), minutes(trips.end_ms), strict=True))


def test_a_short_pause_does_not_split_a_trip() -> None:
    """A pause below the limit stays inside the trip."""
    assert [(0, 42)] == spans(track((20, 60), (2, 0), (20, 60)), parking(shortest_s=300))


def test_a_pause_of_just_the_limit_splits_a_trip() -> None:
    """The trip ends at the stop's first point and the next begins at its first moving point."""
    assert [(0, 20), (25, 45)] == spans(track((20, 60), (5, 0), (20, 60)), parking(shortest_s=300))


def test_standing_before_the_first_movement_is_before_the_trip() -> None:
    """However short, slow points at the beginning of all data are not in a trip."""
    assert [(1, 20)] == spans(track((1, 0), (19, 60)))


def test_a_gap_ends_a_trip_at_the_last_point_before_it() -> None:
    """Eleven minutes of silence split a drive; ten do not."""
    assert [(0, 10), (21, 31)] == spans(track((10, 60), (11, None), (10, 60)))
    assert [(0, 30)] == spans(track((10, 60), (10, None), (10, 60)))


def test_a_short_pause_before_a_gap_stays_in_the_trip() -> None:
    """The trip lasts to the last point before the gap, the next to the end of all data, slow as they are."""
    first, second = track((10, 60), (2, 0)), track((10, 60), (2, 0), start_ms=NOON_MS + 40 * 60_000, at=(57.0, 37.0))

    assert [(0, 12), (40, 52)] == spans(Track.join([first, second]))


def test_a_parked_silence_is_a_stop() -> None:
    """Where the tracker is where it was, the trip ends as it would without the silence."""
    assert [(0, 10), (40, 52)] == spans(track((10, 60), (2, 0), (28, None), (10, 60), (2, 0)))


def test_a_lone_moving_point_is_no_trip() -> None:
    """A trip has at least two points."""
    alone = track((10, 0), (0, 60), (30, None), (10, 0))

    assert [] == spans(alone)


@pytest.mark.parametrize("size", [0, 1, 2])
def test_tiny_tracks_are_fine(size: int) -> None:
    """No point and one point make no trip, two moving points do."""
    assert size // 2 == len(spans(track((10, 60))[:size]))


def test_the_threshold_itself_is_moving() -> None:
    """3 km/h at a threshold of 3 is moving, 2.9 is not; 3.1 reaches 3.1 as float32 too."""
    assert [(0, 10)] == spans(track((10, 3), (10, 2.9)))
    slow = track((10, 3.1))
    assert [(0, 10)] == spans(replace(slow, speed_kmh=slow.speed_kmh.astype(np.float32)), parking(idle_kmh=3.1))


def test_a_threshold_of_zero_switches_stops_off() -> None:
    """The whole drive is one trip, standing or not, and there is no stop, not even with ignition off."""
    drive, rule = track((10, 60), (60, 0, 0), (10, 60)), parking(idle_kmh=0, ignition_aware=True)

    assert [(0, 80)] == spans(drive, rule)
    assert 0 == len(find_stops(recording(drive), windows(), Rules(rule, filter_on=True)))


def test_unknown_speeds_are_way_over_time() -> None:
    """Without speeds the trip begins when the place begins to change and ends when it no longer does."""
    drive = track((10, 0), (20, 60), (10, 0), (10, 60))

    assert [(10, 30), (40, 50)] == spans(drive) == spans(without_speeds(drive))


def test_ignition_off_is_a_stop_at_once() -> None:
    """With an aware tracker a slow point with ignition off ends a trip, and what drifts then is parked."""
    drive = track((10, 60, 1), (0.5, 0, 0), (0.5, 60, 0), (10, 60, 1))

    assert [(0, 21)] == spans(drive, parking())
    assert [(0, 10), (pytest.approx(11 - 1 / 6), 21)] == spans(drive, parking(ignition_aware=True))


def test_ignition_off_at_speed_changes_nothing() -> None:
    """A trip ends below the idle speed only."""
    assert [(0, 21)] == spans(track((10, 60, 1), (1, 60, 0), (10, 60, 1)), parking(ignition_aware=True))


def test_unknown_ignition_says_nothing() -> None:
    """Where ignition is not known the speed decides."""
    assert [(0, 12)] == spans(track((10, 60), (1, 0), (1, 60)), parking(ignition_aware=True))


def test_a_trip_goes_on_over_midnight() -> None:
    """Midnight is no edge of its own: noon and 12 hours is midnight in UTC."""
    assert [(700, 740)] == spans(track((700, 0), (40, 60), (100, 0), every_s=60))


def test_windows_cut_trips_exactly() -> None:
    """A trip under way begins and ends at the edges of the window, even without a point inside."""
    drive = track((10, 60), (10, 60), every_s=60)

    assert [(3.5, 6.5)] == spans(drive, shown=windows((3.5, 6.5)))
    assert [(2, 4), (5.5, 9)] == spans(drive, shown=windows((2, 4), (5.5, 9)))
    assert [(3.25, 3.75)] == spans(drive, shown=windows((3.25, 3.75)))


def test_length_speed_and_points_are_those_of_the_piece() -> None:
    """60 km/h for 10 minutes is 10 km; the stop's first point counts."""
    trips = find_trips(recording(track((10, 60), (10, 0))), windows(), Rules())

    assert [10] == pytest.approx(trips.length_km, abs=1e-6)
    assert [60] == pytest.approx(trips.max_speed_kmh)
    assert ([600], [61]) == (trips.travel_s.tolist(), trips.point_count.tolist())


def test_the_way_across_a_gap_is_in_no_trip() -> None:
    """Two drives of 10 km with 50 km of silence between them are 20 km."""
    first, second = track((10, 60)), track((10, 60), start_ms=1_602_000_000_000, at=(55.5, 37.0))
    trips = find_trips(recording(Track.join([first, second])), windows(), Rules())

    assert [10, 10] == pytest.approx(trips.length_km, abs=1e-6)


def test_idle_time_is_that_of_the_stop_that_follows() -> None:
    """It counts inside the windows only; of a trip in pieces the last one has it."""
    drive = track((10, 60), (30, 0), (10, 60))
    whole = find_trips(recording(drive), windows(), Rules())
    cut = find_trips(recording(drive), windows((0, 5), (6, 20), (30, 60)), Rules())

    assert [1800, 0] == whole.idle_s.tolist()
    assert [0, 600 + 600, 0] == cut.idle_s.tolist()


@pytest.mark.parametrize(
    ("drive", "kept"),
    [
        (track((0.5, 30)), False),  # 250 m
        (track((0.7, 30)), True),  # 350 m
        (track((0.5, 60), every_s=15), False),  # 500 m, 3 points
        (track((0.75, 60), every_s=15), True),
    ],
)
def test_the_smart_filter_drops_short_and_poor_trips(drive: Track, kept: bool) -> None:
    """Less than 300 m or less than 4 points is no trip; without the filter it is."""
    assert kept == bool(spans(drive, on=True))
    assert 1 == len(spans(drive))


@pytest.mark.parametrize("lng", [37.0, 179.9995, 0.0])
def test_the_smart_filter_drops_circling_around_one_place(lng: float) -> None:
    """A star of 190 m around a place is dropped however long it lasts, one of 300 m is not: on the date line too."""
    sides = np.arange(31) % 2
    for size_m, kept in ((190, False), (300, True)):
        east = lng + sides * size_m / 111_195
        star = replace(track((5, 60)), lat=np.zeros(31) + 1e-9, lng=(east + 180) % 360 - 180)
        assert kept == bool(spans(star, on=True))


def test_the_filter_decides_on_the_whole_trip() -> None:
    """A piece of 100 m of a long trip stays."""
    assert [(0, 0.6)] == spans(track((20, 12)), shown=windows((0, 0.6)), on=True)
