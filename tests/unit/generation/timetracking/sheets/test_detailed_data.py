"""Detailed reports for programs: the columns of CSV and XLSX."""

import math
from datetime import date, datetime, time, timedelta

import pytest
from daybook.report.v1.sheet_pb2 import Quantity
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.examples import examples
from tests.builders.time_entries import directory
from tests.unit.generation.timetracking.sheets.reports import (
    ASK,
    asked,
    column,
    report,
    row,
    table,
    texts,
    timed,
    total_texts,
    totals,
)

TITLES = [
    "User",
    "Email",
    "Client",
    "Project",
    "Task",
    "Description",
    "Billable",
    "Start date",
    "Start time",
    "End date",
]
TITLES += ["End time", "Duration", "Tags"]


def test_a_row_has_the_columns_of_the_public_file() -> None:
    """The columns and texts are those of the public CSV, byte by byte."""
    values = ["Ann", "ann@example.com", "Acme", "Site", "", "Design", "Yes", "2026-01-05", "09:00:00", "2026-01-05"]
    values += ["10:30:00", "01:30:00", "urgent", "75.00"]
    assert [[*TITLES, "Amount (EUR)"], values] == texts(table(report([row()])))


def test_titles_are_english_in_all_languages() -> None:
    """A file for programs has the same titles and words whatever the reader's language."""
    shown = table(report([row()], locale="ru"))
    assert [*TITLES, "Amount (EUR)"] == texts(shown)[0]
    assert ["Yes"] == list(column(shown, "billable").text)
    assert "Total" == shown.groups[0].total.text


def test_what_is_missing_is_empty() -> None:
    """An entry without project, task, tags, amount, and of a member nobody knows any more, has empty cells."""
    bare = row(user_id=99, project_id=None, tag_ids=(), description="", billable=False, amount_cents=None)
    cells = dict(zip(*texts(table(report([bare]))), strict=True))
    empty = ["User", "Email", "Client", "Project", "Task", "Description", "Tags", "Amount (EUR)"]
    assert [""] * 8 == [cells[title] for title in empty]
    assert "No" == cells["Billable"]


def test_tags_are_joined_and_tasks_named() -> None:
    """Tags stand in one cell by name, whatever their ids, with a comma and a space between them."""
    shown = table(report([row(tag_ids=(3, 4), task_id=21)]))
    assert ["calm, urgent"] == list(column(shown, "tags").text)
    assert ["Drafts"] == list(column(shown, "task").text)


@pytest.mark.parametrize(("form", "text"), [("classic", "01:30:00"), ("improved", "1:30:00"), ("decimal", "1.50")])
def test_durations_are_written_as_asked(form: str, text: str) -> None:
    """Durations follow `duration_format`."""
    query = asked("detailed", duration_format=form)  # type: ignore[arg-type]  # its three values
    assert [text] == list(column(table(report([row()], query=query)), "duration").text)


def test_cells_count_what_they_show() -> None:
    """Beside their texts dates, times, durations and amounts have machine values for real cells of a workbook."""
    shown = table(report([row()]))
    monday_ms = datetime.fromisoformat("2026-01-05T00:00:00+00:00").timestamp() * 1000
    start_date, start_time = column(shown, "start_date"), column(shown, "start_time")
    assert ([monday_ms], "MM/dd/yyyy") == (list(start_date.raw), start_date.quantity.pattern)
    assert ([9 * 3_600_000.0], "H:mm:ss") == (list(start_time.raw), start_time.quantity.pattern)
    assert {Quantity.KIND_CIVIL} == {start_date.quantity.kind, start_time.quantity.kind}
    duration, amount = column(shown, "duration"), column(shown, "amount_EUR")
    assert ([5400.0], Quantity.KIND_DURATION, True) == (
        list(duration.raw),
        duration.quantity.kind,
        duration.quantity.seconds,
    )
    money = (Quantity.KIND_MONEY, 2, "EUR")
    assert [75.0] == list(amount.raw)
    assert money == (amount.quantity.kind, amount.quantity.decimals, amount.quantity.currency_code)


def test_decimal_durations_count_hours() -> None:
    """A duration written as a decimal is rounded half up in its text alone."""
    query = asked("detailed", duration_format="decimal")
    third = row(timed("2026-01-05T09:00:00Z", 1218))
    duration = column(table(report([third], query=query)), "duration")
    assert (["0.34"], [1218.0]) == (list(duration.text), list(duration.raw))
    assert (Quantity.KIND_DURATION, 2) == (duration.quantity.kind, duration.quantity.decimals)


