"""Entities whose names are equal, in files."""

from collections.abc import Mapping
from typing import Any, Literal

import pytest
from daybook.input.v1.workspace_pb2 import Client, Project, ProjectTask
from daybook.report.v1.sheet_pb2 import Chart, Column, Sheet, Table

from services.generation.servicers.time_messages import row_messages
from services.generation.timetracking.directory import Directory
from services.generation.timetracking.sheets import sheets_of
from services.generation.timetracking.sheets.entity_labels import told_apart
from services.generation.timetracking.time_report import OfWorkspace
from services.generation.timetracking.time_store import SavedReport
from tests.builders.time_entries import directory, entry, member
from tests.builders.time_report_service import shared, time_report_service
from tests.builders.timesheet_cases import timesheet_case
from tests.fakes.time_entries import MemoryTimeEntries

APRIL = {"start_date": "2026-04-01", "end_date": "2026-04-30"}
ANN_A, ANN_B = "Ann (ann.a@example.com)", "Ann (ann.b@example.com)"
CASE = timesheet_case("names.csv")
Layout = Literal["data", "print"]


async def sheet(kind: Any, layout: Layout = "data", **params: Any) -> Sheet:
    """Return the sheet of a report over April."""
    return (await _shown(kind, layout, CASE.known, CASE.stored, params))[0]


async def conditions(kind: Any, **params: Any) -> Mapping[str, str]:
    """Return the conditions of a report over April."""
    return (await _shown(kind, "print", CASE.known, CASE.stored, params))[1]


async def _shown(
    kind: Any, layout: Layout, known: Directory, stored: MemoryTimeEntries, params: Mapping[str, Any]
) -> tuple[Sheet, Mapping[str, str]]:
    service = time_report_service(stored, known=known, owner=known.members[10])
    source = OfWorkspace(known.workspace.id, kind, {**APRIL, **params})
    async with service.opened(source, None, "print" if layout == "print" else "export") as report:
        sheets = await sheets_of(report, layout)
        (only,) = [part async for part in sheets.parts]
    return only.sheet, {one.name: one.text for one in sheets.conditions}


def table(shown: Sheet) -> Table:
    """Return the last table of a sheet."""
    return [section.table for section in shown.sections if section.HasField("table")][-1]


def pie(shown: Sheet) -> Chart:
    """Return the only pie of a sheet."""
    (only,) = [section.chart for section in shown.sections if section.chart.kind == Chart.KIND_PIE]
    return only


def column(shown: Table, field: str) -> list[str]:
    """Return the texts of a column."""
    (only,) = [one for one in shown.columns if one.field == field]
    return list(Column.FromString(only.SerializeToString()).text)


async def test_members_have_their_addresses_and_projects_their_clients_in_a_summary() -> None:
    """In rows for programs and in groups for people; a name that one member has stays as it is."""
    by = {"grouping": "users", "sub_grouping": "projects"}
    data, paper = table(await sheet("summary", **by)), table(await sheet("summary", "print", **by))

    assert [ANN_A, ANN_B, "Eve", "Eve", "Eve"] == column(data, "group")
    assert ["Web (Acme)", "Web (Beta)", "Web (Acme)", "Web (Beta)", "Web"] == column(data, "title")
    assert [ANN_A, ANN_B, "Eve"] == [group.header for group in paper.groups if group.row_count]
    assert ["Web (Acme)", "Web (Beta)", "Web (Acme)", "Web (Beta)", "Web"] == column(paper, "title")


async def test_json_has_bare_names() -> None:
    """Ids tell there."""
    service = time_report_service(CASE.stored, known=CASE.known, owner=CASE.known.members[10])
    source = OfWorkspace(1, "summary", {**APRIL, "grouping": "users", "sub_grouping": "projects"})
    async with service.opened(source, None, "everything") as report:
        runs = [message async for run in report.rows for message in row_messages(report, run)]
    groups = [group for message in runs for group in message.summary_groups.groups]

    assert [(10, "Ann"), (11, "Ann"), (12, "Eve")] == [(group.id, group.name) for group in groups]
    assert {"Web"} == {part.title for group in groups for part in group.sub_groups}


async def test_a_column_of_its_own_tells_names_apart() -> None:
    """Addresses and clients in the columns of a detailed report, clients beside projects, groups above their parts."""
    whole = table(await sheet("detailed"))
    assert ["Ann", "Ann", "Eve", "Eve", "Eve"] == column(whole, "user")
    assert {"Web"} == {*column(whole, "project")}
    by_project = table(await sheet("summary", grouping="projects", sub_grouping="users"))
    assert [("Web", "Acme"), ("Web", "Acme"), ("Web", "Beta"), ("Web", "Beta"), ("Web", "")] == sorted(
        zip(column(by_project, "group"), column(by_project, "client"), strict=True), key=lambda row: row[1] or "~"
    )
    by_client = table(await sheet("summary", grouping="clients", sub_grouping="projects"))
    assert ["Web", "Web", "Web"] == column(by_client, "title")


async def test_columns_that_were_left_out_tell_nothing_apart() -> None:
    """A file of projects without clients says the clients of equal projects, one of members their addresses."""
    shown = table(await sheet("detailed", columns=["user", "project", "duration"]))

    assert [ANN_A, ANN_B, "Eve", "Eve", "Eve"] == column(shown, "user")
    assert ["Web (Acme)", "Web (Beta)", "Web (Acme)", "Web (Beta)", "Web"] == column(shown, "project")


