"""Lines of ranges: as long as the trips of the same time, without jumps, with gaps where there is no data."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given

from services.generation.domain.detection import Parking, Rules
from services.generation.domain.detector import Detector
from services.generation.domain.findings import Findings
from services.generation.domain.recordings import find, find_trips
from services.generation.domain.track_lines import TimeRange, TrackLine, track_lines
from services.generation.domain.tracks import Track, haversine_km, neighbour_km
from services.generation.domain.trips import Trips
from services.generation.domain.windows import Windows
from tests.builders.tracks import NOON_MS, recording, track, windows, without_speeds, worked_example_track
from tests.unit.generation.domain.recorded import RULES, WINDOWS, tracks

MINUTE_MS = 60_000


def drawn(whole: Track, within: TimeRange, rules: Rules, chunk_days: int = 7) -> TrackLine:
    rules = replace(rules, filter_on=False)
    recorded = recording(whole, chunk_days)
    edges_ms = np.array([within.start_ms, within.end_ms])
    around = Windows.of([(within.start_ms, within.end_ms + 1)])
    found: Findings = find(recorded, around, Detector(rules, edges_ms))
    return TrackLine.join(track_lines(recorded, within, found.line, rules))


def length_km(line: TrackLine) -> float:
    steps = neighbour_km(line.lat, line.lng)
    return float(steps[~line.after_gap[1:]].sum())


def columns(trips: Trips) -> list[list[Any]]:
    return [trips.start_ms.tolist(), trips.end_ms.tolist(), trips.length_km.tolist()]


@given(tracks(), RULES, WINDOWS)
def test_the_line_of_a_trip_is_as_long_as_the_trip(whole: Track, rules: Rules, shown: Windows) -> None:
    """A trip that a window cuts, too, but for the bend of a leg that is cut; the ways of its points are exact."""
    assume(len(shown))
    trips = find_trips(recording(whole), shown, replace(rules, filter_on=False))
    for start_ms, end_ms, km in zip(*columns(trips), strict=True):
        line = drawn(whole, TimeRange(start_ms, end_ms), rules)

        assert km == pytest.approx(length_km(line), rel=0.01, abs=1e-5)
        assert km == pytest.approx(line.way_km[-1] - line.way_km[0], abs=1e-6)
        assert (line.time_ms[0], line.time_ms[-1]) == (start_ms, end_ms)


@given(tracks(), RULES, WINDOWS)
def test_times_ascend_and_stay_inside_whatever_the_pieces_are(whole: Track, rules: Rules, shown: Windows) -> None:
    assume(len(shown))
    within = TimeRange(int(shown.start_ms[0]), int(shown.end_ms[-1]))
    line = drawn(whole, within, rules)

    assert (np.diff(line.time_ms) > 0).all()
    assert not len(line) or within.start_ms <= line.time_ms[0] <= line.time_ms[-1] <= within.end_ms
    assert drawn(whole, within, rules, chunk_days=1).time_ms.tolist() == line.time_ms.tolist()


def test_a_jump_that_detection_refuses_is_not_drawn() -> None:
    whole = track((60, 40))
    whole.lat[100] += 3

    line = drawn(whole, TimeRange(NOON_MS, NOON_MS + 60 * MINUTE_MS), Rules())

    assert len(whole) - 1 == len(line)
    assert 40 == pytest.approx(length_km(line), rel=1e-3)


def test_a_silence_without_data_is_a_gap_of_the_line() -> None:
    whole = track((30, 40), (120, None), (30, 40))
    whole.lat[len(whole) // 2 :] += 0.5

    line = drawn(whole, TimeRange(NOON_MS, NOON_MS + 180 * MINUTE_MS), Rules())

    assert [len(whole) // 2] == np.flatnonzero(line.after_gap).tolist()
    assert 40 == pytest.approx(length_km(line), rel=1e-3)


def test_a_range_inside_one_leg_is_a_line_between_two_places_on_it() -> None:
    whole = track((20, 60), every_s=300)

    line = drawn(whole, TimeRange(NOON_MS + 61 * 1000, NOON_MS + 121 * 1000), Rules())

    assert [61_000, 121_000] == (line.time_ms - NOON_MS).tolist()
    assert 1 == pytest.approx(length_km(line), rel=1e-3)


def test_a_leg_over_the_date_line_is_cut_on_it() -> None:
    time_ms = NOON_MS + np.arange(7) * 60_000
    lng = (179.97 + np.arange(7) * 0.01 + 180) % 360 - 180
    whole = Track.of(time_ms, np.full(7, -17.0), lng, speed_kmh=np.full(7, 63.0))

    line = drawn(whole, TimeRange(int(time_ms[2]) + 30_000, int(time_ms[4])), Rules())

    assert 179.995 == pytest.approx(line.lng[0])
    assert 1.5 * haversine_km(-17.0, 0.0, -17.0, 0.01) == pytest.approx(length_km(line), rel=1e-6)


@pytest.mark.parametrize("whole", [Track.empty(), track((0.1, 30))[:1]], ids=["no point", "one point"])
def test_without_a_way_there_is_at_most_a_point(whole: Track) -> None:
    line = drawn(whole, TimeRange(NOON_MS - MINUTE_MS, NOON_MS + MINUTE_MS), Rules())

    assert len(whole) == len(line)


@pytest.mark.parametrize("speeds", ["reported", "derived"])
def test_the_trips_of_the_published_example_have_their_lengths(speeds: str) -> None:
    whole = worked_example_track()
    whole = without_speeds(whole) if speeds == "derived" else whole
    rules = Rules(Parking(shortest_s=180))
    trips = find_trips(recording(whole), windows(), rules)

    for start_ms, end_ms, km in zip(*columns(trips), strict=True):
        assert km == pytest.approx(length_km(drawn(whole, TimeRange(start_ms, end_ms), rules)), rel=1e-6)
