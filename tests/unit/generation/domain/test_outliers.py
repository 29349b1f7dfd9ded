"""Points that cannot have been reached are not accepted, unless the tracker stays there."""

from itertools import pairwise

import numpy as np
import pytest

from services.generation.domain.fixes import Fixes
from services.generation.domain.outliers import Acceptance
from services.generation.domain.tracks import Track

KM = 1 / 111.195  # degrees of latitude
AWAY = [(second, 100.0) for second in range(10, 20)]


def accepted(*points: tuple[float, float], cuts: tuple[int, ...] = ()) -> Fixes:
    """Return those of the points, given in seconds and km to the north, that are accepted, read in pieces."""
    seconds, km = np.array(points, np.float64).T
    track = Track.of((seconds * 1000).astype(np.int64), 1 + km * KM, np.zeros(len(km)))
    acceptance = Acceptance(jump_kmh=200)
    pieces = [acceptance.add(track[start:end]) for start, end in pairwise([0, *cuts, len(track)])]
    return Fixes.join([*pieces, acceptance.add(Track.empty(), whole=True)])


def accepted_s(*points: tuple[float, float]) -> list[float]:
    return (accepted(*points).time_ms / 1000).tolist()


def still(*seconds: int) -> list[tuple[float, float]]:
    return [(second, 0.0) for second in seconds]


def test_a_single_jump_is_left_out() -> None:
    """10 km in a second is a jump; the way back is not."""
    assert [0, 2] == accepted_s((0, 0), (1, 10), (2, 0.05))


@pytest.mark.parametrize("wild", [1, 2, 3, 4, 5])
def test_up_to_five_wild_points_are_left_out_wherever_they_are(wild: int) -> None:
    """At the start, in the middle and at the end of what is recorded."""
    before, after = still(*range(10)), still(*range(20, 30))

    for points in ([*AWAY[:wild], *after], [*before, *AWAY[:wild], *after], [*before, *AWAY[:wild]]):
        assert [second for second, km in points if km == 0] == accepted_s(*points)


def test_a_tracker_that_stays_has_been_relocated() -> None:
    """All points are accepted, and the leg between the places cannot be driven."""
    fixes = accepted(*still(*range(10)), *AWAY)

    assert 20 == len(fixes)
    assert [10] == np.flatnonzero(fixes.unreachable).tolist()


def test_a_repeated_fix_that_moves_at_last_is_no_jump() -> None:
    """Ten seconds at one place and then 100 m in one second: 360 km/h to the neighbour."""
    assert [0, 9, 10, 11] == accepted_s((0, 0), (9, 0), (10, 0.1), (11, 0.1))


def test_a_wild_row_does_not_end_a_repeated_fix() -> None:
    """The fix is as old as its first row."""
    assert [0, 4, 9, 10] == accepted_s((0, 0), (4, 0), (5, 3), (9, 0), (10, 0.4))


@pytest.mark.parametrize("cut", range(1, 25))
def test_the_decision_waits_for_the_points_behind(cut: int) -> None:
    """Pieces change nothing, wherever they end."""
    points = (*still(*range(10)), *AWAY[:4], *still(*range(20, 31)))

    assert accepted(*points).time_ms.tolist() == accepted(*points, cuts=(cut,)).time_ms.tolist()


def test_the_way_leads_past_what_is_left_out() -> None:
    """The leg into the next accepted point is measured from the last one."""
    fixes = accepted((0, 0), (1, 10), (36, 1))

    assert [0, 1] == pytest.approx(fixes.step_km.tolist(), rel=1e-4)
    assert [np.inf, 36_000] == fixes.elapsed_ms.tolist()
