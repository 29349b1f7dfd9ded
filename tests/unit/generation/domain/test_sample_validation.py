"""Impossible values are told from unknown ones."""

import numpy as np
import pytest

from services.generation.domain.sample_validation import FINE, first_broken, with_moments
from services.generation.domain.samples import Samples
from services.generation.inputs.points import POINTS
from tests.builders.points import DAY_MS, MONDAY_MS, drive

COLUMNS = with_moments(POINTS.columns, MONDAY_MS)


def reason(points: Samples, place: int = 0) -> str:
    broken = first_broken(points, COLUMNS)[place]
    return "" if broken == FINE else COLUMNS[broken].reason(points.column(COLUMNS[broken].name)[place])


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("lat", 91),
        ("lat", np.nan),
        ("lng", -180.0000001),
        ("lng", 1555.63),
        ("speed_kmh", -1),
        ("speed_kmh", np.inf),
        ("altitude_m", -np.inf),
        ("heading", 361),
        ("satellites", -2),
        ("ignition", 2),
        ("odometer_km", -0.1),
    ],
)
def test_an_impossible_value_is_named(name: str, bad: float) -> None:
    """The reason names the column and the value that came."""
    assert reason(drive(1, **{name: [bad]})).startswith(f"{name} is {bad:.10g}; it must be from ")


@pytest.mark.parametrize("name", ["speed_kmh", "altitude_m", "heading", "satellites", "ignition", "odometer_km"])
def test_an_unknown_value_is_fine(name: str) -> None:
    """Only place and time must be known."""
    assert reason(drive(1, **{name: None})) == ""


@pytest.mark.parametrize(("lat", "lng"), [(90, 180), (-90, -180), (0, 0)])
def test_the_ends_of_the_earth_are_fine(lat: float, lng: float) -> None:
    """Limits belong to what is possible."""
    assert reason(drive(1, lat=[lat], lng=[lng])) == ""


@pytest.mark.parametrize("moment", [0, MONDAY_MS + DAY_MS + 1, np.iinfo(np.int64).max, -1])
def test_a_moment_long_ago_or_to_come_is_refused(moment: int) -> None:
    """Clocks that stand at 1970, or run more than a day ahead, are not believed."""
    assert reason(drive(1, start_ms=moment)).startswith("time is ")


def test_a_moment_less_than_a_day_ahead_is_fine() -> None:
    """Trackers' clocks may run ahead a little."""
    assert reason(drive(1, start_ms=MONDAY_MS + DAY_MS)) == ""


def test_the_reason_of_1970_can_be_read() -> None:
    """Moments are told as text."""
    expected = "time is 1970-01-01T00:00:00.000Z; it must be from 2000-01-01T00:00:00.000Z to 2024-03-05T00:00:00.000Z"
    assert reason(drive(1, start_ms=0)) == f"{expected}, a day ahead of now"


def test_each_point_is_judged_for_itself() -> None:
    """A bad point does not spoil its neighbours."""
    points = drive(3, start_ms=MONDAY_MS - DAY_MS, lat=[1, 91, 2])

    assert [True, False, True] == (first_broken(points, COLUMNS) == FINE).tolist()
