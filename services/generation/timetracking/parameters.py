"""Parameters of each kind of report with their defaults (reference sections 4 and 5)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from services.errors import InvalidParameters, ReportTypeMissing, Violation
from services.generation.timetracking.entries import Choice
from services.generation.timetracking.parameter_types import (
    Cents,
    Currency,
    Day,
    Direction,
    Flag,
    Id,
    Ids,
    IdsOrNone,
    Moment,
    Seconds,
    Words,
    calculation,
    whole,
    whole_of,
    without_nulls,
    word_of,
)
from services.generation.timetracking.periods import Days, Resolution, days_of
from services.generation.timetracking.preparation import Rounding
from services.generation.timetracking.query import (
    Audit,
    Bounds,
    EntryFilter,
    FormatOptions,
    Grouping,
    Layout,
    Order,
    Paging,
    ReportType,
    TimeReportQuery,
    Week,
)

MAX_PAGE = 1000
ROUNDING_MINUTES = (0, 1, 5, 6, 10, 12, 15, 30, 60, 240)
DATE_FORMATS = ("MM/DD/YYYY", "DD-MM-YYYY", "MM-DD-YYYY", "YYYY-MM-DD", "DD/MM/YYYY", "DD.MM.YYYY")
SUB_GROUPINGS = {
    "projects": ("time_entries", "tasks", "users"),
    "clients": ("time_entries", "tasks", "projects", "users"),
    "users": ("time_entries", "tasks", "projects", "clients"),
}


class Params(BaseModel):
    """Parameters that all kinds share. Others are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    start_date: Day | None = None
    end_date: Day | None = None
    period: Words | None = None
    client_ids: IdsOrNone | None = None
    project_ids: IdsOrNone | None = None
    task_ids: IdsOrNone | None = None
    tag_ids: IdsOrNone | None = None
    user_ids: Ids | None = None
    group_ids: Ids | None = None
    time_entry_ids: Ids | None = None
    billable: Flag | None = None
    description: Words | None = None
    min_duration_seconds: Seconds | None = None
    max_duration_seconds: Seconds | None = None
    rounding: Annotated[Literal[-1, 0, 1], PlainValidator(whole_of(-1, 0, 1))] = 0
    rounding_minutes: Annotated[int, PlainValidator(whole_of(*ROUNDING_MINUTES))] = 1
    hide_amounts: Flag = False
    granularity: Annotated[Resolution, PlainValidator(word_of("day", "week", "month"))] | None = None
    resolution: Annotated[Resolution, PlainValidator(word_of("day", "week", "month"))] | None = None
    with_graph: Flag | None = None
    duration_format: Annotated[
        Literal["classic", "decimal", "improved"], PlainValidator(word_of("classic", "decimal", "improved"))
    ] = "classic"
    date_format: Annotated[str, PlainValidator(word_of(*DATE_FORMATS))] = "MM/DD/YYYY"
    cents_separator: Annotated[Literal[".", ","], PlainValidator(word_of(".", ","))] = "."

    @field_validator("max_duration_seconds")
    @classmethod
    def _not_below_least(cls, value: int | None, others: ValidationInfo) -> int | None:
        least = others.data.get("min_duration_seconds")
        if value is not None and least is not None and value < least:
            raise ValueError("must not be less than min_duration_seconds")
        return value


class DetailedParams(Params):
    """Parameters of a detailed report."""

    grouped: Flag = False
    enrich_response: Flag = False
    order_by: Annotated[Order, PlainValidator(word_of("date", "user", "duration", "description", "last_update"))] = (
        "date"
    )
    order_dir: Direction = "ASC"
    page_size: Annotated[int, PlainValidator(whole(1, MAX_PAGE))] = 50
    first_id: Id | None = None
    first_row_number: Id | None = None
    first_timestamp: Moment | None = None
    hour_format: Annotated[Literal["h:mm A", "H:mm"], PlainValidator(word_of("h:mm A", "H:mm"))] = "H:mm"
    display_mode: Annotated[
        Literal["date_only", "time_only", "date_time", "date_and_time"],
        PlainValidator(word_of("date_only", "time_only", "date_time", "date_and_time")),
    ] = "date_and_time"


class GroupFilter(BaseModel):
    """What the groups of a summary come to that are shown."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    currency: Currency | None = None
    min_amount_cents: Cents | None = None
    max_amount_cents: Cents | None = None
    min_duration_seconds: Seconds | None = None
    max_duration_seconds: Seconds | None = None


class AuditParams(BaseModel):
    """Which groups of a summary are shown."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    show_empty_groups: Flag = False
    show_tracked_groups: Flag = True
    group_filter: Annotated[GroupFilter, BeforeValidator(without_nulls)] | None = None


class SummaryParams(Params):
    """Parameters of a summary."""

    grouping: Annotated[Literal["projects", "clients", "users"], PlainValidator(word_of(*SUB_GROUPINGS))] = "projects"
    sub_grouping: Annotated[
        Literal["time_entries", "tasks", "users", "projects", "clients"],
        PlainValidator(word_of("time_entries", "tasks", "users", "projects", "clients")),
    ] = "time_entries"
    include_time_entry_ids: Flag = False
    distinguish_rates: Flag = False
    collapse: Flag = False
    hide_rates: Flag = False
    audit: Annotated[AuditParams, BeforeValidator(without_nulls)] | None = None
    order_by: Annotated[Literal["title", "duration"], PlainValidator(word_of("title", "duration"))] = "title"
    order_dir: Direction = "ASC"

    @field_validator("sub_grouping")
    @classmethod
    def _fits_grouping(cls, value: str, others: ValidationInfo) -> str:
        allowed = SUB_GROUPINGS.get(others.data.get("grouping", ""), (value,))
        return word_of(*allowed)(value)


class WeeklyParams(Params):
    """Parameters of a week."""

    grouping: Annotated[Literal["projects", "users"], PlainValidator(word_of("projects", "users"))] = "projects"
    group_by_task: Flag = False
    calculate: Annotated[Literal["time", "amounts"], PlainValidator(calculation)] = "time"


MODELS: Mapping[ReportType, type[Params]] = {
    "detailed": DetailedParams,
    "summary": SummaryParams,
    "weekly": WeeklyParams,
    "projects": Params,
}


def checked(report_type: ReportType, values: Mapping[str, Any], prefix: str = "") -> Params:
    """Return the parameters of a kind of report. Raises InvalidParameters naming all that are wrong."""
    try:
        return MODELS[report_type].model_validate(dict(values))
    except ValidationError as error:
        raise InvalidParameters(Violation(f"{prefix}{name}", wanted) for name, wanted in _faults(error)) from error


def _faults(error: ValidationError) -> Iterator[tuple[str, str]]:
    for one in error.errors(include_url=False, include_input=False):
        yield ".".join(map(str, one["loc"])), str(one["ctx"]["error"])  # each comes from a ValueError of a validator


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
