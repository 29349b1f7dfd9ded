"""Reports, their results, and the parts of their sheets as they are stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from services.generation.words.conditions import Condition
from services.generation.words.language import Locale

State = Literal["queued", "running", "finished", "failed", "cancelled"]


UNFINISHED: tuple[State, ...] = ("queued", "running")
LOSSES_ALONE = 2  # a report that lost so many workers may be what ends them: it runs alone


@dataclass(frozen=True, slots=True)
class TimeFilter:
    """A daily window between clock times as they were given, HH:mm or HH:mm:ss, on some weekdays (1 is Monday).

    An end with seconds belongs to the window; one without is the first moment outside, but 23:59 the end of the day.
    """

    start_time_of_day: str = "00:00:00"
    end_time_of_day: str = "23:59:59"
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its parameters and its progress. Its id is 0 until it is stored."""

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
    request_digest: str = ""  # of what was asked for under the request id
    trace_parent: str = ""  # the span of the request, in W3C's form
    state: State = "queued"
    percent: int = 0
    attempt: int = 0  # grows with each claim and fences off what an earlier worker still writes
    losses: int = 0  # of workers that died or fell silent over it
    failure: str = ""
    sheet_headers: Sequence[str] = ()
    sheet_numbers: Sequence[int] = ()  # of its sheets, under which their parts are stored
    part_count: int = 0
    cell_count: int = 0
    has_rows: bool | None = None  # of an entity; None until it is finished, and where it was made by an earlier version
    conditions: Sequence[Condition] = ()  # those that name records or options, as they held at the request
    start_time: datetime | None = None  # of its first attempt
    finish_time: datetime | None = None  # when it was finished, failed or cancelled
    expire_time: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found for any entity, though a summary may have rows for them."""
        return not (self.cell_count if self.has_rows is None else self.has_rows)

    @property
    def user_id(self) -> int:
        """The user who asked for the report."""
        return self.owner_id


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """Conditions of a list of reports: an owner, None for all; states, none for all; moments of request.

    Kinds and trackers, none for all; of the trackers a report has at least one. Periods end at or after `period_from`
    and begin before `period_before`.
    """

    owner_id: int | None
    states: Sequence[State] = ()
    create_time_from: datetime | None = None
    create_time_before: datetime | None = None
    plugin_ids: Sequence[int] = ()
    tracker_ids: Sequence[int] = ()
    period_from: datetime | None = None
    period_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReportResult:
    """Sheets of a finished report in order, by their headers and their numbers, and the number of parts and cells.

    Their outlines are serialized messages SheetOutline. `has_rows` is false when nothing was found for any entity.
    """

    sheet_headers: Sequence[str] = ()
    sheet_numbers: Sequence[int] = ()
    part_count: int = 0
    cell_count: int = 0
    outlines: Sequence[bytes] = ()
    has_rows: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """State and percentage of a report."""

    state: State
    percent: int


@dataclass(frozen=True, slots=True)
class PartSelection:
    """Parts of a report to read: all, those of a sheet counted from 0, those with some of a sheet's rows."""

    sheet_index: int | None = None
    rows: tuple[int, int] | None = None  # the first one and the one behind the last
    public_json: bool = False  # in place of the messages


EVERYTHING = PartSelection()


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part as it is stored; `message` is a serialized SheetPart, `public_json` is zstd-compressed.

    Of the two only the one is there that was asked for. The sheet's place is counted within the report.
    """

    sheet_index: int
    part_index: int
    last: bool
    first_row: int
    row_count: int
    message: bytes = b""
    public_json: bytes = b""


@dataclass(frozen=True, slots=True)
class QueueStats:
    """Amount of work: reports queued and running, slots that owners hold, the oldest report's age in seconds.

    Each is NaN when it cannot be known.
    """

    queued: float = 0
    running: float = 0
    slots: float = 0
    oldest_s: float = 0
