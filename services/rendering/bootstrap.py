"""Assembly of rendering: the real adapters, all formats, and the worker of deliveries."""

import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.headerregistry import Address

from daybook.generation.v1 import generation_service_pb2
from daybook.savedreport.v1 import saved_report_service_pb2
from daybook.schedule.v1 import delivery_service_pb2
from grpc.aio import Channel

from services.rendering.delivery.channels import MailChannel, WebhookChannel
from services.rendering.delivery.claim_job import Channels
from services.rendering.delivery.delivery_client import DeliveryClient
from services.rendering.delivery.delivery_settings import mail_address
from services.rendering.delivery.files import DeliveryRenderer
from services.rendering.delivery.mail import MailContent
from services.rendering.delivery.mail_check import MailServerCheck
from services.rendering.delivery.smtp import SmtpClient, SmtpServer
from services.rendering.delivery.webhook import WebhookClient
from services.rendering.delivery.worker import DeliveryWorker
from services.rendering.formats.registry import all_formats
from services.rendering.generation_client import GenerationClient, ReadTimeouts
from services.rendering.joined_reports import JoiningReader
from services.rendering.ports import ReportReader
from services.rendering.render import Renderer, RenderLimits
from services.rendering.requests import RenderRequests
from services.rendering.servicer import RenderingServicer
from services.rendering.settings import Settings
from services.runtime.channel import open_channel
from services.runtime.limits import ConcurrencyLimit
from services.runtime.spool_space import SpoolSpace
from services.runtime.spool_writer import background_limit

log = logging.getLogger("daybook.delivery")

GENERATION = [
    service
    for module in (generation_service_pb2, saved_report_service_pb2, delivery_service_pb2)
    for service in module.DESCRIPTOR.services_by_name.values()
]
SUSPENDED = 128  # streams whose readers are behind, each with a thread; while there are so many, none begins
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rendering:
    """Parts of rendering that run: its servicer, and its worker of deliveries, None without a token for it."""

    servicer: RenderingServicer
    worker: DeliveryWorker | None


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[Rendering]:
    """Hold everything that rendering needs while the context lasts."""
    at_once = settings.renders_at_once + 2 * settings.streams_at_once + SUSPENDED
    address, tls = settings.generation_address, settings.grpc_tls
    async with (
        open_channel(address, tls, GENERATION) as channel,
        open_channel(address, tls, GENERATION, own_connections=True) as claiming,
    ):
        with ThreadPoolExecutor(at_once, thread_name_prefix="render") as threads:
            limits = RenderLimits(
                files=_limit("files", settings.renders_at_once, settings),
                streams=_limit(
                    "streams",
                    settings.streams_at_once,
                    settings,
                    per_tenant=settings.streams_per_account,
                    suspended=SUSPENDED,
                ),
                background=background_limit("background"),
                space=SpoolSpace(settings.spool_mb * MIB, settings.spool_total_mb * MIB),
                threads=threads,
                chunk_bytes=settings.chunk_bytes,
            )
            reader = JoiningReader(GenerationClient(channel, _timeouts(settings)))
            renderer, requests = Renderer(reader, limits), RenderRequests(all_formats(settings))
            files = DeliveryRenderer(renderer, requests, max(1, settings.renders_at_once // 2), settings.mail_max_bytes)
            mails = SmtpClient(SmtpServer.of(settings)) if settings.smtp_host else None
            worker = _worker(settings, claiming, mails, reader, files)
            yield Rendering(RenderingServicer(requests, renderer, settings, MailServerCheck(mails)), worker)


def _worker(
    settings: Settings, channel: Channel, mails: SmtpClient | None, reader: ReportReader, files: DeliveryRenderer
) -> DeliveryWorker | None:
    token = settings.delivery_token.get_secret_value()
    if not token:
        log.info("scheduled reports are not delivered: DELIVERY_TOKEN is not set")
        return None
    sender = mail_address(settings.smtp_from) if settings.smtp_from else Address()
    plain = MailContent(sender=sender, public_url=settings.public_url)
    webhooks = WebhookClient(allow_private=settings.webhook_allow_private)
    channels = Channels(MailChannel(mails, plain, reader, files), WebhookChannel(webhooks, settings.public_url))
    name = f"{socket.gethostname()[:60]}-{os.getpid()}-{secrets.token_hex(4)}"
    return DeliveryWorker(DeliveryClient(channel, token, name), channels, settings.deliveries_at_once)


def _timeouts(settings: Settings) -> ReadTimeouts:
    return ReadTimeouts(
        head_s=settings.first_message_seconds,
        time_head_s=settings.time_report_head_seconds,
        idle_s=settings.idle_seconds,
    )


def _limit(name: str, at_once: int, settings: Settings, **more: int) -> ConcurrencyLimit:
    waiting, wait_s = settings.renders_waiting, settings.render_wait_seconds
    return ConcurrencyLimit(name, at_once, waiting=waiting, wait_s=wait_s, **more)
