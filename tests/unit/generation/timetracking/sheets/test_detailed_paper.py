"""Detailed reports for people: the table of a PDF."""

from dataclasses import replace

import pytest

from services.generation.timetracking.sheets import Layout
from services.generation.timetracking.totals import Totals
from tests.unit.generation.timetracking.sheets.reports import (
    asked,
    column,
    group,
    made,
    part,
    report,
    row,
    sections,
    table,
    texts,
    timed,
    total_texts,
    totals,
)

WHOLE = ["Person", "Work", "Time", "Duration", "Amount"]


@pytest.mark.parametrize(
    ("mode", "titles", "header"),
    [
        ("date_only", ["Person", "Work", "Duration", "Amount"], "Mon 01/05/2026 : 1"),
        ("time_only", WHOLE, ""),
        ("date_time", WHOLE, "Mon 01/05/2026 : 1"),
        ("date_and_time", WHOLE, "Mon 01/05/2026 : 1"),
    ],
)
def test_the_display_mode_chooses_dates_and_times(mode: str, titles: list[str], header: str) -> None:
    """Rows stand under their days; their times are one column."""
    query = asked("detailed", display_mode=mode)  # type: ignore[arg-type]  # its values
    shown = table(report([row()], query=query), "print")
    assert (titles, header) == (texts(shown)[0], shown.groups[0].header)


def test_rows_in_another_order_have_their_dates() -> None:
    """There are no days for them to stand under."""
    shown = table(report([row()], query=asked("detailed", order_by="duration")), "print")
    assert ["Date", *WHOLE] == texts(shown)[0]
    assert [""] == [group.header for group in shown.groups]


def test_values_are_written_as_asked() -> None:
    """Dates, times, durations and cents follow the formats asked for."""
    asked_for = asked(
        "detailed", duration_format="decimal", date_format="DD.MM.YYYY", hour_format="h:mm A", cents_separator=","
    )
    shown = table(report([row()], query=asked_for), "print")
    values = {each.field: list(each.text) for each in shown.columns}
    assert "Mon 05.01.2026 : 1" == shown.groups[0].header
    assert {
        "time": ["9:00\N{NO-BREAK SPACE}AM\N{EN DASH}10:30\N{NO-BREAK SPACE}AM"],
        "duration": ["1,50 h"],
        "amount": ["75,00 EUR"],
    } == {field: values[field] for field in ("time", "duration", "amount")}


def test_work_is_client_project_task_description_and_tags() -> None:
    """The task stands after the project, tags behind a line break; what a row does not have leaves nothing behind."""
    rows = [row(task_id=21), row(tag_ids=(), description="New\nhead"), row(project_id=None, tag_ids=(), description="")]
    assert ["Acme · Site: Drafts / Design\nTags: urgent", "Acme · Site / New head", ""] == list(
        column(table(report(rows), "print"), "work").text
    )


def test_days_have_their_sums_and_the_report_its_own() -> None:
    """A day that goes on in the next run is summed up at its end."""
    monday, tuesday = row(), row(timed("2026-01-06T09:00:00+01:00", 3600), amount_cents=1005, currency="USD")
    pieces = [
        section.table
        for part in made(report([monday, monday], [monday, tuesday]), "print")[1]
        for section in part.sheet.sections
        if section.HasField("table")
    ]
    groups = [group for piece in pieces for group in piece.groups]
    assert ["Mon 01/05/2026", "Mon 01/05/2026", "Tue 01/06/2026 : 1", ""] == [group.header for group in groups]
    assert [(False, True), (True, False), (False, False)] == [
        (group.continued, group.unfinished) for group in groups[:3]
    ]
    assert [{}, {"duration": "4:30:00", "amount": "225.00 EUR"}, {"duration": "1:00:00", "amount": "10.05 USD"}] == [
        total_texts(group.total) for group in groups[:3]
    ]
    assert "Total" == groups[3].total.text


def test_rows_that_are_not_billable_say_so_where_others_are() -> None:
    """Under their duration; where all are alike nothing is said."""
    mixed = [row(), row(billable=False, amount_cents=None)]
    assert ["1:30:00", "1:30:00\nnon-billable"] == list(column(table(report(mixed), "print"), "duration").text)
    alike = totals(billable_seconds=5400)
    assert ["1:30:00"] == list(column(table(report([row()], whole=alike), "print"), "duration").text)


def test_an_end_on_a_later_day_says_how_many_days_later() -> None:
    """A shift past midnight."""
    shown = table(report([row(timed("2026-01-05T20:00:00+01:00", 26 * 3600 + 900))]), "print")
    assert ["20:00\N{EN DASH}22:15\N{NO-BREAK SPACE}+1"] == list(column(shown, "time").text)


