"""What stands around every RPC of a server: its request id, its log line, and the answer when it fails."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from grpc.aio import AbortError, InternalError, ServerInterceptor, ServicerContext

from services.errors import DaybookError
from services.runtime import deadline, tracing
from services.runtime.channel import client_address, client_address_of
from services.runtime.decode_errors import reader, refusing
from services.runtime.errors import DETAILS_KEY, Answer, answer_of, details_of, message_of, status_of
from services.runtime.logs import REQUEST_ID_KEY, accept_request_id, request_id
from services.runtime.metrics import RPC_SECONDS
from services.runtime.tracing import TRACE_PARENT_KEY

NO_REPEAT = ("grpc-retry-pushback-ms", "-1")  # an answer is one: a channel tries again what nobody answered
CLIENT_IDLE_S = 300.0  # how long a stream waits for a client that takes nothing

log = logging.getLogger("daybook.rpc")

Handler = Any  # a grpc.RpcMethodHandler; grpc types its four behaviours as optional attributes
Context = ServicerContext[Any, Any]
Behaviour = Callable[[Any, Context], Any]


class _ClientGone(Exception):
    """Nobody takes what the method has to say."""


class Calls(ServerInterceptor):
    """Gives each call its request id, logs how it ended, and answers a raised error with its status."""

    def __init__(self, client_idle_s: float = CLIENT_IDLE_S) -> None:
        self._client_idle_s = client_idle_s
        self._wrapped: dict[str, Handler] = {}

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler:
        """Return the wrapped method that the call is for; each is wrapped once."""
        method = handler_call_details.method
        if method in self._wrapped:
            return self._wrapped[method]
        handler = await continuation(handler_call_details)
        if handler is None or method.startswith("/grpc."):  # unknown methods; health, reflection, channelz
            return handler
        asked = "stream" if handler.request_streaming else "unary"
        answered = "stream" if handler.response_streaming else "unary"
        behaviour = getattr(handler, f"{asked}_{answered}")
        if handler.response_streaming:
            behaviour = _written(behaviour, self._client_idle_s)
        make = getattr(grpc, f"{asked}_{answered}_rpc_method_handler")
        self._wrapped[method] = make(
            _guarded(refusing(behaviour, streaming=handler.request_streaming), method),
            request_deserializer=reader(handler.request_deserializer),
            response_serializer=handler.response_serializer,
        )
        return self._wrapped[method]


def _guarded(behaviour: Behaviour, method: str) -> Behaviour:
    """Observe how the call ends, and end a failed one with its answer."""

    async def call(request: Any, context: Context) -> Any:
        _begin(context)
        with _observed(method, context) as ending:
            try:
                return await behaviour(request, context)
            except _ClientGone as gone:
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


@dataclass(slots=True)
class _Ending:
    code: grpc.StatusCode = grpc.StatusCode.OK


@contextmanager
def _observed(method: str, context: Context) -> Iterator[_Ending]:
    """Trace the call inside; when it is over log and count how it ended."""
    ending, began, name = _Ending(), time.monotonic(), method.strip("/")
    attributes = {"rpc.system": "grpc", "rpc.method": name, "daybook.request_id": request_id.get()}
    with tracing.span(name, attributes, kind="server", parent=_text(context, TRACE_PARENT_KEY)) as span:
        try:
            yield ending
        finally:
            spent_s = time.monotonic() - began
            log.info("call", extra={"method": method, "status": ending.code.name, "ms": round(spent_s * 1000, 1)})
            RPC_SECONDS.labels(name, ending.code.name).observe(spent_s)
            span.note({"rpc.grpc.status_code": ending.code.value[0]})
            if ending.code is not grpc.StatusCode.OK:
                span.fail(ending.code.name)


def _written(behaviour: Behaviour, idle_s: float) -> Behaviour:
    """Write what the method yields, and close it in this very task however the call ends: nothing of it is left over.

    Raises _ClientGone when the client cannot be written to, or takes nothing for so long.
    """

    async def call(request: Any, context: Context) -> None:
        responses = behaviour(request, context)
        if not isinstance(responses, AsyncGenerator):  # the method writes by itself
            await responses
            return
        async with aclosing(responses):
            async for response in responses:
                try:
                    async with asyncio.timeout(idle_s):
                        await context.write(response)
                except (InternalError, TimeoutError):
                    raise _ClientGone("The client takes nothing") from None

    return call


def _begin(context: Context) -> None:
    accept_request_id(_text(context, REQUEST_ID_KEY) or None)
    client_address.set(client_address_of(context))
    deadline.begin(context.time_remaining())


def _text(context: Context, key: str) -> str:
    """Return what the call's metadata say under a key, "" when they do not."""
    said = dict(context.invocation_metadata() or ()).get(key)
    return said if isinstance(said, str) else ""


def _is_cancelled(error: BaseException) -> bool:
    """Say whether the call itself is cancelled. grpc.aio leaves one unanswered whose method cancels itself."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0


def _answer(error: BaseException, method: str) -> Answer:
    """Return what the call ends with; an unforeseen error goes to the log and shows nothing of itself."""
    answer = answer_of(error)
    if answer is None:
        log.error("unforeseen error in %s", method, exc_info=error)
        unexpected = DaybookError()
        answer = Answer(status_of(unexpected), message_of(unexpected), details_of(unexpected))
    return answer
