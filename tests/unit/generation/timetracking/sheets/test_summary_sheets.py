"""Summaries as sheets."""

import math
from dataclasses import replace
from typing import Literal

import pytest
from daybook.report.v1 import sheet_pb2 as pb

from services.generation.kit.parts import MAX_ROWS
from services.generation.timetracking.budget import Budget
from services.generation.timetracking.query import TimeReportQuery
from services.generation.timetracking.summary_groups import SummaryGroup
from services.generation.timetracking.time_report import TimeReport
from services.generation.timetracking.totals import Totals
from tests.builders.time_entries import ACME, SITE, changed, directory
from tests.unit.generation.timetracking.sheets.reports import (
    asked,
    column,
    group,
    made,
    part,
    report,
    table,
    texts,
    total_texts,
    totals,
)


def groups() -> list[SummaryGroup]:
    """Return design and drafts on Site for Acme, and time without a project."""
    site = group(7, "Site", part("Design", 3600, {"EUR": 5000}), part("Drafts", 1800), amounts={"EUR": 5000})
    return [site, group(None, "", part(None, 60))]


def whole() -> Totals:
    """Return what the groups come to."""
    return totals(seconds=5460, amounts={"EUR": 5000})


def test_a_row_is_a_part_of_a_group() -> None:
    """For programs a summary by projects has the columns of the public CSV."""
    assert [
        ["Project", "Client", "Title", "Duration", "Amount (EUR)"],
        ["Site", "Acme", "Design", "01:00:00", "50.00"],
        ["Site", "Acme", "Drafts", "00:30:00", ""],
        ["", "", "", "00:01:00", ""],
    ] == texts(table(report(groups(), query=asked("summary"), whole=whole())))


@pytest.mark.parametrize(
    ("expected", "by", "title", "locale"),
    [
        ("Sat 30 May 2026", "days", "2026-05-30", "en"),
        ("Sa 30. Mai 2026", "days", "2026-05-30", "de"),
        ("25\N{EN DASH}31 May", "weeks", "2026-05-25", "en"),
        ("29. Juni \N{EN DASH} 5. Juli", "weeks", "2026-06-29", "de"),
        ("May 2026", "months", "2026-05", "en"),
        ("май 2026\N{NARROW NO-BREAK SPACE}\N{CYRILLIC SMALL LETTER GHE}.", "months", "2026-05", "ru"),
        ("Nicht abrechenbar", "billable", "non-billable", "de"),
        ("Ohne Schlagwörter", "tags", "", "de"),
        ("calm, urgent", "tags", "calm, urgent", "de"),
    ],
)
def test_groups_are_worded_in_the_language_of_paper(expected: str, by: str, title: str, locale: str) -> None:
    """As groups and as sub-groups; for programs they stay as they are."""
    as_group = asked("summary", grouping=by, sub_grouping="users")
    as_part = asked("summary", grouping="users", sub_grouping=by)
    some = [group(None, title, part("Ann", 60))]
    parts = [group(11, "Ann", part(title, 60))]

    assert [expected] == [one.header for one in _worded(some, as_group, locale).groups if one.row_count]
    assert [expected] == [*_worded(parts, as_part, locale).columns[0].text]
    assert [title] == [*table(report(some, query=as_group, locale=locale)).columns[0].text]


def _worded(some: list[SummaryGroup], query: TimeReportQuery, locale: str) -> pb.Table:
    return table(report(some, query=query, whole=totals(seconds=0), locale=locale), "print")


@pytest.mark.parametrize(
    ("by", "sub", "titles"),
    [
        ("projects", "users", ["Project", "Client", "User"]),
        ("projects", "tasks", ["Project", "Client", "Task"]),
        ("clients", "projects", ["Client", "Project"]),
        ("clients", "time_entries", ["Client", "Title"]),
        ("users", "clients", ["User", "Client"]),
        ("days", "tags", ["Day", "Tags"]),
        ("weeks", "billable", ["Week", "Billable"]),
        ("tags", "months", ["Tags", "Month"]),
    ],
)
def test_the_grouping_names_the_columns(by: str, sub: str, titles: list[str]) -> None:
    """The titles name the groups and the sub-groups."""
    query = asked("summary", grouping=by, sub_grouping=sub, hide_amounts=True)  # type: ignore[arg-type]  # pairs of its values
    assert [*titles, "Duration"] == texts(table(report(groups(), query=query)))[0]


