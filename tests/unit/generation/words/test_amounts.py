"""Percentages and sums of money."""

import math

import pytest

from services.generation.words.numbers import money, percents


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("en", ["14.7%", "98%", "—"]), ("ru_RU", ["14,7\xa0%", "98\xa0%", "—"]), ("tr", ["%14,7", "%98", "—"])],
)
def test_the_percent_sign_stands_where_the_locale_puts_it(locale: str, expected: list[str]) -> None:
    """English puts it at the number, Russian after a space, Turkish before."""
    assert expected == percents([14.66, 98.0, math.nan], 1, locale)


@pytest.mark.parametrize(
    ("locale", "currency", "expected"),
    [
        ("en", "USD", ["$454.50", "-$3.00", "—"]),
        ("en", "JPY", ["¥455", "-¥3", "—"]),
        ("en", "CHF", ["CHF\xa0454.50", "-CHF\xa03.00", "—"]),
        ("de", "EUR", ["454,50\xa0€", "-3,00\xa0€", "—"]),
        ("ru", "RUB", ["454,50\xa0₽", "-3,00\xa0₽", "—"]),
    ],
)
def test_money_has_its_currencys_decimals_and_sign(locale: str, currency: str, expected: list[str]) -> None:
    """Symbol and decimals are CLDR's, a minus comes first, letters keep a space."""
    assert expected == money([454.5, -3, math.nan], currency, locale)
