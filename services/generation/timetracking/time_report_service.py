"""Service that runs reports over time entries: access, parameters, capacity."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.errors import NotFound, OwnerGone, WorkspaceNotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Principal
from services.generation.accounts.user import Locale
from services.generation.timetracking.directory import Directory, Member
from services.generation.timetracking.entry_reader import EntryReader
from services.generation.timetracking.filters import filter_of
from services.generation.timetracking.preparation import Rounding
from services.generation.timetracking.query import TimeReportQuery, resolve
from services.generation.timetracking.runner import contents_of
from services.generation.timetracking.saved_report_service import SavedReportService
from services.generation.timetracking.time_report import Extent, OfWorkspace, Shared, Source, TimeReport
from services.generation.timetracking.time_store import SavedReport, TimeEntries, Timesheets
from services.runtime.limits import ConcurrencyLimit


@dataclass(frozen=True, slots=True)
class ResolvedReport:
    """A report that may be run: what it is and for whom it is written."""

    workspace_id: int
    query: TimeReportQuery
    viewpoint: Member
    locale: Locale
    saved: SavedReport | None = None


class ReportResolver:
    """Opens reports to those who may have them."""

    def __init__(self, book: SavedReportService, accounts: AccountService, now: Callable[[], datetime]) -> None:
        self._book = book
        self._accounts = accounts
        self._now = now

    async def open(self, source: Source, caller: Principal | None, *, export: bool) -> ResolvedReport:
        """Return the report.

        Raises what `SavedReportBook.opened` and `membership` and `params.resolve` raise.
        """
        if isinstance(source, Shared):
            return await self._shared(source, caller, export=export)
        return await self._of_workspace(source, caller, export=export)

    async def _shared(self, source: Shared, caller: Principal | None, *, export: bool) -> ResolvedReport:
        found = await self._book.opened(source.token, caller)
        query = resolve(
            found.report.params,
            source.params,
            report_type=None,
            fixed_daterange=found.report.fixed_daterange,
            today=self._today(found.owner),
            export=export,
        )
        return ResolvedReport(found.workspace.id, query, found.owner, await self._locale(found.owner), found.report)

    async def _of_workspace(self, source: OfWorkspace, caller: Principal | None, *, export: bool) -> ResolvedReport:
        member = await self._book.membership(source.workspace_id, caller)
        query = resolve(
            None,
            source.params,
            report_type=source.report_type,
            fixed_daterange=False,
            today=self._today(member),
            export=export,
        )
        return ResolvedReport(source.workspace_id, query, member, await self._locale(member))

    def _today(self, member: Member) -> date:
        return self._now().astimezone(ZoneInfo(member.time_zone)).date()

    async def _locale(self, member: Member) -> Locale:
        """Return how a member reads: as the account says, where there is one, on the member's own clock."""
        locale = Locale()
        with suppress(NotFound):
            locale = (await self._accounts.by_login(member.email)).locale
        return replace(locale, time_zone=member.time_zone)


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
                contents = await contents_of(self._reading(opening, directory), opening.query, extent)
            async with aclosing(contents.rows):
                yield TimeReport(
                    query=opening.query,
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
            wanted=filter_of(opening.query, directory),
            directory=directory,
            rounding=Rounding(opening.query.params.rounding, opening.query.params.rounding_minutes),
            max_entries=self._max_entries,
        )

    async def _directory(self, opening: ResolvedReport) -> Directory:
        """Return what ids stand for. Raises OwnerGone and WorkspaceNotFound when the workspace has gone meanwhile."""
        directory = await self._stores.timesheets.directory(opening.workspace_id)
        if directory is None:
            raise OwnerGone if opening.saved else WorkspaceNotFound
        return directory
