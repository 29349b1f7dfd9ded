"""Short ways to resolve the parameters of reports over time entries, on Wednesday 7 January 2026."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.generation.timetracking.named_periods import Today
from services.generation.timetracking.parameters import ReportType
from services.generation.timetracking.query import Run, TimeReportQuery, resolve

TODAY = Today(date(2026, 1, 7))
WEEK = {"start_date": "2026-01-05", "end_date": "2026-01-11"}


def of_saved(
    saved: Mapping[str, Any], body: Mapping[str, Any] | None = None, *, fixed: bool = False, export: bool = False
) -> TimeReportQuery:
    """Return what is asked by a saved report, detailed unless it says otherwise."""
    whole = {"report_type": "detailed", **saved}
    return resolve(whole, body or {}, Run(TODAY, fixed_daterange=fixed, export=export))


def viewed(saved: Mapping[str, Any], body: Mapping[str, Any], *, fixed: bool = False) -> TimeReportQuery:
    """Return what a viewer asks of a saved report."""
    return resolve({"report_type": "detailed", **saved}, body, Run(TODAY, fixed_daterange=fixed, viewer=True))


def of_workspace(body: Mapping[str, Any], kind: ReportType = "detailed", *, export: bool = False) -> TimeReportQuery:
    """Return what is asked of the entries of a workspace."""
    return resolve(None, body, Run(TODAY, kind, export=export))
