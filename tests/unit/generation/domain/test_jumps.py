"""Points that cannot have been reached are not accepted."""

import numpy as np

from services.generation.domain.detection import Detection
from services.generation.domain.fixes import Fixes, accept
from services.generation.domain.tracks import Track

KM = 1 / 111.195  # degrees of latitude


def accepted_s(*points: tuple[float, float]) -> list[float]:
    """Return when those of the points, given in seconds and km to the north, are that are accepted."""
    seconds, km = np.array(points, np.float64).T
    track = Track.of((seconds * 1000).astype(np.int64), km * KM, np.zeros(len(km)))
    return (accept(track, Fixes.empty(), Detection())[0].time_ms / 1000).tolist()


def test_a_single_jump_is_left_out() -> None:
    """10 km in a second is a jump; the way back is not."""
    assert [0, 2] == accepted_s((0, 0), (1, 10), (2, 0.05))


def test_a_jump_that_stays_is_measured_from_the_last_accepted_point() -> None:
    """At 200 km/h 10 km take 180 s, so points there are accepted from then on."""
    assert [0, 181, 182] == accepted_s((0, 0), (1, 10), (2, 10), (100, 10), (179, 10), (181, 10), (182, 10))


def test_after_five_minutes_a_jump_is_forgotten() -> None:
    """A point more than 5 minutes after the last accepted one is accepted wherever it is."""
    assert [0, 301, 302] == accepted_s((0, 0), (1, 500), (300, 500), (301, 500), (302, 500))


def test_a_repeated_fix_that_moves_at_last_is_no_jump() -> None:
    """Ten seconds at one place and then 100 m in one second: 360 km/h to the neighbour."""
    assert [0, 1, 10] == accepted_s((0, 0), (1, 0), (10, 0.1))
    assert [0, 9, 11] == accepted_s((0, 0), (9, 0), (10, 0.1), (11, 0.1))


def test_a_long_jump_is_searched_to_its_end() -> None:
    """Hundreds of refused points in a row are one jump."""
    away = [(second, 11.99) for second in range(1, 217)]

    assert [0, 216] == accepted_s((0, 0), *away)


def test_speed_unknown_is_way_over_time_from_the_last_accepted_point() -> None:
    """The refused point between does not count; the very first point stands still."""
    track = Track.of(np.array([0, 1000, 36_000]), np.array([0, 10, 1]) * KM, np.zeros(3))
    fixes, refused = accept(track, Fixes.empty(), Detection())

    np.testing.assert_allclose([0, 100], fixes.speed_kmh, rtol=1e-4)
    assert [False, True, False] == refused.tolist()
