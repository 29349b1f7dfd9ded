"""Servicer of GenerationService."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from datetime import datetime
from typing import Any

from daybook.generation.v1 import generation_service_pb2 as pb
from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceServicer
from grpc.aio import ServicerContext

from services.errors import InvalidParameters
from services.generation.accounts.authentication import Principal
from services.generation.kinds import all_kinds
from services.generation.reporting.report import ReportFilter
from services.generation.reporting.report_service import ReportService
from services.generation.reporting.watch import Watchers
from services.generation.servicers.kind_messages import kind_info
from services.generation.servicers.link_messages import link_message, opened_message, settings_of
from services.generation.servicers.owner_turns import list_turns
from services.generation.servicers.page_tokens import next_token, page_of
from services.generation.servicers.part_streams import PartStreams
from services.generation.servicers.report_callers import ReportCallers
from services.generation.servicers.report_messages import (
    PROGRESS,
    masked,
    message,
    moment_of,
    progress_message,
    request_of,
    states_of,
)
from services.generation.sharing.link_service import LinkService
from services.generation.words.locales import is_locale
from services.runtime.channel import authorization_of, client_address_of, unreadable_fields
from services.runtime.cooperation import in_slices

MOST_LISTED = {"plugin_ids": 100, "tracker_ids": 1_000}  # in the conditions of a list

Context = ServicerContext[Any, Any]


class GenerationServicer(GenerationServiceServicer):
    """Servicer of reports and links to them; `wake` makes this process's worker look for a report to claim."""

    def __init__(
        self,
        reports: ReportService,
        streams: PartStreams,
        watchers: Watchers,
        callers: ReportCallers,
        *,
        links: LinkService,
        wake: Callable[[], None],
    ) -> None:
        self._reports = reports
        self._streams = streams
        self._watchers = watchers
        self._callers = callers
        self._links = links
        self._lists = list_turns()  # by account
        self._wake = wake

    async def GenerateReport(self, request: pb.GenerateReportRequest, context: Context) -> pb.GenerateReportResponse:
        """See the contract."""
        asked = request_of(request, unreadable_fields(context))
        report_id = await self._reports.queue(await self._callers.user(context), asked)
        self._wake()
        return pb.GenerateReportResponse(report_id=report_id)

    async def GetReport(self, request: pb.GetReportRequest, context: Context) -> pb.GetReportResponse:
        """See the contract. The store is asked for no more than a mask of state and percent needs."""
        reader, paths = await self._callers.reader(context, request.report_id), set(request.read_mask.paths)
        caller = reader.principal
        if paths and paths <= PROGRESS:
            whole = progress_message(request.report_id, await self._reports.progress(caller, request.report_id))
        else:
            whole = message(await self._reports.find(caller, request.report_id))
        return pb.GetReportResponse(report=masked(whole, request.read_mask) if paths else whole)

    async def WatchReport(
        self, request: pb.WatchReportRequest, context: Context
    ) -> AsyncIterator[pb.WatchReportResponse]:
        """See the contract."""
        report = await self._reports.find(await self._callers.any(context), request.report_id)
        async with aclosing(self._watchers.follow(report)) as changes:
            async for changed in changes:
                yield pb.WatchReportResponse(report=message(changed))

    async def ListReports(self, request: pb.ListReportsRequest, context: Context) -> pb.ListReportsResponse:
        """See the contract."""
        caller, page = await self._callers.any(context), page_of(request, datetime, int)
        wanted = await self._filter(request, caller)
        async with self._lists.slot(caller.user.account_id if caller.user else None):
            found = await self._reports.page(wanted, page)
            token = next_token(page, found, found[-1].create_time, found[-1].id) if found else ""
            reports = await in_slices(lambda some: [message(one) for one in some], found)
            return pb.ListReportsResponse(reports=reports, next_page_token=token)

    async def _filter(self, request: pb.ListReportsRequest, caller: Principal) -> ReportFilter:
        bounds = {
            name: moment_of(getattr(request, name), name)
            for name in ("create_time_from", "create_time_before", "period_from", "period_before")
            if request.HasField(name)
        }
        for name, most in MOST_LISTED.items():
            if len(getattr(request, name)) > most:
                raise InvalidParameters.one(name, f"must be at most {most}")
        owner_id = await self._callers.owner_of(caller, request.owner_login)
        kinds, trackers = tuple(request.plugin_ids), tuple(request.tracker_ids)
        return ReportFilter(owner_id, states_of(request.states), plugin_ids=kinds, tracker_ids=trackers, **bounds)

    async def StreamParts(
        self, request: pb.StreamPartsRequest, context: Context
    ) -> AsyncIterator[pb.StreamPartsResponse]:
        """See the contract."""
        match request.WhichOneof("source"):
            case "report_id":
                reader = await self._callers.reader(context, request.report_id)
                responses = self._streams.stored(reader, request, client_address_of(context))
            case "time_report":
                responses = self._streams.over_time(request, authorization_of(context), client_address_of(context))
            case _:
                raise InvalidParameters.one("source", "must be report_id or time_report")
        async with aclosing(responses):
            async for response in responses:
                yield response

    async def CancelReport(self, request: pb.CancelReportRequest, context: Context) -> pb.CancelReportResponse:
        """See the contract."""
        report = await self._reports.cancel(await self._callers.any(context), request.report_id)
        return pb.CancelReportResponse(report=message(report))

    async def DeleteReport(self, request: pb.DeleteReportRequest, context: Context) -> pb.DeleteReportResponse:
        """See the contract."""
        await self._reports.delete(await self._callers.any(context), request.report_id)
        return pb.DeleteReportResponse()

    async def ListKinds(self, request: pb.ListKindsRequest, context: Context) -> pb.ListKindsResponse:
        """See the contract."""
        locale = request.locale or (await self._callers.user(context)).locale.locale
        if not is_locale(locale):
            raise InvalidParameters.one("locale", "must be language or language_COUNTRY, such as ru or en_US")
        page = page_of(request, int)
        after = page.after[0] if page.after else 0
        found = [kind for kind_id, kind in sorted(all_kinds().items()) if kind_id > after][: page.size]
        token = next_token(page, found, found[-1].id) if found else ""
        infos = [kind_info(kind, locale) for kind in found]
        return pb.ListKindsResponse(kinds=infos, next_page_token=token)

    async def CreateReportLink(
        self, request: pb.CreateReportLinkRequest, context: Context
    ) -> pb.CreateReportLinkResponse:
        """See the contract."""
        user, settings = await self._callers.user(context), settings_of(request)
        made = await self._links.create(user, request.report_id, settings, request.replaced_link_id)
        return pb.CreateReportLinkResponse(link=link_message(made.link), token=made.token)

    async def ListReportLinks(self, request: pb.ListReportLinksRequest, context: Context) -> pb.ListReportLinksResponse:
        """See the contract."""
        caller, page = await self._callers.any(context), page_of(request, int)
        found = await self._links.page(caller, request.report_id, page)
        token = next_token(page, found, found[-1].id) if found else ""
        return pb.ListReportLinksResponse(links=map(link_message, found), next_page_token=token)

    async def DeleteReportLink(
        self, request: pb.DeleteReportLinkRequest, context: Context
    ) -> pb.DeleteReportLinkResponse:
        """See the contract."""
        await self._links.delete(await self._callers.any(context), request.link_id)
        return pb.DeleteReportLinkResponse()

    async def OpenLink(self, request: pb.OpenLinkRequest, context: Context) -> pb.OpenLinkResponse:
        """See the contract."""
        is_use = not request.uncounted
        opened = await self._callers.links.opened(request.token, client_address_of(context), is_use=is_use)
        return await opened_message(opened, self._callers.accounts)
