"""Rows of reports over time entries as messages."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from daybook.input.v1.workspace_pb2 import Project
from daybook.savedreport.v1 import time_report_pb2 as pb
from daybook.savedreport.v1.saved_report_service_pb2 import RunReportResponse

from services.errors.workspaces import ReportTooBig
from services.generation.servicers.time_messages import MAX_IDS, MAX_ROWS, color_of, row_messages
from services.generation.timetracking.group_keys import TagSet
from services.generation.timetracking.prices import Rate
from services.generation.timetracking.summary_groups import SubGroup, SummaryGroup
from tests.builders.time_entries import SITE, directory, entry
from tests.builders.time_report_service import january, run
from tests.fakes.time_entries import MemoryTimeEntries

MIB = 2**20
DESIGN = entry(
    id=900,
    start="2026-01-05T09:00:00+01:00",
    seconds=5400,
    project=7,
    task=21,
    tags=(4, 3),
    description="Design",
    billable=True,
)


async def detailed_row(**params: Any) -> pb.DetailedRow:
    """Return the row of one entry in a report with such parameters."""
    report, rows = await run(MemoryTimeEntries.of(DESIGN), january(**params), "rows")
    (message,) = row_messages(report, rows)
    return message.detailed_rows.rows[0]


async def summary(groups: Sequence[SummaryGroup], **params: Any) -> list[RunReportResponse]:
    """Return groups as the messages of a summary with such parameters."""
    report, _ = await run(MemoryTimeEntries.of(), january("summary", **params), "rows")
    return list(row_messages(report, groups))


def group(*parts: SubGroup) -> SummaryGroup:
    """Return a group of these parts."""
    return SummaryGroup(7, "Site", "#0b83d9", 0, 0, {}, parts)


def part(title: str, **more: Any) -> SubGroup:
    """Return a part of a group: an hour, of which a half is billable."""
    whole = SubGroup(None, title, 3600, 1800, {"EUR": 2500}, [Rate(1800, 5000, "EUR")])
    return replace(whole, **more)


async def test_a_row_tells_everything_by_name() -> None:
    """It is the example of reference section 7, with names."""
    expected = pb.DetailedRow(
        row_number=1,
        user_id=11,
        username="Ann",
        email="ann@example.com",
        project_id=7,
        project_name="Site",
        project_color="0",
        project_hex="#0b83d9",
        client_name="Acme",
        task_id=21,
        task_name="Drafts",
        tag_ids=[3, 4],
        tag_names=["urgent", "calm"],
        description="Design",
        billable=True,
        billable_amount_in_cents=7500,
        hourly_rate_in_cents=5000,
        currency="EUR",
        time_entries=[
            pb.RowEntry(
                id=900,
                seconds=5400,
                start="2026-01-05T09:00:00+01:00",
                stop="2026-01-05T10:30:00+01:00",
                at="2026-01-05T09:30:00+00:00",
                at_tz="2026-01-05T10:30:00+01:00",
            )
        ],
    )

    assert expected == await detailed_row(enrich_response=True)


async def test_names_are_left_out_unless_asked_for() -> None:
    """Who works with ids gets the member's name and no more."""
    row = await detailed_row()

    assert ("Ann", "", "", "", "") == (row.username, row.email, row.project_name, row.project_hex, row.client_name)
    assert ("", []) == (row.task_name, list(row.tag_names))


async def test_hidden_amounts_are_absent() -> None:
    """Absent, not zero."""
    row = await detailed_row(hide_amounts=True)

    assert not row.HasField("billable_amount_in_cents")
    assert not row.HasField("hourly_rate_in_cents")


