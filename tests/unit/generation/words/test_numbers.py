"""Rounding and the texts of numbers."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.generation.words.numbers import half_up, texts

SENSIBLE = st.floats(-1e9, 1e9) | st.decimals(-10_000, 10_000, places=3).map(float)
DECIMALS = st.integers(0, 3)


def by_decimal(value: float, decimals: int) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@given(st.lists(SENSIBLE), DECIMALS)
def test_half_up_is_what_decimal_does_with_the_shown_digits(values: list[float], decimals: int) -> None:
    """Rounding works on the digits that a person sees, not on the binary value behind them."""
    assert [float(by_decimal(value, decimals)) for value in values] == half_up(values, decimals).tolist()


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.125, 2, 0.13),
        (1.005, 2, 1.01),
        (0.285, 2, 0.29),
        (0.29, 2, 0.29),
        (0.5, 0, 1),
        (1.5, 0, 2),
        (2.5, 0, 3),
        (-2.5, 0, -3),
        (-1.005, 2, -1.01),
        (49.65, 0, 50),
        (523.82, 1, 523.8),
        (0.49999999999999994, 0, 0),
        (5e15, 2, 5e15),
        (1.7e308, 2, 1.7e308),
    ],
)
def test_halves_go_up(value: float, decimals: int, expected: float) -> None:
    """A half goes away from zero although its binary value may lie below it; huge values stay."""
    assert expected == half_up(value, decimals)


def test_unknown_stays_unknown_and_zero_has_no_sign() -> None:
    """NaN and infinity pass through, -0.004 becomes 0.0."""
    rounded = half_up([np.nan, np.inf, -0.004, -0.0], 2)
    assert np.isnan(rounded[0])
    assert [np.inf, 0.0, 0.0] == rounded[1:].tolist()
    assert not np.signbit(rounded[2:]).any()


@given(st.lists(SENSIBLE), st.integers(0, 6))
def test_texts_are_decimals_digits_without_trailing_zeros(values: list[float], decimals: int) -> None:
    """Every text is that of the rounded decimal number, neither more nor fewer digits.

    A value needs a digit behind the last one shown: with 16 significant digits a half and its neighbour are one float.
    """
    assume(all(abs(value) * 10 ** (decimals + 1) < 2**53 for value in values))
    rounded = [by_decimal(value, decimals) for value in values]
    assert [f"{value.normalize() + 0:f}" for value in rounded] == texts(values, decimals)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (106.29, 2, "106.29"),
        (0.95, 2, "0.95"),
        (5.4, 2, "5.4"),
        (523.82, 1, "523.8"),
        (515855.0, 1, "515855"),
        (762052.8, 1, "762052.8"),
        (100.0, 2, "100"),
        (100.0, 0, "100"),
        (-0.25, 2, "-0.25"),
        (-0.001, 2, "0"),
        (55.7512345, 6, "55.751235"),
        (5e15, 0, "5000000000000000"),
        (5e15, 2, "5000000000000000"),
    ],
)
def test_texts_of_the_reference(value: float, decimals: int, expected: str) -> None:
    """Reference 4.7: trailing zeros are dropped, digits are not grouped, zero has no sign."""
    assert [expected] == texts(value, decimals)


def test_the_decimal_symbol_is_the_locales() -> None:
    """The symbol stands in short and in long fractions."""
    assert ["1,5", "0,75", "2"] == texts([1.5, 0.75, 2], 2, ",")
    assert ["1,500001"] == texts([1.500001], 6, ",")


def test_zeros_are_kept_on_demand() -> None:
    """Sums of money show all their decimals."""
    assert ["454.50", "3.00", "-0.05"] == texts([454.5, 3, -0.05], 2, keep_zeros=True)
    assert ["1.0500"] == texts(1.05, 4, keep_zeros=True)


@pytest.mark.parametrize("decimals", [0, 2, 6])
def test_unknown_is_an_em_dash(decimals: int) -> None:
    """NaN, and an infinity that no reader can use."""
    assert ["—", "1", "—"] == texts([np.nan, 1, np.inf], decimals)


def test_no_values_have_no_texts() -> None:
    """An empty column stays empty."""
    assert [] == texts([], 2)
