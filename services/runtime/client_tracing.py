"""Client interceptors that make spans of outgoing RPCs and send the trace parent in their metadata."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
from grpc.aio import (
    Call,
    ClientCallDetails,
    ClientInterceptor,
    Metadata,
    UnaryStreamClientInterceptor,
    UnaryUnaryClientInterceptor,
)

from services.runtime import tracing
from services.runtime.tracer import TRACE_PARENT_KEY, OpenSpan

Continuation = Callable[[ClientCallDetails, Any], Awaitable[Any]]


class _Traced:
    """Begins a span with the call and ends it when the call is over, however it ends."""

    def __init__(self) -> None:
        self._ending: set[asyncio.Task[None]] = set()  # a task without a reference may be lost

    async def _call(self, continuation: Continuation, details: ClientCallDetails, request: Any) -> Any:
        name = _name(details.method)
        span = tracing.child(name, {"rpc.system": "grpc", "rpc.method": name})
        parent = span.trace_parent if span else tracing.trace_parent()
        if parent:
            metadata = Metadata(*(details.metadata or ()), (TRACE_PARENT_KEY, parent))
            details = ClientCallDetails(
                details.method, details.timeout, metadata, details.credentials, details.wait_for_ready
            )
        call = await continuation(details, request)
        if span:
            task = asyncio.create_task(_end(span, call))
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
        return call


def _name(method: object) -> str:
    """Return service and method; grpc passes bytes, whatever its types claim."""
    return (method.decode() if isinstance(method, bytes) else str(method)).strip("/")


async def _end(span: OpenSpan, call: Call) -> None:
    code = await call.code()
    span.note({"rpc.grpc.status_code": code.value[0]})
    if code is not grpc.StatusCode.OK:
        span.fail(code.name)
    span.end()


class TracedUnary(_Traced, UnaryUnaryClientInterceptor):
    """Traces calls with one answer."""

    async def intercept_unary_unary(
        self, continuation: Continuation, client_call_details: ClientCallDetails, request: Any
    ) -> Any:
        """Make the call."""
        return await self._call(continuation, client_call_details, request)


class TracedStreams(_Traced, UnaryStreamClientInterceptor):
    """Traces calls with a stream of answers."""

    async def intercept_unary_stream(
        self, continuation: Continuation, client_call_details: ClientCallDetails, request: Any
    ) -> Any:
        """Make the call."""
        return await self._call(continuation, client_call_details, request)


def client_interceptors() -> list[ClientInterceptor]:
    """Return the interceptors that make spans of a channel's calls, none where this process is not traced."""
    return [TracedUnary(), TracedStreams()] if tracing.is_on() else []
