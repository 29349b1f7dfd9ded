"""Penalties: tiers, minutes above a minimum, shares, rows of harsh events, ratings (reference 6.5)."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.penalties import Tiers, penalised, ratings, rows_of_events
from services.generation.domain.windows import Windows

TIERS = Tiers.of(60, {30: 25, 10: 2, 20: 10, 50: 75})
ALWAYS = Windows.of([(-(10**12), 10**12)])
MINUTE = 60_000


def test_the_highest_tier_that_is_reached_decides() -> None:
    """A tier is reached at exactly its speed."""
    speeds = np.array([60, 69.9, 70, 79.9, 80, 89, 90, 109, 110, 300])

    assert [0, 0, 2, 2, 10, 10, 25, 25, 75, 75] == TIERS.rates_at(speeds).tolist()
    assert 70 == TIERS.lowest_kmh


def test_the_published_examples() -> None:
    """1:37 at 21 km/h above the limit, and idling of 8:14."""
    speeding = penalised(np.array([0]), np.array([97_000]), MINUTE, TIERS.rates_at(np.array([81.0])), ALWAYS)
    idling = penalised(np.array([0]), np.array([494_000]), 5 * MINUTE, np.array([5.0]), ALWAYS)

    assert (6.2, 16.2) == (round(speeding.points.item(), 1), round(idling.points.item(), 1))


def test_a_violation_is_longer_than_the_minimum() -> None:
    found = penalised(np.array([0, 0]), np.array([MINUTE, MINUTE + 1]), MINUTE, np.array([2.0, 2.0]), ALWAYS)

    assert [1] == found.whole.tolist()


@given(st.integers(0, 10**7), st.integers(0, 10), st.lists(st.integers(-1000, 10**7), max_size=8))
def test_pieces_add_up_to_the_whole(duration_ms: int, least: int, edges: list[int]) -> None:
    """However the time is cut into windows."""
    bounds = sorted({-(10**8), *edges, 10**8})
    start, end, rate = np.array([0]), np.array([duration_ms]), np.array([7.0])
    whole = penalised(start, end, least * MINUTE, rate, ALWAYS).points.sum()
    parts = [penalised(start, end, least * MINUTE, rate, Windows.of([span])).points.sum() for span in pairwise(bounds)]

    assert whole == pytest.approx(sum(parts))


@given(st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(0, 2)), max_size=30))
def test_harsh_events_of_one_type_soon_after_each_other_are_a_row(events: list[tuple[int, int]]) -> None:
    """As a slow loop finds them: each at most three minutes after the one before of its type."""
    events = sorted(events)
    last: dict[int, tuple[int, int]] = {}
    expected = []
    for place, (time_ms, kind) in enumerate(events):
        before = last.get(kind)
        row = before[1] if before and time_ms - before[0] <= 180_000 else place
        last[kind] = time_ms, row
        expected.append(row)
    moments, kinds = np.array(events, np.int64).reshape(-1, 2).T

    assert expected == rows_of_events(moments, kinds).tolist()


def test_ratings_are_from_0_to_100() -> None:
    assert [100, 46.5, 0] == ratings(np.array([0, 53.5, 500]), np.array([100, 100, 100])).tolist()
