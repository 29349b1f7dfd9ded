"""Job of a claim: its deliveries one after the other, while its lease is extended."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

from daybook.schedule.v1.delivery_service_pb2 import Claim, ClaimedDelivery
from daybook.schedule.v1.schedule_pb2 import CHANNEL_WEBHOOK, OUTCOME_RETRY, Channel, Outcome, RunFile
from grpc.aio import AioRpcError

from services.errors import DaybookError, NotNow, TooMuch, Unavailable
from services.rendering.delivery.channels import MailChannel, WebhookChannel, unreadable
from services.rendering.delivery.delivery_metrics import attempt_measured
from services.rendering.delivery.delivery_queue import ClaimKey, DeliveryQueue, LeaseLost
from services.rendering.delivery.mail import MailContent, brings_report
from services.rendering.delivery.outcome import DeliveryOutcome

log = logging.getLogger("daybook.delivery")

EXTEND_EVERY_S = 20.0
LEASE_S = 60.0
RELEASE_S = 2.0  # longest wait for the answer to a claim that is given back
TRY_AGAIN_S = 1.0  # where generation is away
UNEXPECTED = DeliveryOutcome(OUTCOME_RETRY, text="unexpected error, see the log of rendering")


@dataclass(frozen=True, slots=True)
class Channels:
    """The ways in which deliveries are sent."""

    mail: MailChannel
    webhook: WebhookChannel


class ClaimJob:
    """Work on one claim."""

    def __init__(self, claim: Claim, queue: DeliveryQueue, channels: Channels, stopping: asyncio.Event) -> None:
        self._claim, self._queue, self._channels, self._stopping = claim, queue, channels, stopping
        self._key = ClaimKey(claim.run_id, claim.fence)
        self._rendered: Sequence[RunFile] = ()
        self._unfinished = {delivery.number for delivery in claim.deliveries}
        self._are_mails_due = True  # until a minute is full: then generation has the others wait for the next

    async def run(self) -> None:
        """Make the deliveries until each has an outcome, the lease is lost, or the process is stopping.

        A delivery that has begun by then is finished, the others are given back; so is all that is left when the job is
        cancelled.
        """
        try:
            async with self._released(), asyncio.timeout(LEASE_S) as lease, self._extended(lease):
                await self._deliver_all()
        except (LeaseLost, TimeoutError):
            log.warning("lease lost", extra={"run_id": self._claim.run_id})
        except Exception:
            log.exception("deliveries are given up", extra={"run_id": self._claim.run_id})

    @asynccontextmanager
    async def _released(self) -> AsyncIterator[None]:
        """Give back what is unfinished where the context ends because the process stops."""
        try:
            yield
        finally:
            if self._stopping.is_set() and self._unfinished:
                with suppress(LeaseLost, DaybookError, AioRpcError, TimeoutError):
                    async with asyncio.timeout(RELEASE_S):
                        await self._queue.release(self._key)

    @asynccontextmanager
    async def _extended(self, lease: asyncio.Timeout) -> AsyncIterator[None]:
        """Extend the lease inside the context."""
        extending = asyncio.create_task(self._extend(lease))
        try:
            yield
        finally:
            extending.cancel()
            await asyncio.wait([extending])

    async def _extend(self, lease: asyncio.Timeout) -> None:
        """Move the lease's end with each extension; a lost lease ends at once."""
        clock, pause_s = asyncio.get_running_loop().time, EXTEND_EVERY_S
        while True:
            await asyncio.sleep(pause_s)
            asked = clock()
            try:
                await self._queue.extend(self._key)
            except LeaseLost:
                lease.reschedule(asked)
                return
            except (DaybookError, AioRpcError):
                pause_s = TRY_AGAIN_S
            else:
                lease.reschedule(asked + LEASE_S)
                pause_s = EXTEND_EVERY_S

    async def _deliver_all(self) -> None:
        async with AsyncExitStack() as stack:
            content: MailContent | DeliveryOutcome | None = None
            for delivery in self._claim.deliveries:
                if self._stopping.is_set():
                    return
                if delivery.channel == CHANNEL_WEBHOOK:
                    await self._attempt(delivery, self._posted)
                    continue
                if not self._are_mails_due:
                    self._unfinished.discard(delivery.number)
                    continue
                content = content or await self._content(stack)
                await self._attempt(delivery, partial(self._mailed, content))

    async def _content(self, stack: AsyncExitStack) -> MailContent | DeliveryOutcome:
        """Return what the mails share, or the outcome of those that bring the report where it cannot be had."""
        try:
            content = await stack.enter_async_context(self._channels.mail.content(self._claim))
        except (DaybookError, AioRpcError) as error:
            outcome = unreadable(error)
        except Exception:
            log.exception("report cannot be rendered", extra={"run_id": self._claim.run_id})
            outcome = UNEXPECTED
        else:
            self._rendered = content.files.rendered if content.files else ()
            return content
        return outcome

    async def _posted(self, delivery: ClaimedDelivery) -> DeliveryOutcome:
        return await self._channels.webhook.send(self._claim, delivery, partial(self._start, delivery, ""))

    async def _mailed(self, content: MailContent | DeliveryOutcome, delivery: ClaimedDelivery) -> DeliveryOutcome:
        if isinstance(content, DeliveryOutcome):
            if brings_report(self._claim, delivery):
                return content
            content = self._channels.mail.plain
        return await self._channels.mail.send(self._claim, delivery, content, partial(self._start, delivery))

    async def _start(self, delivery: ClaimedDelivery, message_id: str) -> None:
        await self._queue.start(self._key, delivery.number, message_id)

    async def _attempt(
        self, delivery: ClaimedDelivery, send: Callable[[ClaimedDelivery], Awaitable[DeliveryOutcome]]
    ) -> None:
        """Send a delivery and record the outcome, unless generation says that it must not be sent now."""
        with attempt_measured(delivery.channel) as measured:
            try:
                measured.outcome = outcome = await send(delivery)
            except (NotNow, TooMuch) as refusal:
                log.info("not sent", extra={**self._said(delivery), "cause": str(refusal)})
                self._unfinished.discard(delivery.number)
                if isinstance(refusal, TooMuch):
                    self._are_mails_due = False
                return
            except Unavailable:
                measured.outcome = outcome = DeliveryOutcome(OUTCOME_RETRY, text="generation did not answer in time")
            except (LeaseLost, AioRpcError):
                raise
            except Exception:
                log.exception("delivery failed", extra=self._said(delivery))
                measured.outcome = outcome = UNEXPECTED
        await self._finish(delivery, outcome)
        self._unfinished.discard(delivery.number)
        said = {"outcome": Outcome.Name(outcome.outcome), "code": outcome.code}
        log.info("delivery", extra={**self._said(delivery), **said})

    async def _finish(self, delivery: ClaimedDelivery, outcome: DeliveryOutcome) -> None:
        """Record an outcome, trying for as long as the lease lasts."""
        while True:
            try:
                return await self._queue.finish(self._key, delivery.number, outcome, self._rendered)
            except (Unavailable, TooMuch):
                await asyncio.sleep(TRY_AGAIN_S)
            except NotNow as refusal:
                return log.warning("outcome not recorded", extra={**self._said(delivery), "cause": str(refusal)})

    def _said(self, delivery: ClaimedDelivery) -> dict[str, object]:
        return {"run_id": self._claim.run_id, "number": delivery.number, "channel": Channel.Name(delivery.channel)}
