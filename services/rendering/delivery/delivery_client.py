"""Client of generation's deliveries, with the token that opens them."""

from collections.abc import Awaitable, Sequence
from typing import TypeVar

import grpc
from daybook.schedule.v1.delivery_service_pb2 import (
    Claim,
    ClaimDeliveriesRequest,
    ExtendLeaseRequest,
    FinishDeliveryRequest,
    ReleaseClaimRequest,
    StartDeliveryRequest,
)
from daybook.schedule.v1.delivery_service_pb2_grpc import DeliveryServiceStub
from daybook.schedule.v1.schedule_pb2 import RunFile
from grpc.aio import AioRpcError, Channel

from services.errors import NotAuthenticated, NotNow, TooMuch, Unavailable
from services.rendering.delivery.delivery_queue import ClaimKey, LeaseLost
from services.rendering.delivery.outcome import DeliveryOutcome
from services.runtime.channel import call_metadata
from services.runtime.errors import UNANSWERED, failure_of

CALL_S = 10.0  # longest wait for an answer

T = TypeVar("T")


class DeliveryClient:
    """Deliveries of generation over a channel to it, claimed under the name of a worker."""

    def __init__(self, channel: Channel, token: str, worker: str) -> None:
        self._deliveries = DeliveryServiceStub(channel)
        self._authorization = f"Bearer {token}"
        self._worker = worker

    async def claim(self, max_wait_s: float) -> Claim | None:
        """See the port."""
        request = ClaimDeliveriesRequest(worker=self._worker)
        request.max_wait.FromMilliseconds(round(max_wait_s * 1000))
        call = self._deliveries.ClaimDeliveries(request, metadata=self._metadata, timeout=max_wait_s + CALL_S)
        response = await _answer(call)
        return response.claim if response.HasField("claim") else None

    async def extend(self, key: ClaimKey) -> None:
        """See the port."""
        request = ExtendLeaseRequest(run_id=key.run_id, worker=self._worker, fence=key.fence)
        await _answer(self._deliveries.ExtendLease(request, metadata=self._metadata, timeout=CALL_S))

    async def release(self, key: ClaimKey) -> None:
        """See the port."""
        request = ReleaseClaimRequest(run_id=key.run_id, worker=self._worker, fence=key.fence)
        await _answer(self._deliveries.ReleaseClaim(request, metadata=self._metadata, timeout=CALL_S))

    async def start(self, key: ClaimKey, number: int, message_id: str) -> None:
        """See the port."""
        request = StartDeliveryRequest(
            run_id=key.run_id, worker=self._worker, fence=key.fence, number=number, message_id=message_id
        )
        await _answer(self._deliveries.StartDelivery(request, metadata=self._metadata, timeout=CALL_S))

    async def finish(self, key: ClaimKey, number: int, outcome: DeliveryOutcome, files: Sequence[RunFile] = ()) -> None:
        """See the port."""
        request = FinishDeliveryRequest(
            run_id=key.run_id,
            worker=self._worker,
            fence=key.fence,
            number=number,
            outcome=outcome.outcome,
            code=outcome.code,
            text=outcome.text,
            sent_as_link=outcome.sent_as_link,
            files=files,
        )
        if outcome.retry_after_s is not None:
            request.retry_after.FromMilliseconds(round(outcome.retry_after_s * 1000))
        await _answer(self._deliveries.FinishDelivery(request, metadata=self._metadata, timeout=CALL_S))

    @property
    def _metadata(self) -> tuple[tuple[str, str], ...]:
        return call_metadata(self._authorization)


async def _answer(call: Awaitable[T]) -> T:
    """Return the answer to a call. A failure is raised as the port says, one that it does not know as it came."""
    try:
        return await call
    except AioRpcError as error:
        failure = failure_of(error)
        if failure.reason == "LEASE_LOST":
            raise LeaseLost(failure.message) from None
        if failure.code == grpc.StatusCode.UNAUTHENTICATED:
            raise NotAuthenticated(failure.message) from None
        if failure.code == grpc.StatusCode.FAILED_PRECONDITION:
            raise NotNow(failure.message) from None
        if failure.code == grpc.StatusCode.RESOURCE_EXHAUSTED:
            raise TooMuch(failure.message, retry_after_s=failure.retry_after_s) from None
        if failure.code in UNANSWERED:
            raise Unavailable(failure.message) from None
        raise
