"""Passing a file on while it is rendered. Once headers are out, a failure can only cut the connection."""

import asyncio
import logging
from dataclasses import dataclass

from aiohttp import web
from daybook.rendering.v1.rendering_service_pb2 import FileInfo
from grpc.aio import AioRpcError

from gateway.calls import SERVICES, RenderCall, message_of
from gateway.errors import Code, PublicError
from gateway.settings import Settings

log = logging.getLogger("daybook.gateway")


@dataclass(frozen=True, slots=True)
class Rendering:
    """A file that is being rendered: what it is, and the call that brings its bytes."""

    info: FileInfo
    call: RenderCall


async def begin(call: RenderCall, settings: Settings) -> Rendering:
    """Wait for what the file is. Failures surface here, before headers are sent."""
    message = await message_of(call, settings.first_message_seconds)
    if message is None or not message.HasField("file_info"):
        call.cancel()
        raise PublicError(Code.UNEXPECTED)
    return Rendering(message.file_info, call)


async def relay(
    request: web.Request, response: web.StreamResponse, rendering: Rendering, frame: tuple[bytes, bytes] = (b"", b"")
) -> web.StreamResponse:
    """Send the headers and the file, between the two halves of the frame; return the response.

    A stream that fails, or is not as long as announced, cuts the connection so that nobody takes it for whole. A client
    that is gone, or takes nothing for too long, ends the call.
    """
    settings = request.app[SERVICES].settings
    try:
        await response.prepare(request)
        await response.write(frame[0])
        await _pass_on(response, rendering, settings)
        await response.write(frame[1])
    except ConnectionError:
        log.info("client gone")
    except Exception as failure:  # whatever it is, no second response may be written into this one
        foreseen = isinstance(failure, AioRpcError | PublicError | TimeoutError)
        log.warning("cut off", extra={"cause": type(failure).__name__}, exc_info=None if foreseen else failure)
        if request.transport is not None:
            request.transport.abort()
    finally:
        rendering.call.cancel()  # no effect on a call that is over
    return response


async def _pass_on(response: web.StreamResponse, rendering: Rendering, settings: Settings) -> None:
    written = 0
    while (message := await message_of(rendering.call, settings.idle_seconds)) is not None:
        written += len(message.chunk)
        async with asyncio.timeout(settings.client_idle_seconds):
            await response.write(message.chunk)
    if rendering.info.HasField("size_bytes") and rendering.info.size_bytes != written:
        raise PublicError(Code.UNEXPECTED)
