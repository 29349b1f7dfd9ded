"""Timesheet files: which forms are understood, what becomes of each cell, and what is said of bad lines."""

from datetime import datetime
from pathlib import Path

import pytest

from services.cli.errors import CommandFailed
from services.cli.timesheets.lines import Line
from tests.unit.cli.timesheets.files import PLAIN, WEB, line, read, row

DESIGN = Line(
    place=2,
    user="Ann",
    email="ann@example.com",
    client="Acme",
    project="Web, site",
    task="Review",
    description='Said "no"',
    billable=True,
    start=datetime.fromisoformat("2026-01-05 09:00:00"),
    end=datetime.fromisoformat("2026-01-05 10:30:00"),
    seconds=5400,
    tags=("draft", "ui"),
    currency="EUR",
    amount_cents=7500,
)
PLAIN_DESIGN = (
    'Ann,ann@example.com,Acme,"Web, site",Review,"Said ""no""",Yes,'
    '2026-01-05,09:00:00,2026-01-05,10:30:00,01:30:00,"ui, draft",75.00'
)


def test_the_plain_form_is_read(tmp_path: Path) -> None:
    """Quoted where needed, with its amounts."""
    lines, problems = read(tmp_path, f"{PLAIN},Amount (EUR)\n{PLAIN_DESIGN}\n")

    assert ([DESIGN], 0) == (lines, problems.refused)


@pytest.mark.parametrize("mark", ["", "\N{BYTE ORDER MARK}"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_quoted_form_is_read(tmp_path: Path, mark: str, end: str) -> None:
    """Every field quoted, no amounts, hours without a zero before them; with and without a byte order mark."""
    header = ",".join(f'"{title}"' for title in PLAIN.split(","))
    cells = row(
        Client="Acme",
        Project="Web, site",
        Task="Review",
        Description='Said "no"',
        Billable="Yes",
        **{"End date": "2026-01-05", "End time": "10:30:00", "Duration": "1:30:00", "Tags": "ui, draft"},
    )

    lines, _ = read(tmp_path, f"{mark}{header}{end}{cells}{end}")

    assert [DESIGN._replace(currency="", amount_cents=None)] == lines


def test_the_web_form_is_read(tmp_path: Path) -> None:
    """Columns chosen by the user, - where there is nothing, no client: then the project is nobody's."""
    cells = '"-","1:30:00","Ann","ann@example.com","Web, site","-","2026-01-05","09:00:00","2026-01-05","10:30:00"'

    (found,), _ = read(tmp_path, f"{WEB}\n{cells}\n")

    expected = DESIGN._replace(client="", task="", description="", billable=False, tags=(), currency="")
    assert expected._replace(amount_cents=None) == found


def test_the_web_form_has_its_currency_beside_the_amount(tmp_path: Path) -> None:
    """An entry with an amount is billable where no column says so."""
    found = line(tmp_path, f"{WEB},Amount,Currency", Member="Ann", Amount="75.00", Currency="EUR")

    assert ("EUR", 7500, True) == (found.currency, found.amount_cents, found.billable)


def test_a_dash_is_a_word_in_the_detailed_form(tmp_path: Path) -> None:
    """Only the web form marks empty cells with it."""
    assert "-" == line(tmp_path, Description="-").description


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        ("Amount (EUR)", {"Amount (EUR)": "0.10"}, ("EUR", 10)),
        ("Amount ()", {"Amount ()": "75"}, ("", 7500)),
        ("Amount (EUR),Amount (USD)", {"Amount (USD)": "75.5"}, ("USD", 7550)),
        ("Amount (EUR),Amount (USD)", {}, ("", None)),
    ],
)
def test_an_amount_is_cents_in_the_currency_of_its_column(
    tmp_path: Path, columns: str, cells: dict[str, str], expected: tuple[str, int | None]
) -> None:
    """One column, one without currency, or one for each currency."""
    found = line(tmp_path, f"{PLAIN},{columns}", Billable="Yes", **cells)

    assert expected == (found.currency, found.amount_cents)


