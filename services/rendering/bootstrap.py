"""Assembly of rendering: the real adapters and all formats."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from daybook.generation.v1 import generation_service_pb2
from daybook.savedreport.v1 import saved_report_service_pb2

from services.rendering.formats.registry import all_formats
from services.rendering.generation_client import GenerationClient, ReadTimeouts
from services.rendering.joined_reports import JoiningReader
from services.rendering.render import Renderer, RenderLimits
from services.rendering.requests import RenderRequests
from services.rendering.servicer import RenderingServicer
from services.rendering.settings import Settings
from services.runtime.channel import open_channel
from services.runtime.limits import ConcurrencyLimit
from services.runtime.spool_space import SpoolSpace
from services.runtime.spool_writer import background_limit

GENERATION = [
    service
    for module in (generation_service_pb2, saved_report_service_pb2)
    for service in module.DESCRIPTOR.services_by_name.values()
]
SUSPENDED = 128  # streams whose readers are behind, each with a thread; while there are so many, none begins
MIB = 1024 * 1024


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[RenderingServicer]:
    """Hold everything that rendering needs while the context lasts."""
    at_once = settings.renders_at_once + 2 * settings.streams_at_once + SUSPENDED
    async with open_channel(settings.generation_address, settings.grpc_tls, GENERATION) as channel:
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
            renderer = Renderer(JoiningReader(GenerationClient(channel, _timeouts(settings))), limits)
            yield RenderingServicer(RenderRequests(all_formats(settings)), renderer)


def _timeouts(settings: Settings) -> ReadTimeouts:
    return ReadTimeouts(
        head_s=settings.first_message_seconds,
        time_head_s=settings.time_report_head_seconds,
        idle_s=settings.idle_seconds,
    )


def _limit(name: str, at_once: int, settings: Settings, **more: int) -> ConcurrencyLimit:
    waiting, wait_s = settings.renders_waiting, settings.render_wait_seconds
    return ConcurrencyLimit(name, at_once, waiting=waiting, wait_s=wait_s, **more)