def test_clocks_that_differ_tell_their_offsets() -> None:
    """The two halves past two of the night on which the clock goes back."""
    both = [
        row(timed("2026-10-25T02:30:00+02:00", 3600, (7200, 3600))),
        row(timed("2026-10-25T02:30:00+01:00", 600, (3600, 3600))),
    ]
    differ = Totals(several_offsets=True, seconds=4200)
    dash = "\N{EN DASH}"

    shown = column(table(report(both, whole=differ), "print"), "time")
    texts = [text.replace("\N{NO-BREAK SPACE}", "_") for text in shown.text]
    assert [f"2:30_+02:00_{dash} 2:30_+01:00", f"2:30_{dash} 2:40_+01:00"] == texts
    assert [f"2:30{dash}2:30", f"2:30{dash}2:40"] == list(column(table(report(both), "print"), "time").text)
    data = column(table(report(both, whole=differ)), "utc_offset")
    assert (["+02:00", "+01:00"], True) == (list(data.text), data.not_in_csv)


def notes(*seconds: int, layout: Layout = "print") -> list[str]:
    """Return the texts behind the table of entries that last so long, in decimal hours."""
    those = [row(timed("2026-01-05T09:00:00+01:00", one)) for one in seconds]
    query = asked("detailed", duration_format="decimal")
    _, parts = made(report(those, query=query, whole=Totals(seconds=sum(seconds))), layout)
    sections = [section for part in parts for section in part.sheet.sections]
    last = max(place for place, one in enumerate(sections) if one.HasField("table"))
    return [one.text.text for one in sections[last + 1 :]]


def test_a_note_says_that_rows_are_rounded_where_they_do_not_add_up() -> None:
    """Three times twenty minutes are 0.99 hours as they are shown, and one hour."""
    assert ["Rows are rounded; the total is exact."] == notes(1200, 1200, 1200)
    assert [] == notes(1800, 1800)
    assert [] == notes(1200, 1200, 1200, layout="data")


def test_paper_speaks_the_readers_language() -> None:
    """Titles, words and units are translated."""
    shown = table(report([row()], locale="ru"), "print")
    assert ["Человек", "Работа", "Время"] == texts(shown)[0][:3]
    assert ["1:30:00"] == list(column(shown, "duration").text)
    assert "Итого" == shown.groups[-1].total.text


def test_hidden_amounts_are_not_printed() -> None:
    """`hide_amounts` leaves the column of amounts out, its total too."""
    shown = table(report([row(amount_cents=None)], query=asked("detailed", hide_amounts=True)), "print")
    assert WHOLE[:-1] == texts(shown)[0]
    assert {"duration": "1:30:00"} == total_texts(shown.groups[-1].total)


def test_the_sums_of_clients_and_projects_stand_before_the_rows() -> None:
    """Each client with the sums and the numbers of entries of its projects, then those of all."""
    site = replace(part("Site", 5400, {"EUR": 7500}), id=7)
    acme = group(5, "Acme", site, part("Inside", 60), amounts={"EUR": 7500})
    counts = {7: 2, 0: 1}
    shown = sections(replace(report([row()], whole=totals(entry_count=3, project_entries=counts)), clients=[acme]))
    first = next(section.table for section in shown if section.HasField("table"))
    assert ["Acme", ""] == [one.header for one in first.groups]
    assert [
        ["Client / project", "Entries", "Duration", "Amount"],
        ["Site", "2", "1:30:00", "75.00 EUR"],
        ["Inside", "1", "0:01:00", ""],
    ] == texts(first)
    assert {"entries": "3", "duration": "1:31:00", "amount": "75.00 EUR"} == total_texts(first.groups[0].total)
    assert {"entries": "3", "duration": "1:30:00", "amount": "75.00 EUR"} == total_texts(first.groups[1].total)
    assert ["map_table", "table", "chart", "chart", "table"] == [one.WhichOneof("content") for one in shown]


def test_amounts_in_several_currencies_share_a_column() -> None:
    """Each amount names its currency, and the total names all."""
    rows = [row(), row(currency="USD", amount_cents=1005), row(amount_cents=None)]
    shown = table(report(rows, whole=totals(amounts={"USD": 1005, "EUR": 7500})), "print")
    assert ["75.00 EUR", "10.05 USD", ""] == list(column(shown, "amount").text)
    assert "75.00 EUR\n10.05 USD" == total_texts(shown.groups[-1].total)["amount"]
