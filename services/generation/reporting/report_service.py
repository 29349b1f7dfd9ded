"""Use cases of reports: queueing them after every check, finding, listing, reading and deleting them."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from daybook.report.v1.sheet_pb2 import SheetOutline

from services.errors import NotFound, NotNow, Violation
from services.errors.reports import ReportFailed
from services.generation.accounts.audit import audited
from services.generation.accounts.authentication import Principal, forbid_demo
from services.generation.accounts.user import User
from services.generation.domain.paging import Page
from services.generation.reporting.report import (
    EVERYTHING,
    UNFINISHED,
    PartSelection,
    Progress,
    Report,
    ReportFilter,
    StoredPart,
)
from services.generation.reporting.report_request import ReportRequest
from services.generation.reporting.report_store import Reports
from services.generation.reporting.request_checks import RequestChecks

CANCELLED = "The report was cancelled"
RESERVED = "schedule:"  # request ids of scheduled reports


class ReportService:
    """Use cases around reports."""

    def __init__(self, reports: Reports, checks: RequestChecks) -> None:
        self._reports = reports
        self._checks = checks

    async def queue(self, user: User, request: ReportRequest) -> int:
        """Check everything, queue the report and return its id.

        Raises InvalidParameters naming each bad parameter, PluginNotFound, SpanTooLong, TooManyTrackers,
        NonexistentEntities, FeatureUnavailable, RequestIdReused, TooManyReports.
        """
        if request.request_id.startswith(RESERVED):
            wrong = Violation("request_id", f"must not begin with {RESERVED}")
            request = replace(request, unreadable=(*request.unreadable, wrong))
        return await self.queue_scheduled(user, request)

    async def queue_scheduled(self, user: User, request: ReportRequest) -> int:
        """Queue the report of a schedule under a request id that no caller may take. Raises like `queue`."""
        with audited("generate", user_id=user.id, plugin_id=request.plugin_id) as known:
            report = await self._checks.report(user, request)
            known["report_id"] = report_id = await self._reports.queue(report)
        return report_id

    async def find(self, caller: Principal, report_id: int) -> Report:
        """Return one of the caller's reports. Raises NotFound."""
        report = await self._reports.find(caller.user_id, report_id)
        if report is None:
            raise NotFound
        return report

    async def page(self, wanted: ReportFilter, page: Page) -> list[Report]:
        """Return reports, newest first."""
        return await self._reports.page(wanted, page)

    async def finished(self, user: User, report_id: int) -> Report:
        """Return a report that can be fetched. Raises NotFound, NotNow while it is unfinished, ReportFailed."""
        with audited("download", user_id=user.id, report_id=report_id):
            report = await self.find(Principal(user), report_id)
            require_finished(report)
        return report

    async def progress(self, caller: Principal, report_id: int) -> Progress:
        """Return the state and the percentage of one of the caller's reports. Raises NotFound."""
        progress = await self._reports.progress(caller.user_id, report_id)
        if progress is None:
            raise NotFound
        return progress

    async def outlines(self, report: Report) -> list[SheetOutline]:
        """Return the outlines of the sheets of a finished report, their headers alone where it was made without."""
        found = await self._reports.outlines(report)
        if len(found) != len(report.sheet_headers):
            return [SheetOutline(header=header) for header in report.sheet_headers]
        return [SheetOutline.FromString(one) for one in found]

    async def parts(
        self, user: User, report: Report, selection: PartSelection = EVERYTHING
    ) -> AsyncGenerator[StoredPart, None]:
        """Yield parts of a finished report in order. Raises NotFound when it is deleted meanwhile, UnknownSchema."""
        count = 0
        async with aclosing(self._reports.parts(report, selection)) as parts:
            async for part in parts:
                count += 1
                yield part
        if selection.sheet_index is None and selection.rows is None:
            if count != report.part_count:
                raise NotFound
        else:
            await self.progress(Principal(user), report.id)

    async def cancel(self, caller: Principal, report_id: int) -> Report:
        """Stop an unfinished report and return it as it stands. Raises NotFound, DemoAccount."""
        with audited("cancel", **caller.audit_fields, report_id=report_id):
            _forbid_demo(caller)
            await self._reports.cancel(caller.user_id, report_id)
            return await self.find(caller, report_id)

    async def delete(self, caller: Principal, report_id: int) -> None:
        """Delete a report; an unfinished one is stopped. Raises NotFound, DemoAccount."""
        with audited("delete", **caller.audit_fields, report_id=report_id):
            _forbid_demo(caller)
            if not await self._reports.remove(caller.user_id, report_id):
                raise NotFound


def require_finished(report: Report) -> None:
    """Raise NotNow while a report is unfinished, and ReportFailed when it was not made."""
    if report.state in UNFINISHED:
        raise NotNow
    if report.state != "finished":
        raise ReportFailed(report.failure or CANCELLED)


def _forbid_demo(caller: Principal) -> None:
    if caller.user is not None:
        forbid_demo(caller.user)
