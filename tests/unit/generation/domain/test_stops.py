"""Stops last as the rules say and are cut exactly at the windows' edges."""

import pytest

from services.generation.domain.detection import Parking, Rules
from services.generation.domain.recordings import find_stops, find_trips
from services.generation.domain.stops import Stops
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from tests.builders.tracks import NOON_MS, minutes, parking, recording, track, windows, without_speeds

HOME = track((10, 60), (30, 0), (10, 60))


def found(drive: Track, rule: Parking | None = None, shown: Windows | None = None, *, on: bool = False) -> Stops:
    return find_stops(recording(drive), shown or windows(), Rules(rule or parking(), filter_on=on))


def spans(stops: Stops) -> list[tuple[float, float]]:
    return list(zip(minutes(stops.start_ms), minutes(stops.end_ms), strict=True))


def test_a_stop_lasts_from_its_first_slow_point_to_the_next_moving_one() -> None:
    """Thirty minutes of standing are thirty minutes, at the place of the first point."""
    stops = found(HOME)

    assert [(10, 40)] == spans(stops)
    assert (HOME.lat[60], HOME.lng[60]) == (stops.lat[0], stops.lng[0])


def test_a_stop_goes_on_through_a_silence_at_one_place() -> None:
    """The tracker was parked."""
    assert [(10, 70)] == spans(found(track((10, 60), (10, 0), (40, None), (10, 0), (10, 60))))


def test_a_stop_ends_at_the_last_point_before_a_silence_that_it_moved_in() -> None:
    """The way there is unknown."""
    there = track((10, 0), (10, 60), start_ms=NOON_MS + 140 * 60_000, at=(55.5, 37.0))
    drive = Track.join([track((10, 60), (10, 0)), there])

    assert [(10, 20), (140, 150)] == spans(found(drive))


def test_standing_at_the_ends_of_the_data_is_a_stop() -> None:
    """It needs no trip before it or behind it."""
    assert [(0, 10), (20, 30)] == spans(found(track((10, 0), (10, 60), (10, 0))))


def test_a_short_pause_is_not_a_stop() -> None:
    """Not in a trip, not before it and not behind it."""
    assert [] == spans(found(track((2, 0), (10, 60), (2, 0), (10, 60), (2, 0))))


def test_windows_cut_stops_exactly() -> None:
    """A stop is known to last, so it fills a window without a point in it."""
    stops = found(HOME, shown=windows((5, 12), (20.01, 20.02), (39, 60)))

    assert [(10, 12), (20.01, 20.02), (39, 40)] == [pytest.approx(span) for span in spans(stops)]


def test_time_with_ignition_on_is_counted_from_point_to_point() -> None:
    """Time between two points counts when ignition was on at the earlier one; windows cut it too."""
    drive = track((10, 60, 1), (4, 0, 1), (20, 0, 0), (6, 0, 1), (10, 60, 1))

    assert [600] == found(drive).ignition_on_s.tolist()
    assert [120, 90] == pytest.approx(found(drive, shown=windows((12, 20), (36, 37.5))).ignition_on_s.tolist())
    assert [True] == found(drive).ignition_known.tolist()
    assert [False] == found(HOME).ignition_known.tolist()


def test_ignition_goes_on_from_the_point_of_arrival() -> None:
    """Where speeds are derived the stop begins at the last moving point, and a window may end before the next one."""
    drive = without_speeds(track((10, 60, 1), (10, 0, 1), every_s=60))
    stops = found(drive, shown=windows((5, 10.5), (10.6, 10.8)))

    assert [(10, 10.5), (10.6, 10.8)] == [pytest.approx(span) for span in spans(stops)]
    assert ([30, 12], [True, True]) == (stops.ignition_on_s.tolist(), stops.ignition_known.tolist())


def test_ignition_off_is_a_stop_of_any_length() -> None:
    """Even of none: a tracker that falls asleep with its ignition."""
    drive = track((10, 60, 1), (0, 0, 0))

    assert [(10, 10)] == spans(found(drive, parking(ignition_aware=True)))


def test_a_short_rest_that_begins_the_recording_is_no_stop_even_with_ignition_off() -> None:
    """Ignition off ends a trip at once; where none was under way, the shortest stop decides."""
    far = track((3, 0, 0), (10, 60, 1), (0.5, 0, 0), start_ms=NOON_MS + 140 * 60_000, at=(56.5, 37.0))
    drive = Track.join([track((3, 0, 0), (10, 60, 1), (0.5, 0, 0), (10, 60, 1)), far])

    assert [(13, 13.5), (153, 153.5)] == spans(found(drive, parking(ignition_aware=True)))


def test_a_dropped_trip_joins_the_stops_around_it() -> None:
    """With the filter a drift of 100 m does not end a stop, without it it does."""
    drive = track((10, 60), (30, 0), (1, 6), (30, 0), (10, 60))

    assert [(10, 40), (41, 71)] == spans(found(drive))
    assert [(10, 71)] == spans(found(drive, on=True))


def test_the_idle_time_of_a_trip_is_that_of_the_joined_stop() -> None:
    """The dropped trip's time belongs to it."""
    drive = track((10, 60), (30, 0), (1, 6), (30, 0), (10, 60))

    assert [61 * 60, 0] == find_trips(recording(drive), windows(), Rules(filter_on=True)).idle_s.tolist()


def test_short_pauses_around_a_dropped_trip_become_one_stop() -> None:
    """Three minutes, a drift of one and three more are a stop of seven."""
    drive = track((3, 0), (1, 6), (3, 0), (10, 60), (3, 0))

    assert [(0, 10)] != spans(found(drive, on=True))
    assert [(9, 27)] == spans(found(track((9, 60), (11, None), (3, 0), (1, 6), (3, 0)), on=True))
