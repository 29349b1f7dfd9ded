"""Rendering in front of a prepared generation, and a client of it."""

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import grpc
import pytest
from daybook.rendering.v1 import rendering_service_pb2 as contract
from daybook.rendering.v1.rendering_service_pb2_grpc import RenderingServiceStub, add_RenderingServiceServicer_to_server
from daybook.report.v1.sheet_pb2 import SheetPart
from grpc.aio import AioRpcError

from services.rendering.__main__ import SERVICES
from services.rendering.bootstrap import assembled
from services.rendering.settings import Settings
from services.runtime.channel import call_metadata
from tests.builders.sheets import trips_report
from tests.fakes.generation_service import FakeGeneration
from tests.integration.servers import Server, serving, serving_generation

FORMATS = pytest.mark.parametrize("chosen", contract.Format.values()[1:], ids=contract.Format.keys()[1:])


@asynccontextmanager
async def serving_rendering(generation: FakeGeneration, **settings: object) -> AsyncIterator[Server]:
    """Run rendering in front of a prepared generation."""
    async with (
        serving_generation(generation) as upstream,
        serving_rendering_of(upstream.address, **settings) as running,
    ):
        yield running


@asynccontextmanager
async def serving_rendering_of(generation_address: str, **settings: object) -> AsyncIterator[Server]:
    """Run rendering in front of an address."""
    chosen = Settings(generation_address=generation_address, **settings)
    async with assembled(chosen) as rendering:

        def add(server: grpc.aio.Server) -> None:
            add_RenderingServiceServicer_to_server(rendering.servicer, server)

        async with serving(add, *SERVICES, idle_s=chosen.client_idle_seconds) as running:
            yield running


def seed_report(**prepared: object) -> FakeGeneration:
    head, parts = trips_report(sheets=2)
    return FakeGeneration(head=head, parts=parts, **prepared)


def endless_report(**prepared: object) -> FakeGeneration:
    """Return a report of more parts than anyone can read."""
    head, parts = trips_report(sheets=1, rows=2_000, rows_per_part=1_000)
    return FakeGeneration(head=head, parts=_again_and_again(parts[0]), **prepared)


def _again_and_again(part: SheetPart) -> Iterator[SheetPart]:
    section = part.sheet.sections[0]
    section.unfinished = True
    for index in itertools.count():
        section.continued, part.part_index = index > 0, index
        yield part


def call(server: Server, chosen: int = contract.FORMAT_JSON, **wishes: bool) -> grpc.aio.UnaryStreamCall:
    ask = contract.RenderRequest(report_id=5602232, format=chosen, **wishes)
    return RenderingServiceStub(server.channel).Render(ask, metadata=call_metadata("NVX key"), timeout=120)


async def fetch(server: Server, chosen: int = contract.FORMAT_JSON, **wishes: bool) -> tuple[contract.FileInfo, bytes]:
    first, *rest = [message async for message in call(server, chosen, **wishes)]
    assert all(1 <= len(message.chunk) <= 524_288 for message in rest)
    return first.file_info, b"".join(message.chunk for message in rest)


async def failure(server: Server, chosen: int = contract.FORMAT_JSON) -> AioRpcError:
    with pytest.raises(AioRpcError) as caught:
        await call(server, chosen).read()
    return caught.value
