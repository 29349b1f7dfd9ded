"""Service that runs reports over time entries: access, parameters, capacity."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from daybook.input.v1.workspace_pb2 import Member

from services.errors import NotFound, OwnerGone, WorkspaceNotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Principal
from services.generation.inputs.input_store import InputStore
from services.generation.timetracking.directory import Directory, read_directory
from services.generation.timetracking.entry_reader import EntryReader
from services.generation.timetracking.filters import filter_of
from services.generation.timetracking.preparation import Rounding
from services.generation.timetracking.query import TimeReportQuery, resolve
from services.generation.timetracking.runner import contents_of
from services.generation.timetracking.saved_report_service import SavedReportService
from services.generation.timetracking.time_report import Extent, Shared, Source, TimeReport
from services.generation.timetracking.time_store import SavedReport, TimeEntries
from services.generation.words.language import Locale
from services.runtime.limits import ConcurrencyLimit


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of reports: their entries, how many are summed up at once, and how many wait for how long.

    Up to `open_at_once` reports may be open in all while their rows are on their way to slow readers.
    """

    max_entries: int
    runs_at_once: int
    open_at_once: int = 64
    waiting: int = 256
    wait_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Stores:
    """Services and stores that reports are made from."""

    saved_reports: SavedReportService
    accounts: AccountService
    inputs: InputStore
    entries: TimeEntries


@dataclass(frozen=True, slots=True)
class ResolvedReport:
    """Report that may be run, and the member whose clock and language it is written for."""

    workspace_id: int
    query: TimeReportQuery
    viewpoint: Member
    saved: SavedReport | None = None


class TimeReportService:
    """Runs reports over time entries. A slow reader of rows holds none of the slots for summing up."""

    def __init__(self, stores: Stores, limits: Limits, now: Callable[[], datetime]) -> None:
        self._stores = stores
        self._now = now
        self._max_entries = limits.max_entries
        self._runs = ConcurrencyLimit("time reports", limits.runs_at_once, waiting=limits.waiting, wait_s=limits.wait_s)
        self._open = ConcurrencyLimit("open time reports", limits.open_at_once, waiting=0, wait_s=limits.wait_s)

    @asynccontextmanager
    async def opened(self, source: Source, caller: Principal | None, extent: Extent) -> AsyncIterator[TimeReport]:
        """Give a report while the context lasts.

        Raises what `SavedReportService.opened`, `SavedReportService.membership` and `resolve` raise, ReportTooBig, and
        TooMuch when too many reports run.
        """
        report = await self._resolved(source, caller, export=extent == "export")
        async with self._open.slot():
            async with self._runs.slot():
                directory, locale = await asyncio.gather(self._directory(report), self._locale(report.viewpoint))
                contents = await contents_of(self._reader(report.query, directory), report.query, extent)
            async with aclosing(contents.rows):
                yield TimeReport(
                    query=report.query,
                    directory=directory,
                    viewpoint=report.viewpoint,
                    locale=locale,
                    saved=report.saved,
                    totals=contents.totals,
                    row_count=contents.row_count,
                    next_page=contents.next_page,
                    rows=contents.rows,
                )

    async def _resolved(self, source: Source, caller: Principal | None, *, export: bool) -> ResolvedReport:
        if isinstance(source, Shared):
            found = await self._stores.saved_reports.opened(source.token, caller)
            saved, member, workspace_id, report_type = found.report, found.owner, found.workspace.id, None
        else:
            saved, workspace_id, report_type = None, source.workspace_id, source.report_type
            member = await self._stores.saved_reports.membership(workspace_id, caller)
        query = resolve(
            saved.params if saved else None,
            source.params,
            report_type=report_type,
            fixed_daterange=saved is not None and saved.fixed_daterange,
            today=self._now().astimezone(ZoneInfo(member.time_zone)).date(),
            export=export,
        )
        return ResolvedReport(workspace_id, query, member, saved)

    async def _locale(self, member: Member) -> Locale:
        """Return the locale of the member's account, if there is one, with the member's own time zone."""
        locale = Locale()
        with suppress(NotFound):
            locale = (await self._stores.accounts.by_login(member.email)).locale
        return replace(locale, time_zone=member.time_zone)

    async def _directory(self, report: ResolvedReport) -> Directory:
        """Return the records that ids stand for. Raises OwnerGone or WorkspaceNotFound when the workspace is gone."""
        directory = await read_directory(self._stores.inputs, report.workspace_id)
        if directory is None:
            raise OwnerGone if report.saved else WorkspaceNotFound
        return directory

    def _reader(self, query: TimeReportQuery, directory: Directory) -> EntryReader:
        return EntryReader(
            entries=self._stores.entries,
            wanted=filter_of(query, directory),
            directory=directory,
            rounding=Rounding(query.params.rounding, query.params.rounding_minutes),
            max_entries=self._max_entries,
        )
