"""Parameters of each kind of report with their defaults (reference sections 4 and 5)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from services.errors import InvalidParameters, Violation
from services.generation.timetracking.group_keys import Grouping, SubGrouping
from services.generation.timetracking.parameter_types import (
    Cents,
    Currency,
    Day,
    Direction,
    Flag,
    Id,
    Ids,
    IdsOrNone,
    OneOf,
    Schema,
    Seconds,
    Timestamp,
    Words,
    names,
    object_schema,
    one_of,
    whole,
    without_nulls,
)
from services.generation.timetracking.periods import Resolution
from services.runtime.fault_texts import fault_text

ReportType = Literal["detailed", "summary", "weekly", "projects"]
Order = Literal["date", "user", "duration", "description", "last_update"]

MAX_PAGE = 1000
COLUMNS = (
    *("user", "email", "client", "project", "task", "description", "billable"),
    *("start_date", "start_time", "end_date", "end_time", "duration", "tags", "amount", "entry_id"),
)
SUB_GROUPINGS: Mapping[str, tuple[str, ...]] = {
    by: tuple(sub for sub in get_args(SubGrouping) if sub != by) for by in get_args(Grouping)
}


class Params(BaseModel):
    """Parameters that all kinds share. Unknown ones are ignored."""

    report_type: ClassVar[ReportType] = "projects"

    model_config = ConfigDict(extra="ignore", frozen=True)

    start_date: Day | None = None
    end_date: Day | None = None
    period: Words | None = Field(None, description="A named period, such as prevMonth, where there are no dates")
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
    rounding: Annotated[Literal[-1, 0, 1, 2], OneOf()] = 0
    rounding_minutes: Annotated[Literal[0, 1, 5, 6, 10, 12, 15, 30, 60, 240], OneOf()] = 1
    rounding_scope: Annotated[Literal["entry", "group"], OneOf()] = "entry"
    hide_amounts: Flag = False
    granularity: Annotated[Resolution, OneOf()] | None = None
    resolution: Annotated[Resolution, OneOf()] | None = None
    with_graph: Flag | None = None
    duration_format: Annotated[Literal["classic", "decimal", "improved"], OneOf()] = "classic"
    date_format: Annotated[
        Literal["MM/DD/YYYY", "DD-MM-YYYY", "MM-DD-YYYY", "YYYY-MM-DD", "DD/MM/YYYY", "DD.MM.YYYY"], OneOf()
    ] = "MM/DD/YYYY"
    cents_separator: Annotated[Literal[".", ","], OneOf()] = "."

    @property
    def graph_resolution(self) -> Resolution | None:
        """Return the resolution of the graph, None for that of the length of the report."""
        return self.granularity or self.resolution

    @field_validator("max_duration_seconds")
    @classmethod
    def _not_below_least(cls, value: int | None, others: ValidationInfo) -> int | None:
        least = others.data.get("min_duration_seconds")
        if value is not None and least is not None and value < least:
            raise ValueError("must not be less than min_duration_seconds")
        return value


class DetailedParams(Params):
    """Parameters of a detailed report."""

    report_type: ClassVar[ReportType] = "detailed"

    grouped: Flag = False
    enrich_response: Flag = False
    order_by: Annotated[Order, OneOf()] = "date"
    order_dir: Direction = "ASC"
    page_size: Annotated[int, whole(1, MAX_PAGE)] = 50
    first_id: Id | None = None
    first_row_number: Id | None = None
    first_timestamp: Timestamp | None = Field(
        None, description="A moment in UTC seconds, or the X-Next-Timestamp of the page before"
    )
    hour_format: Annotated[Literal["h:mm A", "H:mm"], OneOf()] = "H:mm"
    columns: Annotated[tuple[str, ...], names(COLUMNS)] | None = Field(
        None, description="Columns of files in their order; empty for the usual ones"
    )
    display_mode: Annotated[Literal["date_only", "time_only", "date_time", "date_and_time"], OneOf()] = "date_and_time"

    @property
    def descending(self) -> bool:
        """Return whether rows come in descending order."""
        return self.order_dir == "DESC"

    @property
    def begins_by_number(self) -> bool:
        """Return whether the page begins at the number of a row, which counts more than an entry and a time."""
        return self.first_row > 1 or (self.first_id is None and self.first_timestamp is None)

    @property
    def first_row(self) -> int:
        """Return the number of the first row where the page begins by number."""
        return self.first_row_number or 1


class GroupFilter(BaseModel):
    """Bounds of the time and money of a summary's groups, both ends included; None bounds nothing.

    Without a currency one amount of a group in bounds is enough, and a group without any has the amount 0. A currency
    alone keeps groups that have money in it.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    currency: Currency | None = None
    min_amount_cents: Cents | None = None
    max_amount_cents: Cents | None = None
    min_duration_seconds: Seconds | None = None
    max_duration_seconds: Seconds | None = None

    def holds(self, seconds: int, amounts: Mapping[str, int]) -> bool:
        """Return whether a group with so much time and such amounts in cents by currency lies within."""
        if not _between(self.min_duration_seconds, seconds, self.max_duration_seconds):
            return False
        if self.currency is None:
            return self._any_fits(amounts.values() or (0,))
        if self.min_amount_cents is None and self.max_amount_cents is None:
            return self.currency in amounts
        return self._any_fits((amounts.get(self.currency, 0),))

    def without_money(self) -> "GroupFilter":
        """Return the bounds of time alone."""
        return self.model_copy(update=dict.fromkeys(("currency", "min_amount_cents", "max_amount_cents")))

    def _any_fits(self, cents: Iterable[int]) -> bool:
        return any(_between(self.min_amount_cents, one, self.max_amount_cents) for one in cents)


