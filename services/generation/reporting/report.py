"""Reports as they are queued and kept, and their results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from services.generation.words.language import Locale

State = Literal["queued", "running", "finished", "failed"]


UNFINISHED: tuple[State, ...] = ("queued", "running")


@dataclass(frozen=True, slots=True)
class TimeFilter:
    """A daily window, HH:mm:ss to HH:mm:ss inclusive, on some weekdays (1 Monday to 7 Sunday)."""

    start_time_of_day: str = "00:00:00"
    end_time_of_day: str = "23:59:59"
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True)
class Report:
    """A report: what was asked for and how far it is. Its id is 0 until it is stored."""

    id: int
    owner_id: int
    account_id: int
    title: str
    create_time: datetime
    from_time: datetime
    to_time: datetime
    time_filter: TimeFilter
    plugin_id: int
    options: Mapping[str, Any]
    locale: Locale
    tracker_ids: Sequence[int] = ()
    employee_ids: Sequence[int] = ()
    geocoder: str = ""
    include_places_in_address: bool = True
    include_zones_in_address: bool = True
    type: str = "user"
    request_id: str = ""
    trace_parent: str = ""  # the span it was asked in, in W3C's form
    state: State = "queued"
    percent: int = 0
    attempt: int = 0  # grows with each claim and fences off what an earlier maker still writes
    tries: int = 0  # attempts that count; one handed back does not
    failure: str = ""
    sheet_headers: Sequence[str] = ()
    part_count: int = 0
    cell_count: int = 0


@dataclass(frozen=True, slots=True)
class ReportResult:
    """What a finished report consists of: the headers of its sheets in order, its parts and its cells."""

    sheet_headers: Sequence[str] = field(default=())
    part_count: int = 0
    cell_count: int = 0


@dataclass(frozen=True, slots=True)
class QueueStats:
    """How much work there is: reports queued and running, slots that owners hold, the oldest report's age in seconds.

    Each is NaN when it cannot be known.
    """

    queued: float = 0
    running: float = 0
    slots: float = 0
    oldest_s: float = 0
