"""Every server of ours: health, reflection, channelz, request ids, answers to failed calls, an orderly stop."""

import asyncio
import logging
import os
import signal

import grpc
import pytest
from daybook.generation.v1.generation_service_pb2 import (
    GetReportRequest,
    ListReportsRequest,
    StreamPartsRequest,
    WatchReportRequest,
)
from daybook.generation.v1.generation_service_pb2_grpc import (
    GenerationServiceStub,
    add_GenerationServiceServicer_to_server,
)
from daybook.report.v1.sheet_pb2 import Sheet, SheetPart
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.message import Message
from grpc import StatusCode
from grpc.aio import EOF, AioRpcError
from grpc_channelz.v1 import channelz_pb2, channelz_pb2_grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from services.errors import InvalidParameters, NotNow, SpanTooLong, Violation
from services.runtime.channel import call_metadata, open_channel
from services.runtime.errors import failure_of
from services.runtime.introspection import Introspection
from services.runtime.logs import request_id
from services.runtime.serve import OPTIONS, CannotListen, Health, make_server, run_until_stopped, start
from tests.fakes.generation_service import FakeGeneration
from tests.integration.servers import GENERATION, Server, serving, serving_generation, until

SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING
REFUSALS = 20


async def health_of(server: Server, name: str) -> int:
    answer = await health_pb2_grpc.HealthStub(server.channel).Check(health_pb2.HealthCheckRequest(service=name))
    return answer.status


async def get(server: Server, **call: object) -> Message:
    return await GenerationServiceStub(server.channel).GetReport(GetReportRequest(report_id=5), timeout=60, **call)


async def failure(server: Server, **call: object) -> AioRpcError:
    with pytest.raises(AioRpcError) as caught:
        await get(server, **call)
    return caught.value


async def test_health_tells_a_living_process_from_a_serving_one() -> None:
    """The empty name is the process; a service serves once it says so; a strange name is not found."""
    async with serving_generation(FakeGeneration()) as server:
        assert (SERVING, NOT_SERVING) == (await health_of(server, ""), await health_of(server, GENERATION))
        await server.health.set_serving(True)
        assert (SERVING, SERVING) == (await health_of(server, ""), await health_of(server, GENERATION))
        with pytest.raises(AioRpcError):
            await health_of(server, "strange")


async def test_reflection_lists_all_services() -> None:
    """A tool without our contracts finds ours and the three standard ones."""
    async with serving_generation(FakeGeneration()) as server:
        stub = reflection_pb2_grpc.ServerReflectionStub(server.channel)
        call = stub.ServerReflectionInfo(iter([reflection_pb2.ServerReflectionRequest(list_services="")]))
        listed = [service.name for service in (await call.read()).list_services_response.service]

    standard = ["grpc.channelz.v1.Channelz", "grpc.health.v1.Health"]
    standard += ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"]
    assert [GENERATION, *standard] == sorted(listed)


async def test_channelz_counts_the_calls() -> None:
    """An operator sees what a server has done."""
    async with serving_generation(FakeGeneration()) as server:
        await get(server)
        stub = channelz_pb2_grpc.ChannelzStub(server.channel)
        servers = (await stub.GetServers(channelz_pb2.GetServersRequest(start_server_id=0))).server

    assert 1 <= max(one.data.calls_succeeded for one in servers)


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


async def test_an_error_arrives_with_its_status_reason_and_words() -> None:
    """The client reads the error that a method raises."""
    async with serving_generation(FakeGeneration(error=SpanTooLong("P90D"))) as server:
        read = failure_of(await failure(server))

    assert (grpc.StatusCode.INVALID_ARGUMENT, "SPAN_TOO_LONG", {"max_time_span": "P90D"}) == (
        read.code,
        read.reason,
        read.metadata,
    )


