"""Servicer of ScheduleService."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from daybook.schedule.v1 import schedule_service_pb2 as pb
from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceServicer
from grpc.aio import ServicerContext

from services.errors import InvalidParameters, NotAuthenticated, Violation
from services.generation.accounts.authentication import Access, Authenticator, Principal
from services.generation.schedules.assembly import ScheduledReports
from services.generation.schedules.run_service import Resolution
from services.generation.schedules.schedule import Kind, Schedule
from services.generation.schedules.schedule_checks import ScheduleDraft
from services.generation.schedules.schedule_store import ScheduleFilter
from services.generation.servicers.page_tokens import next_token, page_of
from services.generation.servicers.record_messages import message_of
from services.generation.servicers.schedule_messages import (
    REPORT_FIELDS,
    draft_of,
    merged,
    message,
    run_message,
    wishes_message,
)
from services.runtime.channel import authorization_of, client_address_of, unreadable_fields
from services.runtime.enum_words import read_word

Context = ServicerContext[Any, Any]
RESOLUTIONS = pb.ResolveDeliveryRequest.Resolution.DESCRIPTOR


class ScheduleServicer(ScheduleServiceServicer):
    """Answers calls about schedules and their runs."""

    def __init__(self, use_cases: ScheduledReports, callers: Authenticator, access: Access) -> None:
        self._schedules = use_cases.schedules
        self._runs = use_cases.runs
        self._unsubscriptions = use_cases.unsubscriptions
        self._mail_tests = use_cases.mail_tests
        self._callers = callers
        self._access = access

    async def CreateSchedule(self, request: pb.CreateScheduleRequest, context: Context) -> pb.CreateScheduleResponse:
        """See the contract."""
        caller = await self._caller(context)
        made = await self._schedules.create(caller, draft_of(request.schedule, unreadable_fields(context)))
        return pb.CreateScheduleResponse(schedule=message(made), webhook_secret=made.new_secret)

    async def GetSchedule(self, request: pb.GetScheduleRequest, context: Context) -> pb.GetScheduleResponse:
        """See the contract."""
        found = await self._schedules.get(await self._caller(context), request.schedule_id)
        return pb.GetScheduleResponse(schedule=message(found))

    async def ListSchedules(self, request: pb.ListSchedulesRequest, context: Context) -> pb.ListSchedulesResponse:
        """See the contract."""
        caller, page = await self._caller(context), page_of(request, int)
        wrong: list[Violation] = []
        kind = read_word(pb.ScheduleKind.DESCRIPTOR, request.kind, "kind", wrong)
        if wrong:
            raise InvalidParameters(wrong)
        wanted = ScheduleFilter(workspace_id=request.workspace_id or None, kind=cast("Kind | None", kind or None))
        found = await self._schedules.page(caller, wanted, page, request.owner_login)
        token = next_token(page, found, found[-1].schedule.id) if found else ""
        return pb.ListSchedulesResponse(schedules=map(message, found), next_page_token=token)

    async def UpdateSchedule(self, request: pb.UpdateScheduleRequest, context: Context) -> pb.UpdateScheduleResponse:
        """See the contract."""
        caller, unread = await self._caller(context), unreadable_fields(context)
        if not request.schedule.id:
            raise InvalidParameters([*unread, Violation("schedule.id", "must be given")])

        if _only_stops(request):
            stopped = await self._schedules.pause(caller, request.schedule.id)
            return pb.UpdateScheduleResponse(schedule=message(stopped))

        def change(stored: Schedule) -> ScheduleDraft:
            draft, named = (
                draft_of(merged(wishes_message(stored.spec), request), unread),
                set(request.update_mask.paths),
            )
            keeps_report = bool(named) and not named & REPORT_FIELDS
            return replace(draft, keeps_report=keeps_report, keeps_webhook=bool(named) and "webhook" not in named)

        changed = await self._schedules.update(
            caller, request.schedule.id, change, new_secret=request.new_webhook_secret
        )
        return pb.UpdateScheduleResponse(schedule=message(changed), webhook_secret=changed.new_secret)

    async def DeleteSchedule(self, request: pb.DeleteScheduleRequest, context: Context) -> pb.DeleteScheduleResponse:
        """See the contract."""
        await self._schedules.delete(await self._caller(context), request.schedule_id, request.workspace_id)
        return pb.DeleteScheduleResponse()

    async def RunNow(self, request: pb.RunNowRequest, context: Context) -> pb.RunNowResponse:
        """See the contract."""
        return pb.RunNowResponse(run_id=await self._runs.run_now(await self._caller(context), request.schedule_id))

    async def SendTest(self, request: pb.SendTestRequest, context: Context) -> pb.SendTestResponse:
        """See the contract."""
        caller = await self._caller(context)
        return pb.SendTestResponse(run_id=await self._runs.send_test(caller, request.schedule_id, request.emails))

    async def GetRun(self, request: pb.GetRunRequest, context: Context) -> pb.GetRunResponse:
        """See the contract."""
        caller = await self._caller(context)
        return pb.GetRunResponse(run=run_message(await self._runs.get(caller, request.run_id), caller.user))

    async def ListRuns(self, request: pb.ListRunsRequest, context: Context) -> pb.ListRunsResponse:
        """See the contract."""
        caller, page = await self._caller(context), page_of(request, datetime, int)
        found, count = await self._runs.page(caller, request.schedule_id, page, request.skip)
        token = next_token(page, found, found[-1].due, found[-1].id) if found else ""
        runs = [run_message(one, caller.user) for one in found]
        return pb.ListRunsResponse(runs=runs, next_page_token=token, total_count=count)

    async def ResolveDelivery(self, request: pb.ResolveDeliveryRequest, context: Context) -> pb.ResolveDeliveryResponse:
        """See the contract."""
        caller, wrong = await self._caller(context), list[Violation]()
        resolution = read_word(RESOLUTIONS, request.resolution, "resolution", wrong)
        if not resolution:
            raise InvalidParameters(wrong or [Violation("resolution", "must be RESOLUTION_RESEND or RESOLUTION_DROP")])
        run = await self._runs.resolve(caller, request.run_id, request.number, cast("Resolution", resolution))
        return pb.ResolveDeliveryResponse(run=run_message(run, caller.user))

    async def LookUpUnsubscription(
        self,
        request: pb.LookUpUnsubscriptionRequest,
        context: Context,  # noqa: ARG002 - everyone may call
    ) -> pb.LookUpUnsubscriptionResponse:
        """See the contract."""
        found = await self._unsubscriptions.look_up(request.token)
        return message_of(pb.LookUpUnsubscriptionResponse, found, unsubscribed_from_all=found.from_all)

    async def Unsubscribe(
        self,
        request: pb.UnsubscribeRequest,
        context: Context,  # noqa: ARG002 - everyone may call
    ) -> pb.UnsubscribeResponse:
        """See the contract."""
        await self._unsubscriptions.unsubscribe(request.token, from_all=request.from_all)
        return pb.UnsubscribeResponse()

    async def SendTestMail(
        self, request: pb.SendTestMailRequest, context: Context
    ) -> AsyncIterator[pb.SendTestMailResponse]:
        """See the contract."""
        await self._access.require_operator(authorization_of(context))
        async for run in self._mail_tests.sent(request.address):
            yield pb.SendTestMailResponse(run=run_message(run, None))

    async def _caller(self, context: Context) -> Principal:
        caller = await self._callers.principal(authorization_of(context), client_address_of(context))
        if caller is None:
            raise NotAuthenticated
        return caller


def _only_stops(request: pb.UpdateScheduleRequest) -> bool:
    wants_more = request.schedule.enabled or request.new_webhook_secret
    return list(request.update_mask.paths) == ["enabled"] and not wants_more
