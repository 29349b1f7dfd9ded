"""The parameters of each kind of report with their defaults (reference sections 4 and 5)."""

from collections.abc import Iterator, Mapping
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

from services.errors import InvalidParameters, Violation
from services.generation.timetracking.computation.entries import Order, Resolution
from services.generation.timetracking.computation.query import ReportType
from services.generation.timetracking.params.values import (
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
