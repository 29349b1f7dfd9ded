"""Surroundings of moments: nearest points over a route in pieces."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.route import Route
from services.generation.domain.surroundings import Surroundings


def route(times: list[int]) -> Route:
    moments = np.array(times, np.int64)
    return Route(moments, moments / 1000, moments / 2000, moments / 10, moments * 0.0)


def oracle(times: list[int], moment: int, within: int) -> float:
    near = [time for time in times if abs(time - moment) <= within]
    return min(((abs(time - moment), time) for time in near), default=(0, np.nan))[1] / 10


@given(
    st.lists(st.integers(0, 1000), unique=True),
    st.lists(st.integers(-50, 1050), max_size=10),
    st.integers(1, 10),
    st.integers(0, 100),
)
def test_the_nearest_point_is_found_however_the_route_is_cut(
    times: list[int], moments: list[int], size: int, within: int
) -> None:
    """Of two as near as each other the earlier one counts; the last one at or before a moment is its place."""
    times = sorted(times)
    found = Surroundings(np.array(moments, np.int64))
    for first in range(0, len(times), size):
        found.add(route(times[first : first + size]))
    places = [max((time for time in times if time <= moment), default=np.nan) / 1000 for moment in moments]

    np.testing.assert_array_equal([oracle(times, moment, within) for moment in moments], found.nearest_kmh(within))
    np.testing.assert_array_equal(places, found.lat)
