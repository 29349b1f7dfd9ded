"""Service of reports over time entries in memory."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from services.errors import NotFound
from services.generation.accounts.authentication import Principal
from services.generation.accounts.user import User
from services.generation.timetracking.directory import Directory, Member, Workspace
from services.generation.timetracking.saved_report_service import Opened
from services.generation.timetracking.time_report import Extent, OfWorkspace, Shared, Source, TimeReport
from services.generation.timetracking.time_report_service import Limits, Stores, TimeReportService
from services.generation.timetracking.time_store import SavedReport
from services.generation.words.language import Locale
from tests.builders.time_entries import ANN, directory
from tests.fakes.accounts import account_service
from tests.fakes.time_entries import MemoryTimeEntries

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
JANUARY = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
ANN_USER = User(11, ANN.email, Locale("de", "UTC"), NOW)  # reads German
LIMITS = Limits(max_entries=1000, runs_at_once=2, waiting=1, wait_s=5)


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
    stored: MemoryTimeEntries,
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
    stored: MemoryTimeEntries, source: Source, extent: Extent = "everything", **more: Any
) -> tuple[TimeReport, list[Any]]:
    """Return a report and all its rows."""
    async with desk(stored, **more).opened(source, None, extent) as report:
        rows = [row for run in [run async for run in report.rows] for row in run]
    return report, rows


def ids_of(rows: Sequence[Any]) -> list[int]:
    """Return the ids of the entries of detailed rows."""
    return [entry.id for row in rows for entry in row.entries]
