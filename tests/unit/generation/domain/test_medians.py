"""Running medians against the plain definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.medians import medians_around, with_medians

levels = st.lists(st.integers(-20, 20).map(float), max_size=60)


@given(levels)
def test_a_median_is_that_of_the_11_values_around(known: list[float]) -> None:
    """Near the ends there are fewer values around."""
    expected = [np.median(known[max(place - 5, 0) : place + 6]) for place in range(len(known))]

    assert expected == medians_around(np.array(known)).tolist()


@given(levels, st.lists(st.tuples(st.integers(0, 59), st.integers(1, 60)), max_size=30), st.sampled_from([0.0, 2, 9]))
def test_a_value_far_from_the_median_of_its_window_becomes_it(
    known: list[float], spans: list[tuple[int, int]], most: float
) -> None:
    """Windows may have any length; of an even number of values the two in the middle count."""
    spans = sorted(span for span in spans if span[0] < len(known))[: len(known)]
    first = np.array([start for start, _ in spans], np.int64)
    end = np.maximum.accumulate(np.array([min(start + length, len(known)) for start, length in spans], np.int64))
    rows = np.arange(len(spans))
    windows = (np.resize(first, len(known)), np.resize(end, len(known)))
    expected = [*known]
    for row in rows.tolist():
        median = float(np.median(known[first[row] : end[row]]))
        expected[row] = median if abs(known[row] - median) > most else known[row]

    assert expected == with_medians(np.array(known), windows, rows, most).tolist()


@pytest.mark.parametrize("width", [13, 60, 601])
def test_long_series_have_the_medians_of_the_plain_definition(width: int) -> None:
    """Those of a sample of windows bound the others."""
    value = np.random.default_rng(1).normal(size=20_000).cumsum() / 10
    value[::97] += 5
    first = np.maximum(np.arange(len(value)) - width // 2, 0)
    end = np.minimum(np.arange(len(value)) + width // 2 + 1, len(value))
    medians = np.array([np.median(value[low:high]) for low, high in zip(first, end, strict=True)])
    expected = np.where(np.abs(value - medians) > 1, medians, value)

    assert np.array_equal(expected, with_medians(value, (first, end), np.arange(len(value)), 1))
