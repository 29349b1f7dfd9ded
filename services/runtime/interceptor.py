"""What stands around every RPC of a server: its request id, its log line, and the answer when it fails."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import grpc
from grpc.aio import AbortError, InternalError, ServerInterceptor, ServicerContext

from services.errors import DaybookError
from services.runtime import deadline
from services.runtime.channel import client_address, client_address_of
from services.runtime.errors import DETAILS_KEY, Answer, answer_of, details_of, message_of, status_of
from services.runtime.logs import REQUEST_ID_KEY, accept_request_id, request_id

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

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler:
        """Wrap the method that the call is for."""
        handler = await continuation(handler_call_details)
        method = handler_call_details.method
        if handler is None or method.startswith("/grpc."):  # unknown methods; health, reflection, channelz
            return handler
        asked = "stream" if handler.request_streaming else "unary"
        answered = "stream" if handler.response_streaming else "unary"
        behaviour = getattr(handler, f"{asked}_{answered}")
        if handler.response_streaming:
            behaviour = _written(behaviour, self._client_idle_s)
        make = getattr(grpc, f"{asked}_{answered}_rpc_method_handler")
        return make(
            _guarded(behaviour, method),
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )


def _guarded(behaviour: Behaviour, method: str) -> Behaviour:
    """Log how the call ends, and end a failed one with its answer."""

    async def call(request: Any, context: Context) -> Any:
        _begin(context)
        began = time.monotonic()
        code = grpc.StatusCode.OK
        try:
            return await behaviour(request, context)
        except _ClientGone as gone:
            code = grpc.StatusCode.CANCELLED
            await context.abort(code, str(gone))
        except AbortError:  # the method has answered by itself
            code = context.code()
            raise
        except (Exception, asyncio.CancelledError) as error:
            if _is_cancelled(error):  # the client has gone, or the server goes down
                code = grpc.StatusCode.CANCELLED
                raise
            answer = _answer(error, method)
            code = answer.code
            trailers = ((DETAILS_KEY, answer.details), (REQUEST_ID_KEY, request_id.get()))
            await context.abort(code, answer.message, trailers)
        finally:
            spent_ms = round((time.monotonic() - began) * 1000, 1)
            log.info("call", extra={"method": method, "status": code.name, "ms": spent_ms})

    return call


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
    offered = dict(context.invocation_metadata() or ()).get(REQUEST_ID_KEY)
    accept_request_id(offered if isinstance(offered, str) else None)
    client_address.set(client_address_of(context))
    deadline.begin(context.time_remaining())


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
