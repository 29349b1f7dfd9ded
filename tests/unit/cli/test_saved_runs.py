"""Saved reports as JSON: what a stream of messages becomes."""

import pytest
from daybook.savedreport.v1.saved_report_pb2 import SavedReport
from daybook.savedreport.v1.saved_report_service_pb2 import DetailedRows, RunReportResponse, SummaryGroups
from daybook.savedreport.v1.time_report_pb2 import (
    DetailedRow,
    Dictionaries,
    GraphBucket,
    NamedEntry,
    Rate,
    ReportInfo,
    RowEntry,
    SubGroup,
    SummaryGroup,
    Totals,
    UserEntry,
)
from google.protobuf.timestamp_pb2 import Timestamp

from services.cli.errors import CommandFailed
from services.cli.options import as_struct, parse_object
from services.cli.output import plain
from services.cli.saved_runs import gathered


def test_a_detailed_report_has_the_shape_of_the_public_api() -> None:
    """Ids are numbers, what is absent is null, dictionaries are by id."""
    totals = Totals(
        seconds=60,
        rates=[Rate(billable_seconds=60, hourly_rate_in_cents=5000, currency="EUR")],
        resolution="RESOLUTION_DAY",
        graph=[GraphBucket(seconds=60, by_rate={0: 60})],
        tracked_days=1,
    )
    row = DetailedRow(row_number=1, user_id=7, tag_ids=[2], time_entries=[RowEntry(id=5, seconds=60)])
    report = gathered(
        [
            RunReportResponse(
                info=ReportInfo(report_type="TIME_REPORT_TYPE_DETAILED", totals=totals, features={"rates": True})
            ),
            RunReportResponse(dictionaries=Dictionaries(users=[UserEntry(id=7, name="Ann")])),
            RunReportResponse(dictionaries=Dictionaries(users=[UserEntry(id=8)], tags=[NamedEntry(id=2, name="ui")])),
            RunReportResponse(filter_dictionaries=Dictionaries(tags=[NamedEntry(id=2, name="ui")])),
            RunReportResponse(detailed_rows=DetailedRows(rows=[row])),
        ]
    )

    assert ("detailed", {"rates": True}) == (report["report_type"], report["features"])
    assert ["7", "8"] == list(report["dictionaries"]["users"])
    assert {"2": {"id": 2, "name": "ui"}} == report["dictionaries"]["filters"]["tags"]
    assert report["summary_results"] is report["weekly_results"] is None
    results = report["detailed_results"]
    (shown,) = results["report"]
    assert (7, None, [2], 5) == (
        shown["user_id"],
        shown["project_id"],
        shown["tag_ids"],
        shown["time_entries"][0]["id"],
    )
    assert {"0": 60} == results["totals"]["graph"][0]["by_rate"]
    assert results["totals"]["billable_amount_in_cents"] is None


def test_a_group_that_goes_on_in_a_later_message_is_one() -> None:
    """Its parts follow each other."""
    parts = [SubGroup(title=title, seconds=1) for title in "abc"]
    report = gathered(
        [
            RunReportResponse(info=ReportInfo(report_type="TIME_REPORT_TYPE_SUMMARY")),
            RunReportResponse(summary_groups=SummaryGroups(groups=[SummaryGroup(id=1, sub_groups=parts[:2])])),
            RunReportResponse(
                summary_groups=SummaryGroups(
                    groups=[
                        SummaryGroup(id=1, sub_groups=parts[2:], continued=True),
                        SummaryGroup(sub_groups=parts[:1]),
                    ]
                )
            ),
        ]
    )

    groups = report["summary_results"]["report"]["groups"]
    assert [(1, ["a", "b", "c"]), (None, ["a"])] == [
        (group["id"], [part["title"] for part in group["sub_groups"]]) for group in groups
    ]


def test_a_stream_without_info_is_no_report() -> None:
    """It is said so."""
    with pytest.raises(CommandFailed, match="no report"):
        gathered([])


def test_parameters_come_back_as_they_were_given() -> None:
    """Whole numbers have no fraction, moments are in UTC."""
    params = {"report_type": "summary", "project_ids": [None, 5], "rounding": -1, "nested": {"half": 0.5, "no": False}}
    report = SavedReport(id=3, params=as_struct("--params", params), update_time=Timestamp(seconds=1_767_603_600))

    found = plain(report)

    assert params == found["params"]
    assert ("2026-01-05T09:00:00Z", None) == (found["update_time"], found["delete_time"])


@pytest.mark.parametrize("text", ["", "[]", "4", "{", '{"a": NaN}', "[" * 9999])
def test_parameters_that_make_no_sense_are_one_clear_error(text: str) -> None:
    """The line names the option."""
    with pytest.raises(CommandFailed, match="--params"):
        parse_object("--params", text, "{}")


def test_an_object_that_is_too_deep_cannot_be_sent() -> None:
    """It is said before anything is called."""
    deep: dict[str, object] = {}
    for _ in range(200):
        deep = {"a": deep}

    with pytest.raises(CommandFailed, match="--params cannot be sent"):
        as_struct("--params", deep)
