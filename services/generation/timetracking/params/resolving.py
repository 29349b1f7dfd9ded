"""From saved and given parameters to what is asked for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from services.errors import InvalidParameters, ReportTypeMissing
from services.generation.timetracking.computation.entries import Choice, Days, Grouping, Layout, Rounding
from services.generation.timetracking.computation.query import (
    EntryFilter,
    FormatOptions,
    Paging,
    ReportType,
    TimeReportQuery,
    Week,
)
from services.generation.timetracking.computation.summary_bounds import Audit, Bounds
from services.generation.timetracking.params.models import (
    DetailedParams,
    GroupFilter,
    Params,
    SummaryParams,
    WeeklyParams,
    checked,
)
from services.generation.timetracking.params.periods import days_of

DATES = ("start_date", "end_date")
HIDING = ("hide_amounts", "hide_rates")
PAGING = ("page_size", "first_id", "first_row_number", "first_timestamp")
SAVED_TYPES: tuple[ReportType, ...] = ("detailed", "summary", "weekly")


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
    return _ask(kind, params, days, enriched=report_type is None or export)


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
    kept = {name for name in HIDING if saved.get(name) is True} | ({*DATES, "period"} if fixed_daterange else set())
    given = {name: value for name, value in body.items() if name not in kept}
    under = dict(saved)
    if given.get("period") is not None:
        under = {name: value for name, value in under.items() if name not in DATES}
    merged = {name: value for name, value in {**under, **given}.items() if value is not None}
    if any(name in merged for name in DATES):
        merged.pop("period", None)
    return merged


def _ask(kind: ReportType, params: Params, days: Days, *, enriched: bool) -> TimeReportQuery:
    detailed = params if isinstance(params, DetailedParams) else DetailedParams()
    summary = params if isinstance(params, SummaryParams) else SummaryParams()
    weekly = params if isinstance(params, WeeklyParams) else WeeklyParams()
    return TimeReportQuery(
        report_type=kind,
        days=days,
        kept=_kept(params),
        rounding=Rounding(params.rounding, params.rounding_minutes) if params.rounding_minutes else Rounding(),
        resolution=params.granularity or params.resolution,
        layout=Layout(detailed.grouped, detailed.order_by, detailed.order_dir == "DESC"),
        paging=Paging(detailed.page_size, detailed.first_row_number or 1, detailed.first_id, detailed.first_timestamp),
        grouping=Grouping(
            summary.grouping, summary.sub_grouping, summary.distinguish_rates, summary.include_time_entry_ids
        ),
        audit=_audit(summary),
        week=Week(weekly.grouping, weekly.group_by_task, weekly.calculate),
        writing=_writing(params, detailed, summary),
        hide_amounts=params.hide_amounts,
        hide_rates=summary.hide_rates,
        enriched=enriched or detailed.enrich_response,
        echo=_echo(kind, params, days),
    )


def _kept(params: Params) -> EntryFilter:
    return EntryFilter(
        clients=_choice(params.client_ids),
        projects=_choice(params.project_ids),
        tasks=_choice(params.task_ids),
        tags=_choice(params.tag_ids),
        user_ids=_ids(params.user_ids),
        group_ids=_ids(params.group_ids),
        entry_ids=_ids(params.time_entry_ids),
        billable=params.billable,
        description=params.description or "",
        min_seconds=params.min_duration_seconds,
        max_seconds=params.max_duration_seconds,
    )


def _audit(summary: SummaryParams) -> Audit:
    """Return which groups are shown; where amounts are hidden, none is found out by asking for groups that have it."""
    if summary.audit is None:
        return Audit()
    asked = summary.audit.group_filter or GroupFilter()
    bounds = Bounds(asked.min_duration_seconds, asked.max_duration_seconds)
    if not summary.hide_amounts:
        bounds = replace(
            bounds, min_cents=asked.min_amount_cents, max_cents=asked.max_amount_cents, currency=asked.currency
        )
    return Audit(summary.audit.show_tracked_groups, summary.audit.show_empty_groups, bounds)


def _choice(chosen: tuple[int | None, ...] | None) -> Choice | None:
    """Return what a list keeps; an empty one keeps all."""
    return Choice(frozenset(one for one in chosen if one is not None), None in chosen) if chosen else None


def _ids(chosen: tuple[int, ...] | None) -> frozenset[int] | None:
    return frozenset(chosen) if chosen else None


def _writing(params: Params, detailed: DetailedParams, summary: SummaryParams) -> FormatOptions:
    shown = detailed.display_mode
    return FormatOptions(
        duration_format=params.duration_format,
        date_format=params.date_format,
        hour_format=detailed.hour_format,
        cents_separator=params.cents_separator,
        display_mode="date_time" if shown == "date_and_time" else shown,
        collapse=summary.collapse,
        by_duration=summary.order_by == "duration",
        descending=summary.order_dir == "DESC",
    )


def _echo(kind: ReportType, params: Params, days: Days) -> dict[str, Any]:
    """Return the parameters that hold as JSON has them, defaults and the days really used among them."""
    dumped = params.model_dump(exclude_none=True)
    known = {name: list(it) if isinstance(it, tuple) else it for name, it in dumped.items()}
    return {"report_type": kind, **known, "start_date": days.first.isoformat(), "end_date": days.last.isoformat()}
