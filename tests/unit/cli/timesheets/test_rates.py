"""Rates behind amounts: which whole-cent rates explain them, and which of several is chosen."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.cli.timesheets.rates import MAX_RATE, Pricing, Rates, explaining

seconds_of = st.integers(1, 999 * 3600)
rate_of = st.integers(0, 1_000_000)


def amount(seconds: int, rate: int) -> int:
    """Return seconds x rate / 3600, half up."""
    return (2 * seconds * rate + 3600) // 7200


@given(seconds_of, rate_of)
def test_the_rate_behind_an_amount_explains_it(seconds: int, rate: int) -> None:
    """And so do all rates in between, and none beyond."""
    cents = amount(seconds, rate)
    found = explaining(seconds, cents, "EUR")

    assert rate in found
    assert {cents} == {amount(seconds, found.low), amount(seconds, found.high)}
    assert found.low == 0 or amount(seconds, found.low - 1) < cents
    assert found.high == MAX_RATE or amount(seconds, found.high + 1) > cents


@given(st.lists(seconds_of, min_size=1), rate_of)
def test_one_rate_explains_all_amounts_of_a_project(durations: list[int], rate: int) -> None:
    """The chosen one makes every amount exactly."""
    pricing = Pricing()
    for seconds in durations:
        pricing.add("EUR", seconds, amount(seconds, rate))

    chosen, currency = pricing.of_project()

    assert chosen is not None
    assert "EUR" == currency
    assert all(amount(seconds, rate) == amount(seconds, chosen) for seconds in durations)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(4990, 5010, 5000), (4000, 6000, 4000), (4999, 4999, 4999), (101, 109, 101), (0, 50, 0), (1, 0, None)],
)
def test_of_several_rates_the_roundest_is_chosen(low: int, high: int, expected: int | None) -> None:
    """The most zeros at the end, then the smallest."""
    assert expected == Rates(low, high).roundest()


@given(st.integers(0, 20_000), st.integers(0, 300))
def test_no_rate_is_rounder_than_the_roundest(low: int, width: int) -> None:
    """Zeros at the end are counted for all."""
    assume(low > 0)
    zeros = {rate: len(str(rate)) - len(str(rate).rstrip("0")) for rate in range(low, low + width + 1)}
    most = max(zeros.values())

    assert min(rate for rate, count in zeros.items() if count == most) == Rates(low, low + width).roundest()


def test_amounts_of_two_rates_leave_none() -> None:
    """Entries keep their amounts."""
    pricing = Pricing()
    pricing.add("EUR", 3600, 5000)
    pricing.add("EUR", 3600, 8000)

    assert (None, "EUR") == pricing.of_project()


def test_two_currencies_leave_a_project_without_a_rate() -> None:
    """Each has one that explains its own amounts."""
    pricing = Pricing()
    pricing.add("EUR", 3600, 5000)
    pricing.add("USD", 3600, 8000)

    assert (None, "") == pricing.of_project()


def test_an_amount_that_is_missing_leaves_a_project_without_a_rate() -> None:
    """Its rate would make an amount where the file has none."""
    pricing = Pricing(unpriced=True)
    pricing.add("EUR", 3600, 5000)

    assert (None, "EUR") == pricing.of_project()


def test_some_amounts_have_no_rate_in_whole_cents() -> None:
    """Nor has an amount of no time."""
    assert explaining(7200, 3, "EUR").roundest() is None
    assert explaining(0, 3, "EUR").roundest() is None


@given(seconds_of, st.integers(0, 10_000))
def test_amounts_in_whole_units_are_explained_by_rates_that_are_rounded_to_them(seconds: int, rate: int) -> None:
    """Yen have no decimals."""
    cents = (seconds * rate + 180_000) // 360_000 * 100

    assert rate in explaining(seconds, cents, "JPY")
    assert explaining(seconds, cents + 1, "JPY").roundest() is None
