"""Ranges of tracks: what a report shows of them, and which are read together."""

import pytest

from services.errors import DaybookError, InvalidParameters, NonexistentEntities
from services.generation.domain.windows import Windows
from services.generation.tracks.track_ranges import MAX_RANGES, TrackerRange, check_ranges, near_ranges, shown_ranges

HOUR_MS = 3_600_000
NIGHTS = Windows.of([(0, 6 * HOUR_MS), (22 * HOUR_MS, 24 * HOUR_MS)])


def a_range(start_h: float, end_h: float, tracker_id: int = 1, number: int = 0) -> TrackerRange:
    return TrackerRange(number, tracker_id, round(start_h * HOUR_MS), round(end_h * HOUR_MS))


def spans(parts: list[TrackerRange]) -> list[tuple[int, float, float, bool]]:
    return [(one.number, one.start_ms / HOUR_MS, one.end_ms / HOUR_MS, one.after_gap) for one in parts]


def named(error: DaybookError) -> list[str]:
    return [one.field for one in error.violations]


def test_a_range_in_a_window_is_shown_as_it_is() -> None:
    assert [(3, 1, 6, False)] == spans(shown_ranges({1: NIGHTS}, [a_range(1, 6, number=3)]))


def test_the_time_between_two_windows_is_left_out() -> None:
    """A row of a day under a daily window over midnight goes from one window into the next."""
    assert [(0, 1, 6, False), (0, 22, 23, True)] == spans(shown_ranges({1: NIGHTS}, [a_range(1, 23)]))


@pytest.mark.parametrize("span", [(-0.1, 1), (5, 7), (7, 23), (8, 9), (23, 24.1)])
def test_a_range_that_begins_or_ends_outside_of_the_windows_is_refused(span: tuple[float, float]) -> None:
    with pytest.raises(InvalidParameters) as refused:
        shown_ranges({1: NIGHTS}, [a_range(1, 2), a_range(*span, number=1)])

    assert ["ranges[1]"] == named(refused.value)


@pytest.mark.parametrize("shown", [{}, {2: NIGHTS}, {1: Windows.empty(), 2: NIGHTS}])
def test_a_tracker_that_the_report_does_not_show_is_refused(shown: dict[int, Windows]) -> None:
    """As one that does not exist, or as time outside where it has no windows."""
    with pytest.raises((NonexistentEntities, InvalidParameters)) as refused:
        shown_ranges(shown, [a_range(1, 2)])

    assert named(refused.value)[0].startswith("ranges[0]")


@pytest.mark.parametrize("count", [0, MAX_RANGES + 1])
def test_there_are_ranges_but_not_too_many(count: int) -> None:
    with pytest.raises(InvalidParameters):
        check_ranges([a_range(1, 2)] * count)


def test_each_range_that_does_not_end_after_it_begins_is_named() -> None:
    with pytest.raises(InvalidParameters) as refused:
        check_ranges([a_range(1, 1), a_range(1, 2, number=1), a_range(2, 1, number=2)])

    assert ["ranges[0].end_time", "ranges[2].end_time"] == named(refused.value)


def test_ranges_of_a_tracker_within_a_day_of_each_other_are_read_together() -> None:
    ranges = [a_range(60, 61, number=0), a_range(0, 30, number=1), a_range(10, 12, number=2), a_range(53, 55, 2, 3)]

    groups = near_ranges([*ranges, a_range(50, 52, number=4), a_range(100, 101, number=5)])

    assert [[1, 2, 4, 0], [5], [3]] == [[one.number for one in group] for group in groups]
