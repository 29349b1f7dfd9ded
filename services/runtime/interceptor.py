"""What stands around every RPC of a server: its request id, its log line, and the answer when it fails."""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
from grpc.aio import AioRpcError, ServerInterceptor, ServicerContext

from services.errors import DaybookError
from services.runtime.errors import DETAILS_KEY, details_of, status_of
from services.runtime.logs import REQUEST_ID_KEY, accept_request_id

log = logging.getLogger("daybook.rpc")

Handler = Any  # a grpc.RpcMethodHandler; grpc types its four behaviours as optional attributes
Behaviour = Callable[[Any, ServicerContext], Any]


class Calls(ServerInterceptor):
    """Gives each call its request id, logs how it ended, and answers a raised error with its status."""

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
        wrap = _streaming if handler.response_streaming else _single
        name = ("stream" if handler.request_streaming else "unary") + (
            "_stream" if handler.response_streaming else "_unary"
        )
        make = getattr(grpc, f"{name}_rpc_method_handler")
        return make(
            wrap(getattr(handler, name), method),
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )


def _single(behaviour: Behaviour, method: str) -> Behaviour:
    async def call(request: Any, context: ServicerContext) -> Any:
        began = _begin(context)
        try:
            response = await behaviour(request, context)
        except Exception as error:
            await _fail(error, method, began, context)
        _ended(method, began, grpc.StatusCode.OK)
        return response

    return call


def _streaming(behaviour: Behaviour, method: str) -> Behaviour:
    async def call(request: Any, context: ServicerContext) -> AsyncIterator[Any]:
        began = _begin(context)
        try:
            async for response in behaviour(request, context):
                yield response
        except Exception as error:
            await _fail(error, method, began, context)
        _ended(method, began, grpc.StatusCode.OK)

    return call


def _begin(context: ServicerContext) -> float:
    metadata = dict(context.invocation_metadata() or ())
    offered = metadata.get(REQUEST_ID_KEY)
    accept_request_id(offered if isinstance(offered, str) else None)
    return time.monotonic()


async def _fail(error: Exception, method: str, began: float, context: ServicerContext) -> None:
    """End the call with the error's status. An upstream's passes unchanged; an unforeseen error shows nothing of itself."""
    if isinstance(error, AioRpcError):
        code, message = error.code(), error.details() or ""
        trailers = tuple((key, value) for key, value in error.trailing_metadata() or () if key == DETAILS_KEY)
    else:
        if not isinstance(error, DaybookError):
            log.error("unforeseen error in %s", method, exc_info=error)
            error = DaybookError()
        code, message = status_of(error), str(error)
        trailers = ((DETAILS_KEY, details_of(error)),)
    _ended(method, began, code)
    await context.abort(code, message, trailers)


def _ended(method: str, began: float, code: grpc.StatusCode) -> None:
    extra = {"method": method, "status": code.name, "ms": round((time.monotonic() - began) * 1000, 1)}
    log.info("call", extra=extra)
