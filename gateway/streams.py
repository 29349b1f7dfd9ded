"""Passing on what comes in parts. Once headers are out, a failure can only cut the connection."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from aiohttp import web
from daybook.rendering.v1.rendering_service_pb2 import FileInfo, RenderReportResponse, RenderTimeReportResponse
from grpc.aio import AioRpcError, UnaryStreamCall

from gateway.clients import SERVICES, message_of
from gateway.errors import Code, PublicError
from gateway.settings import Settings

log = logging.getLogger("daybook.gateway")

F = TypeVar("F", RenderReportResponse, RenderTimeReportResponse)


@dataclass(frozen=True, slots=True)
class Rendering(Generic[F]):
    """A file that is being rendered: what it is, and the call that brings its bytes."""

    info: FileInfo
    call: UnaryStreamCall[Any, F]


async def begin(call: UnaryStreamCall[Any, F], settings: Settings) -> Rendering[F]:
    """Wait for what the file is. Failures surface here, before headers are sent."""
    message = await message_of(call, settings.first_message_seconds)
    if message is None or not message.HasField("file_info"):
        call.cancel()
        raise PublicError(Code.UNEXPECTED)
    return Rendering(message.file_info, call)


async def relay(
    request: web.Request,
    response: web.StreamResponse,
    rendering: Rendering[F],
    frame: tuple[bytes, bytes] = (b"", b""),
) -> web.StreamResponse:
    """Send the headers and the file, between the two halves of the frame; return the response.

    A stream that fails, or is not as long as announced, cuts the connection so that nobody takes it for whole. A client
    that is gone, or takes nothing for too long, ends the call.
    """
    try:
        return await send(request, response, _framed(rendering, frame, request.app[SERVICES].settings))
    finally:
        rendering.call.cancel()  # no effect on a call that is over


async def send(
    request: web.Request, response: web.StreamResponse, chunks: AsyncGenerator[bytes, None]
) -> web.StreamResponse:
    """Send the headers and the chunks; return the response. A failure cuts the connection."""
    idle_s = request.app[SERVICES].settings.client_idle_seconds
    try:
        await response.prepare(request)
        async with aclosing(chunks):
            async for chunk in chunks:
                async with asyncio.timeout(idle_s):
                    await response.write(chunk)
    except ConnectionError:
        log.info("client gone")
    except Exception as failure:  # whatever it is, no second response may be written into this one
        foreseen = isinstance(failure, AioRpcError | PublicError | TimeoutError)
        log.warning("cut off", extra={"cause": type(failure).__name__}, exc_info=None if foreseen else failure)
        if request.transport is not None:
            request.transport.abort()
    return response


async def _framed(
    rendering: Rendering[F], frame: tuple[bytes, bytes], settings: Settings
) -> AsyncGenerator[bytes, None]:
    """Give the file between the halves of the frame. Raises PublicError 6 when it is not as long as announced."""
    begin, end = frame
    yield begin
    written = 0
    while (message := await message_of(rendering.call, settings.idle_seconds)) is not None:
        written += len(message.chunk)
        yield message.chunk
    if rendering.info.HasField("size_bytes") and rendering.info.size_bytes != written:
        raise PublicError(Code.UNEXPECTED)
    yield end
