"""Tracks are columns that fit together, and distances are those of the great circle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.tracks import Track, haversine_km, neighbour_km
from tests.builders.tracks import NOON_MS, minutes, track

DEGREES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def test_a_quarter_of_the_equator_is_10007_km() -> None:
    """The Earth's radius is 6371.0088 km."""
    assert 10_007.557 == pytest.approx(haversine_km(np.zeros(1), np.zeros(1), np.zeros(1), np.array([90.0]))[0])


def test_a_step_across_the_date_line_is_short() -> None:
    """From 179.999 to -179.999 at the equator it is 0.002 degrees."""
    assert 0.2224 == pytest.approx(neighbour_km(np.zeros(2), np.array([179.999, -179.999]))[0], abs=1e-4)


@given(st.lists(DEGREES, max_size=20))
def test_steps_are_distances_between_neighbours(places: list[tuple[float, float]]) -> None:
    """The quick way over neighbours gives what the formula gives for each pair, to the last bit."""
    lat, lng = np.array(places).reshape(-1, 2).T
    expected = haversine_km(lat[:-1], lng[:-1], lat[1:], lng[1:])

    assert expected.tolist() == neighbour_km(lat, lng).tolist()


def test_steps_do_not_depend_on_blocks() -> None:
    """Tracks longer than a block of the computation have a step between all neighbours."""
    lat = np.linspace(10, 60, 40_000)

    np.testing.assert_allclose(np.full(39_999, 50 / 39_999 * 111.195), neighbour_km(lat, lat * 0), rtol=1e-4)


def test_times_ascend() -> None:
    """Points out of order, or two of one moment, are no track."""
    with pytest.raises(ValueError, match="ascend"):
        Track.of(np.array([1, 1]), np.zeros(2), np.zeros(2))


def test_columns_are_of_one_length() -> None:
    """A short column is refused."""
    with pytest.raises(ValueError, match="one length"):
        Track.of(np.array([1, 2]), np.zeros(1), np.zeros(2))


def test_a_column_nobody_knows_is_refused() -> None:
    """Readings are given by the names of columns."""
    with pytest.raises(TypeError, match="speed"):
        Track.of(np.array([1]), np.zeros(1), np.zeros(1), speed=np.zeros(1))


def test_tracks_are_cut_and_joined_by_time() -> None:
    """A half-open interval holds its start and not its end; parts joined are the whole."""
    drive = track((10, 60))
    middle = NOON_MS + 300_000
    first, second = drive.between(0, middle), drive.between(middle, 2 * NOON_MS)

    assert 5.0 == minutes(second.time_ms)[0]
    assert drive.time_ms.tolist() == Track.join([first, Track.empty(), second]).time_ms.tolist()
    assert 0 == len(Track.join([]))