def test_several_currencies_have_a_column_each() -> None:
    """An amount stands in the column of its currency; the others are empty and unknown."""
    rows = [row(), row(currency="USD", amount_cents=1005)]
    shown = table(report(rows, whole=totals(currencies=["EUR", "USD"], amounts={"EUR": 7500, "USD": 1005})))
    assert ["Amount (EUR)", "Amount (USD)"] == texts(shown)[0][-2:]
    assert ["75.00", ""] == list(column(shown, "amount_EUR").text)
    assert ["", "10.05"] == list(column(shown, "amount_USD").text)
    assert math.isnan(column(shown, "amount_USD").raw[0])


def test_without_entries_the_workspace_gives_the_currency() -> None:
    """A report without entries has its columns all the same, and totals of nothing."""
    shown = table(report(whole=totals(seconds=0, amounts={}, currencies=[])))
    assert [[*TITLES, "Amount (USD)"]] == texts(shown)
    assert {"duration": "00:00:00", "amount_USD": "0.00"} == total_texts(shown.groups[0].total)


def test_hidden_amounts_have_no_column() -> None:
    """`hide_amounts` leaves the columns of amounts out, their totals too."""
    shown = table(report([row(amount_cents=None)], query=asked("detailed", hide_amounts=True)))
    assert TITLES == texts(shown)[0]
    assert {"duration": "01:30:00"} == total_texts(shown.groups[0].total)


def test_a_total_ends_the_table() -> None:
    """Durations and amounts are summed up, exactly and as values."""
    shown = table(report([row(), row()], whole=totals(seconds=10800, amounts={"EUR": 15000})))
    (only,) = shown.groups
    assert (2, "Total") == (only.row_count, only.total.text)
    assert {"duration": "03:00:00", "amount_EUR": "150.00"} == total_texts(only.total)
    assert [10800.0, 150.0] == [cell.raw for cell in only.total.cells]


def test_merged_entries_begin_with_the_first_and_end_with_the_last() -> None:
    """A row of several entries spans them; its duration is the sum of theirs."""
    merged = row(timed("2026-01-05T08:00:00Z", 600), timed("2026-01-07T20:00:00Z", 1200))
    cells = dict(zip(*texts(table(report([merged]))), strict=True))
    span = ["2026-01-05", "09:00:00", "2026-01-07", "21:20:00", "00:30:00"]
    assert span == [cells[title] for title in (*TITLES[7:11], "Duration")]


def test_an_entry_is_shown_on_its_owners_clock() -> None:
    """Start and end have the offsets of their own moments: an entry over the change of clocks ends on summer time."""
    over = row(timed("2026-03-29T01:30:00+01:00", 5400, (3600, 7200)))
    cells = dict(zip(*texts(table(report([over], query=ASK))), strict=True))
    assert ["01:30:00", "04:00:00"] == [cells["Start time"], cells["End time"]]


@examples(50)
@given(
    day=st.dates(date(1970, 1, 2), date(2100, 1, 1)),
    start=st.integers(0, 86_399),
    seconds=st.integers(0, 400_000),
    offset_s=st.sampled_from([-12 * 3600, 0, 3600, 20_700, 14 * 3600]),
    cents=st.none() | st.integers(0, 10**9),
)
def test_the_texts_say_all(day: date, start: int, seconds: int, offset_s: int, cents: int | None) -> None:
    """A program reads the entry's local start, its end, its duration and its amount back from the texts."""
    wall = datetime.combine(day, time()) + timedelta(seconds=start)
    entry = timed(f"{wall - timedelta(seconds=offset_s)}Z", seconds, (offset_s, offset_s))
    cells = dict(zip(*texts(table(report([row(entry, amount_cents=cents)]))), strict=True))
    hours, minutes, rest = map(int, cells["Duration"].split(":"))
    assert wall == datetime.fromisoformat(f"{cells['Start date']} {cells['Start time']}")
    assert wall + timedelta(seconds=seconds) == datetime.fromisoformat(f"{cells['End date']} {cells['End time']}")
    assert seconds == 3600 * hours + 60 * minutes + rest
    assert cents == (int(cells["Amount (EUR)"].replace(".", "")) if cells["Amount (EUR)"] else None)


def test_a_project_without_a_known_client_has_none() -> None:
    """A client that the directory does not know leaves its cell empty."""
    shown = table(report([row()], where=directory(clients=())))
    assert [""] == list(column(shown, "client").text)
