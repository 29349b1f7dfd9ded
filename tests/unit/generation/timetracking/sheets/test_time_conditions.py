"""Conditions of reports over time entries."""

from dataclasses import replace
from datetime import date
from typing import Any

from services.generation.timetracking.named_periods import Today
from services.generation.timetracking.parameters import ReportType
from services.generation.timetracking.periods import Days
from services.generation.timetracking.query import Run, resolve
from services.generation.timetracking.sheets.report_context import ReportContext
from services.generation.timetracking.sheets.time_conditions import conditions_of
from services.generation.words.language import Locale
from tests.unit.generation.timetracking.sheets.reports import JANUARY, asked, report, row

DEFAULTS = ("Workspace", "Period", "Time zone")


def texts(kind: ReportType = "detailed", locale: str = "en", **params: Any) -> dict[str, str]:
    """Return the conditions of a report with these parameters, without those that every report has."""
    made = replace(report([row()], query=asked(kind, **params)), locale=Locale(locale, "Europe/Berlin"))
    return {one.name: one.text for one in conditions_of(ReportContext.of(made)) if one.name not in DEFAULTS}


def test_a_report_says_its_workspace_period_and_zone() -> None:
    """They come first and need no names."""
    made = replace(report([row()]), locale=Locale("en", "Europe/Berlin"))
    shown = [*conditions_of(ReportContext.of(made))]

    assert [("Studio", True), ("5\N{EN DASH}11 Jan 2026", True), ("Europe/Berlin", True)] == [
        (one.text, one.plain) for one in shown
    ]


def test_filters_are_told_by_name_and_none_at_all_too() -> None:
    """An id stands for a name, null for what has none."""
    assert {"Projects": "Site, Without project", "Clients": "Acme", "Users": "Ann"} == texts(
        project_ids=(7, None), client_ids=(5,), user_ids=(11,)
    )


def test_what_is_counted_and_how_is_told() -> None:
    """Billing, rounding, bounds, words searched for and hidden amounts."""
    assert {
        "Billable": "billable only",
        "Description contains": "\N{LEFT DOUBLE QUOTATION MARK}ui\N{RIGHT DOUBLE QUOTATION MARK}",
        "Rounding": "rounded up to 15 min",
        "Duration": "at least 0:05, at most 8:00",
        "Amounts": "amounts hidden",
    } == texts(
        billable=True, description="ui", rounding=1, rounding_minutes=15, min_duration_seconds=300,
        max_duration_seconds=28800, hide_amounts=True,
    )  # fmt: skip
    assert {"Billable": "non-billable only", "Rounding": "rounded down to 6 min"} == texts(
        billable=False, rounding=-1, rounding_minutes=6
    )
    assert {"Rounding": "rounded to the nearest 15 min"} == texts(rounding=2, rounding_minutes=15)


def test_rounding_that_rounds_nothing_is_not_told() -> None:
    """Minutes without a direction, and a direction of 0 minutes."""
    assert {} == texts(rounding=0, rounding_minutes=15)
    assert {} == texts(rounding=1, rounding_minutes=0)


def test_conditions_speak_the_readers_language() -> None:
    """Names and texts, German here."""
    assert {"Rundung": "aufgerundet auf 15 min"} == {
        name: text for name, text in texts(locale="de", rounding=1, rounding_minutes=15).items() if name == "Rundung"
    }


def test_parameters_sent_over_the_saved_ones_are_named() -> None:
    """Only those with another value than the saved one."""
    saved = {"report_type": "summary", "billable": True, "rounding": 1}
    body = {"billable": True, "rounding": -1, "start_date": "2026-01-05", "end_date": "2026-01-11"}
    query = resolve(saved, body, Run(Today(date(2026, 1, 12)), export=True))
    made = replace(report([], query=asked("summary")), query=query)
    (sent,) = (one.text for one in conditions_of(ReportContext.of(made)) if one.name == "Other than saved")

    assert Days(JANUARY.first, JANUARY.last) == query.days
    assert "Period, Rounding" == sent


def test_columns_that_a_viewer_left_out_are_named() -> None:
    """The parameters that files show nothing of are not."""
    days = {"start_date": "2026-01-05", "end_date": "2026-01-11"}
    saved = {"report_type": "detailed", "columns": ["user", "project", "duration"], **days}
    body = {"columns": ["email", "duration"], "order_dir": "DESC", "page_size": 7, "project_ids": [7]}
    query = resolve(saved, body, Run(Today(date(2026, 1, 12)), export=True, viewer=True))
    made = replace(report([row()]), query=query, locale=Locale("de", "UTC"))
    (sent,) = (one.text for one in conditions_of(ReportContext.of(made)) if one.name == "Anders als gespeichert")

    assert ("duration",) == query.detailed.columns
    assert "Spalten, Reihenfolge, Projekte" == sent
