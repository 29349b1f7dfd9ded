"""Names of files tell what is in them, and are safe on every file system."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.words.catalogue import translator
from services.generation.words.file_names import file_stem, kind_name

FIRST, LAST = date(2020, 10, 1), date(2020, 10, 31)


@pytest.mark.parametrize(
    ("names", "last", "expected"),
    [
        (["Trips", "Van 1"], LAST, "Trips_Van-1_2020-10-01_2020-10-31"),
        (["Trips"], LAST, "Trips_2020-10-01_2020-10-31"),
        (["Trips", "Van 1"], FIRST, "Trips_Van-1_2020-10-01"),
        (["Отчёт за январь"], LAST, "Отчёт-за-январь_2020-10-01_2020-10-31"),
        (['a/b\\c:d*e?"<>|\n', "..x"], LAST, "abcde_x_2020-10-01_2020-10-31"),
        (["", ""], LAST, "2020-10-01_2020-10-31"),
    ],
)
def test_a_name_says_what_of_whom_and_when(names: list[str], last: date, expected: str) -> None:
    """Spaces are hyphens, parts are joined by underscores, a single day stands once."""
    assert expected == file_stem(names, FIRST, last)


@given(st.lists(st.text(max_size=200), min_size=1, max_size=2))
def test_any_names_fit(names: list[str]) -> None:
    """At most 120 characters with a suffix; days stay as long as the second name leaves room for them."""
    stem = file_stem(names, FIRST, LAST)

    assert len(f"{stem}.xlsx") <= 120
    assert stem.isprintable()
    assert len(names) > 1 or stem.endswith("2020-10-01_2020-10-31")


@pytest.mark.parametrize(
    ("locale", "title", "expected"),
    [
        ("en", "Trips report", "Trips"),
        ("de", "Trips report", "Fahrten"),
        ("ru", "Point report", "Отчёт по точкам"),
        ("en", "Report on all events", "Report on all events"),
        ("de", "A third party's report", "A third party's"),
    ],
)
def test_kinds_have_short_names(locale: str, title: str, expected: str) -> None:
    """Without the word report, in languages that know the rest."""
    assert expected == kind_name(title, translator(locale))
