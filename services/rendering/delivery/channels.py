"""Channels of deliveries: mails and webhooks, each from a claim to the outcome of one delivery."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import grpc
from daybook.generation.v1.generation_service_pb2 import StreamPartsRequest
from daybook.schedule.v1.delivery_service_pb2 import Claim, ClaimedDelivery
from daybook.schedule.v1.schedule_pb2 import DELIVERY_FORM_LINK, OUTCOME_FAILED, OUTCOME_RETRY, OUTCOME_SKIPPED
from grpc.aio import AioRpcError

from services.errors import DaybookError, NotAuthenticated, TooMuch, Unavailable
from services.rendering.delivery.files import DeliveryRenderer, link_credentials
from services.rendering.delivery.mail import MailComposer, MailContent, NoLink, brings_report
from services.rendering.delivery.notices import notice_of
from services.rendering.delivery.outcome import DeliveryOutcome, plain_text
from services.rendering.delivery.smtp import SmtpClient, Start
from services.rendering.delivery.summary import read_summary
from services.rendering.delivery.webhook import WebhookClient
from services.rendering.ports import ReportReader, ReportSource, StoredReport, TimeReport

PASSING = (Unavailable, TooMuch, NotAuthenticated)  # the token of a claim ends with its lease
FINAL = (
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.PERMISSION_DENIED,
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.FAILED_PRECONDITION,
)
NO_SERVER = DeliveryOutcome(OUTCOME_SKIPPED, text="no mail server")

Now = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


class MailChannel:
    """Mails of a claim, by a mail server; without one each is skipped.

    Args:
        client: the mail server's client, None without a mail server.
        plain: what all mails share, those without a report too.
        reader: reader of reports, for their summaries.
        files: renderer of the files.
        now: the clock.

    """

    def __init__(
        self,
        client: SmtpClient | None,
        plain: MailContent,
        reader: ReportReader,
        files: DeliveryRenderer,
        now: Now = utc_now,
    ) -> None:
        self._client, self.plain, self._now = client, plain, now
        self._reader, self._files = reader, files

    @asynccontextmanager
    async def content(self, claim: Claim) -> AsyncIterator[MailContent]:
        """Give what the mails of a claim share while the context lasts.

        Fails as reading and rendering the report do.
        """
        async with AsyncExitStack() as stack:
            summary = files = None
            mail = next((one for one in claim.deliveries if brings_report(claim, one) and one.HasField("mail")), None)
            if mail is not None and self._client is not None:
                summary = await read_summary(self._reader, _source(claim), link_credentials(claim))
                if claim.delivery_form != DELIVERY_FORM_LINK:
                    files = await stack.enter_async_context(self._files.rendered(claim, mail.mail.file_name))
            yield replace(self.plain, summary=summary, files=files)

    async def send(
        self, claim: Claim, delivery: ClaimedDelivery, content: MailContent, start: Callable[[str], Awaitable[None]]
    ) -> DeliveryOutcome:
        """Send the mail of a delivery and return the outcome.

        `start` is called with the Message-ID before the message is given to the server; what it raises is raised.
        """
        if self._client is None:
            return NO_SERVER
        composer = MailComposer(claim, delivery, content, self._now())
        try:
            return await self._client.send(delivery.address, composer.compose, partial(start, composer.message_id))
        except NoLink as fault:
            return DeliveryOutcome(OUTCOME_FAILED, text=str(fault))


class WebhookChannel:
    """Webhooks of a claim.

    Args:
        client: poster of notices.
        public_url: where recipients reach the gateway, empty for notices without links.
        now: the clock.

    """

    def __init__(self, client: WebhookClient, public_url: str, now: Now = utc_now) -> None:
        self._client, self._public_url, self._now = client, public_url, now

    async def send(self, claim: Claim, delivery: ClaimedDelivery, start: Start) -> DeliveryOutcome:
        """Post the notice of a delivery and return the outcome. Raises what `start` raises."""
        await start()
        return await self._client.send(delivery.address, notice_of(claim, delivery, self._public_url, self._now()))


def unreadable(error: DaybookError | AioRpcError) -> DeliveryOutcome:
    """Return the outcome of a delivery whose report cannot be read or rendered."""
    if isinstance(error, AioRpcError):
        final, text = error.code() in FINAL, error.details() or error.code().name
    else:
        final, text = not isinstance(error, PASSING), str(error)
    told = plain_text(f"the report cannot be rendered: {text}")
    return DeliveryOutcome(OUTCOME_FAILED if final else OUTCOME_RETRY, text=told)


def _source(claim: Claim) -> ReportSource:
    if claim.HasField("time_report"):
        return TimeReport(claim.time_report, StreamPartsRequest.LAYOUT_PRINT)
    return StoredReport(claim.report_id)
