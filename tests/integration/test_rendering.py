"""Rendering over real channels: a client, the servicer, and a prepared generation behind it."""

import asyncio
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import grpc
import pytest
from daybook.generation.v1.generation_service_pb2 import StreamSheetsRequest, StreamSheetsResponse
from daybook.rendering.v1 import rendering_service_pb2 as contract
from daybook.rendering.v1.rendering_service_pb2_grpc import (
    RenderingServiceStub,
    add_RenderingServiceServicer_to_server,
)
from daybook.report.v1.sheet_pb2 import SheetPart
from grpc.aio import EOF, AioRpcError
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.errors import NotFound, NotNow, StoreUnavailable
from services.rendering.__main__ import SERVICES
from services.rendering.bootstrap import assembled
from services.rendering.servicer import RenderingServicer
from services.rendering.settings import Settings
from services.runtime.channel import call_metadata, open_channel
from services.runtime.errors import failure_of
from tests.builders_sheets import huge_trips_report, trips_report
from tests.integration.servers import Generation, Server, serving, serving_generation, until

MAGIC = {
    contract.FORMAT_CSV: b"\xef\xbb\xbf",
    contract.FORMAT_XLSX: b"PK\x03\x04",
    contract.FORMAT_XLS: b"\xd0\xcf\x11\xe0",
    contract.FORMAT_PDF: b"%PDF-",
}
FORMATS = pytest.mark.parametrize("chosen", contract.Format.values()[1:], ids=contract.Format.keys()[1:])


@asynccontextmanager
async def serving_rendering(generation: Generation, **settings: object) -> AsyncIterator[Server]:
    """Run rendering in front of a prepared generation."""
    async with serving_generation(generation) as upstream:
        chosen = Settings(generation_address=upstream.address, **settings)
        async with assembled(chosen) as renders:

            def add(server: grpc.aio.Server) -> None:
                add_RenderingServiceServicer_to_server(RenderingServicer(renders), server)

            async with serving(add, *SERVICES, idle_s=chosen.client_idle_seconds) as running:
                yield running


def seed_report(**prepared: object) -> Generation:
    head, parts = trips_report(sheets=2)
    return Generation(head=head, parts=parts, **prepared)


def endless_report(**prepared: object) -> Generation:
    """Return a report of more parts than anyone can read."""
    head, parts = trips_report(sheets=1, rows=2_000, rows_per_part=1_000)
    return Generation(head=head, parts=_again_and_again(parts[0]), **prepared)


def _again_and_again(part: SheetPart) -> Iterator[SheetPart]:
    table = part.sheet.sections[0].table
    table.unfinished = True
    for index in itertools.count():
        table.continued, part.part_index = index > 0, index
        yield part


def call(server: Server, chosen: int = contract.FORMAT_JSON, **wishes: bool) -> grpc.aio.UnaryStreamCall:
    ask = contract.RenderReportRequest(report_id=5602232, format=chosen, **wishes)
    return RenderingServiceStub(server.channel).RenderReport(ask, metadata=call_metadata("NVX key"), timeout=60)


async def fetch(server: Server, chosen: int = contract.FORMAT_JSON, **wishes: bool) -> tuple[contract.FileInfo, bytes]:
    first, *rest = [message async for message in call(server, chosen, **wishes)]
    assert all(1 <= len(message.chunk) <= 262_144 for message in rest)
    return first.file_info, b"".join(message.chunk for message in rest)


async def failure(server: Server, chosen: int = contract.FORMAT_JSON) -> AioRpcError:
    with pytest.raises(AioRpcError) as caught:
        await call(server, chosen).read()
    return caught.value


@FORMATS
async def test_each_format_comes_as_a_file(chosen: int) -> None:
    """File info first, then its bytes; credentials reach generation."""
    generation = seed_report()
    async with serving_rendering(generation) as server:
        info, content = await fetch(server, chosen)

    suffix = contract.Format.Name(chosen).removeprefix("FORMAT_").lower()
    assert (f"Trip report.{suffix}", len(content)) == (info.file_name, info.size_bytes)
    assert "/" in info.media_type
    assert content.startswith(MAGIC.get(chosen, b"{"))
    assert (5602232, "NVX key") == generation.calls[0][:2]


async def test_wishes_reach_the_format() -> None:
    """ISO mode changes the dates around the report."""
    async with serving_rendering(seed_report()) as server:
        _, content = await fetch(server, iso_datetime=True)

    assert "2020-10-06T16:01:46+03:00" == json.loads(content)["created"]


async def test_a_large_report_streams_in_chunks() -> None:
    """A JSON of many parts comes whole, without a size, 256 KiB at a time."""
    head, parts = huge_trips_report(sheets=1, rows=20_000)
    async with serving_rendering(Generation(head=head, parts=parts)) as server:
        info, content = await fetch(server)

    assert not info.HasField("size_bytes")
    assert 20_000 == sum(len(day["rows"]) for day in json.loads(content)["sheets"][0]["sections"][0]["data"])


