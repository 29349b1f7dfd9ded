"""Servers on free ports for tests."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import grpc
import pytest
from daybook.generation.v1.generation_service_pb2 import DESCRIPTOR, GetReportRequest
from daybook.generation.v1.generation_service_pb2_grpc import (
    GenerationServiceStub,
    add_GenerationServiceServicer_to_server,
)
from daybook.savedreport.v1.saved_report_service_pb2_grpc import add_SavedReportServiceServicer_to_server
from google.protobuf.message import Message
from grpc.aio import AioRpcError
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.runtime.callers import Callers
from services.runtime.channel import open_channel
from services.runtime.serve import Health, make_server, start
from tests.fakes.generation_service import FakeGeneration

SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING

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


async def health_of(server: Server, name: str) -> int:
    """Return what the health of a service is."""
    answer = await health_pb2_grpc.HealthStub(server.channel).Check(health_pb2.HealthCheckRequest(service=name))
    return answer.status


async def get(server: Server, **call: object) -> Message:
    """Get a report of generation."""
    return await GenerationServiceStub(server.channel).GetReport(GetReportRequest(report_id=5), timeout=60, **call)


async def failure(server: Server, **call: object) -> AioRpcError:
    """Return the error of getting a report."""
    with pytest.raises(AioRpcError) as caught:
        await get(server, **call)
    return caught.value
