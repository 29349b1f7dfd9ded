"""Flow meters with resets and glitches (reference 6.7)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.flow_meter import find_flow, glitches, next_at_least, rises
from services.generation.domain.tank_levels import Period
from tests.builders.readings import readings, values
from tests.builders.tracks import windows


def consumed(*counter: float) -> float:
    """Return what a counter counted."""
    values = np.array(counter, np.float64)
    return float(rises(values[~glitches(values)]).sum())


@pytest.mark.parametrize(
    ("counter", "expected"),
    [
        ((100, 110, 130), 30),
        ((100, 110, 5, 8), 18),  # began again at 0
        ((100, 110, 5, 8, 112), 12),  # came back in one step: a glitch
        ((100, 110, 5, 40, 80, 112), 122),  # grew past the old value in small steps
        ((100, 110, 0, 3, 2, 120, 121), 21),  # a glitch within a glitch
        ((100, 110, 60, 84, 109, 111), 121),  # a step of less than half the fall
        ((5,), 0),
        ((), 0),
    ],
)
def test_a_fall_is_a_new_beginning_unless_the_counter_comes_back(counter: tuple[float, ...], expected: float) -> None:
    """It comes back in one step of at least half the fall."""
    assert expected == consumed(*counter)


@given(
    st.lists(st.integers(0, 9).map(float), min_size=1, max_size=70),
    st.lists(st.tuples(st.integers(0, 69), st.integers(0, 10)), max_size=20),
)
def test_the_next_value_that_is_large_enough_is_found(known: list[float], asked: list[tuple[int, int]]) -> None:
    """Or there is none."""
    asked = [(start % len(known), least) for start, least in asked]
    expected = [
        next((place for place in range(start, len(known)) if known[place] >= least), len(known))
        for start, least in asked
    ]
    starts, least = np.array([one[0] for one in asked], np.int64), np.array([one[1] for one in asked], np.float64)

    assert expected == next_at_least(np.array(known), starts, least).tolist()


@given(st.lists(st.integers(0, 120), min_size=2, max_size=8, unique=True))
def test_a_row_consumes_what_its_two_ends_differ_by(minutes: list[int]) -> None:
    """Also where readings lie on its edges: they belong to what follows."""
    edges = sorted(minutes)
    rows = windows(*zip(edges[:-1:2], edges[1::2], strict=False))
    period = Period(rows, int(rows.start_ms[0]), int(rows.end_ms[-1]))
    flow = find_flow(readings(values((120, 60), first=1000, every_s=600)), period)
    filled = flow.count > 0

    np.testing.assert_allclose(flow.consumed[filled], (flow.end - flow.start)[filled])
