"""Reports, their results, and the parts of their sheets as they are stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    trace_parent: str = ""  # the span of the request, in W3C's form
    state: State = "queued"
    percent: int = 0
    attempt: int = 0  # grows with each claim and fences off what an earlier worker still writes
    counted_attempts: int = 0  # one that is handed back does not count
    failure: str = ""
    sheet_headers: Sequence[str] = ()
    sheet_numbers: Sequence[int] = ()  # of its sheets, under which their parts are stored
    part_count: int = 0
    cell_count: int = 0


@dataclass(frozen=True, slots=True)
class ReportResult:
    """Sheets of a finished report in order, by their headers and their numbers, and the number of parts and cells."""

    sheet_headers: Sequence[str] = ()
    sheet_numbers: Sequence[int] = ()
    part_count: int = 0
    cell_count: int = 0


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
