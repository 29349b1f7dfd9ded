"""Locales that a user may choose."""

import pytest

from services.generation.words.locales import cldr, decimal_symbol, is_locale


@pytest.mark.parametrize("text", ["en", "en_US", "ru", "ru_RU", "es_MX", "de_AT", "mn_MN", "zh_TW", "en_RU", "iw"])
def test_language_with_or_without_country_is_a_locale(text: str) -> None:
    """A known language may stand with any country, also one where CLDR has no data for the pair."""
    assert is_locale(text)


@pytest.mark.parametrize(
    "text", ["", "EN", "en-US", "en_us", "en_USA", "en_XX", "xx", "und", "root", "ru_RU\n", "ru_RU.UTF-8", "../ru"]
)
def test_anything_else_is_not(text: str) -> None:
    """The form is language[_COUNTRY] and both are known."""
    assert not is_locale(text)


def test_an_unknown_pair_has_its_languages_data() -> None:
    """Where CLDR lacks the pair the language decides, and English where that is unknown, too."""
    assert "ru" == cldr("ru_US").language
    assert "en" == cldr("xx_YY").language


def test_decimal_symbols_go_with_latin_digits() -> None:
    """The symbol is the one a locale writes with digits 0 to 9."""
    assert [".", ",", ",", ".", "."] == [decimal_symbol(locale) for locale in ("en", "ru_RU", "de", "es_MX", "fa")]
