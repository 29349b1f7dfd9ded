"""Tracked time of the demo agency, as a file of `daybook import timesheet`."""

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

HEADER = (
    "User",
    "Email",
    "Client",
    "Project",
    "Description",
    "Billable",
    "Start date",
    "Start time",
    "Duration",
    "Tags",
)
PEOPLE = (
    ("Anna Weber", "anna@agency.example"),
    ("Luis Ortega", "luis@agency.example"),
    ("Maria Petrova", "maria@agency.example"),
)
WORK = (
    ("Acme", "Website", ("Design of the start page", "Review with the client", "Build of the shop"), True),
    ("Acme", "Support", ("Tickets of the week", "Update of the server"), True),
    ("Globex", "Campaign", ("Texts for the newsletter", "Photos", "Figures of the campaign"), True),
    ("", "Office", ("Team meeting", "Invoices"), False),
)
TAGS = ("", "urgent", "design", "remote")
DAYS = 62  # the present month and the one before
SATURDAY = 5
END_OF_WORK = time(17, 30)


def write_timesheet(file: Path, today: date) -> Path:
    """Write the time of two months up to yesterday and return the file; a day has the same entries in every file."""
    with file.open("w", newline="", encoding="utf-8") as text:
        writer = csv.writer(text)
        writer.writerow(HEADER)
        for back in range(DAYS, 0, -1):
            day = today - timedelta(days=back)
            if day.weekday() < SATURDAY:
                for person in PEOPLE:
                    writer.writerows(_entries(day, person))
    return file


def _entries(day: date, person: tuple[str, str]) -> list[tuple[object, ...]]:
    rng = Random(f"{day} {person[1]}")
    begin, rows = datetime.combine(day, time(8, rng.choice((0, 15, 30)))), []
    while begin.time() < END_OF_WORK and begin.date() == day:
        client, project, texts, billable = rng.choice(WORK)
        length = timedelta(minutes=rng.randrange(30, 195, 15))
        marked = "Yes" if billable else "No"
        start = (begin.date(), begin.time().isoformat("seconds"))
        rows.append((*person, client, project, rng.choice(texts), marked, *start, length, rng.choice(TAGS)))
        begin += length + timedelta(minutes=rng.choice((0, 5, 15, 45)))
    return [tuple(_cell(cell) for cell in row) for row in rows]


def _cell(cell: object) -> object:
    return f"{cell!s:0>8}" if isinstance(cell, timedelta) else cell
