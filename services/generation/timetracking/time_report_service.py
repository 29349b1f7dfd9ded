"""Service that runs reports over time entries: access, parameters, capacity."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from daybook.input.v1.workspace_pb2 import Member

from services.errors.workspaces import OwnerGone, WorkspaceNotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.audit import audited
from services.generation.accounts.authentication import Principal
from services.generation.domain.columnar import Ints
from services.generation.inputs.input_store import InputStore
from services.generation.inputs.member_rights import rights_of
from services.generation.inputs.time_entries import TIME_ENTRIES
from services.generation.timetracking.budgets import planned
from services.generation.timetracking.directory import Directory, read_directory
from services.generation.timetracking.entry_reader import EntryReader
from services.generation.timetracking.filters import filter_of, settled
from services.generation.timetracking.memberships import locale_of
from services.generation.timetracking.named_periods import Today
from services.generation.timetracking.preparation import Rounding
from services.generation.timetracking.query import Run, TimeReportQuery, resolve
from services.generation.timetracking.runner import contents_of
from services.generation.timetracking.saved_report_service import Opened, SavedReportService
from services.generation.timetracking.time_report import EXPORTS, Extent, OfWorkspace, SavedWindow, Source, TimeReport
from services.generation.timetracking.time_store import SavedReport, TimeEntries
from services.generation.timetracking.viewer_directory import (
    occurring_only,
    without_emails,
    without_others,
    without_plans,
)
from services.generation.words.language import Locale
from services.runtime import fair_threads
from services.runtime.entry_ids import entry_id_text
from services.runtime.limits import ConcurrencyLimit


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of reports: their entries, how many are summed up at once, and how many wait for how long.

    Up to `open_at_once` reports may be open in all while their rows are read, `open_per_tenant` of one tenant.
    """

    max_entries: int
    runs_at_once: int
    open_at_once: int = 64
    open_per_tenant: int = 16
    suspended: int = 64
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
    locale: Locale
    saved: SavedReport | None = None
    emails: bool = True  # whether addresses of members are shown


class TimeReportService:
    """Runs reports over time entries. Reading the rows of one holds none of the slots for summing up."""

    def __init__(self, stores: Stores, limits: Limits, now: Callable[[], datetime]) -> None:
        self._stores = stores
        self._now = now
        self._max_entries = limits.max_entries
        self._runs = ConcurrencyLimit(
            "time reports",
            limits.runs_at_once,
            waiting=limits.waiting,
            wait_s=limits.wait_s,
            per_tenant=max(1, limits.runs_at_once // 2),  # an account that comes while another has many waits for none
        )
        self._open = ConcurrencyLimit(
            "open time reports",
            limits.open_at_once,
            waiting=limits.waiting,
            wait_s=limits.wait_s,
            per_tenant=limits.open_per_tenant,
            suspended=limits.suspended,
        )

    @asynccontextmanager
    async def opened(
        self, source: Source, caller: Principal | None, extent: Extent, tenant: str = ""
    ) -> AsyncIterator[TimeReport]:
        """Give a report while the context lasts; who has read its rows may release its slot before.

        Raises what `SavedReportService.opened`, `SavedReportService.rights` and `resolve` raise, ReportTooBig, and
        TooMuch when too many reports run.
        """
        report = await self._resolved(source, caller, export=extent in EXPORTS)
        fair_threads.tenant.set(tenant)
        async with self._open.slot(tenant) as slot:
            async with self._runs.slot(tenant):
                directory = replace(await self._directory(report), locale=report.locale.locale)
                query = settled(report.query, directory)
                contents = await contents_of(self._reader(query, directory), query, extent)
            if query.viewer and contents.totals is not None:
                directory = occurring_only(directory, contents.totals, query, contents.empty_keys)
            async with aclosing(contents.rows):
                yield TimeReport(
                    query=query,
                    directory=directory,
                    viewpoint=report.viewpoint,
                    locale=report.locale,
                    saved=report.saved,
                    totals=contents.totals,
                    row_count=contents.row_count,
                    next_page=contents.next_page,
                    rows=contents.rows,
                    clients=contents.clients,
                    slot=slot,
                    entry_ids=partial(self._entry_ids, report.workspace_id),
                )

    async def _resolved(self, source: Source, caller: Principal | None, *, export: bool) -> ResolvedReport:
        if isinstance(source, OfWorkspace):
            member, rights = await self._stores.saved_reports.rights(source.workspace_id, caller)
            locale = await locale_of(self._stores.accounts, member)
            run = Run(self._today(locale), source.report_type, export=export, rights=rights)
            return ResolvedReport(source.workspace_id, resolve(None, source.params, run), member, locale)
        if isinstance(source, SavedWindow):
            with audited("run_saved_report", report_id=source.saved_report_id):
                found = await self._stores.saved_reports.in_window(source)
            days = {"start_date": source.first.isoformat(), "end_date": source.last.isoformat(), "period": None}
            return await self._of_saved(found, days, fixed_daterange=False, export=export)
        found = await self._stores.saved_reports.opened(source.token, caller)
        return await self._of_saved(found, source.params, fixed_daterange=found.report.fixed_daterange, export=export)

    async def _of_saved(
        self, found: Opened, params: Mapping[str, Any], *, fixed_daterange: bool, export: bool
    ) -> ResolvedReport:
        saved, locale = found.report, await locale_of(self._stores.accounts, found.owner)
        run = Run(
            self._today(locale),
            fixed_daterange=fixed_daterange,
            viewer=found.is_viewer,
            export=export,
            rights=rights_of(found.owner, found.workspace),
        )
        query = resolve(saved.params, params, run)
        return ResolvedReport(found.workspace.id, query, found.owner, locale, saved, emails=found.shows_emails)

    async def _entry_ids(self, workspace_id: int, ids: Ints) -> Sequence[str]:
        found = await self._stores.inputs.some(TIME_ENTRIES, workspace_id, ids.tolist())
        return [entry_id_text(one, found[one].import_key if one in found else "") for one in ids.tolist()]

    def _today(self, locale: Locale) -> Today:
        return Today(self._now().astimezone(ZoneInfo(locale.time_zone)).date(), locale.first_weekday)

    async def _directory(self, report: ResolvedReport) -> Directory:
        """Return the records that ids stand for. Raises OwnerGone or WorkspaceNotFound when the workspace is gone."""
        directory = await read_directory(self._stores.inputs, report.workspace_id)
        if directory is None:
            raise OwnerGone if report.saved else WorkspaceNotFound
        directory = replace(directory, budgets=planned(directory, report.query))
        directory = without_plans(directory) if report.query.viewer else directory
        if report.query.only_user_id:
            directory = without_others(directory, report.query.only_user_id)
        return directory if report.emails else without_emails(directory)

    def _reader(self, query: TimeReportQuery, directory: Directory) -> EntryReader:
        return EntryReader(
            entries=self._stores.entries,
            wanted=filter_of(query, directory),
            directory=directory,
            rounding=Rounding.of(query.params),
            max_entries=self._max_entries,
        )
