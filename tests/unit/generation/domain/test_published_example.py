"""The trips of the published example come out of a track that has them."""

from zoneinfo import ZoneInfo

import pytest

from services.generation.domain.detection import Rules
from services.generation.domain.recordings import find_trips
from services.generation.domain.trips import Trips
from services.generation.domain.windows import Daily, windows_of
from tests.builders.tracks import (
    DAY_MS,
    PUBLISHED_PARKING,
    PUBLISHED_TRIPS,
    WORKED_EXAMPLE_DAY_MS,
    recording,
    worked_example_track,
)


@pytest.fixture(scope="module", params=[False, True])
def trips(request: pytest.FixtureRequest) -> Trips:
    """Return the trips found, without and with the smart filter."""
    last_ms = WORKED_EXAMPLE_DAY_MS + DAY_MS - 1000
    windows = windows_of(WORKED_EXAMPLE_DAY_MS, last_ms, Daily(), ZoneInfo("Europe/Moscow"))
    rules = Rules(PUBLISHED_PARKING, filter_on=request.param)
    return find_trips(recording(worked_example_track()), windows, rules)


def test_the_seven_trips_are_found(trips: Trips) -> None:
    """Times, places, km, average and highest speed are the published ones."""
    assert [trip.start_ms for trip in PUBLISHED_TRIPS] == trips.start_ms.tolist()
    assert [trip.end_ms for trip in PUBLISHED_TRIPS] == trips.end_ms.tolist()
    assert [trip.start for trip in PUBLISHED_TRIPS] == list(zip(trips.start_lat, trips.start_lng, strict=True))
    assert [trip.end for trip in PUBLISHED_TRIPS] == list(zip(trips.end_lat, trips.end_lng, strict=True))
    assert [trip.km for trip in PUBLISHED_TRIPS] == [round(km, 2) for km in trips.length_km.tolist()]
    averages = trips.length_km / trips.travel_s * 3600
    assert [trip.avg_kmh for trip in PUBLISHED_TRIPS] == [int(kmh + 0.5) for kmh in averages.tolist()]
    assert [trip.max_kmh for trip in PUBLISHED_TRIPS] == trips.max_speed_kmh.tolist()


def test_the_totals_are_the_published_ones(trips: Trips) -> None:
    """37980 seconds, 523.8 km, 50 km/h on average."""
    hours = trips.travel_s.sum() / 3600

    assert (37_980, 523.8) == (trips.travel_s.sum(), round(trips.length_km.sum(), 1))
    assert 50 == int(trips.length_km.sum() / hours + 0.5)
