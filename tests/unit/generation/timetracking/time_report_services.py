"""A desk for reports over time entries in memory."""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.errors import NotFound
from services.generation.accounts.authentication import Principal
from services.generation.accounts.user import User
from services.generation.timetracking.computation.directory import Directory, Member, Workspace
from services.generation.timetracking.computation.entries import Choice, Entries, Filter, TimeEntry
from services.generation.timetracking.saved_report_service import Opened
from services.generation.timetracking.sources import Extent, OfWorkspace, Shared, Source
from services.generation.timetracking.time_report import TimeReport
from services.generation.timetracking.time_report_service import Limits, Stores, TimeReportService
from services.generation.timetracking.time_store import SavedReport
from services.generation.words.language import Locale
from tests.builders.time_entries import ANN, directory, entries
from tests.fakes.accounts import account_service

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
JANUARY = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
ANN_USER = User(11, ANN.email, Locale("de", "UTC"), NOW)  # reads German
LIMITS = Limits(max_entries=1000, runs_at_once=2, waiting=1, wait_s=5)


class TimeEntries:
    """Fills the part of the port TimeEntries that reports ask, in runs of two entries."""

    def __init__(self, *stored: TimeEntry) -> None:
        self.stored = list(stored)
        self.reads: list[tuple[bool, int]] = []  # whether with words, and the limit
        self.open_reads = 0

    async def read(
        self, wanted: Filter, *, words: bool, descending: bool = False, skip: int = 0, limit: int = 0
    ) -> AsyncGenerator[Entries, None]:
        self.reads.append((words, limit))
        self.open_reads += 1
        try:
            found = [one for one in self.stored if _keeps(wanted, one)]
            found.sort(key=lambda one: (one.start, one.id), reverse=descending)
            found = found[skip : skip + limit if limit else None]
            shown = [one if words else replace(one, description="", tag_ids=()) for one in found]
            for first in range(0, len(shown), 2):
                yield entries(*shown[first : first + 2])
        finally:
            self.open_reads -= 1

    async def by_ids(self, workspace_id: int, ids: NDArray[np.int64]) -> Entries:
        assert workspace_id == 1
        known = {one.id: one for one in self.stored}
        return entries(*(known[one] for one in ids.tolist() if one in known))


def _keeps(wanted: Filter, entry: TimeEntry) -> bool:
    start_s = entry.start.timestamp()
    return (
        any(entry.user_id in span.user_ids and span.from_s <= start_s < span.to_s for span in wanted.spans)
        and _has(wanted.projects, entry.project_id)
        and wanted.billable in (None, entry.billable)
    )


def _has(choice: Choice | None, one: int | None) -> bool:
    return choice is None or (choice.none if one is None else one in choice.ids)


class Book:
    """Fills the part of SavedReportBook that running asks: everybody may run the report, for Ann."""

    def __init__(self, saved: SavedReport | None = None) -> None:
        self._saved = saved

    async def opened(self, _token: str, _caller: Principal | None) -> Opened:
        if self._saved is None:
            raise NotFound
        return Opened(self._saved, Workspace(1, "Studio", 1), ANN)

    async def membership(self, _workspace_id: int, _caller: Principal | None) -> Member:
        return ANN


class Timesheets:
    """Fills the part of the port Timesheets that running asks."""

    def __init__(self, known: Directory | None) -> None:
        self._known = known

    async def directory(self, _workspace_id: int) -> Directory | None:
        return self._known


def desk(
    stored: TimeEntries,
    *,
    is_gone: bool = False,
    saved: SavedReport | None = None,
    limits: Limits = LIMITS,
    now: Callable[[], datetime] = lambda: NOW,
) -> TimeReportService:
    """Return a desk in the studio of `tests.builders.time_entries`, on the last day of January 2026."""
    accounts = account_service(ANN_USER)
    stores = Stores(Book(saved), accounts, Timesheets(None if is_gone else directory()), stored)  # type: ignore[arg-type] # fakes
    return TimeReportService(stores, limits, now)


def january(report_type: Any = "detailed", **params: Any) -> OfWorkspace:
    """Return a report over January 2026."""
    return OfWorkspace(1, report_type, JANUARY | params)


def shared(**params: Any) -> Shared:
    """Return the saved report, run with parameters."""
    return Shared("0" * 32, params)


async def run(
    stored: TimeEntries, source: Source, extent: Extent = "everything", **more: Any
) -> tuple[TimeReport, list[Any]]:
    """Return a report and all its rows."""
    async with desk(stored, **more).opened(source, None, extent) as report:
        rows = [row for run in [run async for run in report.rows] for row in run]
    return report, rows


def ids_of(rows: Sequence[Any]) -> list[int]:
    """Return the ids of the entries of detailed rows."""
    return [entry.id for row in rows for entry in row.entries]