def test_a_collapsed_summary_has_a_row_for_each_group() -> None:
    """`collapse` leaves parts out, for programs and on paper."""
    asked_for = asked("summary", collapse=True)
    assert [
        ["Project", "Client", "Duration", "Amount (EUR)"],
        ["Site", "Acme", "01:30:00", "50.00"],
        ["", "", "00:01:00", ""],
    ] == texts(table(report(groups(), query=asked_for, whole=whole())))
    assert [
        ["Project", "Duration", "Amount"],
        ["Site (Acme)", "1:30:00", "50.00 EUR"],
        ["Without project", "0:01:00", ""],
    ] == texts(table(report(groups(), query=asked_for, whole=whole()), "print"))


def test_a_total_ends_the_summary() -> None:
    """The total is that of the report."""
    shown = table(report(groups(), query=asked("summary"), whole=whole()))
    assert {"duration": "01:31:00", "amount_EUR": "50.00"} == total_texts(shown.groups[-1].total)


def test_on_paper_parts_stand_under_their_groups() -> None:
    """Each group has its name and total; the last total is that of all."""
    shown = table(report(groups(), query=asked("summary"), whole=whole()), "print")
    assert [
        ["Description", "Duration", "Amount"],
        ["Design", "1:00:00", "50.00 EUR"],
        ["Drafts", "0:30:00", ""],
        ["Without description", "0:01:00", ""],
    ] == texts(shown)
    assert [("Site (Acme)", 2), ("Without project", 1), ("", 0)] == [
        (each.header, each.row_count) for each in shown.groups
    ]
    assert ["1:30:00", "0:01:00", "1:31:00"] == [total_texts(each.total)["duration"] for each in shown.groups]
    assert ["Total"] * 3 == [each.total.text for each in shown.groups]


def test_on_paper_archived_groups_are_marked() -> None:
    """As groups and as parts of groups; columns for programs hold the bare names."""
    where = directory(projects=(changed(SITE, archived=True),), clients=(changed(ACME, archived=True),))
    by_project = report(groups(), query=asked("summary"), whole=whole(), where=where)
    assert "Site (Acme) (archived)" == table(by_project, "print").groups[0].header
    acme = [group(5, "Acme", replace(part("Site", 60), id=7))]
    by_client = asked("summary", grouping="clients", sub_grouping="projects")
    shown = table(report(acme, query=by_client, where=where), "print")
    assert ("Acme (archived)", "Site (archived)") == (shown.groups[0].header, texts(shown)[1][0])
    assert ["Acme", "Site"] == texts(table(report(acme, query=by_client, where=where)))[1][:2]


def test_a_long_group_goes_on_in_the_next_part() -> None:
    """A group longer than a part has its total once, at its end."""
    long = group(7, "Site", *[part(f"Work {place}", 60) for place in range(MAX_ROWS + 1)])
    parts = made(report([long], query=asked("summary")), "print")[1]
    pieces = [section.table.groups[0] for each in parts for section in each.sheet.sections if section.HasField("table")]
    assert [(MAX_ROWS, False, True, False), (1, True, False, True)] == [
        (each.row_count, each.continued, each.unfinished, each.HasField("total")) for each in pieces
    ]


@pytest.mark.parametrize(("layout", "row"), [("data", ["Inside", "", "", "00:00:00"]), ("print", ["", "0:00:00"])])
def test_an_empty_group_has_a_row(layout: Literal["data", "print"], row: list[str]) -> None:
    """Of a group without time, too, a file says that it is there."""

    def empty() -> TimeReport:
        return report([group(8, "Inside")], query=asked("summary", hide_amounts=True))

    sheets, parts = made(empty(), layout)

    assert row == texts(table(empty(), layout))[-1]
    assert sum(map(cells, parts)) == sheets.cell_count


