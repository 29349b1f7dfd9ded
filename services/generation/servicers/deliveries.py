"""Servicer of DeliveryService."""

from datetime import timedelta
from typing import Any, cast

from daybook.rendering.v1.rendering_service_pb2 import Format
from daybook.schedule.v1 import delivery_service_pb2 as pb
from daybook.schedule.v1.delivery_service_pb2_grpc import DeliveryServiceServicer
from daybook.schedule.v1.schedule_pb2 import DeliveryState, RunFile
from daybook.schedule.v1.schedule_pb2 import Outcome as OutcomeMessage
from grpc.aio import ServicerContext

from services.errors import InvalidParameters, Violation
from services.generation.accounts.delivery_token import DeliveryTokenCheck
from services.generation.schedules.delivery_service import DeliveryService
from services.generation.schedules.outcomes import Finish, Holder
from services.generation.schedules.run import Outcome
from services.generation.schedules.run import RunFile as RenderedFile
from services.generation.servicers.claim_messages import claim_message
from services.runtime.channel import authorization_of
from services.runtime.codec import timestamp_of
from services.runtime.enum_words import numbers_of, read_word
from services.runtime.interceptor import log_call_as_debug

Context = ServicerContext[Any, Any]
MAX_FILES = 4  # one of each format
MAX_MESSAGE_ID = 255


class DeliveryServicer(DeliveryServiceServicer):
    """Answers calls of delivery workers."""

    def __init__(self, deliveries: DeliveryService, token: DeliveryTokenCheck) -> None:
        self._deliveries = deliveries
        self._token = token

    async def ClaimDeliveries(self, request: pb.ClaimDeliveriesRequest, context: Context) -> pb.ClaimDeliveriesResponse:
        """See the contract."""
        await self._token.require(authorization_of(context))
        claim = await self._deliveries.claim(request.worker, request.max_wait.ToTimedelta().total_seconds())
        if claim is None:
            log_call_as_debug()  # an idle worker asks again and again
            return pb.ClaimDeliveriesResponse()
        return pb.ClaimDeliveriesResponse(claim=claim_message(claim))

    async def ExtendLease(self, request: pb.ExtendLeaseRequest, context: Context) -> pb.ExtendLeaseResponse:
        """See the contract."""
        await self._token.require(authorization_of(context))
        end_time = await self._deliveries.extend(request.run_id, Holder(request.worker, request.fence))
        return pb.ExtendLeaseResponse(lease_end_time=timestamp_of(end_time))

    async def ReleaseClaim(self, request: pb.ReleaseClaimRequest, context: Context) -> pb.ReleaseClaimResponse:
        """See the contract."""
        await self._token.require(authorization_of(context))
        await self._deliveries.release(request.run_id, Holder(request.worker, request.fence))
        return pb.ReleaseClaimResponse()

    async def StartDelivery(self, request: pb.StartDeliveryRequest, context: Context) -> pb.StartDeliveryResponse:
        """See the contract."""
        await self._token.require(authorization_of(context))
        if len(request.message_id) > MAX_MESSAGE_ID:
            raise InvalidParameters.one("message_id", f"must have at most {MAX_MESSAGE_ID} characters")
        holder = Holder(request.worker, request.fence)
        await self._deliveries.start(request.run_id, holder, request.number, request.message_id)
        return pb.StartDeliveryResponse()

    async def FinishDelivery(self, request: pb.FinishDeliveryRequest, context: Context) -> pb.FinishDeliveryResponse:
        """See the contract."""
        await self._token.require(authorization_of(context))
        holder = Holder(request.worker, request.fence)
        state = await self._deliveries.finish(request.run_id, holder, _finish_of(request))
        return pb.FinishDeliveryResponse(state=numbers_of(DeliveryState.DESCRIPTOR)[state])


def _finish_of(request: pb.FinishDeliveryRequest) -> Finish:
    """Read an outcome. Raises InvalidParameters."""
    wrong: list[Violation] = []
    outcome = read_word(OutcomeMessage.DESCRIPTOR, request.outcome, "outcome", wrong)
    if not outcome and not wrong:
        wrong.append(Violation("outcome", "must be given"))
    retry_after = request.retry_after.ToTimedelta()
    if retry_after < timedelta():
        wrong.append(Violation("retry_after", "must be 0 s or longer"))
    if len(request.files) > MAX_FILES:
        wrong.append(Violation("files", f"must be at most {MAX_FILES}, one of each format"))
    files = tuple(_file_of(one, wrong) for one in request.files)
    if wrong:
        raise InvalidParameters(wrong)
    return Finish(
        number=request.number,
        outcome=cast("Outcome", outcome),
        code=request.code,
        text=request.text,
        retry_after=retry_after,
        sent_as_link=request.sent_as_link,
        files=files,
    )


def _file_of(one: RunFile, wrong: list[Violation]) -> RenderedFile:
    name = read_word(Format.DESCRIPTOR, one.format, "files.format", wrong)
    if not name:
        wrong.append(Violation("files.format", "must be given"))
    return RenderedFile(name, one.size_bytes, one.sha256)