async def test_a_group_tells_its_parts() -> None:
    """Parts have no id where they are descriptions."""
    (message,) = await summary([group(part("Design"))])
    expected = pb.SummaryGroup(
        id=7,
        name="Site",
        project_color="0",
        project_hex_color="#0b83d9",
        sub_groups=[
            pb.SubGroup(
                title="Design",
                seconds=3600,
                rates=[pb.Rate(billable_seconds=1800, hourly_rate_in_cents=5000, currency="EUR")],
                billable_amount_in_cents=2500,
            )
        ],
    )

    assert [expected] == list(message.summary_groups.groups)


async def test_a_group_by_tags_tells_them() -> None:
    """Also where an entry has none."""
    tags = [TagSet((4, 3), ("calm", "urgent")), TagSet()]
    (message,) = await summary([replace(group(part("Design")), tags=one) for one in tags])

    expected = [pb.TagSet(ids=[4, 3], names=["calm", "urgent"]), pb.TagSet()]
    assert expected == [one.tags for one in message.summary_groups.groups]
    assert all(one.HasField("tags") for one in message.summary_groups.groups)


async def test_hidden_rates_are_absent() -> None:
    """The billable time is told, its price is not."""
    (message,) = await summary([group(part("Design"))], hide_rates=True)
    (rate,) = message.summary_groups.groups[0].sub_groups[0].rates

    assert (1800, False) == (rate.billable_seconds, rate.HasField("hourly_rate_in_cents"))


async def test_an_empty_group_is_told() -> None:
    """It has a name and no parts."""
    (message,) = await summary([group()])
    (told,) = message.summary_groups.groups

    assert (7, False, []) == (told.id, told.continued, list(told.sub_groups))


async def test_a_large_group_is_cut() -> None:
    """Its pieces say that they continue; no message has more than 2,000 parts or 1 MiB."""
    titles = [f"{number} " + "x" * 900 for number in range(5 * MAX_ROWS)]
    found = await summary([group(*map(part, titles))])
    pieces = [one for message in found for one in message.summary_groups.groups]

    assert titles == [one.title for piece in pieces for one in piece.sub_groups]
    assert [False] + [True] * (len(pieces) - 1) == [piece.continued for piece in pieces]
    assert {7} == {piece.id for piece in pieces}
    assert max(message.ByteSize() for message in found) < MIB
    assert max(len(piece.sub_groups) for piece in pieces) <= MAX_ROWS


async def test_the_ids_of_a_part_fit_into_a_message() -> None:
    """As many as fit are told; past that the report is too big."""
    most = range(2**31 - MAX_IDS, 2**31)
    (message,) = await summary([group(part("Design", entry_ids=most))])

    assert message.ByteSize() < MIB
    with pytest.raises(ReportTooBig):
        await summary([group(part("Design", entry_ids=range(MAX_IDS + 1)))])


async def test_weeks_and_projects_are_told_by_name_and_id() -> None:
    """Each in its own message."""
    memory = MemoryTimeEntries.of(DESIGN)
    report, weeks = await run(memory, january("weekly", start_date="2026-01-05"), "rows")
    (week,) = row_messages(report, weeks)
    report, projects = await run(memory, january("projects"), "rows")
    (project,) = row_messages(report, projects)
    row = week.weekly_rows.rows[0]

    assert ("Ann", "Site", "Acme", "EUR", 5000) == (
        row.user_name,
        row.project_name,
        row.client_name,
        row.currency,
        row.hourly_rate_in_cents,
    )
    assert [5400, 0, 0, 0, 0, 0, 0] == list(row.seconds) == list(row.billable_seconds)
    assert [7500, 0, 0, 0, 0, 0, 0] == list(row.billable_amounts_in_cents)
    assert [pb.ProjectRow(project_id=7, user_id=11, tracked_seconds=5400, billable_seconds=5400)] == list(
        project.project_rows.rows
    )


def test_every_project_has_a_colour() -> None:
    """Its own, or one by its id; entries without a project have none."""
    known = directory(projects=(SITE, Project(id=9, name="Plain")))

    assert ("#0b83d9", "") == (color_of(known, 7), color_of(known, None))
    assert "#" == color_of(known, 9)[0]
