"""Thinning of outlines: how many points stay, which, and that a line keeps its ends."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.outline_thinning import thinned_outline


@given(st.integers(0, 2**32 - 1), st.integers(3, 200), st.integers(3, 250), st.sampled_from(["closed", "open"]))
def test_as_many_points_stay_as_are_wanted_in_their_order(seed: int, size: int, count: int, form: str) -> None:
    rng = np.random.default_rng(seed)
    rows = thinned_outline(rng.uniform(-80, 80, size), rng.uniform(-180, 540, size), count, closed=form == "closed")

    assert min(size, count) == len(rows)
    assert (np.diff(rows) > 0).all()
    assert form == "closed" or [0, size - 1] == rows[[0, -1]].tolist()


def test_points_on_a_straight_edge_go_first_and_corners_stay() -> None:
    lat = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.5])
    lng = np.array([0.0, 0.4, 1.0, 1.0, 0.6, 0.0, 0.0])

    assert [0, 2, 3, 5] == thinned_outline(lat, lng, 4, closed=True).tolist()


@pytest.mark.parametrize(("closed", "least"), [(True, 3), (False, 2)])
def test_a_shape_keeps_the_points_without_which_it_is_none(closed: bool, least: int) -> None:
    lat = np.array([0.0, 1.0, 0.0, 2.0])

    assert least == len(thinned_outline(lat, np.arange(4.0), 1, closed=closed))
