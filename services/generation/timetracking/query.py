"""Query of a report over time entries: its parameters, saved and given ones in one, and its days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from services.errors import InvalidParameters, ReportTypeMissing
from services.generation.timetracking.parameters import (
    DetailedParams,
    Params,
    ReportType,
    SummaryParams,
    WeeklyParams,
    checked,
)
from services.generation.timetracking.periods import Days, days_of

DATES = ("start_date", "end_date")
HIDING = ("hide_amounts", "hide_rates")
PAGING = ("page_size", "first_id", "first_row_number", "first_timestamp")
SAVED_TYPES: tuple[ReportType, ...] = ("detailed", "summary", "weekly")


@dataclass(frozen=True, slots=True)
class TimeReportQuery:
    """Checked parameters of a report, and the days that they stand for."""

    params: Params
    days: Days
    enriched: bool = True  # names beside ids

    @property
    def report_type(self) -> ReportType:
        """Return the kind of report."""
        return self.params.report_type

    @property
    def detailed(self) -> DetailedParams:
        """Return the parameters of a detailed report."""
        return cast("DetailedParams", self.params)

    @property
    def summary(self) -> SummaryParams:
        """Return the parameters of a summary."""
        return cast("SummaryParams", self.params)

    @property
    def weekly(self) -> WeeklyParams:
        """Return the parameters of a weekly report."""
        return cast("WeeklyParams", self.params)

    @property
    def hide_amounts(self) -> bool:
        """Return whether amounts are hidden."""
        return self.params.hide_amounts

    @property
    def hide_rates(self) -> bool:
        """Return whether rates are hidden."""
        return isinstance(self.params, SummaryParams) and self.params.hide_rates

    @property
    def effective_params(self) -> dict[str, Any]:
        """Return the parameters as JSON has them, with defaults and the days really used."""
        dumped = self.params.model_dump(exclude_none=True)
        values = {name: list(value) if isinstance(value, tuple) else value for name, value in dumped.items()}
        days = {"start_date": self.days.first.isoformat(), "end_date": self.days.last.isoformat()}
        return {"report_type": self.report_type, **values, **days}


def resolve(
    saved: Mapping[str, Any] | None,
    body: Mapping[str, Any],
    *,
    report_type: ReportType | None,
    fixed_daterange: bool,
    today: date,
    export: bool,
) -> TimeReportQuery:
    """Return what is asked for by parameters: defaults, over them the saved ones, over them those of the body.

    The report type is the one given (a workspace's report), else the saved one. A null in the body takes a saved value
    away, but what was saved as hidden stays hidden; unknown parameters and those of other kinds of reports are ignored.
    With `fixed_daterange` the dates of the body are, too. Named periods count from `today`. An export has all rows, so
    that it ignores paging.

    Raises ReportTypeMissing, InvalidParameters naming all that are wrong or "params" when none came for a workspace's
    report, PeriodNotSupported, and StartDateMissing for an export without a first day or period.
    """
    kind = report_type or _saved_type(saved or {})
    if report_type is not None and all(value is None for value in body.values()):
        raise InvalidParameters.one("params", "At least one parameter must be set")
    values = _merged(saved or {}, body, fixed_daterange=fixed_daterange)
    if export:
        values = {name: value for name, value in values.items() if name not in PAGING}
    params = checked(kind, values)
    days = days_of(
        params.start_date, params.end_date, params.period, today=today, export=export, weekly=kind == "weekly"
    )
    enriched = report_type is None or export or (isinstance(params, DetailedParams) and params.enrich_response)
    return TimeReportQuery(params, days, enriched)


def check_saved(params: Mapping[str, Any]) -> None:
    """Check parameters that are to be saved. Whether the API knows a named period is found out when they are run.

    Raises ReportTypeMissing, and InvalidParameters with names such as `params.rounding`.
    """
    checked(_saved_type(params), {name: value for name, value in params.items() if value is not None}, "params.")


def _saved_type(saved: Mapping[str, Any]) -> ReportType:
    found = saved.get("report_type")
    for known in SAVED_TYPES:
        if found == known:
            return known
    raise ReportTypeMissing


def _merged(saved: Mapping[str, Any], body: Mapping[str, Any], *, fixed_daterange: bool) -> dict[str, Any]:
    """Return the parameters that hold, without nulls. Dates win over a named period, and the body's over the saved."""
    fixed = {name for name in HIDING if saved.get(name) is True} | ({*DATES, "period"} if fixed_daterange else set())
    given = {name: value for name, value in body.items() if name not in fixed}
    under = dict(saved)
    if given.get("period") is not None:
        under = {name: value for name, value in under.items() if name not in DATES}
    merged = {name: value for name, value in {**under, **given}.items() if value is not None}
    if any(name in merged for name in DATES):
        merged.pop("period", None)
    return merged
