"""Short ways to make the messages of a report over time entries that is run."""

from collections.abc import Mapping
from typing import Any

from daybook.savedreport.v1 import time_report_pb2 as pb
from daybook.savedreport.v1.saved_report_pb2 import SavedReport
from daybook.savedreport.v1.saved_report_service_pb2 import (
    DetailedRows,
    ProjectRows,
    RunReportResponse,
    SummaryGroups,
    WeeklyRows,
)
from google.protobuf.struct_pb2 import Struct

TOKEN = "0123456789abcdef0123456789abcdef"
EUR = pb.Rate(billable_seconds=5400, hourly_rate_in_cents=5000, currency="EUR")


def struct(values: Mapping[str, Any]) -> Struct:
    """Return parameters as a message."""
    message = Struct()
    message.update(values)
    return message


def totals(**others: Any) -> pb.Totals:
    """Return the sums of an hour and a half at 50 EUR, on the first of seven days."""
    graph = [pb.GraphBucket(seconds=5400, by_rate={0: 5400}, billable_amount_in_cents=7500), pb.GraphBucket()]
    values: dict[str, Any] = {"billable_amount_in_cents": 7500, "rates": [EUR], "graph": graph, "tracked_days": 1}
    return pb.Totals(**{"seconds": 5400, "resolution": "RESOLUTION_DAY"} | values | others)


def info(report_type: str, **others: Any) -> RunReportResponse:
    """Return the first message of a public report of a week."""
    values: dict[str, Any] = {
        "report_name": "Week",
        "public": True,
        "input_params": struct({"report_type": report_type, "page_size": 50}),
        "saved_params": struct({"report_type": report_type}),
        "features": {"reports": True},
        "totals": totals(),
        "start_date": "2026-01-05",
        "end_date": "2026-01-11",
    }
    values["report_type"] = f"TIME_REPORT_TYPE_{report_type.upper()}"
    return RunReportResponse(info=pb.ReportInfo(**values | others))


def detailed(*numbers: int, **others: Any) -> RunReportResponse:
    """Return a message with these rows of a detailed report."""
    entry = pb.RowEntry(
        id=900,
        seconds=5400,
        start="2026-01-05T09:00:00+01:00",
        stop="2026-01-05T10:30:00+01:00",
        at="2026-01-05T09:30:02+00:00",
        at_tz="2026-01-05T10:30:02+01:00",
    )
    values: dict[str, Any] = {
        "user_id": 11,
        "username": "Ann",
        "email": "ann@example.com",
        "project_id": 7,
        "project_name": "Site",
        "project_color": "1",
        "project_hex": "#0b83d9",
        "client_name": "Acme",
        "tag_ids": [3],
        "tag_names": ["urgent"],
        "description": "Design",
        "billable": True,
        "billable_amount_in_cents": 7500,
        "hourly_rate_in_cents": 5000,
        "currency": "EUR",
        "time_entries": [entry],
    }
    rows = [pb.DetailedRow(row_number=number, **values | others) for number in numbers]
    return RunReportResponse(detailed_rows=DetailedRows(rows=rows))


def group(id_: int | None, *titles: str, continued: bool = False) -> pb.SummaryGroup:
    """Return a group with a sub-group for each title; one without an id has no name."""
    parts = [pb.SubGroup(title=title, seconds=5400, rates=[EUR]) for title in titles]
    name = "" if id_ is None else f"Project {id_}"
    return pb.SummaryGroup(id=id_, name=name, project_color="1", sub_groups=parts, continued=continued)


def groups(*those: pb.SummaryGroup) -> RunReportResponse:
    """Return a message with groups."""
    return RunReportResponse(summary_groups=SummaryGroups(groups=those))


def weekly(**others: Any) -> RunReportResponse:
    """Return a message with a row of a week: an hour and a half on Monday."""
    day = [5400, 0, 0, 0, 0, 0, 0]
    values: dict[str, Any] = {"seconds": day, "billable_seconds": day, "currency": "EUR", "project_id": 7}
    row = pb.WeeklyRow(user_id=11, user_name="Ann", **values | others)
    return RunReportResponse(weekly_rows=WeeklyRows(rows=[row]))


def project_rows() -> RunReportResponse:
    """Return a message with the time of two members, one of it on no project."""
    rows = [
        pb.ProjectRow(project_id=7, user_id=11, tracked_seconds=5400, billable_seconds=5400),
        pb.ProjectRow(user_id=12, tracked_seconds=60),
    ]
    return RunReportResponse(project_rows=ProjectRows(rows=rows))


def saved_report(**others: Any) -> SavedReport:
    """Return a saved report of Ann's, changed by her."""
    values: dict[str, Any] = {"params": struct({"report_type": "weekly", "user_ids": [11, 12]}), "updated_by": 11}
    message = SavedReport(id=4, workspace_id=1, user_id=11, name="Week", token=TOKEN, **values | others)
    message.update_time.FromJsonString("2026-01-05T09:30:02.5Z")
    return message
