"""The texts of durations (reference 4.7)."""

import math

from hypothesis import given
from hypothesis import strategies as st

from services.generation.words.numbers import durations

SECONDS = st.floats(0, 1e8).map(lambda seconds: round(seconds, 3))


def test_minutes_are_cut_and_hours_do_not_wrap() -> None:
    """The worked example's times, a month of work, and nothing."""
    assert ["01:52", "10:33", "611:44", "00:00", "00:00"] == durations(
        [6749, 37980, 611 * 3600 + 44 * 60 + 59, 0, 59.999]
    )


def test_seconds_are_shown_on_demand() -> None:
    """Seconds are cut, too."""
    assert ["01:52:29", "100:00:00", "00:00:59"] == durations([6749, 360_000, 59.999], show_seconds=True)


def test_a_duration_that_misses_a_second_by_binary_noise_has_it() -> None:
    """Seconds are good to the millisecond only."""
    noisy = 4.35 * 100

    assert noisy < 435
    assert ["00:07:15"] == durations(noisy, show_seconds=True)


def test_unknown_is_an_em_dash() -> None:
    """With and without seconds."""
    assert ["—", "00:01"] == durations([math.nan, 60])
    assert ["—"] == durations(math.nan, show_seconds=True)


@given(st.lists(SECONDS))
def test_a_text_reads_back_as_its_whole_seconds(seconds: list[float]) -> None:
    """Hours, minutes below 60 and seconds below 60 add up to the duration without its fraction."""
    parts = [tuple(map(int, text.split(":"))) for text in durations(seconds, show_seconds=True)]

    assert [int(value) for value in seconds] == [h * 3600 + m * 60 + s for h, m, s in parts]
    assert all(m < 60 and s < 60 for _, m, s in parts)
    assert [f"{h:02d}:{m:02d}" for h, m, _ in parts] == durations(seconds)
