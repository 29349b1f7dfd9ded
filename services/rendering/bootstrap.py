"""Assembly of rendering: the real adapters and all formats."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from daybook.generation.v1 import generation_service_pb2
from daybook.savedreport.v1 import saved_report_service_pb2

from services.rendering.formats.registry import all_formats
from services.rendering.generation_client import GenerationClient, ReadTimeouts
from services.rendering.render import Renderer, RenderLimits
from services.rendering.requests import RenderRequests
from services.rendering.servicer import RenderingServicer
from services.rendering.settings import Settings
from services.runtime.channel import open_channel
from services.runtime.limits import ConcurrencyLimit

GENERATION = [
    service
    for module in (generation_service_pb2, saved_report_service_pb2)
    for service in module.DESCRIPTOR.services_by_name.values()
]


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[RenderingServicer]:
    """Hold everything that rendering needs while the context lasts."""
    at_once = settings.renders_at_once + settings.streams_at_once
    async with open_channel(settings.generation_address, settings.grpc_tls, GENERATION) as channel:
        with ThreadPoolExecutor(at_once, thread_name_prefix="render") as threads:
            limits = RenderLimits(
                files=_limit("files", settings.renders_at_once, settings),
                streams=_limit("streams", settings.streams_at_once, settings),
                threads=threads,
                chunk_bytes=settings.chunk_bytes,
            )
            renderer = Renderer(GenerationClient(channel, _timeouts(settings)), limits)
            yield RenderingServicer(RenderRequests(all_formats(settings)), renderer)


def _timeouts(settings: Settings) -> ReadTimeouts:
    return ReadTimeouts(
        head_s=settings.first_message_seconds,
        time_head_s=settings.time_report_head_seconds,
        idle_s=settings.idle_seconds,
    )


def _limit(name: str, at_once: int, settings: Settings) -> ConcurrencyLimit:
    return ConcurrencyLimit(name, at_once, waiting=settings.renders_waiting, wait_s=settings.render_wait_seconds)