async def test_paper_tells_persons_apart_by_their_addresses() -> None:
    """In detailed and weekly reports, which have no column of them; work names the client before the project."""
    detailed = table(await sheet("detailed", "print"))
    assert [ANN_A, ANN_B, "Eve"] == column(detailed, "user")[:3]
    assert "Acme \N{MIDDLE DOT} Web / x" == column(detailed, "work")[0]
    week = {"start_date": "2026-04-01", "end_date": "2026-04-07"}
    weekly = table(await sheet("weekly", "print", **week))
    assert {ANN_A, ANN_B, "Eve"} == {*column(weekly, "user")}
    assert {"Web"} == {*column(weekly, "project")}
    assert {"Ann", "Eve"} == {*column(table(await sheet("weekly", **week)), "user")}


async def test_charts_and_conditions_tell_names_apart() -> None:
    """Slices of a pie, which its legend names, and members and projects of filters."""
    users = pie(await sheet("summary", "print", grouping="users"))
    assert [ANN_B, "Eve", ANN_A] == list(users.categories)
    assert ["Web (Beta)", "Web (Acme)", "Web"] == list(pie(await sheet("detailed", "print")).categories)
    told = await conditions("summary", grouping="users", user_ids=[10, 11], project_ids=[30, 31])
    assert f"{ANN_A}, {ANN_B}" == told["Users"]
    assert "Web (Acme), Web (Beta)" == told["Projects"]


async def test_names_that_only_one_entity_of_a_file_has_stay_bare() -> None:
    """The other Ann has no entry that the filter keeps."""
    shown = table(await sheet("summary", grouping="users", sub_grouping="projects", user_ids=[10]))
    assert (["Ann"], ["Web"]) == (column(shown, "group"), column(shown, "title"))


async def viewed(kind: str, **params: Any) -> Table:
    """Return the table of a shared report as a stranger downloads it."""
    saved = SavedReport(1, 1, 10, "April", {"report_type": kind, **APRIL, **params}, public=True)
    owner = CASE.known.members[10]
    service = time_report_service(CASE.stored, known=CASE.known, owner=owner, saved=saved, reader="stranger")
    async with service.opened(shared(), None, "export") as report:
        (only,) = [part async for part in (await sheets_of(report, "data")).parts]
    return table(only.sheet)


async def test_members_whose_addresses_are_hidden_are_numbered_by_id() -> None:
    """Also where the empty column Email stands beside them."""
    assert ["Ann (1)", "Ann (2)", "Eve", "Eve", "Eve"] == column(await viewed("detailed"), "user")
    summary = await viewed("summary", grouping="users", sub_grouping="billable")
    assert ["Ann (1)", "Ann (2)", "Eve"] == column(summary, "group")


async def test_an_audit_tells_its_empty_groups_apart() -> None:
    """They are in the file, too."""
    audit = {"show_empty_groups": True, "show_tracked_groups": True}
    shown = await sheet("summary", grouping="users", sub_grouping="billable", project_ids=[30], audit=audit)
    assert [ANN_A, ANN_B, "Eve"] == column(table(shown), "group")


async def test_tasks_are_told_apart_by_their_projects() -> None:
    """By numbers where the names of these are equal, too; a column of projects says enough."""
    known = directory(
        members=[member(10, "Ann", "ann.a@example.com")],
        clients=[Client(id=20, name="Acme")],
        projects=[Project(id=30, name="Web", client_id=20), Project(id=31, name="Web"), Project(id=32, name="Shop")],
        tasks=[ProjectTask(id=one, name="Design", project_id=one - 10) for one in (40, 41, 42)],
    )
    work = [
        entry(id=one, user=10, start=f"2026-04-0{one}T09:00:00Z", project=29 + one, task=39 + one) for one in (1, 2, 3)
    ]
    stored = MemoryTimeEntries.of(*work, run_length=10)

    async def column_of(kind: str, stored: MemoryTimeEntries, field: str, **params: Any) -> list[str]:
        return column(table((await _shown(kind, "data", known, stored, params))[0]), field)

    by = {"grouping": "users", "sub_grouping": "tasks"}
    assert ["Design (1)", "Design (2)", "Design (3)"] == await column_of("summary", stored, "title", **by)
    two = MemoryTimeEntries.of(*work[1:])
    assert ["Design (Web)", "Design (Shop)"] == await column_of("summary", two, "title", **by)
    assert ["Design"] * 3 == await column_of("detailed", stored, "task", columns=["project", "task"])
    assert ["Design"] * 3 == await column_of("summary", stored, "title", grouping="projects", sub_grouping="tasks")


@pytest.mark.parametrize(
    ("expected", "names", "marks"),
    [
        ({}, {1: "Ann", 2: "Bob"}, {1: "x", 2: "x"}),
        ({1: "Ann (x)"}, {1: "Ann", 2: "Ann"}, {1: "x"}),
        ({1: "Ann (1)", 2: "Ann (2)"}, {1: "Ann", 2: "Ann"}, {1: "x", 2: "x"}),
        ({1: "Ann (1)", 2: "Ann (2)"}, {1: "Ann", 2: "Ann"}, {}),
        ({1: "Ann (x) (1)", 2: "Ann (y)", 3: "Ann (x) (2)"}, {1: "Ann", 2: "Ann", 3: "Ann (x)"}, {1: "x", 2: "y"}),
    ],
)
def test_no_two_labels_are_equal(
    expected: Mapping[int, str], names: Mapping[int, str], marks: Mapping[int, str]
) -> None:
    """Whatever the names look like: one with a bracket of its own, too."""
    assert expected == told_apart(names, marks)
