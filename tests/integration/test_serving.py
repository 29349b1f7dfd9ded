"""Every server of ours: request ids, clients that go or say nothing, an orderly stop."""

import asyncio
import logging
import os
import signal

import grpc
import pytest
from daybook.generation.v1.generation_service_pb2 import GetReportRequest, StreamPartsRequest, WatchReportRequest
from daybook.generation.v1.generation_service_pb2_grpc import (
    GenerationServiceStub,
    add_GenerationServiceServicer_to_server,
)
from daybook.report.v1.sheet_pb2 import Sheet, SheetPart
from google.protobuf.message import Message
from grpc import StatusCode
from grpc.aio import EOF, AioRpcError

from services.errors import NotNow
from services.runtime.channel import call_metadata, open_channel
from services.runtime.logs import request_id
from services.runtime.serve import OPTIONS, CannotListen, Health, make_server, run_until_stopped, start
from tests.fakes.generation_service import FakeGeneration
from tests.integration.servers import GENERATION, SERVING, failure, get, health_of, serving_generation, until

REFUSALS = 20


async def test_calls_that_come_at_once_are_all_answered() -> None:
    """However many wait to begin, none is reset by the library without a status."""
    async with serving_generation(FakeGeneration()) as server:
        stub = GenerationServiceStub(server.channel)
        calls = (stub.GetReport(GetReportRequest(report_id=5), timeout=60) for _ in range(4_000))
        answers = await asyncio.gather(*calls, return_exceptions=True)

    assert [] == [answer for answer in answers if isinstance(answer, BaseException)]


async def test_the_request_id_travels() -> None:
    """A caller's id reaches the method and the log of the server."""
    generation = FakeGeneration()
    token = request_id.set("r-77")
    async with serving_generation(generation) as server:
        await get(server, metadata=call_metadata("NVX key"))
    request_id.reset(token)

    assert [(5, "NVX key", "r-77")] == generation.calls


async def test_a_call_without_a_fit_request_id_gets_one() -> None:
    """A server never works without an id, and a failed call tells it."""
    generation = FakeGeneration(error=NotNow())
    async with serving_generation(generation) as server:
        answer = await failure(server, metadata=[("x-request-id", "x" * 65)])

    [(_, _, made)] = generation.calls
    assert 16 == len(made)
    assert made == dict(answer.trailing_metadata())["x-request-id"]


async def test_a_client_that_goes_ends_the_method_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The method is closed at once, and the log says that the call was cancelled."""
    caplog.set_level(logging.INFO, "daybook.rpc")
    generation = FakeGeneration(pause=asyncio.Event())
    async with serving_generation(generation) as server:
        call = GenerationServiceStub(server.channel).StreamParts(StreamPartsRequest())
        await call.read()
        assert 1 == generation.running
        call.cancel()
        await until(lambda: 0 == generation.running)
        await until(lambda: any("CANCELLED" == getattr(record, "status", "") for record in caplog.records))


async def test_a_client_that_takes_nothing_is_given_up() -> None:
    """A stream whose client stopped reading does not keep its method alive."""
    parts = [_big_part()] * 100
    generation = FakeGeneration(parts=parts)
    async with serving_generation(generation, idle_s=0.2) as server:
        call = GenerationServiceStub(server.channel).StreamParts(StreamPartsRequest())
        await call.read()
        await until(lambda: 0 == generation.running)

        assert 0 < generation.sent < 100
        call.cancel()


async def test_a_stop_lets_a_running_stream_finish() -> None:
    """After SIGTERM new calls are refused, the running one gets its last message, and the server ends with it."""
    generation = FakeGeneration(pause=asyncio.Event())
    health = Health([GENERATION])
    async with serving_generation(generation) as running:
        serving = asyncio.ensure_future(run_until_stopped(running.server, health, 30))
        call = GenerationServiceStub(running.channel).WatchReport(WatchReportRequest())
        await call.read()
        os.kill(os.getpid(), signal.SIGTERM)
        async with open_channel(running.address) as late:
            with pytest.raises(AioRpcError):
                await _asked_for_ever(late)
        generation.pause.set()

        assert await call.read() is not EOF
        assert await call.read() is EOF
        await asyncio.wait_for(serving, 60)


async def _asked_for_ever(channel: grpc.aio.Channel) -> None:
    while True:
        await GenerationServiceStub(channel).GetReport(GetReportRequest(), timeout=30)


async def test_a_taken_port_is_said_clearly() -> None:
    """A second server on the same port does not start."""
    async with serving_generation(FakeGeneration()) as running:
        health = Health([GENERATION])
        second = make_server([GENERATION], health)
        with pytest.raises(CannotListen, match=running.address):
            await start(second, health, running.address)
        await second.stop(0)


async def test_a_channel_with_own_connections_lets_no_call_of_another_fail() -> None:
    """A worker asks a service that is not there yet; once it serves, the first call of a reader passes."""
    async with serving_generation(FakeGeneration()) as gone:
        address = gone.address
    async with open_channel(address, own_connections=True) as trying, open_channel(address) as reading:
        for _ in range(REFUSALS):
            refused = await failure_of_call(GenerationServiceStub(trying).GetReport(GetReportRequest(), timeout=30))
            assert StatusCode.UNAVAILABLE is refused
        health = Health([GENERATION])
        server = make_server([GENERATION], health)
        add_GenerationServiceServicer_to_server(FakeGeneration(), server)
        await start(server, health, address)
        try:
            assert await GenerationServiceStub(reading).GetReport(GetReportRequest(report_id=5), timeout=30) is not None
        finally:
            await server.stop(0)


async def failure_of_call(call: grpc.aio.UnaryUnaryCall[Message, Message]) -> StatusCode:
    """Return the status of a call that fails."""
    with pytest.raises(AioRpcError) as caught:
        await call
    return caught.value.code()


def _big_part() -> Message:
    return SheetPart(sheet=Sheet(header="x" * 500_000))


async def test_every_answer_names_the_request_id_that_was_used() -> None:
    """Also a good one; what may be a key is replaced."""
    async with serving_generation(FakeGeneration()) as server:
        for offered, is_taken in (("r-9", True), ("a" * 32, False), ("a b", False)):
            request = GetReportRequest(report_id=5)
            call = GenerationServiceStub(server.channel).GetReport(request, metadata=[("x-request-id", offered)])
            await call
            named = dict(await call.trailing_metadata())["x-request-id"]
            assert is_taken == (offered == named)


async def test_a_connection_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handshake of HTTP/2 has its time; a caller that speaks is served."""
    quick = [option for option in OPTIONS if option[0] != "grpc.server_handshake_timeout_ms"]
    assert len(quick) == len(OPTIONS) - 1
    monkeypatch.setattr("services.runtime.serve.OPTIONS", [*quick, ("grpc.server_handshake_timeout_ms", 300)])
    async with serving_generation(FakeGeneration()) as server:
        host, _, port = server.address.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        async with asyncio.timeout(30):
            while await reader.read(1000):
                pass
        writer.transport.abort()
        assert SERVING == await health_of(server, "")


@pytest.mark.parametrize(("listen", "count"), [("127.0.0.1:0", 0), ("localhost:0", 0), ("0.0.0.0:0", 1)])
async def test_plain_text_on_another_address_is_one_warning(
    caplog: pytest.LogCaptureFixture, listen: str, count: int
) -> None:
    health = Health([])
    server = make_server([], health)
    await start(server, health, listen)
    await server.stop(0)

    assert count == sum("plain text" in record.message for record in caplog.records)
