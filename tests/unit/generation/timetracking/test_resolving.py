"""Parameters that a report is made by."""

import json
from typing import Any

import pytest

from services.errors import InvalidParameters
from services.errors.workspaces import ReportTypeMissing
from services.generation.timetracking.parameters import AuditParams, DetailedParams, GroupFilter
from services.generation.timetracking.query import TimeReportQuery, check_saved
from services.generation.timetracking.viewer_parameters import FILTERS
from tests.builders.resolved_queries import WEEK, of_saved, of_workspace, viewed
from tests.builders.time_entries import days


def test_a_report_may_run_without_parameters() -> None:
    """Then it is the last week with the defaults, names beside ids."""
    found = of_saved({})

    assert TimeReportQuery(DetailedParams(), days("2026-01-01", "2026-01-07")) == found


def test_the_body_wins_over_the_saved() -> None:
    """And the saved over the defaults."""
    found = of_saved({"description": "plan", "rounding": 1, "rounding_minutes": 15}, {"rounding": -1})

    assert DetailedParams(description="plan", rounding=-1, rounding_minutes=15) == found.params


def test_a_null_takes_a_saved_value_away() -> None:
    """So does a null that was saved."""
    found = of_saved(
        {"billable": True, "user_ids": [3], "tag_ids": None, "rounding": 1}, {"billable": None, "rounding": None}
    )

    assert DetailedParams(user_ids=(3,)) == found.params
    assert "billable" not in found.effective_params


def test_what_was_saved_as_hidden_stays_hidden() -> None:
    """Who holds the link to a report without amounts cannot ask for them; hiding more is free."""
    for body in ({"hide_amounts": False, "hide_rates": False}, {"hide_amounts": None, "hide_rates": None}):
        found = of_saved({"report_type": "summary", "hide_amounts": True, "hide_rates": True}, body)
        assert (True, True, True) == (found.hide_amounts, found.hide_rates, found.effective_params["hide_amounts"])
    assert of_saved({"hide_amounts": False}, {"hide_amounts": True}).hide_amounts


@pytest.mark.parametrize("kind", [None, "", "projects", "Detailed", 1, ["summary"]])
def test_a_saved_report_needs_its_type(kind: object) -> None:
    """The body cannot bring it, and the time of projects is no type to save."""
    with pytest.raises(ReportTypeMissing):
        of_saved({"report_type": kind}, {"report_type": "summary"})
    with pytest.raises(ReportTypeMissing):
        check_saved({"report_type": kind} if kind is not None else {})


def test_a_workspace_says_its_type_itself() -> None:
    """Whatever the body says."""
    assert "projects" == of_workspace({"report_type": "weekly", **WEEK}, "projects").report_type


@pytest.mark.parametrize("body", [{}, {"user_ids": None}])
def test_a_workspace_needs_a_parameter(body: dict[str, Any]) -> None:
    """At least one; an unknown one is enough, as clients repeat the workspace's id."""
    with pytest.raises(InvalidParameters) as caught:
        of_workspace(body)

    assert [("params", "At least one parameter must be set")] == [
        (one.field, one.description) for one in caught.value.violations
    ]
    assert days("2026-01-01", "2026-01-07") == of_workspace({"workspace_id": 1}).days


def test_a_viewer_keeps_a_saved_audit_and_its_groups() -> None:
    """Other parameters of display can be chosen; groups without entries are not a viewer's to ask for."""
    audited = {"report_type": "summary", "audit": {"group_filter": {"max_duration_seconds": 60}}}
    asked = {"audit": {"show_empty_groups": True}, "grouping": "users", "rounding": 1, "order_by": "duration"}
    kept, free = viewed(audited, asked), viewed({"report_type": "summary"}, asked)

    assert kept.summary.audit
    assert kept.summary.audit.group_filter == GroupFilter(max_duration_seconds=60)
    assert ("projects", "users", 1) == (kept.summary.grouping, free.summary.grouping, kept.summary.rounding)
    assert AuditParams() == free.summary.audit


def test_a_viewer_cannot_show_what_was_hidden() -> None:
    """Hiding more is free; null takes nothing away."""
    hidden = {"report_type": "summary", "hide_amounts": True}

    for body in ({"hide_amounts": None, "hide_rates": True}, {"hide_amounts": False, "hide_rates": True}):
        found = viewed(hidden, body)
        assert (True, True) == (found.hide_amounts, found.hide_rates)


@pytest.mark.parametrize(
    ("expected", "saved", "sent"),
    [
        ({"client_ids": [5]}, {"client_ids": [5]}, {"client_ids": None}),
        ({"client_ids": [5]}, {"client_ids": [5]}, {"client_ids": []}),
        ({"client_ids": [5]}, {"client_ids": [5]}, {"client_ids": [6, 5]}),
        ({"client_ids": [6]}, {"client_ids": [5]}, {"client_ids": [6]}),
        ({"client_ids": [5], "project_ids": [7]}, {"client_ids": [5]}, {"project_ids": [7]}),
        ({"tag_ids": [None]}, {"tag_ids": [3, None]}, {"tag_ids": [None]}),
        ({"description": "Design review"}, {"description": "Design"}, {"description": "Design review"}),
        ({"description": "design"}, {"description": "design"}, {"description": ""}),
        ({"billable": False}, {"billable": True}, {"billable": False}),
        ({"billable": True}, {"billable": True}, {"billable": None}),
        ({"min_duration_seconds": 60}, {"min_duration_seconds": 60}, {"min_duration_seconds": 1}),
        ({"max_duration_seconds": 60}, {"max_duration_seconds": 60}, {"max_duration_seconds": 600}),
        ({"user_ids": [11]}, {"user_ids": [11]}, {"user_ids": []}),
        ({"group_ids": [31]}, {}, {"group_ids": [31]}),
    ],
)
def test_the_echo_has_the_filter_that_took_effect(
    expected: dict[str, Any], saved: dict[str, Any], sent: dict[str, Any]
) -> None:
    """Where lists have nothing in common, it is the sent one."""
    echo = viewed(saved, sent).effective_params

    assert expected == {name: value for name, value in echo.items() if name in FILTERS}


