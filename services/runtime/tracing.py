"""Tracing, on when the variables of OpenTelemetry name an exporter; without them nothing is imported.

`OTEL_TRACES_EXPORTER` is `otlp` or `console`; an `OTEL_EXPORTER_OTLP_ENDPOINT` alone means `otlp`. The parent of a
span travels as W3C `traceparent`. Nothing secret belongs into a span: no hash, no token, no query, no text of an error.
"""

import logging
import os
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from services.runtime.tracer import Attributes, Kind, OpenSpan, Span, Tracer

log = logging.getLogger("daybook.tracing")


class WrongTracing(ValueError):
    """The tracing variables of the environment cannot be obeyed."""


class _Nothing:
    def note(self, attributes: Attributes) -> None:
        pass

    def fail(self, why: str) -> None:
        pass


_NOTHING = nullcontext[Span](_Nothing())
_lock = threading.Lock()
_tracer: Tracer | None = None


def exporter_named(environment: Mapping[str, str]) -> str:
    """Return `otlp`, `console`, or "" when the environment asks for no traces. Raises WrongTracing."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return ""
    endpoint = environment.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or environment.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    name = environment.get("OTEL_TRACES_EXPORTER") or ("otlp" if endpoint else "none")
    if name not in ("otlp", "console", "none"):
        raise WrongTracing("wrong settings: OTEL_TRACES_EXPORTER: must be otlp, console or none")
    protocol = environment.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or environment.get("OTEL_EXPORTER_OTLP_PROTOCOL")
    if name == "otlp" and protocol not in (None, "", "grpc"):
        raise WrongTracing("wrong settings: OTEL_EXPORTER_OTLP_PROTOCOL: must be grpc")
    return "" if name == "none" else name


def configure(service: str, *, promptly: bool = False) -> None:
    """Trace this process from now on if the environment says so; `promptly` sends spans at once, not every 5 s.

    Raises WrongTracing.
    """
    global _tracer  # noqa: PLW0603 - one per process, as the root logger is
    exporter = exporter_named(os.environ)
    with _lock:
        if exporter and _tracer is None:
            from services.runtime.spans import OpenTelemetry  # noqa: PLC0415 - loads half a second of modules

            _tracer = OpenTelemetry(service, exporter, promptly=promptly)


def close(within_s: float) -> None:
    """Send the remaining spans, for so long at most, and trace no more."""
    global _tracer
    with _lock:
        ended, _tracer = _tracer, None
    if ended is not None:
        ended.close(within_s)


def is_on() -> bool:
    """Return whether this process is traced."""
    return _tracer is not None


def span(
    name: str, attributes: Attributes | None = None, *, kind: Kind = "internal", parent: str | None = None
) -> AbstractContextManager[Span]:
    """Return a context that is a span: below the current span, or below `parent`, where "" begins a trace.

    An error that leaves the context marks the span as failed, with its class alone; a cancellation is only noted.
    """
    return _NOTHING if _tracer is None else _tracer.span(name, attributes or {}, kind, parent)


def unit_span(name: str, trace_parent: str, attributes: Attributes) -> AbstractContextManager[Span]:
    """Return the span of a unit of work, in a worker process that traces from its first traced unit on."""
    if trace_parent and _tracer is None:
        try:
            configure("worker", promptly=True)  # a worker may be killed as soon as its unit is done
        except WrongTracing as wrong:
            log.warning("no traces", extra={"why": str(wrong)})
    return span(name, attributes, parent=trace_parent)


def child(name: str, attributes: Attributes) -> OpenSpan | None:
    """Begin a span of an outgoing call, None outside of recorded spans."""
    return None if _tracer is None else _tracer.child(name, attributes)


def trace_parent() -> str:
    """Return the `traceparent` of the current span, "" when there is none."""
    return "" if _tracer is None else _tracer.trace_parent()
