"""Trips by region: lengths, times and numbers of trips."""

import numpy as np
from hypothesis import given

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.recordings import find, find_trips
from services.generation.domain.route import routes
from services.generation.domain.tracks import Track
from services.generation.domain.trip_regions import RegionTimes, RegionTrips, trips_by_region
from services.generation.domain.windows import Windows
from tests.builders.tracks import NOON_MS, recording, track
from tests.unit.generation.domain.recorded import RULES, WINDOWS, tracks

ALWAYS = Windows.of([(0, 2 * NOON_MS)])


def tenths_of_degrees(lat: Floats, lng: Floats) -> Ints:
    assert len(lat) == len(lng)
    return np.floor(lat * 10 + 1e-6).astype(np.int64)


def by_region(known: Track, shown: Windows = ALWAYS, rules: Rules = Rules()) -> RegionTrips:  # noqa: B008 - frozen
    own, (start_ms, end_ms) = recording(known, 1), (int(shown.start_ms[0]), int(shown.end_ms[-1]))
    times = RegionTimes.along(routes(own, start_ms, end_ms, rules), tenths_of_degrees)
    edges_ms = np.union1d(shown.edges_ms(), times.start_ms)
    return trips_by_region(find(own, shown, Detector(rules, edges_ms)), shown, times)


def test_a_trip_over_a_border_counts_in_both_regions_and_is_divided() -> None:
    """A leg belongs to the region of its first point: 11.12 km to the border are 12 legs of a kilometre."""
    found = by_region(track((30, 60), (10, 0), (10, 60), (10, 0), every_s=60))

    assert [550, 551, 552, 553] == found.region.tolist()
    assert [1, 1, 2, 1] == found.count.tolist()
    assert [12, 11, 11, 6] == found.length_km.round(6).tolist()
    assert [720, 660, 660, 360] == found.travel_s.tolist()
    assert [60] * 4 == found.max_speed_kmh.tolist()


def test_a_trip_that_comes_back_counts_once_in_a_region() -> None:
    """Its ways there are added."""
    away = track((20, 60), every_s=60)
    back = Track.of(away.time_ms + 1_260_000, away.lat[::-1], away.lng, speed_kmh=away.speed_kmh)
    found = by_region(Track.join([away, back]))

    assert ([550, 551], [1, 1]) == (found.region.tolist(), found.count.tolist())
    assert 40 == round(found.length_km.sum(), 6)


def test_the_first_leg_belongs_to_the_resting_points_region() -> None:
    """Its time runs from the trip's start."""
    rest = track((10, 0), every_s=60, at=(55.0999, 37))[:-1]
    drive = track((10, 60), every_s=60, at=(55.1099, 37), start_ms=NOON_MS + 600_000)
    found = by_region(Track.join([rest, drive]))

    assert [550, 551] == found.region.tolist()
    assert [60, 600] == found.travel_s.tolist()


def test_without_trips_there_is_no_region() -> None:
    """Standing still is nowhere."""
    assert 0 == len(by_region(track((30, 0))))
    assert 0 == len(by_region(track((30, 60)), Windows.of([(0, 1000)])))


@given(tracks(), RULES, WINDOWS)
def test_regions_add_up_to_the_trips(known: Track, rules: Rules, shown: Windows) -> None:
    """Length and time; the highest maximum is that of all trips, or the average of a piece where that is higher."""
    if not (len(known) and len(shown)):
        return
    found, trips = by_region(known, shown, rules), find_trips(recording(known), shown, rules)

    assert np.isclose(found.length_km.sum(), trips.length_km.sum(), atol=1e-6)
    assert abs(found.travel_s.sum() - trips.travel_s.sum()) <= len(found)
    assert found.max_speed_kmh.max(initial=0) >= trips.max_speed_kmh.max(initial=0) * (1 - 1e-9)
    assert (found.count <= len(trips)).all()
