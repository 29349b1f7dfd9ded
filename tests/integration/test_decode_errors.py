"""Requests that are no messages are bad parameters, however the call asks and is answered."""

from collections.abc import AsyncIterable, AsyncIterator
from typing import Any

import grpc
import pytest
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.input.v1.input_service_pb2 import DESCRIPTOR, UpsertRequest, UpsertResponse
from daybook.input.v1.input_service_pb2_grpc import InputServiceServicer, add_InputServiceServicer_to_server
from daybook.report.v1.report_pb2 import Plugin

from services.errors import Violation
from services.runtime.errors import failure_of
from tests.fakes.generation_service import FakeGeneration
from tests.integration.servers import GENERATION, Server, serving, serving_generation

INPUTS = DESCRIPTOR.services_by_name["InputService"].full_name
JUNK = b"\xff\xff\xff"
BAD = ("INVALID_PARAMETERS", (Violation("request", "must be a message of the contract, not nested too deep"),))


class Inputs(InputServiceServicer):
    """Counts what comes."""

    async def Upsert(  # noqa: N802  the contract's name
        self, request_iterator: AsyncIterator[UpsertRequest], context: grpc.aio.ServicerContext
    ) -> UpsertResponse:
        del context
        return UpsertResponse(stored_count=len([one async for one in request_iterator]))


def nested(depth: int) -> bytes:
    """Return a request with lists in lists, written by hand because protobuf may refuse to."""

    def inside(tag: int, data: bytes) -> bytes:
        size, length = len(data), b""
        while size > 127:
            length, size = length + bytes([size & 127 | 128]), size >> 7
        return bytes([tag << 3 | 2]) + length + bytes([size]) + data

    value = b"\x08\x00"  # Value.null_value
    for _ in range(depth):
        value = inside(6, inside(1, value))  # Value.list_value.values
    options = inside(1, inside(1, b"a") + inside(2, value))  # Struct.fields["a"]
    return inside(GenerateReportRequest.PLUGIN_FIELD_NUMBER, inside(Plugin.OPTIONS_FIELD_NUMBER, options))


async def answers(call: Any) -> list[bytes]:
    """Return all that a call answers."""
    return [one async for one in call] if isinstance(call, AsyncIterable) else [await call]


async def refusal(call: Any) -> tuple[grpc.StatusCode, object]:
    """Return how a call fails."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await answers(call)
    failure = failure_of(caught.value)
    return failure.code, (failure.reason, failure.violations)


@pytest.mark.parametrize("sent", [JUNK, nested(60)], ids=["junk", "nested"])
async def test_a_unary_call_is_told(sent: bytes) -> None:
    """Bytes that are nothing, and lists in lists deeper than protobuf reads."""
    async with serving_generation(FakeGeneration()) as server:
        ended = await refusal(server.channel.unary_unary(f"/{GENERATION}/GenerateReport")(sent))

    assert (grpc.StatusCode.INVALID_ARGUMENT, BAD) == ended


async def test_a_call_that_is_answered_by_a_stream_is_told() -> None:
    """Before anything is answered."""
    async with serving_generation(FakeGeneration()) as server:
        ended = await refusal(server.channel.unary_stream(f"/{GENERATION}/WatchReport")(JUNK))

    assert (grpc.StatusCode.INVALID_ARGUMENT, BAD) == ended


async def test_a_stream_of_requests_is_told_when_it_comes_to_the_bad_one() -> None:
    """Those before it were taken; a stream without one goes through."""

    async def writing(server: Server, *sent: bytes) -> bytes:
        return await server.channel.stream_unary(f"/{INPUTS}/Upsert")(iter(sent))

    def add(server: grpc.aio.Server) -> None:
        add_InputServiceServicer_to_server(Inputs(), server)

    good = UpsertRequest(workspace_id=1).SerializeToString()
    async with serving(add, INPUTS) as server:
        written = UpsertResponse.FromString(await writing(server, good, good))
        ended = await refusal(writing(server, good, JUNK, good))

    assert 2 == written.stored_count
    assert (grpc.StatusCode.INVALID_ARGUMENT, BAD) == ended
