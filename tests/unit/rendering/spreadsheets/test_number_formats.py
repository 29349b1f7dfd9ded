"""CLDR patterns as Excel's number formats."""

import pytest

from services.rendering.spreadsheets.number_formats import moment_format


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
