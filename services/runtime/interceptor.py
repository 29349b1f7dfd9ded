"""gRPC server that gives every call its request id, its log line and metrics, and an answer when it fails."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Self

import grpc
from grpc.aio import AbortError, InternalError, ServicerContext
from prometheus_client import Histogram

from services.errors import DaybookError
from services.runtime import deadline, fair_threads, tracing
from services.runtime.callers import Callers
from services.runtime.channel import accept_metadata, text_of
from services.runtime.decode_errors import checked, decoder
from services.runtime.errors import DETAILS_KEY, Answer, answer_of, details_of, message_of, status_of
from services.runtime.logs import REQUEST_ID_KEY, accept_request_id, log_event, request_id
from services.runtime.metrics import RPC_SECONDS
from services.runtime.reader_rate import WINDOW_S, ReaderRate, SlowReader
from services.runtime.tracer import TRACE_PARENT_KEY

NO_REPEAT = ("grpc-retry-pushback-ms", "-1")  # an answer is final: a channel repeats only calls without an answer

log = logging.getLogger("daybook.rpc")

Handler = Any  # a grpc.RpcMethodHandler; grpc types its four behaviours as optional attributes
Context = ServicerContext[Any, Any]
Behaviour = Callable[[Any, Context], Any]


_is_routine: ContextVar[bool] = ContextVar("is_routine", default=False)


def log_call_as_debug() -> None:
    """Log the present call at DEBUG if it succeeds: it is one that comes again and again and did nothing."""
    _is_routine.set(True)


class ClientGone(Exception):
    """The client does not take what the method sends, or too slowly."""


class InterceptedServer(grpc.aio.Server):
    """Server whose servicers' methods are intercepted; those that the inner server already has are left alone."""

    def __init__(self, inner: grpc.aio.Server, client_idle_s: float = WINDOW_S, callers: Callers | None = None) -> None:
        self._inner = inner
        self._client_idle_s = client_idle_s
        self._callers = callers or Callers()

    def add_registered_method_handlers(self, service_name: str, method_handlers: Mapping[str, Handler]) -> None:
        """Add the methods of a servicer, each wrapped once."""
        methods = {name: (f"/{service_name}/{name}", handler) for name, handler in method_handlers.items()}
        wrapped = {name: self._wrapped(handler, method) for name, (method, handler) in methods.items()}
        self._inner.add_registered_method_handlers(service_name, wrapped)

    def add_generic_rpc_handlers(self, generic_rpc_handlers: Iterable[grpc.GenericRpcHandler]) -> None:
        """Do nothing: generated code adds the same methods by name."""

    def add_insecure_port(self, address: str) -> int:  # noqa: D102
        return self._inner.add_insecure_port(address)

    def add_secure_port(self, address: str, server_credentials: grpc.ServerCredentials) -> int:  # noqa: D102
        return self._inner.add_secure_port(address, server_credentials)

    async def start(self) -> None:  # noqa: D102
        await self._inner.start()

    async def stop(self, grace: float | None) -> None:  # noqa: D102
        await self._inner.stop(grace)

    async def wait_for_termination(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109, D102
        return await self._inner.wait_for_termination(timeout)

    def _wrapped(self, handler: Handler, method: str) -> Handler:
        requests = "stream" if handler.request_streaming else "unary"
        serialize = _serializer(handler.response_serializer)
        responses = "stream" if handler.response_streaming else "unary"
        behaviour = getattr(handler, f"{requests}_{responses}")
        if handler.response_streaming:
            behaviour = _written(behaviour, self._client_idle_s, serialize)
        make = getattr(grpc, f"{requests}_{responses}_rpc_method_handler")
        return make(
            _intercepted(checked(behaviour, streaming=handler.request_streaming), method, self._callers),
            request_deserializer=decoder(handler.request_deserializer),
            response_serializer=serialize,
        )


def _serializer(serialize: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    """Return a serializer that lets serialized messages pass."""
    return lambda message: message if isinstance(message, bytes) else serialize(message)


def _intercepted(behaviour: Behaviour, method: str, callers: Callers) -> Behaviour:
    """Observe how the call ends, and end a failed call with its answer."""
    seconds = _Seconds(method.strip("/"))

    async def call(request: Any, context: Context) -> Any:
        metadata = accept_metadata(context)
        named = (REQUEST_ID_KEY, accept_request_id(text_of(metadata, REQUEST_ID_KEY)))
        context.set_trailing_metadata((named,))
        is_known = callers.accept(context, metadata)
        deadline.begin(context.time_remaining())
        fair_threads.calls.note()
        with _Observed(method, seconds, text_of(metadata, TRACE_PARENT_KEY) if is_known else "") as ending:
            try:
                return await behaviour(request, context)
            except ClientGone as gone:
                ending.code = grpc.StatusCode.CANCELLED
                await context.abort(ending.code, str(gone))
            except AbortError:  # the method has answered by itself
                ending.code = context.code()
                raise
            except (Exception, asyncio.CancelledError) as error:
                if _is_cancelled(error):  # the client has gone, or the server goes down
                    ending.code = grpc.StatusCode.CANCELLED
                    raise
                answer = _answer(error, method)
                ending.code = answer.code
                trailers = ((DETAILS_KEY, answer.details), (REQUEST_ID_KEY, request_id.get()), NO_REPEAT)
                await context.abort(answer.code, answer.message, trailers)

    return call


class _Seconds(dict[grpc.StatusCode, Histogram]):
    """Histograms of a method's durations by status, each found by its labels once."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def __missing__(self, code: grpc.StatusCode) -> Histogram:
        self[code] = found = RPC_SECONDS.labels(self._name, code.name)
        return found


class _Observed:
    """Context of a call that traces it and, when it is over, logs and counts how it ended."""

    __slots__ = ("_began", "_method", "_seconds", "_span", "_tracing", "code")

    def __init__(self, method: str, seconds: "_Seconds", trace_parent: str) -> None:
        self.code = grpc.StatusCode.OK
        self._method, self._seconds = method, seconds
        name = method.strip("/")
        attributes = {"rpc.system": "grpc", "rpc.method": name, "daybook.request_id": request_id.get()}
        self._tracing = tracing.span(name, attributes, kind="server", parent=trace_parent)

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        self._span = self._tracing.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        spent_s = time.monotonic() - self._began
        name = self.code.name
        said = {"method": self._method, "status": name, "ms": round(spent_s * 1000, 1)}
        if _is_routine.get() and self.code is grpc.StatusCode.OK:
            log.debug("call", extra=said)
        else:
            log_event(log, "call", said)
        self._seconds[self.code].observe(spent_s)
        self._span.note({"rpc.grpc.status_code": self.code.value[0]})
        if self.code is not grpc.StatusCode.OK:
            self._span.fail(name)
        self._tracing.__exit__(kind, error, trace)


def _written(behaviour: Behaviour, window_s: float, serialize: Callable[[Any], bytes]) -> Behaviour:
    """Write what the method yields, and close the method in this very task however the call ends.

    Raises ClientGone when the client cannot be written to, or takes what waits for it too slowly over such a window.
    """

    async def call(request: Any, context: Context) -> None:
        responses = behaviour(request, context)
        if not isinstance(responses, AsyncGenerator):  # the method writes by itself
            await responses
            return
        rate = ReaderRate(window_s)
        async with aclosing(responses):
            async for response in responses:
                message = serialize(response)
                try:
                    async with rate.taking(len(message)):
                        await context.write(message)
                except (InternalError, SlowReader):
                    raise ClientGone("The client takes too little") from None

    return call


def _is_cancelled(error: BaseException) -> bool:
    """Return whether the call itself is cancelled. grpc.aio leaves a call unanswered whose method cancels itself."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0


def _answer(error: BaseException, method: str) -> Answer:
    """Return the end of a failed call; an unforeseen error is logged and shows nothing of itself."""
    answer = answer_of(error)
    if answer is None:
        log.error("unforeseen error in %s", method, exc_info=error)
        unexpected = DaybookError()
        answer = Answer(status_of(unexpected), message_of(unexpected), details_of(unexpected))
    return answer
