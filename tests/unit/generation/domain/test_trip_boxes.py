"""Boxes of trips: they hold every point, also on the 180th meridian."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given

from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.track_lines import TimeRange
from services.generation.domain.tracks import Track
from services.generation.domain.trip_boxes import Boxes, boxes_of
from services.generation.domain.trips import Trips, trips_of
from services.generation.domain.windows import Windows
from tests.builders.tracks import NOON_MS, track, windows
from tests.unit.generation.domain.recorded import RULES, WINDOWS, tracks
from tests.unit.generation.domain.test_track_lines import drawn


def boxed(whole: Track, rules: Rules, shown: Windows) -> tuple[Trips, Boxes]:
    detector = Detector(rules, shown.edges_ms())
    detector.add(whole)
    found = detector.finish()
    trips = trips_of(found, shown)
    return trips, boxes_of(found, trips)


@given(tracks(), RULES, WINDOWS)
def test_a_box_is_the_smallest_that_holds_the_line_of_its_trip(whole: Track, rules: Rules, shown: Windows) -> None:
    assume(len(shown))
    trips, boxes = boxed(whole, replace(rules, filter_on=False), shown)
    for row in range(len(trips)):
        line = drawn(whole, TimeRange(int(trips.start_ms[row]), int(trips.end_ms[row])), rules)
        near, far = np.ptp(line.lng), np.ptp(line.lng % 360)

        assert (line.lat.min(), line.lat.max()) == pytest.approx((boxes.south[row], boxes.north[row]), abs=1e-9)
        assert min(near, far) == pytest.approx((boxes.east[row] - boxes.west[row]) % 360, abs=1e-9)


def test_a_box_over_the_date_line_has_its_west_above_its_east() -> None:
    time_ms = NOON_MS + np.arange(31) * 60_000
    lng = (179.9 + np.arange(31) * 0.01 + 180) % 360 - 180
    whole = Track.of(time_ms, np.full(31, -17.0), lng, speed_kmh=np.full(31, 63.0))

    _, boxes = boxed(whole, Rules(), windows())

    assert [179.9, -179.8] == pytest.approx([boxes.west[0], boxes.east[0]])


def test_without_trips_there_are_no_boxes() -> None:
    assert 0 == len(boxed(track((60, 0)), Rules(), windows())[1])
