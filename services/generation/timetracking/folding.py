"""Reports whose rows are folded out of all entries and kept in memory: summaries, weeks, projects."""

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from dataclasses import dataclass

from services.generation.timetracking.computation.directory import Directory
from services.generation.timetracking.computation.project_totals import ProjectFold
from services.generation.timetracking.computation.query import TimeReportQuery
from services.generation.timetracking.computation.results import ProjectRow, SummaryGroup, WeeklyRow
from services.generation.timetracking.computation.summaries import SummaryFold
from services.generation.timetracking.computation.weeks import WeekFold
from services.generation.timetracking.entry_reader import Fold
from services.generation.timetracking.time_report import RUN_ROWS, RowRun

Table = Sequence[SummaryGroup] | Sequence[WeeklyRow] | Sequence[ProjectRow]


@dataclass(frozen=True, slots=True)
class Folding:
    """A fold, what it comes to once it has taken all rows, and whether it needs their words."""

    fold: Fold
    table: Callable[[], Table]
    words: bool = False


def folding_of(ask: TimeReportQuery, directory: Directory, empty_ids: Iterable[int] = ()) -> Folding:
    """Return how the rows of a report come about that is not detailed; a summary has the empty groups given besides."""
    amounts, writing = not ask.hide_amounts, ask.writing
    if ask.report_type == "summary":
        groups = SummaryFold(ask.grouping, directory)
        return Folding(
            groups,
            lambda: groups.result(
                by_duration=writing.by_duration, descending=writing.descending, amounts=amounts, empty_ids=empty_ids
            ),
            words=ask.grouping.sub == "time_entries",
        )
    if ask.report_type == "weekly":
        week = WeekFold(ask.week, directory, ask.days.first)
        return Folding(week, lambda: week.result(amounts))
    projects = ProjectFold(directory)
    return Folding(projects, projects.result)


async def runs_of(table: Table) -> AsyncGenerator[RowRun, None]:
    """Yield the rows of a table in runs."""
    for first in range(0, len(table), RUN_ROWS):
        yield table[first : first + RUN_ROWS]
