"""Sections above the table on paper."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest
from daybook.report.v1.sheet_pb2 import Quantity

from tests.unit.generation.timetracking.sheets.reports import asked, group, part, report, row, sections, totals

NOTHING = totals(seconds=0, billable_seconds=0, amounts={}, currencies=[], tracked_days=0, project_seconds={})


def test_a_report_begins_with_its_totals() -> None:
    """Time, billable time, amounts by currency and days with time, as texts and values."""
    shown = sections(report([row()], whole=totals(amounts={"USD": 5, "EUR": 7500})))[0].map_table
    assert [
        ("Total time", "1:30:00", 5400),
        ("Billable time", "1:00:00", 3600),
        ("Amount, EUR", "75.00 EUR", 75),
        ("Amount, USD", "0.05 USD", 0.05),
        ("Days with time", "1", 1),
    ] == [(line.name, line.text, line.raw) for line in shown.rows]


def test_hidden_amounts_are_not_among_the_totals() -> None:
    """`hide_amounts` leaves them out."""
    shown = sections(report([row()], query=asked("detailed", hide_amounts=True)))[0].map_table
    assert Quantity.KIND_MONEY not in {line.quantity.kind for line in shown.rows}


def test_charts_stand_between_totals_and_table() -> None:
    """A report for people has two charts and then its table."""
    kinds = [section.WhichOneof("content") for section in sections(report([row()]))]
    assert ["map_table", "chart", "chart", "table"] == kinds


@pytest.mark.parametrize(
    ("expected", "seconds", "duration_format"),
    [
        (["table", "text"], (1200, 1200, 1200), "decimal"),
        (["table"], (1800, 1800), "decimal"),
        (["table"], (1200, 1200, 1200), "classic"),
        (["table", "text"], (1800, 18, 18), "decimal"),
    ],
)
def test_clients_say_where_their_decimal_hours_do_not_add_up(
    expected: list[str], seconds: Sequence[int], duration_format: str
) -> None:
    """In the whole, or under one client alone, right below their table."""
    acme = group(5, "Acme", *(part(f"P{place}", each) for place, each in enumerate(seconds)))
    query = asked("detailed", duration_format=duration_format)
    whole = totals(seconds=sum(seconds))
    shown = sections(replace(report([row()], query=query, whole=whole), clients=[acme]))
    below = itertools.takewhile(lambda kind: kind != "chart", (one.WhichOneof("content") for one in shown[1:]))

    assert expected == list(below)


def test_a_report_without_entries_says_so() -> None:
    """An empty report has totals of nothing and a note, no charts and no table."""
    shown = sections(report(whole=NOTHING))
    assert ["map_table", "text"] == [section.WhichOneof("content") for section in shown]
    assert "No time entries" == shown[1].text.text
    assert ["0:00:00", "0:00:00", "0.00 USD", "0"] == [line.text for line in shown[0].map_table.rows]


def test_entries_without_time_have_no_charts() -> None:
    """Charts of nothing are left out where all entries are of no seconds."""
    kinds = [section.WhichOneof("content") for section in sections(report([row()], whole=NOTHING))]
    assert ["map_table", "table"] == kinds


def test_programs_get_nothing_but_the_table() -> None:
    """A file for programs has no front."""
    assert ["table"] == [section.WhichOneof("content") for section in sections(report([row()]), "data")]
