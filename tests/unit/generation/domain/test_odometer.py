"""The odometer is the last value known and the way since."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.detection import Detection
from services.generation.domain.odometer import distance_km, odometer_km
from services.generation.domain.tracks import Track
from tests.builders.tracks import NOON_MS, recording, track

DRIVE = track((60, 60), (60, 0), (60, 60), every_s=60)
LATE_MS = NOON_MS + 86_400_000


def with_readings(readings: dict[int, float]) -> Track:
    """Return the drive with odometer values at some of its points."""
    values = np.full(len(DRIVE), np.nan)
    values[list(readings)] = list(readings.values())
    return replace(DRIVE, odometer_km=values)


def odometer(drive: Track, given_km: float | None = None, end_ms: int = LATE_MS) -> float | None:
    return odometer_km(recording(drive), end_ms, given_km, Detection())


def test_the_given_value_holds_at_the_first_point() -> None:
    """1000 km and two hours at 60 km/h are 1120 km; after half an hour 29 minutes of them are behind."""
    assert 1120 == pytest.approx(odometer(DRIVE, 1000))
    assert 1029 == pytest.approx(odometer(DRIVE, 1000, NOON_MS + 30 * 60_000))


def test_a_points_own_value_wins() -> None:
    """The last one before the end of the period counts, and the way since it."""
    drive = with_readings({5: 500, 120: 7000})

    assert 7060 == pytest.approx(odometer(drive, 1000))
    assert 525 == pytest.approx(odometer(drive, 1000, NOON_MS + 31 * 60_000))


def test_without_any_value_it_is_unknown() -> None:
    """Neither a given value nor a point's own: nothing is shown. Before the first point the given one holds."""
    assert None is odometer(DRIVE)
    assert 1000 == odometer(Track.empty(), 1000) == odometer(DRIVE, 1000, NOON_MS)


def test_the_way_across_a_gap_counts_and_a_jump_does_not() -> None:
    """A vehicle gets nowhere without its odometer."""
    first, second = track((10, 60)), track((10, 60), start_ms=NOON_MS + 3_600_000, at=(56.0, 37.0))
    second.lat[5] += 5
    whole = recording(Track.join([first, second]))

    assert 111.195 + 10 == pytest.approx(distance_km(whole, NOON_MS, LATE_MS, Detection()), abs=1e-3)


@given(st.lists(st.integers(0, 180), min_size=3, max_size=3))
def test_ways_add_up(places: list[int]) -> None:
    """The way over two neighbouring intervals is the way over both, to the last bit."""
    first, middle, last = (NOON_MS + 60_000 * minute for minute in sorted(places))
    one, two, both = (
        distance_km(recording(DRIVE), start, end + 1, Detection())
        for start, end in ((first, middle), (middle, last), (first, last))
    )

    assert both == one + two


def test_a_reading_of_zero_is_unknown() -> None:
    """The counter goes on from the last reading above it."""
    assert 515 == pytest.approx(
        odometer(with_readings({5: 490, 15: 500, 20: 0, 30: 0}), 1000, NOON_MS + 30 * 60_000 + 1)
    )


def test_after_a_fall_the_counter_goes_on_from_the_value_before() -> None:
    """At the reading that fell the way since the one before is added; from there on its increments count."""
    readings = {10: 12_345, 20: 3, 30: 14, 40: 2, 50: 3}

    assert 12_345 + 10 + 11 + 10 + 1 == pytest.approx(
        odometer(with_readings(readings), None, NOON_MS + 50 * 60_000 + 1)
    )


def test_the_reading_of_an_outlier_counts_for_nothing() -> None:
    """Neither as the last one nor as a fall."""
    drive = with_readings({5: 500, 20: 9000, 30: 525})
    drive.lat[20] += 5
    twice = replace(drive, odometer_km=np.where(drive.odometer_km == 525, np.nan, drive.odometer_km))

    assert 525 == pytest.approx(odometer(drive, None, NOON_MS + 30 * 60_000 + 1))
    assert 525 == pytest.approx(odometer(twice, None, NOON_MS + 30 * 60_000 + 1))
