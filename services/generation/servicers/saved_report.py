"""Servicer of saved reports."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any, TypeVar, cast

from daybook.savedreport.v1 import saved_report_service_pb2 as pb
from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceServicer
from grpc.aio import ServicerContext

from services.errors import InvalidParameters
from services.generation.accounts.authentication import Principal
from services.generation.domain.paging import Page
from services.generation.servicers.page_tokens import next_token, page_of
from services.generation.servicers.saved_report_messages import change_of, message, query_of, report_types
from services.generation.servicers.spooled_stream import SpooledStreams
from services.generation.servicers.time_dictionaries import filtered, occurring
from services.generation.servicers.time_info import info
from services.generation.servicers.time_messages import row_messages
from services.generation.servicers.time_sources import TimeSources
from services.generation.timetracking.saved_report_service import SavedReportService
from services.generation.timetracking.time_report import Extent, TimeReport
from services.generation.timetracking.time_report_service import TimeReportService
from services.runtime.channel import authorization_of, client_address_of
from services.runtime.fair_threads import in_thread

Context = ServicerContext[Any, Any]
T = TypeVar("T")

RUN = pb.RunReportRequest
EXTENTS: dict[int, Extent] = {
    RUN.EXTENT_UNSPECIFIED: "everything",
    RUN.EXTENT_EVERYTHING: "everything",
    RUN.EXTENT_ROWS: "rows",
    RUN.EXTENT_TOTALS: "totals",
}


class SavedReportServicer(SavedReportServiceServicer):
    """Fills daybook.savedreport.v1.SavedReportService."""

    def __init__(
        self,
        saved_reports: SavedReportService,
        time_reports: TimeReportService,
        sources: TimeSources,
        spools: SpooledStreams,
    ) -> None:
        self._saved_reports = saved_reports
        self._time_reports = time_reports
        self._sources = sources
        self._spools = spools

    async def CreateSavedReport(
        self, request: pb.CreateSavedReportRequest, context: Context
    ) -> pb.CreateSavedReportResponse:
        """See the contract."""
        caller = await self._caller(context)
        made = await self._saved_reports.create(
            request.workspace_id, caller, change_of(request.report), request.owner_login
        )
        return pb.CreateSavedReportResponse(report=message(made))

    async def GetSavedReport(self, request: pb.GetSavedReportRequest, context: Context) -> pb.GetSavedReportResponse:
        """See the contract."""
        found = await self._saved_reports.get(request.workspace_id, await self._caller(context), request.report_id)
        return pb.GetSavedReportResponse(report=message(found))

    async def ListSavedReports(
        self, request: pb.ListSavedReportsRequest, context: Context
    ) -> pb.ListSavedReportsResponse:
        """See the contract. A page's token says how many reports came before it."""
        caller, page = await self._caller(context), page_of(request, int)
        wanted = query_of(request, passed=sum(page.after))
        found = await self._saved_reports.page(caller, wanted, Page(page.size))
        token = next_token(page, found, wanted.skip + len(found))
        return pb.ListSavedReportsResponse(reports=map(message, found), next_page_token=token)

    async def UpdateSavedReports(
        self, request: pb.UpdateSavedReportsRequest, context: Context
    ) -> pb.UpdateSavedReportsResponse:
        """See the contract."""
        changes = [change_of(one) for one in request.reports]
        changed = await self._saved_reports.update(request.workspace_id, await self._caller(context), changes)
        return pb.UpdateSavedReportsResponse(reports=map(message, changed))

    async def DeleteSavedReports(
        self, request: pb.DeleteSavedReportsRequest, context: Context
    ) -> pb.DeleteSavedReportsResponse:
        """See the contract."""
        deleted = await self._saved_reports.delete(
            request.workspace_id, await self._caller(context), request.report_ids
        )
        return pb.DeleteSavedReportsResponse(reports=map(message, deleted))

    async def RunReport(self, request: pb.RunReportRequest, context: Context) -> AsyncIterator[pb.RunReportResponse]:
        """See the contract."""
        call = await self._sources.read(request.source, authorization_of(context), client_address_of(context))
        extent = EXTENTS.get(request.extent)
        if extent is None:
            raise InvalidParameters.one("extent", "must be everything, rows or totals")
        async with self._time_reports.opened(call.source, call.caller, extent, call.tenant) as report:
            messages = _messages(report, extent)
            async with self._spools.spooled(messages, report.slot) as responses, aclosing(responses):
                async for response in responses:
                    yield cast("pb.RunReportResponse", response)

    async def ListReportTypes(
        self,
        request: pb.ListReportTypesRequest,  # noqa: ARG002 - it is empty
        context: Context,  # noqa: ARG002 - everyone may call
    ) -> pb.ListReportTypesResponse:
        """See the contract."""
        return pb.ListReportTypesResponse(report_types=report_types())

    async def _caller(self, context: Context) -> Principal | None:
        return await self._sources.authenticator.principal(authorization_of(context), client_address_of(context))


async def _messages(report: TimeReport, extent: Extent) -> AsyncGenerator[pb.RunReportResponse, None]:
    yield pb.RunReportResponse(info=await in_thread(info, report))
    if extent == "everything":
        async with aclosing(_made(_dictionaries(report))) as messages:
            async for some in messages:
                yield some
    async for run in report.rows:
        async with aclosing(_made(row_messages(report, run))) as messages:
            async for rows in messages:
                yield rows


def _dictionaries(report: TimeReport) -> Iterator[pb.RunReportResponse]:
    for some in occurring(report):
        yield pb.RunReportResponse(dictionaries=some)
    for some in filtered(report):
        yield pb.RunReportResponse(filter_dictionaries=some)


async def _made(messages: Iterator[T]) -> AsyncGenerator[T, None]:
    """Yield messages, each made in a thread: those of a large report take long enough to be felt by other calls."""
    while (one := await in_thread(next, messages, None)) is not None:
        yield one
