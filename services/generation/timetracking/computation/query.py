"""What is asked of a report over time entries, checked and complete: defaults, saved and given parameters in one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from services.generation.timetracking.computation.entries import Choice, Days, Grouping, Layout, Resolution, Rounding
from services.generation.timetracking.computation.summary_bounds import Audit

ReportType = Literal["detailed", "summary", "weekly", "projects"]


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries are kept, as asked; None keeps all. Ids are as given: whether they exist is not checked."""

    clients: Choice | None = None
    projects: Choice | None = None
    tasks: Choice | None = None
    tags: Choice | None = None
    user_ids: frozenset[int] | None = None
    group_ids: frozenset[int] | None = None  # together with `user_ids` a union
    entry_ids: frozenset[int] | None = None
    billable: bool | None = None
    description: str = ""
    min_seconds: int | None = None
    max_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Paging:
    """Which rows of a detailed report are wanted; exports take no notice of it."""

    size: int = 50
    first_row: int = 1
    first_id: int | None = None
    first_timestamp: int | None = None  # UTC seconds


@dataclass(frozen=True, slots=True)
class Week:
    """How a weekly report is laid out."""

    by: Literal["projects", "users"] = "projects"
    by_task: bool = False
    calculate: Literal["time", "amounts"] = "time"


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """How files write values (reference section 11)."""

    duration_format: Literal["classic", "decimal", "improved"] = "classic"
    date_format: str = "MM/DD/YYYY"
    hour_format: Literal["h:mm A", "H:mm"] = "H:mm"
    cents_separator: Literal[".", ","] = "."
    display_mode: Literal["date_only", "time_only", "date_time"] = "date_time"
    collapse: bool = False  # a summary without its sub-groups
    by_duration: bool = False  # a summary in the order of duration, not of title
    descending: bool = False


@dataclass(frozen=True, slots=True)
class TimeReportQuery:
    """Everything a report is made by. `echo` is the same for the API's `input_params`."""

    report_type: ReportType
    days: Days
    kept: EntryFilter = field(default_factory=EntryFilter)
    rounding: Rounding = field(default_factory=Rounding)
    resolution: Resolution | None = None  # None: as the span asks
    layout: Layout = field(default_factory=Layout)
    paging: Paging = field(default_factory=Paging)
    grouping: Grouping = field(default_factory=Grouping)
    audit: Audit = field(default_factory=Audit)  # of a summary
    week: Week = field(default_factory=Week)
    writing: FormatOptions = field(default_factory=FormatOptions)
    hide_amounts: bool = False
    hide_rates: bool = False
    enriched: bool = True  # names beside ids
    echo: Mapping[str, Any] = field(default_factory=dict)
