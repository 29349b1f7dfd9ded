"""Which report it is exactly that somebody asks for, and whether they may have it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.errors import NotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Principal
from services.generation.timetracking.computation.directory import Member
from services.generation.timetracking.computation.query import TimeReportQuery
from services.generation.timetracking.params import resolve
from services.generation.timetracking.saved_report_service import SavedReportService
from services.generation.timetracking.sources import OfWorkspace, Shared, Source
from services.generation.timetracking.time_store import SavedReport
from services.generation.words.language import Locale


@dataclass(frozen=True, slots=True)
class ResolvedReport:
    """A report that may be run: what it is and for whom it is written."""

    workspace_id: int
    ask: TimeReportQuery
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
        ask = resolve(
            found.report.params,
            source.params,
            report_type=None,
            fixed_daterange=found.report.fixed_daterange,
            today=self._today(found.owner),
            export=export,
        )
        return ResolvedReport(found.workspace.id, ask, found.owner, await self._locale(found.owner), found.report)

    async def _of_workspace(self, source: OfWorkspace, caller: Principal | None, *, export: bool) -> ResolvedReport:
        member = await self._book.membership(source.workspace_id, caller)
        ask = resolve(
            None,
            source.params,
            report_type=source.report_type,
            fixed_daterange=False,
            today=self._today(member),
            export=export,
        )
        return ResolvedReport(source.workspace_id, ask, member, await self._locale(member))

    def _today(self, member: Member) -> date:
        return self._now().astimezone(ZoneInfo(member.time_zone)).date()

    async def _locale(self, member: Member) -> Locale:
        """Return how a member reads: as the account says, where there is one, on the member's own clock."""
        locale = Locale()
        with suppress(NotFound):
            locale = (await self._accounts.by_login(member.email)).locale
        return replace(locale, time_zone=member.time_zone)
