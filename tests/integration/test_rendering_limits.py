"""Rendering under strain: full queues, clients that go, a generation that is silent or gone, a stopped process."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import grpc
import pytest
from daybook.generation.v1.generation_service_pb2 import StreamPartsRequest, StreamPartsResponse
from daybook.rendering.v1 import rendering_service_pb2 as contract
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.errors import NotNow
from services.rendering.__main__ import SERVICES
from services.runtime.channel import open_channel
from services.runtime.errors import failure_of
from tests.builders.sheets import trips_report
from tests.fakes.generation_service import FakeGeneration
from tests.integration.rendering import (
    FORMATS,
    call,
    endless_report,
    failure,
    fetch,
    seed_report,
    serving_rendering,
    serving_rendering_of,
)
from tests.integration.servers import Server, until


async def test_too_many_renders_are_refused() -> None:
    """Past the places and the queue a call is told to come later; an unfinished report still answers."""
    generation = seed_report(pause=asyncio.Event())
    async with serving_rendering(generation, renders_at_once=1, renders_waiting=0) as server:
        first = asyncio.ensure_future(fetch(server, contract.FORMAT_XLSX))
        await until(lambda: generation.sent > 0)
        read = failure_of(await failure(server, contract.FORMAT_PDF))
        generation.error = NotNow()
        unfinished = failure_of(await failure(server, contract.FORMAT_PDF))
        generation.error = None
        await fetch_while(generation, server, first)

    assert (grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_REQUESTS") == (read.code, read.reason)
    assert "NOT_READY" == unfinished.reason


async def fetch_while(generation: FakeGeneration, server: Server, first: asyncio.Future[object]) -> None:
    """Let the first render end, and see that its place is free again."""
    generation.pause.set()
    await first
    await fetch(server, contract.FORMAT_XLSX)


@FORMATS
async def test_a_client_that_goes_stops_the_work(chosen: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Generation's stream ends, the temporary files go, and the place is free for the next one."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    generation = endless_report()
    async with serving_rendering(generation, renders_at_once=1, streams_at_once=1, renders_waiting=0) as server:
        for _ in range(2):
            await fetch_nothing(server, chosen, generation)

        await until(lambda: not held(tmp_path))


def held(folder: Path) -> list[Path]:
    """Return the files of the folder, and the open ones that are in it without a name."""
    found = list(folder.iterdir())
    for descriptor in list(Path("/proc/self/fd").iterdir()):
        with suppress(FileNotFoundError):  # the one that listed them is closed again
            found.append(descriptor.readlink())
    return [path for path in found if path.is_relative_to(folder)]


async def fetch_nothing(server: Server, chosen: int, generation: FakeGeneration) -> None:
    """Ask, again while the place of the last one is not free yet, and go when the work has begun."""
    began = generation.sent
    while generation.sent <= began + 2:
        running = call(server, chosen)
        reading = asyncio.ensure_future(running.read())
        await until(lambda reading=reading: generation.sent > began + 2 or reading.done())
        running.cancel()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    await until(lambda: 0 == generation.running)


async def test_a_silent_generation_is_unavailable() -> None:
    """The head and each next part have a time limit of their own."""
    generation = seed_report(pause=asyncio.Event())
    async with serving_rendering(generation, idle_seconds=0.1) as server:
        assert "SERVICE_UNAVAILABLE" == failure_of(await failure(server, contract.FORMAT_PDF)).reason
        await until(lambda: 0 == generation.running)


async def test_a_generation_that_gives_up_is_unavailable() -> None:
    """A stream that generation cancels, as when it goes down, is not mistaken for a client that left."""

    class GivingUp(FakeGeneration):
        async def StreamParts(self, _request: StreamPartsRequest, context: grpc.aio.ServicerContext) -> None:  # noqa: N802  the contract's name
            await context.write(StreamPartsResponse(head=self.head))
            await context.abort(grpc.StatusCode.CANCELLED)

    head, parts = trips_report(sheets=1)
    async with serving_rendering(GivingUp(head=head, parts=parts)) as server:
        assert grpc.StatusCode.UNAVAILABLE == (await failure(server, contract.FORMAT_XLSX)).code()


async def test_without_generation_a_render_is_unavailable() -> None:
    """A refused connection is answered at once."""
    async with serving_rendering_of("127.0.0.1:1") as server:
        assert "SERVICE_UNAVAILABLE" == failure_of(await failure(server)).reason


@contextmanager
def process(address: str) -> Iterator[subprocess.Popen[str]]:
    """Run rendering as a process of its own, and end it."""
    environment = os.environ | {"RENDERING_LISTEN": address, "GENERATION_ADDRESS": "127.0.0.1:1"}
    command = [sys.executable, "-m", "services.rendering"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


async def test_the_process_serves_says_its_port_and_stops_on_sigterm() -> None:
    """It logs the port it chose, is SERVING without generation, refuses a port that is taken, and exits with 0."""
    with process("127.0.0.1:0") as running:
        lines = map(json.loads, iter(running.stderr.readline, ""))
        address = await asyncio.to_thread(lambda: next(f"127.0.0.1:{one['port']}" for one in lines if "port" in one))
        async with open_channel(address) as channel:
            for name in ("", *SERVICES):
                ask = health_pb2.HealthCheckRequest(service=name)
                answer = await health_pb2_grpc.HealthStub(channel).Check(ask, wait_for_ready=True, timeout=120)
                assert health_pb2.HealthCheckResponse.SERVING == answer.status
        with process(address) as second:
            _, said = await asyncio.to_thread(second.communicate)
        assert (1, True) == (second.returncode, f"cannot listen on {address}" in said)
        running.send_signal(signal.SIGTERM)
        await asyncio.to_thread(running.communicate, timeout=120)

    assert 0 == running.returncode
