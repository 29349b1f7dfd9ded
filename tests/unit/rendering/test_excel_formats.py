"""CLDR patterns as Excel's number formats."""

from datetime import UTC, datetime
from itertools import product

import pytest
from babel.dates import format_datetime

from services.rendering.excel_formats import moment_format, widest_moment


@pytest.mark.parametrize(
    ("cldr", "excel"),
    [
        ("yyyy-MM-dd HH:mm", "yyyy-mm-dd hh:mm"),
        ("dd.MM.yyyy HH:mm:ss", r"dd\.mm\.yyyy hh:mm:ss"),
        ("M/d/yy h:mm a", r"m\/d\/yy h:mm AM/PM"),
        ("M/d/yy, h:mm\u202fa", r"m\/d\/yy, h:mm AM/PM"),
        ("d 'de' MMMM 'de' y H:mm", 'd "de" mmmm "de" yyyy h:mm'),
        ("h 'o''clock' a", """h "o'clock" AM/PM"""),
        ("EEE, MMM d, y HH:mm", "ddd, mmm d, yyyy hh:mm"),
        ("EEEE HH:mm z", "dddd hh:mm "),
    ],
)
def test_a_pattern_becomes_excels(cldr: str, excel: str) -> None:
    """Fields by their length, quoted words and signs as literals, unknown letters left out."""
    assert excel == moment_format(cldr)


def test_names_of_months_are_in_the_language_of_the_report() -> None:
    """Only a format with names carries the language."""
    assert "[$-419]d mmm yyyy" == moment_format("d MMM yyyy", "ru")
    assert "[$-40A]d mmm yyyy" == moment_format("d MMM yyyy", "es_ES")
    assert r"dd\.mm\.yyyy" == moment_format("dd.MM.yyyy", "ru")


@pytest.mark.parametrize("locale", ["en", "ru", "de", "es", "fr", "pt_BR", "lt", "el"])
@pytest.mark.parametrize(
    "pattern", ["MMM d, y HH:mm", "d MMMM y h:mm:ss a", "d 'de' MMMM 'de' y h:mm a", "EEE, d MMM y", "dd.MM.yyyy HH:mm"]
)
def test_no_moment_of_the_year_is_longer_than_the_widest(pattern: str, locale: str) -> None:
    """A day of two digits of any month, before and after noon."""
    moments = [
        datetime(2016, month, day, hour, 58, 58, tzinfo=UTC)
        for month, day, hour in product(range(1, 13), (24, 28), (10, 22))
    ]

    longest = max(len(format_datetime(moment, pattern, locale=locale)) for moment in moments)

    assert longest <= len(widest_moment(pattern, locale))


def test_the_words_of_an_unknown_language_are_english() -> None:
    """A country that CLDR does not pair with a language changes nothing."""
    assert widest_moment("MMMM", "en") == widest_moment("MMMM", "xx")
    assert widest_moment("MMMM", "ru") == widest_moment("MMMM", "ru_BR")
