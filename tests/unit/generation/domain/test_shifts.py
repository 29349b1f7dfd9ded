"""Shifts: their times, the trips inside them, the stops that follow."""

from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.recordings import find
from services.generation.domain.shifts import Shift, ShiftTimes, ShiftTrips
from services.generation.domain.stops import stops_of
from services.generation.domain.tracks import Track
from services.generation.domain.trips import trips_of
from services.generation.domain.windows import Windows, local_days
from tests.builders.tracks import DAY_MS, NOON_MS, minutes, recording, track

UTC, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
DAY = Windows.of([(NOON_MS - DAY_MS // 2, NOON_MS + DAY_MS // 2)])
HOUR = 3600


def hours(*spans: tuple[float, float]) -> list[Shift]:
    return [Shift(round(start * HOUR), round(end * HOUR)) for start, end in spans]


def in_shifts(known: Track, shifts: list[Shift], shown: Windows = DAY, zone: ZoneInfo = UTC) -> ShiftTrips:
    times = ShiftTimes.of(shifts, shown, zone)
    pieces = times.windows.cut(shown.start_ms, shown.end_ms)
    inside = Windows(pieces.start_ms, pieces.end_ms)
    edges_ms = np.union1d(shown.edges_ms(), inside.edges_ms())
    found = find(recording(known), shown, Detector(Rules(), edges_ms))
    return ShiftTrips.of(trips_of(found, shown), stops_of(found, inside), times)


def test_a_shift_is_on_each_day_by_the_clock() -> None:
    """That of the evening before reaches into the day, too."""
    times = ShiftTimes.of(hours((8, 16), (22, 6)), DAY, UTC)

    assert [(1, -840, -360), (0, -240, 240), (1, 600, 1080), (0, 1200, 1680)] == [
        *zip(times.shift.tolist(), minutes(times.start_ms), minutes(times.end_ms), strict=True)
    ][1:5]


def test_a_shift_follows_the_clock_when_it_is_changed() -> None:
    """22:00 to 06:00 last seven hours in the night in which the clock is put forward."""
    night = Windows.of([(1_616_796_000_000, 1_616_796_000_000 + 2 * DAY_MS)])  # 2021-03-26 22:00 UTC on
    times = ShiftTimes.of(hours((22, 6)), night, BERLIN)

    assert 7 * HOUR * 1000 in (times.end_ms - times.start_ms).tolist()


@pytest.mark.parametrize(
    ("first", "second", "overlaps"),
    [((8, 16), (16, 24), False), ((8, 16), (15, 20), True), ((22, 6), (6, 14), False), ((22, 6), (5, 14), True)],
)
def test_shifts_overlap_by_the_clock_across_midnight_too(
    first: tuple[float, float], second: tuple[float, float], overlaps: bool
) -> None:
    """Touching is fine."""
    one, other = hours(first, second)

    assert (overlaps, overlaps) == (one.overlaps(other), other.overlaps(one))


def test_a_trip_counts_when_it_lies_wholly_inside_a_shift() -> None:
    """One that begins before, or ends after, is left out; its stop is cut at the shift's end."""
    known = track((10, 0), (20, 60), (30, 0), (20, 60), (30, 0), (20, 60), (60, 0))

    assert [60] == minutes(in_shifts(known, hours((12.5, 14))).start_ms)
    assert [10, 60] == minutes(in_shifts(known, hours((12, 13.5))).start_ms)
    assert [1800, 600] == in_shifts(known, hours((12, 13.5))).idle_s.tolist()


def test_where_no_stop_follows_in_the_shift_there_is_none() -> None:
    """A trip may end where the shift does; ignition is zero then, and unknown only in a stop that does not know it."""
    known = track((10, 0), (20, 60), (30, 0), (20, 60), (30, 0))
    found = in_shifts(known, hours((12, 13 + 20 / 60)))

    assert ([1800, 0], [1, 0]) == (found.idle_s.tolist(), found.stopped.tolist())
    assert np.isnan(found.ignition_on_s[0]) and found.ignition_on_s[1] == 0  # noqa: PT018 - one rule


def test_ignition_is_that_of_the_stop_that_follows_up_to_the_shifts_end() -> None:
    """It is on for 20 of 30 minutes, of which the shift has 25."""
    known = track((10, 0, 0), (20, 60, 1), (20, 0, 1), (10, 0, 0), (10, 60, 1), (10, 0, 0))
    found = in_shifts(known, hours((12, 12 + 55 / 60)))

    assert ([1500], [1200]) == (found.idle_s.tolist(), found.ignition_on_s.tolist())


@given(st.lists(st.integers(1, 90), min_size=4, max_size=12), st.integers(0, 23), st.integers(0, 23))
def test_cutting_at_midnight_neither_gains_nor_loses_a_trip(legs: list[int], start: int, end: int) -> None:
    """A trip over midnight has one group, that of its start."""
    if start == end:
        return
    known = track(*((leg, 60 * (place % 2)) for place, leg in enumerate(legs)), start_ms=NOON_MS + 11 * 3_600_000)
    shown = Windows.of([(NOON_MS - DAY_MS // 2, NOON_MS + DAY_MS)])
    times = ShiftTimes.of(hours((start, end)), shown, UTC)
    trips = in_shifts(known, hours((start, end)), shown)
    midnights_ms = local_days(int(times.start_ms[0]), int(times.end_ms[-1]), UTC).edges_ms()

    assert (times.split_at(midnights_ms).windows.at(trips.start_ms) >= 0).all()
    assert (times.windows.at(trips.start_ms) >= 0).all()
