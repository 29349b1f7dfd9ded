"""Report over time entries: its source, its totals, and its rows while they are read."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from daybook.input.v1.workspace_pb2 import Member
from daybook.savedreport.v1.time_report_pb2 import DetailedRow

from services.generation.domain.columnar import Ints
from services.generation.timetracking.directory import Directory
from services.generation.timetracking.parameters import ReportType
from services.generation.timetracking.query import TimeReportQuery
from services.generation.timetracking.summary_groups import SummaryGroup
from services.generation.timetracking.time_store import SavedReport
from services.generation.timetracking.totals import Totals
from services.generation.timetracking.weeks import ProjectRow, WeeklyRow
from services.generation.words.language import Locale
from services.runtime.limits import Slot

Extent = Literal["everything", "rows", "totals", "export", "print"]
# an export is totals and all rows, whatever the page asked for; for print with the sums of clients and projects
EXPORTS: tuple[Extent, ...] = ("export", "print")


@dataclass(frozen=True, slots=True)
class Shared:
    """A saved report behind a token, with parameters over the saved ones."""

    token: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfWorkspace:
    """A kind of report over a workspace, with all its parameters."""

    workspace_id: int
    report_type: ReportType
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SavedWindow:
    """A saved report in its owner's view over these days, as schedules run it and links open it."""

    workspace_id: int
    saved_report_id: int
    first: date
    last: date


Source = Shared | OfWorkspace | SavedWindow
RUN_ROWS = 2_000  # of a run at most
RowRun = Sequence[DetailedRow] | Sequence[SummaryGroup] | Sequence[WeeklyRow] | Sequence[ProjectRow]


@dataclass(frozen=True, slots=True)
class NextPage:
    """Where the next page of a detailed report begins."""

    id: int
    row_number: int
    timestamp: int  # see `timestamp_cursor`


EntryIds = Callable[[Ints], Awaitable[Sequence[str]]]  # the ids of entries as files have them


@dataclass(frozen=True, slots=True)
class TimeReport:
    """A report. `rows` come in runs, once, of the type that `query.report_type` says."""

    query: TimeReportQuery
    directory: Directory
    viewpoint: Member  # whose zone and language it is written for: the owner of a saved report, else the caller
    locale: Locale
    saved: SavedReport | None
    totals: Totals | None  # None when only rows were asked for
    row_count: int  # of all rows that come
    next_page: NextPage | None
    rows: AsyncIterator[RowRun]
    slot: Slot  # of those for reports whose rows are read
    entry_ids: EntryIds
    clients: Sequence[SummaryGroup] = ()  # with their projects: those of a detailed report that is printed
