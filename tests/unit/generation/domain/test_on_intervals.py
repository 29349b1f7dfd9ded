"""On-intervals: from the first on to the first off, on the whole recording."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.on_intervals import Intervals, States, find_intervals
from services.generation.domain.windows import Windows
from tests.builders.tracks import NOON_MS
from tests.unit.generation.domain.recorded import WINDOWS

ALWAYS = Windows.of([(0, 2 * NOON_MS)])
PAUSES_S, ON_OFF = (1, 10, 60, 600, 5000), (0, 0, 1, 1, np.nan)
STATES = st.lists(st.tuples(st.sampled_from(PAUSES_S), st.sampled_from(ON_OFF)), max_size=60)

Samples = list[tuple[int, float]]  # seconds since the sample before, and the state


def states_of(samples: Samples, chunk_days: int = 1) -> States:
    time_ms = NOON_MS + 1000 * np.cumsum([pause_s for pause_s, _ in samples], dtype=np.int64)
    state = np.array([on for _, on in samples], np.float64)

    def read(start_ms: int, end_ms: int) -> tuple[np.ndarray, np.ndarray]:
        rows = slice(*np.searchsorted(time_ms, [start_ms, end_ms]))
        return time_ms[rows], state[rows]

    return States(read, (int(time_ms[0]), int(time_ms[-1])) if samples else None, chunk_days)


def seconds(found: Intervals) -> list[tuple[int, int]]:
    return [((a - NOON_MS) // 1000, (b - NOON_MS) // 1000) for a, b in zip(found.start_ms, found.end_ms, strict=True)]


def test_an_interval_lasts_from_the_first_on_to_the_first_off() -> None:
    """The published example: off 16:00:00, on 16:01:00, on 16:01:32, off 16:05:32 are 4 min 32 s."""
    assert [(60, 332)] == seconds(find_intervals(states_of([(0, 0), (60, 1), (32, 1), (240, 0)]), ALWAYS, 60))


def test_an_unknown_state_is_the_last_known_one_and_off_before_the_first() -> None:
    """However long ago that was known."""
    assert [(20, 5030)] == seconds(
        find_intervals(states_of([(10, np.nan), (10, 1), (10, np.nan), (5000, 0)]), ALWAYS, 60)
    )


def test_an_interval_without_off_ends_at_the_last_sample() -> None:
    """Whether that knows the state or not."""
    assert [(0, 90)] == seconds(find_intervals(states_of([(0, 1), (60, 1), (30, np.nan)]), ALWAYS, 60))


def test_an_interval_of_the_minimum_is_kept_and_a_shorter_one_is_not() -> None:
    """The minimum is judged before a window cuts the interval."""
    states = states_of([(0, 1), (60, 0), (60, 1), (59, 0)])

    assert [(0, 60)] == seconds(find_intervals(states, ALWAYS, 60))
    assert [(0, 60)] == seconds(find_intervals(states, Windows.of([(NOON_MS + 59_000, 2 * NOON_MS)]), 60))
    assert [] == seconds(find_intervals(states, Windows.of([(NOON_MS + 60_000, 2 * NOON_MS)]), 60))


def by_hand(samples: Samples, least_s: float) -> list[tuple[int, int]]:
    found, since, clock_s = [], None, 0
    for pause_s, on in samples:
        clock_s += pause_s
        if on == 1 and since is None:
            since = clock_s
        elif on == 0 and since is not None:
            found.append((since, clock_s))
            since = None
    found += [] if since is None else [(since, clock_s)]
    return [(start, end) for start, end in found if end - start >= least_s]


@given(STATES, st.sampled_from([1, 60, 7000]))
def test_intervals_are_those_found_sample_by_sample(samples: Samples, least_s: int) -> None:
    """Whatever the samples."""
    assert by_hand(samples, least_s) == seconds(find_intervals(states_of(samples), ALWAYS, least_s))


@given(STATES, st.sampled_from([1, 60, 7000]), WINDOWS)
def test_a_period_cuts_intervals_and_does_not_decide(samples: Samples, least_s: int, shown: Windows) -> None:
    """Reading some windows gives what the whole recording gives in them."""
    states = states_of(samples)
    part, whole = find_intervals(states, shown, least_s), find_intervals(states, ALWAYS, least_s)
    pieces = [shown.cut(found.start_ms, found.end_ms) for found in (part, whole)]

    for name in ("start_ms", "end_ms"):
        assert getattr(pieces[1], name).tolist() == getattr(pieces[0], name).tolist()


@given(STATES, st.lists(st.integers(-100, 20_000), min_size=1, max_size=3))
def test_pieces_of_intervals_add_up(samples: Samples, cuts_s: list[int]) -> None:
    """Times of the parts of a cut period come to those of the whole."""
    edges = [0, *(NOON_MS + 1000 * second for second in sorted(set(cuts_s))), 2 * NOON_MS]
    states, whole = states_of(samples), 0
    for start_ms, end_ms in pairwise(edges):
        own = Windows.of([(start_ms, end_ms)])
        found = find_intervals(states, own, 60)
        whole += own.covered_s(found.start_ms, found.end_ms).sum()

    assert sum(end - start for start, end in by_hand(samples, 60)) == whole