class AuditParams(BaseModel):
    """Groups that a summary shows: those with entries, those without, and of both those within bounds."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    show_empty_groups: Flag = False
    show_tracked_groups: Flag = True
    group_filter: Annotated[GroupFilter, BeforeValidator(without_nulls)] | None = None


class SummaryParams(Params):
    """Parameters of a summary."""

    report_type: ClassVar[ReportType] = "summary"

    grouping: Annotated[Grouping, OneOf()] = "projects"
    sub_grouping: Annotated[SubGrouping, OneOf()] = "time_entries"
    include_time_entry_ids: Flag = False
    distinguish_rates: Flag = False
    collapse: Flag = False
    hide_rates: Flag = False
    show_budgets: Flag = Field(False, description="Budgets, in summaries by projects or clients and projects")
    audit: Annotated[AuditParams, BeforeValidator(without_nulls)] | None = None
    order_by: Annotated[Literal["title", "duration"], OneOf()] = "title"
    order_dir: Direction = "ASC"

    @property
    def descending(self) -> bool:
        """Return whether groups come in descending order."""
        return self.order_dir == "DESC"

    @field_validator("sub_grouping")
    @classmethod
    def _fits_grouping(cls, value: str, others: ValidationInfo) -> str:
        one_of(value, SUB_GROUPINGS.get(others.data.get("grouping", ""), (value,)))
        return value


class WeeklyParams(Params):
    """Parameters of a week."""

    report_type: ClassVar[ReportType] = "weekly"

    grouping: Annotated[Literal["projects", "users"], OneOf()] = "projects"
    group_by_task: Flag = False
    calculate: Annotated[Literal["time", "amounts"], OneOf({"earnings": "amounts"})] = "time"  # as in version 2


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


def parameters_schema(report_type: ReportType) -> Schema:
    """Return the JSON Schema of the parameters of a kind of report. Each may be null, which takes a saved one away."""
    about = "Unknown parameters are ignored; null takes a saved one away"
    return {**object_schema(MODELS[report_type]), "description": about}


def _faults(error: ValidationError) -> Iterator[tuple[str, str]]:
    for one in error.errors(include_url=False, include_input=False):
        yield ".".join(map(str, one["loc"])), fault_text(one)


def _between(least: int | None, value: int, most: int | None) -> bool:
    return (least is None or least <= value) and (most is None or value <= most)
