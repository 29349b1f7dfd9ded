"""Head of a report, and the records of its ids."""

from collections.abc import Iterator
from typing import Any

from daybook.savedreport.v1 import time_report_pb2 as pb
from google.protobuf.json_format import MessageToDict

from services.generation.servicers.time_dictionaries import filtered, occurring
from services.generation.servicers.time_info import info
from services.generation.timetracking.time_store import SavedReport
from tests.builders.time_entries import entry
from tests.builders.time_report_service import JANUARY, january, run, shared
from tests.fakes.time_entries import MemoryTimeEntries

WORK = MemoryTimeEntries.of(
    entry(id=1, start="2026-01-05T08:00:00Z", project=7, task=21, billable=True, tags=(3,)),
    entry(id=2, start="2026-01-06T08:00:00Z", user=12, seconds=60),
)
SAVED = SavedReport(
    1, 1, 11, "Hours", {"report_type": "summary", **JANUARY}, public=True, fixed_daterange=True, token="0" * 32
)


def names(parts: Iterator[pb.Dictionaries]) -> dict[str, list[int]]:
    """Return the ids of all parts together, by kind."""
    whole = pb.Dictionaries()
    for part in parts:
        whole.MergeFrom(part)
    return {kind.name: [one.id for one in entries] for kind, entries in whole.ListFields()}


async def test_a_saved_report_says_what_it_is() -> None:
    """Its name and switches, what was saved, what it was run with, and by what it is grouped."""
    report, _ = await run(WORK, shared(sub_grouping="users"), saved=SAVED)
    told = info(report)

    assert (pb.TimeReportType.TIME_REPORT_TYPE_SUMMARY, "Hours", True, True) == (
        told.report_type,
        told.report_name,
        told.public,
        told.fixed_daterange,
    )
    assert (pb.Grouping.GROUPING_PROJECTS, pb.SubGrouping.SUB_GROUPING_USERS) == (told.grouping, told.sub_grouping)
    assert SAVED.params == MessageToDict(told.saved_params)
    assert "users" == told.input_params["sub_grouping"]
    assert ("2026-01-01", "2026-01-31") == (told.start_date, told.end_date)
    assert {bool} == set(map(type, told.features.values()))
    assert told.features["scheduled_reports"]


async def test_totals_are_told_with_their_graph() -> None:
    """A bucket names the billable seconds by the place of the rate."""
    report, _ = await run(WORK, january(granularity="month"))
    expected = pb.Totals(
        seconds=3660,
        billable_amount_in_cents=5000,
        rates=[pb.Rate(billable_seconds=3600, hourly_rate_in_cents=5000, currency="EUR")],
        resolution="RESOLUTION_MONTH",
        graph=[pb.GraphBucket(seconds=3660, by_rate={0: 3600}, billable_amount_in_cents=5000)],
        tracked_days=2,
    )

    assert expected == info(report).totals


async def test_rows_alone_have_no_totals() -> None:
    """And say where the next page begins."""
    report, _ = await run(WORK, january(page_size=1), "rows")
    told = info(report)

    assert not told.HasField("totals")
    assert pb.NextPage(id=2, row_number=2, timestamp=1767686400) == told.next_page


async def test_dictionaries_hold_what_occurs() -> None:
    """Projects bring their clients, members their groups; what occurs nowhere is left out."""
    report, _ = await run(WORK, january())

    assert {
        "clients": [5],
        "projects": [7],
        "tasks": [21],
        "tags": [3],
        "users": [11, 12],
    } == names(occurring(report))


async def test_filter_dictionaries_hold_what_was_asked_for() -> None:
    """Whether it occurs or not; what the workspace does not have is left out."""
    asked: dict[str, Any] = {"project_ids": [8, 99], "tag_ids": [None, 4], "user_ids": [12]}
    report, _ = await run(WORK, january(**asked))

    assert {"projects": [8], "tags": [4], "users": [12]} == names(filtered(report))


async def test_a_project_tells_its_time_in_the_report() -> None:
    """With its colour, currency and client."""
    report, _ = await run(WORK, january())
    (project,) = [one for part in occurring(report) for one in part.projects]
    expected = pb.ProjectEntry(id=7, name="Site", client_id=5, color="#0b83d9", currency="EUR", actual_seconds=3600)

    assert expected == project