@pytest.mark.parametrize("chosen", [contract.FORMAT_UNSPECIFIED, 99])
async def test_a_format_is_needed(chosen: int) -> None:
    """Without one, or with one that nobody knows, the call names the parameter; generation is not asked."""
    generation = seed_report()
    async with serving_rendering(generation) as server:
        read = failure_of(await failure(server, chosen))

    assert (grpc.StatusCode.INVALID_ARGUMENT, "format") == (read.code, read.violations[0].field)
    assert [] == generation.calls


@FORMATS
@pytest.mark.parametrize("error", [NotNow(), NotFound(), StoreUnavailable()], ids=lambda error: error.reason)
async def test_a_refusal_of_generation_is_the_status_of_the_call(chosen: int, error: Exception) -> None:
    """It comes unchanged, before any message."""
    async with serving_rendering(Generation(error=error)) as server:
        read = failure_of(await failure(server, chosen))

    assert (error.reason, str(error)) == (read.reason, read.message)


@FORMATS
async def test_a_report_deleted_while_it_streams_ends_the_call(chosen: int) -> None:
    """The small report has not begun to leave: its failure is the call's status in every format."""
    async with serving_rendering(seed_report(late_error=NotFound())) as server:
        assert "ENTITY_NOT_FOUND" == failure_of(await failure(server, chosen)).reason


async def test_a_failure_in_the_middle_of_a_stream_ends_it() -> None:
    """After some bytes the status of generation follows."""
    head, parts = huge_trips_report(sheets=1, rows=6_000)
    async with serving_rendering(Generation(head=head, parts=parts, late_error=NotFound())) as server:
        running = call(server)
        assert (await running.read()).HasField("file_info")
        assert (await running.read()).HasField("chunk")
        with pytest.raises(AioRpcError) as caught:
            await _drained(running)

    assert "ENTITY_NOT_FOUND" == failure_of(caught.value).reason


async def _drained(running: grpc.aio.UnaryStreamCall) -> None:
    while await running.read() is not EOF:
        pass


async def test_a_report_past_the_ceiling_of_cells_is_refused() -> None:
    """The reason says that the format is too small for it."""
    head, parts = trips_report(sheets=1, rows=20)
    async with serving_rendering(Generation(head=head, parts=parts), max_xlsx_cells=100) as server:
        assert "FILE_TOO_LARGE" == failure_of(await failure(server, contract.FORMAT_XLSX)).reason


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


async def fetch_while(generation: Generation, server: Server, first: asyncio.Future[object]) -> None:
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

        assert [] == held(tmp_path)


def held(folder: Path) -> list[Path]:
    """Return the files of the folder, and the open ones that are in it without a name."""
    found = list(folder.iterdir())
    for descriptor in list(Path("/proc/self/fd").iterdir()):
        with suppress(FileNotFoundError):  # the one that listed them is closed again
            found.append(descriptor.readlink())
    return [path for path in found if path.is_relative_to(folder)]


async def fetch_nothing(server: Server, chosen: int, generation: Generation) -> None:
    began = generation.sent
    running = call(server, chosen)
    reading = asyncio.ensure_future(running.read())
    await until(lambda: generation.sent > began + 2)
    running.cancel()
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await until(lambda: 0 == generation.running)
    await asyncio.sleep(0.2)


async def test_a_silent_generation_is_unavailable() -> None:
    """The head and each next part have a time limit of their own."""
    generation = seed_report(pause=asyncio.Event())
    async with serving_rendering(generation, idle_seconds=0.1) as server:
        assert "SERVICE_UNAVAILABLE" == failure_of(await failure(server, contract.FORMAT_PDF)).reason
        await until(lambda: 0 == generation.running)


async def test_a_generation_that_gives_up_is_unavailable() -> None:
    """A stream that generation cancels, as when it goes down, is not mistaken for a client that left."""

    class GivingUp(Generation):
        async def StreamSheets(self, _request: StreamSheetsRequest, context: grpc.aio.ServicerContext) -> None:  # noqa: N802  the contract's name
            await context.write(StreamSheetsResponse(head=self.head))
            await context.abort(grpc.StatusCode.CANCELLED)

    head, parts = trips_report(sheets=1)
    async with serving_rendering(GivingUp(head=head, parts=parts)) as server:
        assert grpc.StatusCode.UNAVAILABLE == (await failure(server, contract.FORMAT_XLSX)).code()


async def test_without_generation_a_render_is_unavailable() -> None:
    """A refused connection is answered at once."""
    async with assembled(Settings(generation_address="127.0.0.1:1")) as renders:

        def add(server: grpc.aio.Server) -> None:
            add_RenderingServiceServicer_to_server(RenderingServicer(renders), server)

        async with serving(add, *SERVICES) as server:
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
                answer = await health_pb2_grpc.HealthStub(channel).Check(ask, wait_for_ready=True, timeout=10)
                assert health_pb2.HealthCheckResponse.SERVING == answer.status
        with process(address) as second:
            _, said = await asyncio.to_thread(second.communicate)
        assert (1, True) == (second.returncode, f"cannot listen on {address}" in said)
        running.send_signal(signal.SIGTERM)
        await asyncio.to_thread(running.communicate, timeout=10)

    assert 0 == running.returncode