def test_cells_are_counted_before_they_are_made() -> None:
    """The number of cells known up front is that of the parts."""
    for layout in ("data", "print"):
        sheets, parts = made(report(groups(), query=asked("summary"), whole=whole()), layout)
        assert sum(map(cells, parts)) == sheets.cell_count


def cells(shown: pb.SheetPart) -> int:
    """Count the cells of a part."""
    tables = [section.table for section in shown.sheet.sections]
    return sum(len(each.text) for every in tables for each in every.columns)


def test_a_summary_of_nothing_has_its_columns() -> None:
    """For programs there is a table without rows, on paper none."""
    empty = totals(seconds=0, amounts={}, currencies=[])
    shown = table(report(query=asked("summary"), whole=empty))
    assert [["Project", "Client", "Title", "Duration", "Amount (USD)"]] == texts(shown)
    assert [] == list(column(shown, "duration").text)


def test_budgets_have_columns() -> None:
    """The rest may be negative; a budget of a group stands in its first row for programs, in its total on paper."""
    site, none = groups()
    some = [replace(site, budget=Budget(14_400, used=16_200)), none]
    query = asked("summary", show_budgets=True)
    titles, first, second, last = texts(table(report(some, query=query, whole=whole())))
    paper = table(report(some, query=query, whole=whole(), locale="de"), "print")

    assert ["Budget", "Used", "Left", "Used %"] == titles[-4:]
    assert ["04:00:00", "04:30:00", "-00:30:00", "113%"] == first[-4:]
    assert [[""] * 4] * 2 == [second[-4:], last[-4:]]
    assert ["Budget", "Verbraucht", "Verbleibend", "Verbraucht %"] == texts(paper)[0][-4:]
    shown = total_texts(paper.groups[0].total)
    assert ("4:00:00", "-0:30:00", "113\N{NO-BREAK SPACE}%") == (
        shown["budget"],
        shown["budget_left"],
        shown["budget_used_percent"],
    )
    warned = [cell.field for cell in paper.groups[0].total.cells if cell.warning]
    assert ["budget_used", "budget_left", "budget_used_percent"] == warned


def test_paper_leaves_out_budgets_where_no_project_has_one() -> None:
    """The columns would be empty; programs find them in their places."""
    without = report(groups(), query=asked("summary", show_budgets=True), whole=whole())

    assert "budget" not in {one.field for one in table(without, "print").columns}
    assert "budget" in {one.field for one in table(without).columns}


def test_budgets_are_numbers_and_those_that_are_exceeded_warnings() -> None:
    """Seconds, sums in their currencies and percents; an exact budget is none."""
    over = part("Site", 60)
    those = [Budget(14_400, used=16_200), Budget(10_000, "EUR", 10_000), Budget(5000, "USD", 6000)]
    some = [group(5, "Acme", *(replace(over, budget=budget) for budget in those), over)]
    query = asked("summary", show_budgets=True, grouping="clients", sub_grouping="projects")
    shown = table(report(some, query=query, whole=whole()))

    left, percent = column(shown, "budget_left"), column(shown, "budget_used_percent")
    assert [-1800, 0, -10.0] == [*left.raw[:3]]
    assert math.isnan(left.raw[3])
    assert ["EUR", "USD"] == [left.quantities.quantities[index].currency_code for index in left.quantities.index]
    assert [113, 100, 120] == [*percent.raw[:3]]
    assert [[], [0, 2], [0, 2], [0, 2]] == [list(one.warning_rows) for one in shown.columns[-4:]]


def test_budgets_of_parts_stand_in_their_rows() -> None:
    """Here in money."""
    acme = group(5, "Acme", replace(part("Site", 60), budget=Budget(10_000, "EUR", 2500)))
    query = asked("summary", show_budgets=True, grouping="clients", sub_grouping="projects")

    for layout in ("data", "print"):
        row = texts(table(report([acme], query=query, whole=whole()), layout))[1]
        assert ["100.00 EUR", "25.00 EUR", "75.00 EUR", "25%"] == row[-4:]
