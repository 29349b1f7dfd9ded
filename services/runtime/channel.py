"""Opening a channel to another service."""

from collections.abc import Callable
from typing import Any

import grpc
from grpc.aio import (
    Channel,
    ClientCallDetails,
    StreamStreamClientInterceptor,
    StreamUnaryClientInterceptor,
    UnaryStreamClientInterceptor,
    UnaryUnaryClientInterceptor,
)

from services.runtime.logs import REQUEST_ID_KEY, request_id

OPTIONS = [
    ("grpc.enable_channelz", 1),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1_000),  # a part that was started again is found within a second
]


def open_channel(address: str) -> Channel:
    """Return a channel to `host:port` whose calls carry the request id of the task that makes them."""
    return grpc.aio.insecure_channel(address, OPTIONS, interceptors=[kind() for kind in _PASSING_ON])


def _with_request_id(details: ClientCallDetails) -> ClientCallDetails:
    carried = list(details.metadata or ())
    if request_id.get():
        carried.append((REQUEST_ID_KEY, request_id.get()))
    return details._replace(metadata=grpc.aio.Metadata(*carried))


async def _pass_on(
    _: object, continuation: Callable[..., Any], details: ClientCallDetails, request: Any
) -> Any:
    return await continuation(_with_request_id(details), request)


_PASSING_ON = [
    type("RequestId", (UnaryUnaryClientInterceptor,), {"intercept_unary_unary": _pass_on}),
    type("RequestId", (UnaryStreamClientInterceptor,), {"intercept_unary_stream": _pass_on}),
    type("RequestId", (StreamUnaryClientInterceptor,), {"intercept_stream_unary": _pass_on}),
    type("RequestId", (StreamStreamClientInterceptor,), {"intercept_stream_stream": _pass_on}),
]