async def test_the_largest_error_fits_into_trailers() -> None:
    """A thousand violations of the widest characters arrive as an error of theirs, not of the transport."""
    wide = "\N{DELIVERY TRUCK}" * 500
    async with serving_generation(FakeGeneration(error=InvalidParameters([Violation(wide, wide)] * 1_000))) as server:
        read = failure_of(await failure(server))

    assert (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_PARAMETERS") == (read.code, read.reason)
    assert 100 == len(read.violations[0].field)


async def test_an_unforeseen_error_shows_nothing_of_itself_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The client reads that something happened; the log has what, under the request's id."""
    async with serving_generation(FakeGeneration(error=ValueError("secret"))) as server:
        answer = await failure(server)

    assert (grpc.StatusCode.INTERNAL, "UNEXPECTED") == (answer.code(), failure_of(answer).reason)
    assert "secret" not in repr(answer)
    assert ["secret"] == [str(record.exc_info[1]) for record in caplog.records if record.exc_info]


async def test_a_method_that_raises_a_cancellation_of_its_own_is_answered() -> None:
    """A client is never left without an answer: a cancellation that is not the call's is an unforeseen error."""
    async with serving_generation(FakeGeneration(error=asyncio.CancelledError())) as server:
        assert grpc.StatusCode.INTERNAL == (await failure(server)).code()


async def test_a_late_error_ends_a_stream_with_its_status() -> None:
    """The streamed messages arrive, then the status."""
    async with serving_generation(FakeGeneration(late_error=NotNow())) as server:
        call = GenerationServiceStub(server.channel).WatchReport(WatchReportRequest())
        assert await call.read() is not EOF
        with pytest.raises(AioRpcError) as caught:
            await call.read()

    assert "NOT_READY" == failure_of(caught.value).reason


class Relay(FakeGeneration):
    """A service that asks another one, and the transport where that one does not answer."""

    def __init__(self, upstream: grpc.aio.Channel) -> None:
        super().__init__()
        self._upstream = GenerationServiceStub(upstream)

    async def GetReport(self, request: GetReportRequest, _context: grpc.aio.ServicerContext) -> Message:  # noqa: N802  the contract's name
        return await self._upstream.GetReport(request, timeout=60, metadata=call_metadata(None))


async def test_an_upstream_failure_passes_unchanged() -> None:
    """Status, words, details and request id of the far service reach the client through a near one."""
    far = FakeGeneration(error=InvalidParameters.one("report_id", "must be positive"))
    async with serving_generation(far) as upstream, serving_generation(Relay(upstream.channel)) as server:
        direct = await failure(upstream)
        relayed = await failure(server, metadata=[("x-request-id", "r-9")])

    assert failure_of(direct) == failure_of(relayed)
    assert "r-9" == far.calls[-1][2] == dict(relayed.trailing_metadata())["x-request-id"]


async def test_an_upstream_that_is_gone_is_unavailable_without_its_address() -> None:
    """The text of gRPC about a refused connection stays inside."""
    async with open_channel("127.0.0.1:1") as nowhere, serving_generation(Relay(nowhere)) as server:
        answer = await failure(server)

    assert (grpc.StatusCode.UNAVAILABLE, "SERVICE_UNAVAILABLE") == (answer.code(), failure_of(answer).reason)
    assert "127.0.0.1:1" not in (answer.details() or "")


async def test_an_unknown_method_is_answered_by_grpc() -> None:
    """A method that nobody wrote is unimplemented, not unexpected."""
    async with serving_generation(FakeGeneration()) as server:
        with pytest.raises(AioRpcError) as caught:
            await server.channel.unary_unary("/daybook.Nothing/Nothing")(b"")

    assert grpc.StatusCode.UNIMPLEMENTED == caught.value.code()


async def test_a_method_that_aborts_by_itself_keeps_its_status() -> None:
    """The interceptor does not answer twice."""

    class Aborting(FakeGeneration):
        async def ListReports(self, _request: ListReportsRequest, context: grpc.aio.ServicerContext) -> Message:  # noqa: N802  the contract's name
            await context.abort(grpc.StatusCode.ABORTED, "by hand")

    async with serving_generation(Aborting()) as server:
        with pytest.raises(AioRpcError) as caught:
            await GenerationServiceStub(server.channel).ListReports(ListReportsRequest())

    assert (grpc.StatusCode.ABORTED, "by hand") == (caught.value.code(), caught.value.details())


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


@pytest.mark.parametrize("version", ["v1", "v1alpha"])
async def test_reflection_describes_itself_in_both_versions(version: str) -> None:
    """Newer clients ask for v1 alone; the file of each is under its own name."""
    name = f"grpc.reflection.{version}.ServerReflection"
    async with serving(lambda _: None, GENERATION) as server:
        ask = server.channel.stream_stream(
            f"/{name}/ServerReflectionInfo",
            request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
            response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
        )
        requests = [reflection_pb2.ServerReflectionRequest(file_containing_symbol=one) for one in (name, GENERATION)]
        own, ours = [answer async for answer in ask(iter(requests))]

    (file,) = own.file_descriptor_response.file_descriptor_proto
    assert f"grpc.reflection.{version}" == FileDescriptorProto.FromString(file).package
    assert ours.file_descriptor_response.file_descriptor_proto


async def test_reflection_and_channelz_can_be_left_out() -> None:
    """Whoever asks is told that there is no such service."""
    health = Health([GENERATION])
    server = make_server([GENERATION], health, introspection=Introspection(reflection=False, channelz=False))
    port = await start(server, health, "127.0.0.1:0")
    async with open_channel(f"127.0.0.1:{port}") as channel:
        for method in ("reflection.v1.ServerReflection/ServerReflectionInfo", "channelz.v1.Channelz/GetServers"):
            with pytest.raises(AioRpcError) as refused:
                await channel.unary_unary(f"/grpc.{method}")(b"")
            assert StatusCode.UNIMPLEMENTED == refused.value.code()
    await server.stop(0)


@pytest.mark.parametrize(("listen", "count"), [("127.0.0.1:0", 0), ("localhost:0", 0), ("0.0.0.0:0", 1)])
async def test_plain_text_on_another_address_is_one_warning(
    caplog: pytest.LogCaptureFixture, listen: str, count: int
) -> None:
    health = Health([])
    server = make_server([], health)
    await start(server, health, listen)
    await server.stop(0)

    assert count == sum("plain text" in record.message for record in caplog.records)
