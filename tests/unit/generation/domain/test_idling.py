"""Idling: ignition on within stops, on the whole recording, however far beyond a period."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.detection import Detection, Rules
from services.generation.domain.detector import Detector
from services.generation.domain.idling import find_idling, ignition_intervals, span_of_idling
from services.generation.domain.on_intervals import Intervals, States
from services.generation.domain.recordings import Recording, find
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from tests.builders.examples import examples
from tests.builders.kinds import at
from tests.builders.tracks import minutes, parking, recording, track

RULES = Rules(parking(), Detection(), filter_on=True)
LEGS = st.lists(
    st.tuples(st.integers(1, 90), st.sampled_from([0, 0, 50]), st.sampled_from([0, 1, 1])), min_size=1, max_size=8
)


def states_of(known: Track, recorded: Recording, reads: list[tuple[int, int]] | None = None) -> States:
    """Return the ignition of a track, which notes what is read of it."""

    def read(start_ms: int, end_ms: int) -> tuple[Ints, Floats]:
        if reads is not None:
            reads.append((start_ms, end_ms))
        first = max(int(np.searchsorted(known.time_ms, start_ms)) - 1, 0)
        rows = slice(first, int(np.searchsorted(known.time_ms, end_ms)))
        return known.time_ms[rows], known.ignition[rows].astype(np.float64)

    return States(read, recorded.span, recorded.chunk_days)


def idling(known: Track, window: tuple[int, int]) -> Intervals:
    """Return the whole idling that reaches into a window."""
    recorded, windows = recording(known), Windows.of([window])
    states = states_of(known, recorded)
    span = span_of_idling(recorded, states, RULES, windows)
    found = find(recorded, Windows.of([span]), Detector(RULES, np.array(span)))
    whole = find_idling(found, ignition_intervals(states, *span))
    return whole[(whole.end_ms > window[0]) & (whole.start_ms < window[1])]


def test_idling_begins_and_ends_with_the_stop_or_with_the_ignition() -> None:
    """Whichever is later, and whichever is earlier."""
    known = track((10, 60, 1), (10, 0, 1), (10, 0, 0), (10, 0, 1), (20, 60, 1), (6, 0, 0), every_s=60)
    found = idling(known, (at(0), at(70)))

    assert [(10, 20), (30, 40)] == [*zip(minutes(found.start_ms), minutes(found.end_ms), strict=True)]


@examples(60)
@given(LEGS, st.lists(st.integers(-10, 600), min_size=2, max_size=5, unique=True))
def test_a_period_decides_nothing(legs: list[tuple[float, float, float]], edges: list[int]) -> None:
    """Idling that reaches into a period is as on the whole recording."""
    known = track(*legs, every_s=60)
    whole = idling(known, (at(-100), at(1000)))
    for window in pairwise(map(at, sorted(edges))):
        reaches = (whole.end_ms > window[0]) & (whole.start_ms < window[1])
        found = idling(known, window)
        assert whole.start_ms[reaches].tolist() == found.start_ms.tolist()
        assert whole.end_ms[reaches].tolist() == found.end_ms.tolist()


def test_ignition_that_is_always_on_is_not_read_from_its_beginning() -> None:
    """The next trip on either side is far enough."""
    known = track(*[(60, 50, 1), (60, 0, 1)] * 200, every_s=60)
    recorded, reads = recording(known), []
    middle = at(200 * 60 + 90)
    begin_ms, end_ms = span_of_idling(
        recorded, states_of(known, recorded, reads), RULES, Windows.of([(middle, middle + 60_000)])
    )

    assert end_ms - begin_ms <= 6 * 3_600_000
    assert all(end - start <= 6 * 3_600_000 for start, end in reads)
