"""Names of files are safe on every file system and keep the title readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rendering.render import file_name


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Trip report", "Trip-report.xlsx"),
        ("Отчёт: поездки", "Отчёт-поездки.xlsx"),
        ('a/b\\c:d*e?f"g<h>i|j', "abcdefghij.xlsx"),
        ("two\nlines\tand a tab", "two-lines-and-a-tab.xlsx"),
        ("  ..hidden.. ", "hidden.xlsx"),
        ("", "report.xlsx"),
        (" . ", "report.xlsx"),
        ("txt.\u202eexe", "txt.exe.xlsx"),
    ],
)
def test_a_title_becomes_a_file_name(title: str, expected: str) -> None:
    """Spaces are hyphens; what file systems refuse goes; an empty name gets a stem."""
    assert expected == file_name(title, "xlsx")


@given(st.text(max_size=400))
def test_any_title_gives_a_name_that_fits(title: str) -> None:
    """At most 120 characters and 240 bytes, nothing but what can be printed, and the suffix stays."""
    name = file_name(title, "pdf")

    assert len(name) <= 120
    assert len(name.encode()) <= 240
    assert name.isprintable()
    assert not set(name) & set('\\/:*?"<>|')
    assert name.endswith(".pdf")
    assert name not in {".pdf", " .pdf"}
