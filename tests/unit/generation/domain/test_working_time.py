"""Working time: on-intervals in movement and idle, with the way."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.on_intervals import States, find_intervals
from services.generation.domain.recordings import find
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from services.generation.domain.working_time import WorkingTime, working_time
from tests.builders.tracks import DAY_MS, NOON_MS, minutes, recording, track
from tests.unit.generation.domain.recorded import RULES, tracks

ALWAYS = Windows.of([(0, 2 * NOON_MS)])
DAYS = Windows(np.array([NOON_MS - DAY_MS // 2, NOON_MS + DAY_MS // 2]), np.array([NOON_MS + DAY_MS // 2, 2 * NOON_MS]))
RECORDED = (
    (10, 0, 0),
    (5, 0, 1),
    (20, 60, 1),
    (15, 0, 1),
    (10, 0, 0),
)


def worked(known: Track, shown: Windows = ALWAYS, rules: Rules = Rules(), days: Windows | None = None) -> WorkingTime:  # noqa: B008 - frozen
    own = recording(known, 1)

    def read(start_ms: int, end_ms: int) -> tuple[np.ndarray, np.ndarray]:
        part = own.read(start_ms, end_ms)
        return part.time_ms, part.ignition

    intervals = find_intervals(States(read, own.span), shown, 60)
    edges_ms = np.unique(np.concatenate([intervals.start_ms, intervals.end_ms, shown.edges_ms()]))
    if days is not None:
        edges_ms = np.union1d(edges_ms, days.edges_ms())
    return working_time(intervals, find(own, shown, Detector(rules, edges_ms)), shown, days)


def test_working_time_is_in_movement_inside_trips_and_idle_outside() -> None:
    """The way counts while the state is on, inside trips or not."""
    found = worked(track(*RECORDED))

    assert ([10], [50]) == (minutes(found.start_ms), minutes(found.end_ms))
    assert ([2400], [1200], [1200]) == (found.on_s.tolist(), found.moving_s.tolist(), found.idle_s.tolist())
    assert [20] == found.way_km.round(6).tolist()


def test_the_way_is_shared_by_time_at_the_edge_of_a_window() -> None:
    """A window from the middle of a leg has half of it."""
    found = worked(track(*RECORDED, every_s=60), Windows.of([(NOON_MS + 20 * 60_000 + 30_000, 2 * NOON_MS)]))

    assert ([20.5], [14.5]) == (minutes(found.start_ms), found.way_km.round(6).tolist())


def test_a_day_has_the_intervals_that_begin_on_it() -> None:
    """Time after midnight belongs to the next day, but the interval does not begin there."""
    days = Windows(np.array([NOON_MS - 60_000_000, NOON_MS + 1_500_000]), np.array([NOON_MS + 1_500_000, 2 * NOON_MS]))
    found = worked(track(*RECORDED), days=days).by_day(days)

    assert ([900, 1500], [600, 600]) == (found.on_s.tolist(), found.moving_s.tolist())
    assert ([1, 0], [10, 10]) == (found.count.tolist(), found.way_km.round(6).tolist())


def test_a_day_without_working_time_is_there_with_zeros() -> None:
    """Charts show every day."""
    found = worked(track((10, 0, 0))).by_day(DAYS)

    assert ([0, 0], [0, 0]) == (found.on_s.tolist(), found.way_km.tolist())


@given(tracks(), RULES, st.lists(st.integers(-100, 20_000), min_size=1, max_size=3))
def test_periods_and_days_add_up(known: Track, rules: Rules, cuts_s: list[int]) -> None:
    """Time, time in movement and way of all parts of a cut period come to those of the whole."""
    edges = [0, *(NOON_MS + 1000 * second for second in sorted(set(cuts_s))), 2 * NOON_MS]
    spans = [Windows.of([span]) for span in pairwise(edges)]
    days = Windows(*np.array([(span.start_ms[0], span.end_ms[0]) for span in spans]).T)
    whole = worked(known, ALWAYS, rules)
    for parts in ([worked(known, span, rules) for span in spans], [worked(known, ALWAYS, rules, days).by_day(days)]):
        for name in ("on_ms", "moving_ms"):
            assert getattr(whole, name).sum() == sum(getattr(part, name).sum() for part in parts)
        assert np.isclose(whole.way_km.sum(), sum(part.way_km.sum() for part in parts), atol=1e-9)


@given(tracks(), RULES)
def test_working_time_is_never_longer_in_movement_than_on(known: Track, rules: Rules) -> None:
    """In movement and idle add up to the whole."""
    found = worked(known, ALWAYS, rules)

    assert (found.idle_s >= 0).all()
    assert (found.idle_s + found.moving_s == found.on_s).all()
