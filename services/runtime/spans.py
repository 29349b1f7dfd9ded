"""OpenTelemetry tracer. Only `tracing` loads this module, and only when an exporter is configured."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from services.runtime.tracer import TRACE_PARENT_KEY, Attributes, Kind, Span

KINDS: dict[Kind, SpanKind] = {"internal": SpanKind.INTERNAL, "server": SpanKind.SERVER}
PROMPT_MS = 100
W3C = TraceContextTextMapPropagator()


class NotedSpan:
    """Fills OpenSpan."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span
        self.failed = False

    def note(self, attributes: Attributes) -> None:
        """Add attributes."""
        self._span.set_attributes(dict(attributes))

    def fail(self, why: str) -> None:
        """Mark it as failed, in a word."""
        self.failed = True
        self._span.set_status(StatusCode.ERROR, why)

    @property
    def trace_parent(self) -> str:
        """The `traceparent` of its children."""
        carrier: dict[str, str] = {}
        W3C.inject(carrier, trace.set_span_in_context(self._span))
        return carrier.get(TRACE_PARENT_KEY, "")

    def end(self) -> None:
        """End it."""
        self._span.end()


class OpenTelemetry:
    """Fills Tracer. Spans are sent in batches by a thread; what a dead collector does not take is dropped."""

    def __init__(self, service: str, exporter: str, *, promptly: bool) -> None:
        self._exporter: SpanExporter = OTLPSpanExporter() if exporter == "otlp" else _console()
        self._batches = BatchSpanProcessor(self._exporter, schedule_delay_millis=PROMPT_MS if promptly else None)
        named = Resource.create({"service.name": f"daybook-{service}"}).merge(OTELResourceDetector().detect())
        provider = TracerProvider(resource=named, shutdown_on_exit=False)  # it would wait for a dead collector
        provider.add_span_processor(self._batches)
        self._tracer = provider.get_tracer("daybook")

    @contextmanager
    def span(self, name: str, attributes: Attributes, kind: Kind, parent: str | None) -> Iterator[Span]:
        """Open a span that is the current one inside the context."""
        context = None if parent is None else W3C.extract({TRACE_PARENT_KEY: parent})
        with self._tracer.start_as_current_span(
            name,
            context,
            KINDS[kind],
            dict(attributes),
            record_exception=False,  # the text of an error may hold what is secret
            set_status_on_exception=False,
        ) as span:
            noted = NotedSpan(span)
            try:
                yield noted
            except asyncio.CancelledError:
                noted.note({"daybook.cancelled": True})
                raise
            except BaseException as error:
                if not noted.failed:
                    noted.fail(type(error).__name__)
                raise

    def child(self, name: str, attributes: Attributes) -> NotedSpan | None:
        """Begin a span of an outgoing call, None outside of recorded spans."""
        if not trace.get_current_span().is_recording():
            return None
        return NotedSpan(self._tracer.start_span(name, kind=SpanKind.CLIENT, attributes=dict(attributes)))

    def trace_parent(self) -> str:
        """Return the `traceparent` of the current span, "" when there is none."""
        return NotedSpan(trace.get_current_span()).trace_parent

    def close(self, within_s: float) -> None:
        """Send the remaining spans, for so long at most."""
        flush = threading.Thread(target=self._batches.force_flush, daemon=True, name="last spans")
        flush.start()
        flush.join(within_s)
        self._exporter.shutdown()  # ends what is still tried


def _console() -> SpanExporter:
    return ConsoleSpanExporter(out=sys.stdout, formatter=_line)


def _line(span: ReadableSpan) -> str:
    return f"{span.to_json(indent=None)}\n"
