"""Fields around the rows of a report over time entries."""

import json

import pytest
from daybook.savedreport.v1 import time_report_pb2 as pb

from gateway.shapes.toggl_responses import (
    GROUP,
    ReportStart,
    bare_envelope,
    dictionaries,
    headers,
    saved_report_envelope,
    totals,
)
from tests.builders.time_reports import EUR, info, struct
from tests.builders.time_reports import totals as sums

FIELDS = [  # of the page, in its order
    "detailed_results",
    "dictionaries",
    "features",
    "fixed_daterange",
    "hide_amounts",
    "input_params",
    "is_commenting_enabled",
    "public",
    "report_name",
    "report_type",
    "saved_params",
    "summary_results",
    "weekly_results",
    "workspace_logo",
]


def framed(frame, rows=b""):
    return json.loads(frame[0] + rows + frame[1])


@pytest.mark.parametrize("report_type", ["detailed", "summary", "weekly"])
def test_a_saved_report_has_every_field_of_the_page(report_type):
    """In the published order; of the three results only its own is there, with its totals."""
    found = framed(saved_report_envelope(ReportStart(info(report_type).info)))

    assert FIELDS == list(found)
    results = {name: value for name, value in found.items() if name.endswith("_results")}
    assert [f"{report_type}_results"] == [name for name, value in results.items() if value is not None]
    empty = {"groups": []} if report_type == "summary" else []
    result = found[f"{report_type}_results"]
    assert (empty, 5400) == (result["report"], result["totals"]["seconds"])


def test_parameters_are_objects_with_whole_numbers():
    """Those it was run with and those saved, each as it is."""
    given = struct({"report_type": "weekly", "user_ids": [11], "description": None})
    found = framed(saved_report_envelope(ReportStart(info("weekly", input_params=given).info)))

    assert {"description": None, "report_type": "weekly", "user_ids": [11]} == found["input_params"]
    assert {"report_type": "weekly"} == found["saved_params"]
    assert {"reports": True} == found["features"]


@pytest.mark.parametrize(
    ("report_type", "expected"), [("summary", {"groups": []}), ("detailed", []), ("weekly", []), ("projects", [])]
)
def test_a_workspace_report_is_its_rows_alone(report_type, expected):
    assert expected == framed(bare_envelope(ReportStart(info(report_type).info)))


def test_totals_have_every_field_of_the_page():
    """`by_rate` counts by place in `rates`, as text, and is null where nothing was billable (reference section 9)."""
    assert {
        "billable_amount_in_cents": 7500,
        "graph": [
            {
                "billable_amount_in_cents": 7500,
                "by_rate": {"0": 5400},
                "labour_cost_in_cents": None,
                "seconds": 5400,
            },
            {"billable_amount_in_cents": None, "by_rate": None, "labour_cost_in_cents": None, "seconds": 0},
        ],
        "labour_cost_in_cents": None,
        "rates": [{"billable_seconds": 5400, "currency": "EUR", "hourly_rate_in_cents": 5000}],
        "resolution": "day",
        "seconds": 5400,
        "tracked_days": 1,
    } == totals(pb.ReportInfo(totals=sums()))


def test_hidden_rates_are_null_and_absent_ones_are_none():
    """Nothing to tell and nothing to be told are two things."""
    assert totals(pb.ReportInfo(totals=sums(rates=[]), hide_amounts=True))["rates"] is None
    assert [] == totals(pb.ReportInfo(totals=sums(rates=[])))["rates"]


def test_a_rate_may_be_missing():
    rates = totals(pb.ReportInfo(totals=sums(rates=[pb.Rate(billable_seconds=60, currency="USD"), EUR])))["rates"]

    assert [None, 5000] == [one["hourly_rate_in_cents"] for one in rates]


def test_dictionaries_are_keyed_by_id():
    """All six are there, in several messages or none (reference section 10)."""
    project = pb.ProjectEntry(
        id=7, name="Site", client_id=5, color="#0b83d9", currency="EUR", actual_seconds=5400, fixed_fee_cents=1250
    )
    first = pb.Dictionaries(clients=[pb.ClientEntry(id=5, name="Acme")], projects=[project])
    second = pb.Dictionaries(
        tasks=[pb.TaskEntry(id=21, name="Draft", project_id=7, estimated_seconds=7200, tracked_seconds=60)],
        tags=[pb.NamedEntry(id=3, name="urgent")],
        users=[pb.UserEntry(id=11, name="Ann", email="ann@example.com", group_ids=[2])],
    )

    found = dictionaries([first, second])

    assert {
        "clients": {"5": {"id": 5, "name": "Acme", "external_reference": None}},
        "projects": {
            "7": {
                "id": 7,
                "name": "Site",
                "client_id": 5,
                "color": "#0b83d9",
                "currency": "EUR",
                "actual_hours": 1,
                "actual_seconds": 5400,
                "estimated_hours": None,
                "estimated_seconds": None,
                "fixed_fee": 12.5,
                "start_date": None,
                "end_date": None,
                "external_reference": None,
            }
        },
        "tags": {"3": {"id": 3, "name": "urgent"}},
        "tasks": {"21": {"id": 21, "name": "Draft", "project_id": 7, "estimated_seconds": 7200, "tracked_seconds": 60}},
        "user_groups": {},
        "users": {
            "11": {
                "id": 11,
                "name": "Ann",
                "email": "ann@example.com",
                "avatar_url": None,
                "group_ids": [2],
                "labour_cost": None,
            }
        },
    } == found


def test_filters_repeat_the_six_dictionaries():
    named = pb.Dictionaries(tags=[pb.NamedEntry(id=3, name="urgent")])
    found = framed(saved_report_envelope(ReportStart(info("weekly").info, filters=[named])))["dictionaries"]

    assert {"3": {"id": 3, "name": "urgent"}} == found["filters"]["tags"]
    assert {} == found["tags"]
    assert set(found) - {"filters"} == set(found["filters"])


def test_headers_say_where_the_next_page_begins():
    """Nothing of it on the last page (reference section 7)."""
    more = headers(info("detailed", next_page=pb.NextPage(id=901, row_number=51, timestamp=1767600000)).info)

    assert ("901", "51", "1767600000") == (more["X-Next-ID"], more["X-Next-Row-Number"], more["X-Next-Timestamp"])
    last = {"X-Range-Start": "2026-01-05", "X-Range-End": "2026-01-11"}
    assert last == headers(info("detailed").info)
    grouped = headers(info("summary", grouping="GROUPING_PROJECTS", sub_grouping="SUB_GROUPING_TASKS").info)
    assert ("projects", "tasks") == (grouped["X-Grouping"], grouped["X-Sub-Grouping"])


def test_a_group_by_tags_has_their_ids_and_names():
    """Of an entry without tags there are none; other groups have no ids."""
    both = pb.TagSet(ids=[4, 3], names=["calm", "urgent"])
    assert {"id": None, "ids": [4, 3], "names": ["calm", "urgent"]} == written(tags=both, name="calm, urgent")
    assert {"id": None, "ids": [], "names": []} == written(tags=pb.TagSet())
    assert {"id": None, "names": ["2026-05-30"]} == written(name="2026-05-30")


def written(**values):
    """Return what says which group a group of a summary is."""
    found = GROUP.write(pb.SummaryGroup(**values))
    return {name: found[name] for name in ("id", "ids", "names") if name in found}
