"""Amounts: percentages and sums of money with their signs in the locale's places."""

from babel.numbers import NumberPattern, get_currency_precision, get_currency_symbol
from numpy.typing import ArrayLike

from services.generation.words.locales import cldr, decimal_symbol
from services.generation.words.numbers import UNKNOWN, texts

_NO_BREAK_SPACE = "\xa0"


def percents(values: ArrayLike, decimals: int, locale: str) -> list[str]:
    """Return the text of each percentage, 0 to 100: "14.7%" in English, with a space in Russian; unknown "—"."""
    pattern = cldr(locale).percent_formats[None]
    return _with_affixes(texts(values, decimals, decimal_symbol(locale)), pattern.prefix[0], pattern.suffix[0])


def money(values: ArrayLike, currency: str, locale: str) -> list[str]:
    """Return the text of each sum in an ISO 4217 currency with all its decimals: "$454.50"; unknown "—"."""
    pattern: NumberPattern = cldr(locale).currency_formats["standard"]
    symbol = get_currency_symbol(currency, cldr(locale))
    prefix, suffix = (affix[0].replace("¤", symbol) for affix in (pattern.prefix, pattern.suffix))
    if prefix[-1:].isalpha():
        prefix += _NO_BREAK_SPACE
    numbers = texts(values, get_currency_precision(currency), decimal_symbol(locale), keep_zeros=True)
    return _with_affixes(numbers, prefix, suffix)


def _with_affixes(numbers: list[str], prefix: str, suffix: str) -> list[str]:
    return [
        number
        if number == UNKNOWN
        else f"-{prefix}{number[1:]}{suffix}"
        if number.startswith("-")
        else f"{prefix}{number}{suffix}"
        for number in numbers
    ]
