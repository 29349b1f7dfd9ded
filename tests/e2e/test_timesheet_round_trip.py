"""From a timesheet to a report's CSV and back again: hard texts, several currencies, zones whose clocks change."""

import csv
import io
import json
from pathlib import Path

from tests.e2e.stack import Stack

NEW_YORKERS = ("--time-zone", "America/New_York")  # new members
OWNER = "carla@example.com"
YEAR = {"report_type": "detailed", "start_date": "2026-01-01", "end_date": "2026-12-31"}
HEADER = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,"
    "Amount (EUR),Amount (USD)"
)
SITE = 'Carla,carla@example.com,Acme,Site,,"Said ""no"",\ntwice",Yes,2026-01-05,09:00:00,2026-01-05,10:30:00,01:30:00,'
BOB = "Bób,bob@example.com,Ünited,Møbile,,Déjà vu \N{ROCKET},Yes,2026-03-08,01:00:00,2026-03-08,03:30:00,01:30:00,"
# By start. Berlin's clocks change on 29 March and 25 October, those of New York on 8 March and 1 November.
LINES = (
    SITE + '"apple, zebra",75.00,',
    "Carla,carla@example.com,Acme,Site,Review,=SUM(A1),Yes,2026-01-05,11:00:00,2026-01-05,11:20:00,00:20:00,zebra,16.67,",
    BOB + ",,150.00",
    BOB + ",,150.00",
    'Carla,carla@example.com,,Site,," both ends ",No,2026-03-29,01:30:00,2026-03-29,03:30:00,01:00:00,,,',
    "Bób,bob@example.com,Ünited,Møbile,,-1+1,Yes,2026-04-01,08:00:00,2026-04-01,09:00:00,01:00:00,Äpfel,33.33,",
    "Bób,bob@example.com,,Inside,,Long,No,2026-10-20,08:00:00,2026-11-30,21:59:59,998:59:59,,,",
    "Carla,carla@example.com,,,,',No,2026-10-25,01:30:00,2026-10-25,02:30:00,02:00:00,,,",
    "Carla,carla@example.com,,,,,No,2026-10-25,01:45:00,2026-10-25,02:45:00,01:00:00,,,",
    "Nobody,,,Inside,,No email,No,2026-12-31,23:59:59,2027-01-01,00:00:09,00:00:10,,,",
)


def test_a_timesheet_comes_back_as_it_was(stack: Stack, tmp_path: Path) -> None:
    """The export equals the import, makes an equal workspace, and adds nothing to the first."""
    stack.command("user", "add", OWNER, "--password", "secret", "--time-zone", "Europe/Berlin")
    owners, source, first, second, short = (tmp_path / f"{name}.csv" for name in ("o", "a", "b", "c", "d"))
    owners.write_text("\n".join([HEADER, *(line for line in LINES if OWNER in line), ""]), encoding="utf-8")
    source.write_text("\n".join([HEADER, *reversed(LINES), ""]), encoding="utf-8")

    assert (5, 0) == imported(stack, owners, "First")
    assert (5, 5) == imported(stack, source, "First", *NEW_YORKERS)
    exported(stack, "First", first)
    assert rows("\n".join([HEADER, *LINES, ""])) == rows(first.read_text("utf-8-sig"))

    assert (5, 0) == imported(stack, owners, "Second")
    assert (5, 5) == imported(stack, first, "Second", *NEW_YORKERS)
    exported(stack, "Second", second)
    assert first.read_bytes() == second.read_bytes()

    exported(stack, "Second", short, duration_format="improved", order_dir="DESC")
    assert first.read_bytes() != short.read_bytes()
    for file in (second, short):
        assert (0, 10) == imported(stack, file, "First")


def imported(stack: Stack, file: Path, workspace: str, *options: str) -> tuple[int, int]:
    """Import a file and return how many entries were created, and how many were there."""
    found = stack.command("import", "timesheet", file, "--workspace", workspace, "--owner", OWNER, *options)
    assert 0 == found["refused"]
    return found["created"], found["unchanged"]


def exported(stack: Stack, workspace: str, out: Path, **params: str) -> None:
    """Write the detailed CSV of a workspace over the year."""
    words = ("--workspace", workspace, "--owner", OWNER, "--name", "Year", "--params", json.dumps(YEAR | params))
    token = stack.command("saved", "add", *words)["token"]
    stack.command("saved", "run", token, "--format", "csv", "--out", out)


def rows(text: str) -> list[list[str]]:
    """Return the cells of a CSV."""
    return list(csv.reader(io.StringIO(text, newline="")))
