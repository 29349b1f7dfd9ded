"""Fake collector of traces: it takes OTLP over gRPC and keeps the spans."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)

WITHIN_S = 120.0


@dataclass(frozen=True)
class Seen:
    """A span that came in."""

    service: str
    name: str
    trace: str
    id: str
    parent: str


@dataclass
class Collector(TraceServiceServicer):
    """Keeps what it is sent."""

    address: str = ""
    spans: list[Seen] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)  # all that came, as text

    def Export(self, request: ExportTraceServiceRequest, _: object) -> ExportTraceServiceResponse:  # noqa: N802  the contract's name
        self.texts.append(str(request))
        for resource in request.resource_spans:
            (service,) = [one.value.string_value for one in resource.resource.attributes if one.key == "service.name"]
            for span in (one for scope in resource.scope_spans for one in scope.spans):
                ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
                self.spans.append(Seen(service, span.name, *ids))
        return ExportTraceServiceResponse()

    def of(self, trace: str, enough: Callable[[list[Seen]], bool]) -> list[Seen]:
        """Return the spans of a trace, once they are enough or time is up."""

        def found() -> list[Seen]:
            return [span for span in list(self.spans) if span.trace == trace]

        self.until(lambda: enough(found()))
        return found()

    def until(self, claim: Callable[[], bool]) -> None:
        """Wait until a claim holds, or time is up."""
        ends = time.monotonic() + WITHIN_S
        while not claim() and time.monotonic() < ends:
            time.sleep(0.05)


@contextmanager
def collecting() -> Iterator[Collector]:
    """Run a collector on a free port."""
    collector = Collector()
    with ThreadPoolExecutor(2) as threads:
        server = grpc.server(threads)
        add_TraceServiceServicer_to_server(collector, server)
        collector.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        server.start()
        yield collector
        server.stop(0).wait()
