"""What reports over time entries come to. Money is whole cents; None is unknown, hidden or not one sum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.generation.timetracking.computation.entries import Resolution


@dataclass(frozen=True, slots=True)
class Rate:
    """Billable seconds at one hourly rate; `rate_cents` is None for billable time without a rate."""

    billable_seconds: int
    rate_cents: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """One day, week or month of a graph; `by_rate` counts billable seconds by place in the totals' rates."""

    seconds: int = 0
    billable_seconds: int = 0
    by_rate: Mapping[int, int] = field(default_factory=dict)
    amount_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole of a report (reference section 9)."""

    seconds: int = 0
    billable_seconds: int = 0
    entry_count: int = 0
    amounts: Mapping[str, int] = field(default_factory=dict)  # cents by currency, of priced entries
    amount_cents: int | None = None  # None when hidden or in several currencies
    rates: Sequence[Rate] = ()  # by currency and rate
    currencies: Sequence[str] = ()  # of all entries, ascending
    resolution: Resolution = "day"
    graph: Sequence[Bucket] = ()  # over the whole range
    tracked_days: int = 0
    project_seconds: Mapping[int, int] = field(default_factory=dict)  # actual time, by id; NONE among them
    task_seconds: Mapping[int, int] = field(default_factory=dict)
    user_seconds: Mapping[int, int] = field(default_factory=dict)
    tag_ids: frozenset[int] = frozenset()  # that occur; empty where entries were read without their words


@dataclass(frozen=True, slots=True)
class RowEntry:
    """A time entry of a row: rounded seconds, UTC seconds since 1970, its owner's offsets at start, stop and change."""

    id: int
    seconds: int
    start_s: int
    stop_s: int
    update_s: int
    start_offset_s: int
    stop_offset_s: int
    update_offset_s: int


@dataclass(frozen=True, slots=True)
class DetailedRow:
    """A row of a detailed report; names are looked up in the directory by whoever writes it."""

    number: int  # from 1
    user_id: int
    project_id: int | None
    task_id: int | None
    tag_ids: tuple[int, ...]
    description: str
    billable: bool
    amount_cents: int | None  # None when not billable, without a rate, or hidden
    rate_cents: int | None
    currency: str
    entries: Sequence[RowEntry]  # by start; one unless grouped


@dataclass(frozen=True, slots=True)
class SubGroup:
    """A part of a summary's group."""

    id: int | None
    title: str | None
    seconds: int
    billable_seconds: int
    amounts: Mapping[str, int]  # cents by currency
    rates: Sequence[Rate]
    entry_ids: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class SummaryGroup:
    """A group of a summary: the entries of one project, client or member, or of none."""

    id: int | None
    title: str  # "" without one
    color: str  # #rrggbb of a project, else ""
    seconds: int
    billable_seconds: int
    amounts: Mapping[str, int]
    sub_groups: Sequence[SubGroup]


@dataclass(frozen=True, slots=True)
class WeeklyRow:
    """A week of a member on a project, seven values each; `rate_cents` is None unless there is exactly one."""

    user_id: int
    project_id: int | None
    task_id: int | None
    currency: str
    rate_cents: int | None
    seconds: Sequence[int]
    billable_seconds: Sequence[int]
    amounts_cents: Sequence[int] | None  # None when hidden


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """The time of a member on a project."""

    project_id: int | None
    user_id: int
    seconds: int
    billable_seconds: int
