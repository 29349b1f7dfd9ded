"""Columns of detailed files that were chosen."""

from typing import Any, Literal

import pytest
from daybook.report.v1 import sheet_pb2 as pb

from services.errors import InvalidParameters
from services.generation.timetracking.parameters import COLUMNS, DetailedParams, checked
from services.generation.timetracking.sheets.detailed_columns import TITLES
from services.generation.timetracking.viewer_parameters import viewers_body
from tests.builders.time_entries import ANN, changed, directory
from tests.unit.generation.timetracking.sheets.reports import (
    asked,
    report,
    row,
    table,
    texts,
    timed,
    total_texts,
    totals,
)


def chosen(*columns: str, layout: Literal["data", "print"] = "data", locale: str = "en", **more: Any) -> pb.Table:
    """Return the table of Ann's design with some columns."""
    query = asked("detailed", columns=columns, **more)
    return table(report([row()], query=query, locale=locale, whole=totals(seconds=5400)), layout)


def test_columns_come_in_the_order_in_which_they_are_named() -> None:
    """And no others."""
    assert [
        ["Start date", "Project", "Duration"],
        ["2026-01-05", "Site", "01:30:00"],
    ] == texts(chosen("start_date", "project", "duration"))


def test_every_column_can_be_chosen_alone() -> None:
    """An amount is a column for each currency."""
    assert {*COLUMNS, "utc_offset"} == set(TITLES)
    for name in COLUMNS:
        expected = "Amount (EUR)" if name == "amount" else TITLES[name]
        assert [expected] == texts(chosen(name))[0]


def test_no_columns_are_the_usual_ones() -> None:
    """All but the id of the entry."""
    assert texts(chosen()) == texts(table(report([row()], whole=totals(seconds=5400))))
    assert "Entry ID" not in texts(chosen())[0]


def test_ids_of_entries_are_those_under_which_an_import_knows_them() -> None:
    """A row of several entries has them all."""
    two = row(timed("2026-01-05T09:00:00+01:00", 60, one=1), timed("2026-01-06T09:00:00+01:00", 60, one=2))
    shown = table(report([two, row()], query=asked("detailed", columns=("entry_id",), grouped=True)))

    assert [["Entry ID"], ["daybook:1, daybook:2"], ["daybook:900"]] == texts(shown)


def test_totals_stand_in_columns_that_are_shown() -> None:
    """A table without durations has no sum of them."""
    assert {"duration": "01:30:00"} == total_texts(chosen("project", "duration").groups[0].total)
    assert {} == total_texts(chosen("project").groups[0].total)


def test_offsets_follow_the_last_clock_that_is_shown() -> None:
    """A table without clocks has none."""

    def fields(*columns: str) -> list[str]:
        query = asked("detailed", columns=columns)
        shown = table(report([row()], query=query, whole=totals(several_offsets=True)))
        return [column.field for column in shown.columns]

    assert ["start_time", "utc_offset", "project"] == fields("start_time", "project")
    assert ["project", "start_date"] == fields("project", "start_date")


def test_paper_has_the_chosen_columns_in_the_readers_language() -> None:
    """With the formats of the account."""
    assert [
        ["Startdatum", "Projekt", "Abrechenbar", "Dauer", "Betrag (EUR)"],
        ["05.01.2026", "Site", "Ja", "1:30:00", "75,00"],
    ] == texts(chosen("start_date", "project", "billable", "duration", "amount", layout="print", locale="de"))


def test_paper_has_no_column_of_addresses_where_none_is_shown() -> None:
    """A file for programs keeps the column, empty."""
    hidden = directory(members=[changed(ANN, email="")])
    query = asked("detailed", columns=("email", "project"))

    assert ["Project"] == texts(table(report([row()], query=query, where=hidden), "print"))[0]
    assert [["Email", "Project"], ["", "Site"]] == texts(table(report([row()], query=query, where=hidden)))


def test_hidden_amounts_have_no_column() -> None:
    """Also where it was chosen."""
    assert ["Project"] == texts(chosen("project", "amount", hide_amounts=True))[0]


@pytest.mark.parametrize("columns", [["project", "project"], ["projects"], "project", [5], [["user"]], {"user": 1}])
def test_other_names_and_doubled_ones_are_refused(columns: object) -> None:
    """With the names that there are."""
    with pytest.raises(InvalidParameters) as caught:
        checked("detailed", {"columns": columns})

    (wrong,) = caught.value.violations
    assert ("columns", f"must be one of {', '.join(COLUMNS)}") == (wrong.field, wrong.description)


@pytest.mark.parametrize(
    ("expected", "sent"),
    [
        (["duration"], ["duration"]),
        (["duration", "project"], ["duration", "project"]),
        (["project"], ["email", "project"]),
        (None, ["email"]),
        (None, []),
        (None, None),
    ],
)
def test_a_viewer_leaves_out_saved_columns_and_adds_none(expected: list[str] | None, sent: object) -> None:
    """Columns beyond the saved ones are ignored; where none would be left the saved ones stay."""
    saved = {"columns": ["project", "duration"]}

    assert expected == viewers_body(saved, {"columns": sent}).get("columns")


def test_a_viewer_chooses_where_no_columns_were_saved() -> None:
    """Among all; what is no column is refused in either case."""
    assert ["email"] == viewers_body({}, {"columns": ["email"]})["columns"]
    for saved in ({}, {"columns": ["project"]}):
        with pytest.raises(InvalidParameters):
            checked("detailed", viewers_body(saved, {"columns": ["nothing"]}))


def test_columns_are_told_as_they_were_named() -> None:
    """As JSON has them."""
    assert ("start_date", "project") == DetailedParams(columns=["start_date", "project"]).columns


def test_paper_has_no_columns_in_which_nothing_stands() -> None:
    """Files for programs have all that were chosen; columns alone stay."""
    names = ("email", "client", "task", "tags", "amount", "duration")
    query = asked("detailed", columns=names)
    whole = totals(project_seconds={8: 5400}, amounts={}, tag_seconds={(): 5400})
    where = directory(members=[changed(ANN, email="")])
    plain = [row(project_id=8, task_id=None, tag_ids=(), amount_cents=None)]

    assert [["Duration"], ["1:30:00"]] == texts(table(report(plain, query=query, whole=whole, where=where), "print"))
    assert 6 == len(table(report(plain, query=query, whole=whole, where=where)).columns)
    alone = table(report(plain, query=asked("detailed", columns=("tags",)), whole=whole), "print")
    assert ["Tags"] == [column.title for column in alone.columns]
    usual = table(report(plain, whole=whole), "print")
    assert ["Person", "Work", "Time", "Duration"] == [column.title for column in usual.columns]
