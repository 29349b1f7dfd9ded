"""Sending a stream of messages in one call."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import TypeVar

from grpc.aio import AioRpcError, StreamUnaryCall

Request = TypeVar("Request")
Answer = TypeVar("Answer")


async def send(call: StreamUnaryCall[Request, Answer], requests: Iterable[Request]) -> Answer:
    """Write all requests and return the answer; a request is taken from them when the one before is written.

    Raises the server's own error when the call fails, whatever gRPC says of the write that met it.
    """
    writing = asyncio.ensure_future(_write(call, requests))

    def stop_writing(_: object) -> None:
        """Keep the server's status: a write that fails would put its own in its place, one cancelled does not."""
        writing.cancel()

    call.add_done_callback(stop_writing)
    try:
        await asyncio.wait({writing})
        if not writing.cancelled():
            writing.result()
        return await call
    finally:
        writing.cancel()
        call.cancel()


async def _write(call: StreamUnaryCall[Request, Answer], requests: Iterable[Request]) -> None:
    """Write requests until the call is over; only the call itself knows why it is."""
    with suppress(AioRpcError, asyncio.InvalidStateError):
        for request in requests:
            await call.write(request)
        await call.done_writing()