def test_a_bad_line_is_named_by_where_it_begins(tmp_path: Path) -> None:
    """Records that go over several lines count as many; empty lines are passed over."""
    two_lines = row(Description="one\ntwo")
    text = "\n".join([PLAIN, two_lines, "", row(Duration="long"), two_lines, row(User="", Email="")])

    lines, problems = read(tmp_path, text)

    assert [2, 6] == [one.place for one in lines]
    assert "one\ntwo" == lines[0].description
    assert [
        "line 5: Duration 'long' is not HH:MM:SS, or hours such as 1.50",
        "line 8: User is empty: somebody must have tracked the time",
    ] == [str(problem) for problem in problems.bad]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"Duration": "1:60:00"}, "Duration '1:60:00' is not HH:MM:SS, or hours such as 1.50"),
        ({"Duration": "-1:00:00"}, "Duration '-1:00:00' is not HH:MM:SS, or hours such as 1.50"),
        ({"Duration": "999:00:01"}, "Duration '999:00:01' is more than 999 hours"),
        ({"Billable": "Maybe"}, "Billable 'Maybe' is not Yes or No"),
        (
            {"Start_date": "05.01.2026"},
            "Start date and start time '05.01.2026' '09:00:00' are not YYYY-MM-DD and HH:MM:SS in 1971 to 2099",
        ),
        (
            {"Start_date": "2026-02-29"},
            "Start date and start time '2026-02-29' '09:00:00' are not YYYY-MM-DD and HH:MM:SS in 1971 to 2099",
        ),
        (
            {"End_date": "2026-01-05", "End_time": "25:00:00"},
            "End date and end time '2026-01-05' '25:00:00' are not YYYY-MM-DD and HH:MM:SS in 1971 to 2099",
        ),
        ({"Task": "Review"}, "Task needs a project that it is a task of"),
        ({"Project": "x" * 256}, "Project has 256 characters, which is more than 255"),
        ({"Project": "a\x07"}, r"Project 'a\x07' has control characters"),
        ({"Tags": "ok, " + "x" * 256}, "Tags has 256 characters, which is more than 255"),
        ({"Description": "x" * 3001}, "Description has 3001 characters, which is more than 3000"),
        ({"Description": "a\0b"}, "Description has control characters other than line breaks and tabs"),
        ({"Amount (EUR)": "1,5"}, "Amount (EUR) '1,5' is not an amount such as 111.11"),
        ({"Amount (EUR)": "-1.00"}, "Amount (EUR) '-1.00' is not an amount such as 111.11"),
        (
            {"Amount (EUR)": "1.00", "Amount (USD)": "1.00"},
            "Amount (EUR) and Amount (USD) are both given: an entry has one amount",
        ),
    ],
)
def test_a_bad_cell_is_named_with_what_would_be_right(tmp_path: Path, cells: dict[str, str], expected: str) -> None:
    """The line after it is kept."""
    header = f"{PLAIN},Amount (EUR),Amount (USD)"

    lines, problems = read(tmp_path, f"{header}\n{row(header, **cells)}\n{row(header)}\n")

    assert (1, [f"line 2: {expected}"]) == (len(lines), [str(problem) for problem in problems.bad])


def test_a_line_of_another_width_is_bad(tmp_path: Path) -> None:
    """Its cells cannot be told apart."""
    _, problems = read(tmp_path, f"{PLAIN}\nAnn,ann@example.com\n")

    assert ["line 2: has 2 cells under 13 columns"] == [str(problem) for problem in problems.bad]


def test_a_line_that_is_not_billable_may_end_before_its_amounts(tmp_path: Path) -> None:
    """Of one that is billable an amount would be lost."""
    header = f"{PLAIN},Amount (EUR),Amount (USD)"
    lines, problems = read(tmp_path, f"{header}\n{row(Billable='No')}\n{row(Billable='Yes')}\n")

    assert [None] == [one.amount_cents for one in lines]
    assert ["line 3: has 13 cells under 15 columns"] == [str(problem) for problem in problems.bad]


def test_bytes_that_are_not_utf_8_spoil_their_line_alone(tmp_path: Path) -> None:
    """The column is named."""
    text = f"{PLAIN}\n{row(Description='caf?')}\n{row()}\n".encode().replace(b"caf?", b"caf\xe9")

    lines, problems = read(tmp_path, text)

    assert (1, ["line 2: Description is not UTF-8"]) == (len(lines), [str(problem) for problem in problems.bad])


def test_a_cell_without_end_is_a_bad_line(tmp_path: Path) -> None:
    """The lines that it swallows are named, and reading goes on after them."""
    filler = "\n".join([row(Description="x" * 500)] * 400)

    lines, problems = read(tmp_path, f'{PLAIN}\nAnn,"ann\n{filler}\n')

    assert lines
    assert str(problems.bad[0]).startswith("line 2: ")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "it is empty"),
        ("time,lat,lng\n", r"no column Start date, Start time, Duration \(or Stop date and Stop time\)"),
        (PLAIN.replace("Duration", "Seconds").replace("End", "Due"), "no column Duration"),
        (f"{PLAIN},Email\n", "names both 'Email' and 'Email'"),
        (f"{PLAIN},Amount (euro)\n", "no ISO 4217 code"),
        (f"{PLAIN},Amount (EUR),Amount (EUR)\n", "twice"),
        (f"{PLAIN},Amount (EUR),Amount\n", "both 'Amount' and"),
    ],
)
def test_a_header_that_is_not_understood_ends_the_import(tmp_path: Path, text: str, complaint: str) -> None:
    """One line says what is wrong with it."""
    with pytest.raises(CommandFailed, match=complaint):
        read(tmp_path, text)


def test_utf_16_is_named(tmp_path: Path) -> None:
    """Spreadsheet programs save it."""
    with pytest.raises(CommandFailed, match="UTF-16: save it as UTF-8"):
        read(tmp_path, PLAIN.encode("utf-16"))
