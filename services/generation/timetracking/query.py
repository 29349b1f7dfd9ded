"""Query of a report over time entries: filters, layout and formats, checked and complete."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from services.generation.timetracking.entries import Choice
from services.generation.timetracking.periods import Days, Resolution
from services.generation.timetracking.preparation import Rounding

Order = Literal["date", "user", "duration", "description", "last_update"]


@dataclass(frozen=True, slots=True)
class Grouping:
    """How a summary is grouped (reference section 5)."""

    by: Literal["projects", "clients", "users"] = "projects"
    sub: Literal["time_entries", "tasks", "users", "projects", "clients"] = "time_entries"
    by_rate: bool = False  # distinguish_rates: a sub-group for each rate
    with_ids: bool = False  # include_time_entry_ids


@dataclass(frozen=True, slots=True)
class Layout:
    """How a detailed report is laid out in rows: equal entries merged or not, and in which order."""

    grouped: bool = False
    order_by: Order = "date"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a group's time and money lie between, both ends included; None bounds nothing.

    Without a currency one amount of a group in bounds is enough, and a group without any has the amount 0.
    """

    min_seconds: int | None = None
    max_seconds: int | None = None
    min_cents: int | None = None
    max_cents: int | None = None
    currency: str | None = None  # the one the cents are of; alone it keeps groups that have money in it

    def hold(self, seconds: int, amounts: Mapping[str, int]) -> bool:
        """Say whether a group with so much time and such amounts in cents by currency lies within."""
        return _between(self.min_seconds, seconds, self.max_seconds) and self._hold_money(amounts)

    def _hold_money(self, amounts: Mapping[str, int]) -> bool:
        if self.currency is None:
            return self._any_fits(amounts.values() or (0,))
        if self.min_cents is None and self.max_cents is None:
            return self.currency in amounts
        return self._any_fits((amounts.get(self.currency, 0),))

    def _any_fits(self, cents: Iterable[int]) -> bool:
        return any(_between(self.min_cents, one, self.max_cents) for one in cents)


@dataclass(frozen=True, slots=True)
class Audit:
    """Which groups a summary shows: those with entries, those without, and of both what bounds hold."""

    shows_tracked: bool = True
    shows_empty: bool = False
    bounds: Bounds = field(default_factory=Bounds)


def _between(least: int | None, value: int, most: int | None) -> bool:
    return (least is None or least <= value) and (most is None or value <= most)


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
