"""Servers on free ports for tests."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import grpc
from daybook.generation.v1.generation_service_pb2 import (
    DESCRIPTOR,
)
from daybook.generation.v1.generation_service_pb2_grpc import (
    add_GenerationServiceServicer_to_server,
)
from daybook.savedreport.v1.saved_report_service_pb2_grpc import (
    add_SavedReportServiceServicer_to_server,
)

from services.runtime.callers import Callers
from services.runtime.channel import open_channel
from services.runtime.serve import Health, make_server, start
from tests.fakes.generation_service import FakeGeneration

GENERATION = DESCRIPTOR.services_by_name["GenerationService"].full_name
KNOWN = ("x-gateway-secret", "known")  # metadata of a caller that the servers know


@dataclass
class Server:
    """A running server, its health, its address, and a channel to it."""

    server: grpc.aio.Server
    health: Health
    address: str
    channel: grpc.aio.Channel


@asynccontextmanager
async def serving(add: Callable[[grpc.aio.Server], None], *services: str, idle_s: float = 60) -> AsyncIterator[Server]:
    """Run a server on a free port of this machine while the context lasts."""
    health = Health(services)
    server = make_server(services, health, idle_s, Callers(KNOWN[1]))
    add(server)
    address = f"127.0.0.1:{await start(server, health, '127.0.0.1:0')}"
    try:
        async with open_channel(address) as channel:
            yield Server(server, health, address, channel)
    finally:
        await server.stop(0)


@asynccontextmanager
async def serving_generation(generation: FakeGeneration, idle_s: float = 60) -> AsyncIterator[Server]:
    """Run a prepared generation on a free port."""

    def add(server: grpc.aio.Server) -> None:
        add_GenerationServiceServicer_to_server(generation, server)
        add_SavedReportServiceServicer_to_server(generation, server)

    async with serving(add, GENERATION, idle_s=idle_s) as running:
        yield running


async def until(claim: Callable[[], bool]) -> None:
    """Wait until the claim holds, for 120 seconds at most."""
    async with asyncio.timeout(120):
        while not claim():  # noqa: ASYNC110  what it looks at knows nothing of the loop
            await asyncio.sleep(0.01)
