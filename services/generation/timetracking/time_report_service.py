"""The use case of running reports: who may, what exactly, a place to run, and the report while its rows are read."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from services.errors import OwnerGone, WorkspaceNotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Principal
from services.generation.timetracking.computation.directory import Directory
from services.generation.timetracking.contents import contents_of
from services.generation.timetracking.entry_reader import EntryReader
from services.generation.timetracking.filters import filter_of
from services.generation.timetracking.resolved_report import ReportResolver, ResolvedReport
from services.generation.timetracking.saved_report_service import SavedReportService
from services.generation.timetracking.sources import Extent, Source
from services.generation.timetracking.time_report import TimeReport
from services.generation.timetracking.time_store import TimeEntries, Timesheets
from services.runtime.limits import ConcurrencyLimit


@dataclass(frozen=True, slots=True)
class Limits:
    """How many entries a report may have, how many reports are summed up at once, and how many wait for how long.

    Their rows may still be on their way to slow readers afterwards, `open_at_once` in all.
    """

    max_entries: int
    runs_at_once: int
    open_at_once: int = 64
    waiting: int = 256
    wait_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Stores:
    """Where saved reports, accounts, workspaces and entries are."""

    book: SavedReportService
    accounts: AccountService
    timesheets: Timesheets
    entries: TimeEntries


class TimeReportService:
    """Runs reports over time entries. Who reads rows slowly holds none of the places for summing up."""

    def __init__(self, stores: Stores, limits: Limits, now: Callable[[], datetime]) -> None:
        self._openings = ReportResolver(stores.book, stores.accounts, now)
        self._stores = stores
        self._max_entries = limits.max_entries
        self._places = ConcurrencyLimit(
            "time reports", limits.runs_at_once, waiting=limits.waiting, wait_s=limits.wait_s
        )
        self._open = ConcurrencyLimit("open time reports", limits.open_at_once, waiting=0, wait_s=limits.wait_s)

    @asynccontextmanager
    async def opened(self, source: Source, caller: Principal | None, extent: Extent) -> AsyncIterator[TimeReport]:
        """Give a report while the context lasts.

        Raises what `SavedReportBook.opened` and `membership` and `params.resolve` raise, ReportTooBig, and TooMuch
        when too many reports run.
        """
        opening = await self._openings.open(source, caller, export=extent == "export")
        async with self._open.slot():
            async with self._places.slot():
                directory = await self._directory(opening)
                contents = await contents_of(self._reading(opening, directory), opening.ask, extent)
            async with aclosing(contents.rows):
                yield TimeReport(
                    ask=opening.ask,
                    directory=directory,
                    viewpoint=opening.viewpoint,
                    locale=opening.locale,
                    saved=opening.saved,
                    totals=contents.totals,
                    row_count=contents.row_count,
                    next_page=contents.next_page,
                    rows=contents.rows,
                )

    def _reading(self, opening: ResolvedReport, directory: Directory) -> EntryReader:
        return EntryReader(
            entries=self._stores.entries,
            wanted=filter_of(opening.ask, directory),
            directory=directory,
            rounding=opening.ask.rounding,
            max_entries=self._max_entries,
        )

    async def _directory(self, opening: ResolvedReport) -> Directory:
        """Return what ids stand for. Raises OwnerGone and WorkspaceNotFound when the workspace has gone meanwhile."""
        directory = await self._stores.timesheets.directory(opening.workspace_id)
        if directory is None:
            raise OwnerGone if opening.saved else WorkspaceNotFound
        return directory