def test_null_in_a_list_means_having_none() -> None:
    """Beside ids it means either; whole floats are ids, for JSON knows no other numbers."""
    found = of_workspace(
        {
            "client_ids": [None],
            "project_ids": [None, 5.0],
            "task_ids": [],
            "tag_ids": [3, 3],
            "user_ids": [],
            "time_entry_ids": [9],
        }
    )

    assert ((None,), (None, 5), (), (3, 3), (), (9,)) == (
        found.params.client_ids,
        found.params.project_ids,
        found.params.task_ids,
        found.params.tag_ids,
        found.params.user_ids,
        found.params.time_entry_ids,
    )


def test_a_detailed_report_has_rows_and_pages() -> None:
    """In an order and layout of their own."""
    body = {"grouped": True, "order_by": "last_update", "order_dir": "desc", "page_size": 7.0, "first_row_number": 8,
            "first_id": 3, "first_timestamp": 99, "enrich_response": True, "display_mode": "date_and_time"}  # fmt: skip
    found = of_workspace(body)

    assert (True, "last_update", True) == (found.detailed.grouped, found.detailed.order_by, found.detailed.descending)
    assert (7, 8, 3, 99) == (
        found.detailed.page_size,
        found.detailed.first_row,
        found.detailed.first_id,
        found.detailed.first_timestamp,
    )
    assert (True, "date_and_time") == (found.enriched, found.detailed.display_mode)
    assert not of_workspace(WEEK).enriched


def test_exports_have_all_rows_and_names() -> None:
    """They take no notice of paging, however it is written."""
    found = of_workspace({**WEEK, "page_size": 0, "first_row_number": "x"}, export=True)

    assert (DetailedParams().page_size, 1, True) == (found.detailed.page_size, found.detailed.first_row, found.enriched)


def test_a_summary_is_grouped() -> None:
    """And written in an order of its own."""
    body = {"grouping": "users", "sub_grouping": "clients", "distinguish_rates": True, "include_time_entry_ids": True,
            "collapse": True, "order_by": "duration", "order_dir": "DESC", "duration_format": "decimal",
            "cents_separator": ",", "date_format": "DD.MM.YYYY", "granularity": "week",
            "resolution": "day"}  # fmt: skip
    found = of_workspace(body, "summary")

    assert {**body, "report_type": "summary"}.items() <= found.effective_params.items()
    assert (True, "week") == (found.summary.descending, found.params.graph_resolution)


def test_a_week_is_laid_out() -> None:
    """Version 2 called amounts earnings."""
    found = of_workspace({"grouping": "users", "group_by_task": True, "calculate": "earnings", **WEEK}, "weekly")

    assert ("users", True, "amounts") == (found.weekly.grouping, found.weekly.group_by_task, found.weekly.calculate)
    assert "amounts" == found.effective_params["calculate"]


def test_an_audit_is_taken_over_and_echoed() -> None:
    """Nulls in it are the same as absent."""
    asked = {"show_empty_groups": True, "group_filter": {"min_amount_cents": 5.0, "currency": "EUR", "x": 1}}
    nulls = {"show_tracked_groups": None, "group_filter": {"min_amount_cents": None}}
    found = of_workspace({"audit": asked, **WEEK}, "summary")

    assert found.summary.audit
    assert (True, True) == (found.summary.audit.show_empty_groups, found.summary.audit.show_tracked_groups)
    assert GroupFilter(min_amount_cents=5, currency="EUR") == found.summary.audit.group_filter
    assert {
        "show_empty_groups": True, "show_tracked_groups": True,
        "group_filter": {"min_amount_cents": 5, "currency": "EUR"},
    } == found.effective_params["audit"]  # fmt: skip
    audit = of_workspace({"audit": nulls, **WEEK}, "summary").summary.audit
    assert audit
    assert (AuditParams(), GroupFilter()) == (audit.model_copy(update={"group_filter": None}), audit.group_filter)


def test_what_is_unknown_is_ignored() -> None:
    """Also what belongs to other kinds of reports."""
    assert of_workspace(WEEK, "weekly") == of_workspace(
        {**WEEK, "order_field": "x", "startTime": 1, "sub_grouping": 5, "page_size": "x"}, "weekly"
    )


def test_the_echo_is_json_with_defaults_and_the_real_days() -> None:
    """Whole numbers are ints, and what has neither value nor default is absent."""
    found = of_saved({"report_type": "weekly", "start_date": "2026-01-05", "tag_ids": [None, 5.0]}, {"rounding": 1.0})

    assert {
        "report_type": "weekly", "start_date": "2026-01-05", "end_date": "2026-01-11", "tag_ids": [None, 5],
        "rounding": 1, "rounding_minutes": 1, "rounding_scope": "entry", "hide_amounts": False,
        "duration_format": "classic",
        "date_format": "MM/DD/YYYY", "cents_separator": ".", "grouping": "projects",
        "group_by_task": False, "calculate": "time",
    } == found.effective_params  # fmt: skip
    assert '"tag_ids": [null, 5], "rounding": 1,' in json.dumps(found.effective_params)
    assert "date_and_time" == of_saved({}).effective_params["display_mode"]
