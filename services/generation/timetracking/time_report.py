"""A report over time entries while it is read: its totals are known, its rows may still be on their way."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from services.generation.timetracking.computation.directory import Directory, Member
from services.generation.timetracking.computation.query import TimeReportQuery
from services.generation.timetracking.computation.results import (
    DetailedRow,
    ProjectRow,
    SummaryGroup,
    Totals,
    WeeklyRow,
)
from services.generation.timetracking.time_store import SavedReport
from services.generation.words.language import Locale

RUN_ROWS = 2_000  # of a run at most
RowRun = Sequence[DetailedRow] | Sequence[SummaryGroup] | Sequence[WeeklyRow] | Sequence[ProjectRow]


@dataclass(frozen=True, slots=True)
class NextPage:
    """Where the next page of a detailed report begins."""

    id: int
    row_number: int
    timestamp: int  # UTC seconds


@dataclass(frozen=True, slots=True)
class TimeReport:
    """A report. `rows` come in runs, once, of the type that `ask.report_type` says."""

    ask: TimeReportQuery
    directory: Directory
    viewpoint: Member  # whose zone and language it is written for: the owner of a saved report, else the caller
    locale: Locale
    saved: SavedReport | None
    totals: Totals | None  # None when only rows were asked for
    row_count: int  # of all rows that come
    next_page: NextPage | None
    rows: AsyncIterator[RowRun]
