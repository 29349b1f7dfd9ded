"""Forms and languages of timesheet files: those that exports have, each from a file of its own."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.timesheets.csv_form import read_form
from services.cli.timesheets.csv_source import open_csv
from services.cli.timesheets.languages import LANGUAGES, YES_NO, folded
from services.cli.timesheets.lines import Line
from services.cli.timesheets.problems import Problems
from services.cli.timesheets.survey import good_lines
from tests.unit.cli.timesheets.files import PLAIN, line, read, row

CASES = Path(__file__).parents[3] / "cases/time"
OWNER = "ann@example.com"
HEADERS = [("user", "Email"), ("start_date", "Start date"), ("start_time", "Start time"), ("duration", "Duration")]


def lines_of(name: str) -> tuple[list[Line], Problems]:
    """Return what is read of a case."""
    problems = Problems()
    with open_csv(CASES / f"{name}.csv") as source:
        form = read_form(source.header, decimal_comma=source.decimal_comma, owner=OWNER)
        return list(good_lines(form, source, problems)), problems


def seconds(lines: list[Line]) -> list[int]:
    """Return the durations of lines."""
    return [one.seconds for one in lines]


def test_the_classic_form_counts_minutes_and_seconds() -> None:
    """Below an hour, and below a minute."""
    lines, problems = lines_of("forms-classic")

    assert ([1105, 45, 3900], 0) == (seconds(lines), problems.refused)


def test_a_duration_that_is_not_given_goes_from_start_to_stop() -> None:
    """Over midnight as well; what runs is passed over and counted."""
    lines, problems = lines_of("forms-web")

    assert ([3600, 0, 2700], 1, 0) == (seconds(lines), problems.running, problems.refused)


def test_a_file_that_names_nobody_is_the_owners() -> None:
    """Without a duration it has starts and stops."""
    lines, problems = lines_of("forms-bare")

    assert ([7200, 1200], {(OWNER, "")}, 0) == (seconds(lines), {one.person for one in lines}, problems.refused)
    assert [("USD", 22_000, True), ("", None, False)] == [
        (one.currency, one.amount_cents, one.billable) for one in lines
    ]


@pytest.mark.parametrize("language", ["de", "es", "fr", "ja", "ru"])
def test_each_language_is_read(language: str) -> None:
    """Titles, yes and no, and decimal commas where semicolons divide the cells."""
    (first, second), problems = lines_of(f"lang-{language}")

    assert (0, "Acme", "Web", ("ui",)) == (problems.refused, first.client, first.project, first.tags)
    assert (3600, True, "EUR", 5000) == (first.seconds, first.billable, first.currency, first.amount_cents)
    assert (1200, False, None) == (second.seconds, second.billable, second.amount_cents)
    assert datetime.fromisoformat("2026-10-05 09:00:00") == first.start


@given(st.data())
def test_a_file_may_mix_languages(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """In any case, with blanks around."""
    titles = []
    for name, english in HEADERS:
        known = [one.titles.get(name, english) for one in LANGUAGES.values()]
        title = data.draw(st.sampled_from([title for several in known for title in several.split("|")]))
        titles.append(data.draw(st.sampled_from([title, title.upper(), f" {title.lower()} "])))
    text = f"{';'.join(titles)}\n{OWNER};2026-01-05;09:00;0,50 h\n"

    (found,), _ = read(tmp_path_factory.mktemp("mixed"), text)

    assert 1800 == found.seconds


@pytest.mark.parametrize(
    ("word", "is_yes"),
    [
        *((word, True) for word in ("yes", "TRUE", "1", "Billable", "Ja", "Sí", "si", "Oui", "はい", "Да")),
        *((word, False) for word in ("no", "False", "0", "Non-billable", "Nein", "Non", "いいえ", "Нет", "-", "", " ")),
    ],
)
def test_yes_and_no_are_words_of_all_languages(word: str, is_yes: bool) -> None:
    """Whatever their case and accents."""
    assert is_yes is YES_NO[folded(word)]


@pytest.mark.parametrize(("first", "divider"), [("sep=;\n", ";"), ('"sep=\t"\r\n', "\t"), ("", ";"), ("", "\t")])
def test_cells_are_divided_as_the_file_says(tmp_path: Path, first: str, divider: str) -> None:
    """By a line of its own, else as its header is; lines keep their numbers."""
    text = f"{first}{PLAIN}\n{row()}\n".replace(",", divider)

    (found,), _ = read(tmp_path, text)

    assert (3 if first else 2, 5400) == (found.place, found.seconds)


def test_lines_of_empty_cells_are_passed_over(tmp_path: Path) -> None:
    """As spreadsheets write them below a table."""
    lines, problems = read(tmp_path, f"{PLAIN}\n{row()}\n{',' * 12}\n{' ,' * 12}\n")

    assert (1, 0) == (len(lines), problems.refused)


@pytest.mark.parametrize(
    ("euros", "dollars", "expected"),
    [("0.00", "50.00", ("USD", 5000)), ("50.00", "-", ("EUR", 5000)), ("-", "", ("", None)), ("0.00", "", ("EUR", 0))],
)
def test_of_several_amounts_the_one_that_is_not_zero_counts(
    tmp_path: Path, euros: str, dollars: str, expected: tuple[str, int | None]
) -> None:
    """A dash is none."""
    cells = {"Amount (EUR)": euros, "Amount (USD)": dollars}
    found = line(tmp_path, f"{PLAIN},Amount (EUR),Amount (USD)", Billable="Yes", **cells)

    assert expected == (found.currency, found.amount_cents)


def test_an_end_before_the_start_is_no_duration(tmp_path: Path) -> None:
    """The line is refused."""
    ended = {"End date": "2026-01-05", "End time": "08:59:59"}
    _, problems = read(tmp_path, f"{PLAIN}\n{row(Duration='-', **ended)}\n")

    assert ["line 2: End date and end time are before the start, and there is no duration"] == [
        str(problem) for problem in problems.bad
    ]
