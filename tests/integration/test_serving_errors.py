"""Errors of methods over a real channel, as the client reads them."""

import asyncio

import grpc
import pytest
from daybook.generation.v1.generation_service_pb2 import GetReportRequest, ListReportsRequest, WatchReportRequest
from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
from google.protobuf.message import Message
from grpc.aio import EOF, AioRpcError

from services.errors import InvalidParameters, NotNow, SpanTooLong, Violation
from services.runtime.channel import call_metadata, open_channel
from services.runtime.errors import failure_of
from tests.fakes.generation_service import FakeGeneration
from tests.integration.servers import failure, serving_generation


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
