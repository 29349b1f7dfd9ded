"""Calls of a traced process on real channels: they end as they would untraced, and their spans say how."""

import asyncio
from collections.abc import Iterator

import grpc
import pytest
from daybook.generation.v1.generation_service_pb2 import GetReportRequest, ReportHead, StreamPartsRequest
from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub

from services.errors import NotFound
from services.runtime import tracing
from tests.fakes.generation_service import FakeGeneration
from tests.fakes.trace_collector import Collector, Seen, collecting
from tests.integration.servers import KNOWN, serving_generation, until

GET, STREAM = (f"daybook.generation.v1.GenerationService/{name}" for name in ("GetReport", "StreamParts"))


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """Give the collector of this process, which is traced."""
    with collecting() as running:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://{running.address}")
        tracing.configure("test", promptly=True)
        yield running
        tracing.close(within_s=5)


async def spans_of(collector: Collector, trace_parent: str, count: int) -> list[Seen]:
    """Return the spans of a trace, once there are so many."""
    trace = trace_parent.split("-")[1]
    return await asyncio.to_thread(collector.of, trace, lambda found: len(found) >= count)


async def test_a_failed_call_fails_as_it_does_untraced(collector: Collector) -> None:
    """Its spans, on both sides, name the status and nothing of what was said."""
    async with serving_generation(FakeGeneration(error=NotFound("There is no secret"))) as server:
        with tracing.span("outside"):
            trace = tracing.trace_parent()
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await GenerationServiceStub(server.channel).GetReport(GetReportRequest(report_id=5), metadata=(KNOWN,))
        spans = await spans_of(collector, trace, 3)

    assert grpc.StatusCode.NOT_FOUND is caught.value.code()
    assert ["outside", GET, GET] == sorted((span.name for span in spans), reverse=True)
    assert any('"NOT_FOUND"' in text for text in collector.texts)
    assert not any("secret" in text for text in collector.texts)


async def test_a_stranger_takes_no_part_in_a_trace(collector: Collector) -> None:
    """Whose trace it is says a caller that the server knows; else the server begins one of its own."""
    async with serving_generation(FakeGeneration(error=NotFound())) as server:
        with tracing.span("outside"):
            trace = tracing.trace_parent()
            for shown in (("x-gateway-secret", "guess"), KNOWN):
                with pytest.raises(grpc.aio.AioRpcError):
                    await GenerationServiceStub(server.channel).GetReport(GetReportRequest(), metadata=(shown,))
        spans = await spans_of(collector, trace, 4)

    assert ["outside", GET, GET, GET] == sorted((span.name for span in spans), reverse=True)


async def test_a_call_can_be_cancelled_by_whoever_waits_for_it(collector: Collector) -> None:
    """The task is cancelled, and the other side learns of it."""
    generation = FakeGeneration(head=ReportHead(), pause=asyncio.Event())
    async with serving_generation(generation) as server:
        with tracing.span("outside"):
            trace = tracing.trace_parent()
            call = GenerationServiceStub(server.channel).StreamParts(StreamPartsRequest(report_id=5), metadata=(KNOWN,))
            assert (await call.read()).HasField("head")
            waiting = asyncio.ensure_future(call.read())
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            call.cancel()
        await until(lambda: generation.running == 0)
        spans = await spans_of(collector, trace, 3)

    assert ["outside", STREAM, STREAM] == sorted((span.name for span in spans), reverse=True)


async def test_what_nobody_asked_for_makes_no_spans(collector: Collector) -> None:
    """A call outside of any span, such as a look at a service's health, begins no trace on the client's side."""
    async with serving_generation(FakeGeneration()) as server:
        await GenerationServiceStub(server.channel).GetReport(GetReportRequest(report_id=5), metadata=(KNOWN,))
        await asyncio.to_thread(collector.until, lambda: bool(collector.spans))

    assert [(GET, "")] == [(span.name, span.parent) for span in collector.spans]
