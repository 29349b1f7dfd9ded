"""Values and positions as last known: at a moment counts what was known at or before it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.drivers import Handover, drivers_at
from services.generation.domain.last_known import last_known, positions_at
from services.generation.domain.tracks import Track

NAN = np.nan


def test_a_value_lasts_until_the_next_known_one() -> None:
    """Before the first it is unknown."""
    found = last_known(np.array([10, 20, 30]), np.array([1.0, NAN, 0.0]), np.array([9, 10, 29, 30, 99]))

    np.testing.assert_array_equal([NAN, 1.0, 1.0, 0.0, 0.0], found)


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0, 9)), unique_by=lambda one: one[0]), st.integers(0, 60))
def test_a_last_known_value_is_that_of_the_last_moment(values: list[tuple[int, float]], moment: int) -> None:
    """As a look at each one finds it."""
    values.sort()
    expected = next((value for time, value in reversed(values) if time <= moment), NAN)
    times, known = np.array([time for time, _ in values], np.int64), np.array([value for _, value in values])

    np.testing.assert_array_equal([expected], last_known(times, known, np.array([moment])))


def test_the_place_of_a_moment_is_the_last_point_at_or_before_it() -> None:
    """Over pieces, some of them empty."""
    whole = Track.of(np.array([0, 1000, 2000, 3000]), np.array([1.0, 2.0, 3.0, 4.0]), np.array([5.0, 6.0, 7.0, 8.0]))
    moments = np.array([-1, 0, 999, 1500, 3000, 9000])
    pieces = [whole[:0], whole[:1], whole[1:3], whole[3:], whole[:0]]

    lat, lng = positions_at(pieces, moments)
    np.testing.assert_array_equal([NAN, 1.0, 1.0, 2.0, 4.0, 4.0], lat)
    np.testing.assert_array_equal([NAN, 5.0, 5.0, 6.0, 8.0, 8.0], lng)


def test_a_driver_drives_from_the_handover_on() -> None:
    """Until the next one; before the first, and where the driver is unknown, there is none."""
    handovers = [Handover(10, 7), Handover(20, None), Handover(30, 9)]

    assert [0, 7, 7, 0, 9] == drivers_at(handovers, np.array([9, 10, 19, 20, 99])).tolist()
