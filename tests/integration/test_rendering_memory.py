"""Memory of a real rendering process while a large report leaves it (design §10: 150 MB above rest)."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil
import pytest
from daybook.rendering.v1 import rendering_service_pb2 as contract
from daybook.rendering.v1.rendering_service_pb2_grpc import RenderingServiceStub
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from services.runtime.channel import open_channel
from services.runtime.serve import Health, make_server, start
from tests.builders.mongod import free_port
from tests.builders.sheets import huge_trips_report, trips_report
from tests.fakes.generation_service import FakeGeneration
from tests.integration.memory import peak_of
from tests.integration.servers import GENERATION, add_GenerationServiceServicer_to_server

LIMIT_MB = 75
CELLS_A_ROW = 6


@pytest.mark.parametrize(
    ("chosen", "cells"),
    [(contract.FORMAT_JSON, 600_000), (contract.FORMAT_XLSX, 300_000), (contract.FORMAT_PDF, 250_000)],
)
async def test_memory_stays_flat_while_a_large_report_is_rendered(chosen: int, cells: int) -> None:
    """However long the report, the process needs little more than at rest."""
    generation = FakeGeneration()
    async with serving(generation) as generation_address, rendering(generation_address) as (process, stub):
        generation.head, generation.parts = trips_report(rows=7, sheets=2)
        await rendered(stub, chosen)
        rest = process.memory_info().rss
        generation.head, generation.parts = huge_trips_report(rows=cells // CELLS_A_ROW, sheets=1)
        generation.head.cover.data_title = "All trips"  # a workbook has all rows twice then
        with peak_of(process) as peaks:
            size = await rendered(stub, chosen)

    assert size > cells
    assert (max(peaks) - rest) / 2**20 < LIMIT_MB


async def rendered(stub: RenderingServiceStub, chosen: int) -> int:
    """Return the size of the file in bytes."""
    ask = contract.RenderRequest(report_id=1, format=chosen, full=True)
    return sum([len(message.chunk) async for message in stub.Render(ask)])


@asynccontextmanager
async def serving(generation: FakeGeneration) -> AsyncIterator[str]:
    """Serve a prepared generation in this process and give its address."""
    health = Health([GENERATION])
    server = make_server([GENERATION], health)
    add_GenerationServiceServicer_to_server(generation, server)
    port = await start(server, health, "127.0.0.1:0")
    yield f"127.0.0.1:{port}"
    await server.stop(0)


@asynccontextmanager
async def rendering(generation_address: str) -> AsyncIterator[tuple[psutil.Process, RenderingServiceStub]]:
    """Run the rendering service and give its process and a stub."""
    address = f"127.0.0.1:{free_port()}"
    environment = {**os.environ, "RENDERING_LISTEN": address, "GENERATION_ADDRESS": generation_address}
    command = (sys.executable, "-m", "services.rendering")
    child = await asyncio.create_subprocess_exec(*command, env=environment, stderr=subprocess.DEVNULL)
    async with open_channel(address) as channel:
        ask = HealthCheckRequest(service="daybook.rendering.v1.RenderingService")
        answer = await HealthStub(channel).Check(ask, wait_for_ready=True, timeout=120)
        assert HealthCheckResponse.SERVING == answer.status
        yield psutil.Process(child.pid), RenderingServiceStub(channel)
    child.terminate()
    assert 0 == await child.wait()
