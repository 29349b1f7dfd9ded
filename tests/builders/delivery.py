"""Short way to put a worker of deliveries together for tests: real formats, a mail server, a report in memory."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address

from daybook.schedule.v1.delivery_service_pb2 import Claim

from services.rendering.delivery.channels import MailChannel, WebhookChannel
from services.rendering.delivery.claim_job import Channels
from services.rendering.delivery.files import DeliveryRenderer
from services.rendering.delivery.mail import MailContent
from services.rendering.delivery.smtp import SmtpClient, SmtpServer
from services.rendering.delivery.webhook import WebhookClient
from services.rendering.delivery.worker import DeliveryWorker
from services.rendering.formats.registry import FormatSettings, all_formats
from services.rendering.render import Renderer, RenderLimits
from services.rendering.requests import RenderRequests
from services.runtime.limits import ConcurrencyLimit
from services.runtime.spool_space import SpoolSpace
from services.runtime.spool_writer import background_limit
from tests.builders.sheets import trips_report
from tests.fakes.deliveries import FakeDeliveryQueue, PreparedReport
from tests.fakes.mail_server import MailServer

SENT_AT = datetime(2026, 6, 1, 4, 1, tzinfo=UTC)
SENDER = Address("Daybook", addr_spec="reports@example.com")
PUBLIC_URL = "https://reports.example.com"
MIB = 1024 * 1024


@dataclass(frozen=True)
class Delivery:
    """Channels for claims, and the renderer of their files."""

    channels: Channels
    files: DeliveryRenderer


@asynccontextmanager
async def delivery(
    reader: PreparedReport,
    *,
    smtp_port: int | None = None,
    max_bytes: int = 10_000_000,
    public_url: str = PUBLIC_URL,
    now: Callable[[], datetime] = lambda: SENT_AT,
) -> AsyncIterator[Delivery]:
    """Hold what delivers the reader's report; without a port there is no mail server."""
    with ThreadPoolExecutor(2, thread_name_prefix="render") as threads:
        limits = [ConcurrencyLimit("work", 2, waiting=2, wait_s=5) for _ in range(2)]
        space = SpoolSpace(MIB, 64 * MIB)
        renderer = Renderer(
            reader,
            RenderLimits(*limits, background_limit("background"), space, threads=threads, chunk_bytes=64 * 1024),
        )
        files = DeliveryRenderer(renderer, RenderRequests(all_formats(FormatSettings())), 1, max_bytes)
        client = SmtpClient(smtp_server(smtp_port, max_bytes)) if smtp_port is not None else None
        mail = MailChannel(client, MailContent(sender=SENDER, public_url=public_url), reader, files, now)
        webhook = WebhookChannel(WebhookClient(allow_private=True), public_url, now)
        yield Delivery(Channels(mail, webhook), files)


def smtp_server(port: int, max_bytes: int) -> SmtpServer:
    """Return a mail server on this machine."""
    return SmtpServer(
        host="localhost",
        port=port,
        security="none",
        sender=SENDER.addr_spec,
        context=ssl.create_default_context(),
        timeout_s=10,
        max_bytes=max_bytes,
    )


def report(**wanted: int) -> PreparedReport:
    """Return a report that is read again and again."""
    return PreparedReport(*trips_report(**{"sheets": 2, "rows": 9, **wanted}))


@asynccontextmanager
async def working(queue: FakeDeliveryQueue, channels: Channels, *, at_once: int = 4) -> AsyncIterator[asyncio.Event]:
    """Let a worker work while the context lasts."""
    stopping = asyncio.Event()
    async with DeliveryWorker(queue, channels, at_once).running(stopping, 10):
        yield stopping


async def delivered(
    *claims: Claim, server: MailServer | None = None, reader: PreparedReport | None = None, **more: object
) -> FakeDeliveryQueue:
    """Return the queue after all deliveries of the claims have outcomes."""
    queue = FakeDeliveryQueue(list(claims))
    expected = sum(len(claim.deliveries) for claim in claims)
    port = server.port if server else None
    async with delivery(reader or report(), smtp_port=port, **more) as made, working(queue, made.channels):  # type: ignore[arg-type] # fields by name
        await queue.until(lambda: len(queue.finished) == expected)
    return queue
