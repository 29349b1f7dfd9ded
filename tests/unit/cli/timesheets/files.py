"""Timesheet files for tests, and what is read from them."""

from pathlib import Path

from services.cli.timesheets.csv_form import read_form
from services.cli.timesheets.csv_source import open_csv
from services.cli.timesheets.lines import Line
from services.cli.timesheets.problems import Problems
from services.cli.timesheets.survey import good_lines

PLAIN = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags"
WEB = "Description,Duration,Member,Email,Project,Tags,Start date,Start time,Stop date,Stop time"
GOOD = {
    "User": "Ann",
    "Email": "ann@example.com",
    "Billable": "No",
    "Start date": "2026-01-05",
    "Start time": "09:00:00",
    "Duration": "01:30:00",
}


def row(header: str = PLAIN, **cells: str) -> str:
    """Return a line under a header; names of columns have _ for a blank, and what is not given is good."""
    given = GOOD | {name.replace("_", " "): cell for name, cell in cells.items()}
    return ",".join('"' + given.get(name, "").replace('"', '""') + '"' for name in header.split(","))


def read(folder: Path, text: str | bytes) -> tuple[list[Line], Problems]:
    """Return the good lines of a file with this text, and what is wrong with the others."""
    file = folder / "time.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    problems = Problems()
    with open_csv(file) as source:
        return list(
            good_lines(read_form(source.header, decimal_comma=source.decimal_comma), source, problems)
        ), problems


def line(folder: Path, header: str = PLAIN, **cells: str) -> Line:
    """Return the one line of a file."""
    (found,), problems = read(folder, f"{header}\n{row(header, **cells)}\n")
    assert not problems.refused
    return found
