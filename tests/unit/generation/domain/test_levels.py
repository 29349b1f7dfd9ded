"""Levels of a tank: losses, surges and smoothing (reference 6.6)."""

from dataclasses import replace

import numpy as np

from services.generation.domain.levels import Tank, smoothed
from services.generation.domain.value_series import Values
from tests.builders.readings import values

TANK = Tank.of(100, 3)


def cleaned(level: list[float], tank: Tank = TANK, every_s: float = 60) -> list[float]:
    """Return the levels that evenly spaced readings stand for."""
    time_ms = (np.arange(len(level)) * every_s * 1000).astype(np.int64)
    return tank.levels(Values(time_ms, np.array(level, np.float64))).value.tolist()


def test_an_unknown_accuracy_counts_as_3_percent_and_a_fine_one_as_1_percent() -> None:
    """The absolute error is the tank times the accuracy."""
    assert [3, 1, 2.5] == [Tank.of(100, accuracy).error for accuracy in (0, 0.25, 2.5)]


def test_readings_near_zero_after_which_the_level_is_back_are_none() -> None:
    """However long the loss lasts, it is no reading."""
    assert [40, 40, 42] == cleaned([40, 40, 0, 1.5, *[0] * 500, 42])


def test_readings_near_zero_stay_when_the_level_is_not_back() -> None:
    """A tank that was emptied and filled again was empty."""
    assert [40, 0, 0, 60] == cleaned([40, 0, 0, 60])


def test_a_low_level_at_either_end_stays() -> None:
    """Without a level on both sides it is not known to be a loss."""
    assert [0, 0, 40, 0] == cleaned([0, 0, 40, 0])


def test_the_surge_filter_takes_away_peaks_of_up_to_5_readings() -> None:
    """They become the median of those around."""
    tank = replace(TANK, surge_threshold=0.2)

    assert [50] * 35 == cleaned([*[50] * 15, *[80] * 5, *[50] * 15], tank)


def test_the_surge_filter_looks_5_minutes_around_dense_readings() -> None:
    """A peak of 100 seconds is short among readings every second."""
    tank = replace(TANK, surge_threshold=0.2)

    assert [50] * 1100 == cleaned([*[50] * 500, *[80] * 100, *[50] * 500], tank, every_s=1)


def test_the_surge_filter_leaves_small_differences() -> None:
    """Up to threshold x error from the median a reading stays as it is."""
    tank = replace(TANK, surge_threshold=0.2)
    level = [50.0] * 20
    level[10] = 50.6

    assert level == cleaned(level, tank)


def test_smoothing_is_the_mean_of_5_readings() -> None:
    """Fewer count at the ends."""
    assert [2, 2.5, 3, 3.5, 4] == smoothed(np.array([1.0, 2, 3, 4, 5])).tolist()
    assert [] == smoothed(values()[:0].value).tolist()
