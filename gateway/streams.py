"""Responses that are passed on in parts. Once headers are out, a failure can only cut the connection."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from aiohttp import hdrs, web
from daybook.rendering.v1.rendering_service_pb2 import FileInfo
from grpc.aio import AioRpcError, UnaryStreamCall
from zstandard import ZstdDecompressor

from gateway import compression
from gateway.clients import SERVICES, message_of
from gateway.errors import Code, PublicError
from gateway.settings import Settings
from gateway.shapes.shape import Envelope

log = logging.getLogger("daybook.gateway")

RenderCall = UnaryStreamCall[Any, Any]  # its first message says what the file is, the others hold its bytes
OPENED_AT_ONCE = 1024 * 1024  # bytes, about those of a part
BARE = Envelope(b"", b"")


async def file_info(call: RenderCall, settings: Settings) -> FileInfo:
    """Return the first message of a file. Failures surface here, before headers are sent."""
    message = await message_of(call, settings.first_message_seconds)
    if message is None or not message.HasField("file_info"):
        call.cancel()
        raise PublicError(Code.UNEXPECTED)
    info: FileInfo = message.file_info
    return info


async def relay(
    request: web.Request, response: web.StreamResponse, info: FileInfo, call: RenderCall, envelope: Envelope = BARE
) -> web.StreamResponse:
    """Send the headers and the file inside the envelope; return the response.

    A stream that fails, or is not as long as announced, cuts the connection so that no client takes it for whole. A
    client that is gone, or cut off because it takes too little, ends the call.
    """
    try:
        return await send(request, response, _file(info, call, envelope, request.app[SERVICES].settings))
    finally:
        call.cancel()  # no effect on a call that is over


async def send(
    request: web.Request, response: web.StreamResponse, chunks: AsyncGenerator[bytes, None]
) -> web.StreamResponse:
    """Send the headers and the chunks, compressed where the client accepts it; return the response.

    A failure cuts the connection. HEAD gets the headers alone.
    """
    is_long = True
    if compression.is_wanted(request, response):
        chunks, is_long = await compression.look_ahead(chunks)
    if compression.begin(request, response, is_long=is_long):
        chunks = compression.gzipped(chunks)
    try:
        await response.prepare(request)
        async with aclosing(chunks):
            while request.method != hdrs.METH_HEAD and (chunk := await anext(chunks, None)) is not None:
                await response.write(chunk)
    except ConnectionError:
        log.info("client gone")
    except Exception as failure:  # whatever it is, no second response may be written into this one
        foreseen = isinstance(failure, AioRpcError | PublicError)
        log.warning("cut off", extra={"cause": type(failure).__name__}, exc_info=None if foreseen else failure)
        if request.transport is not None:
            request.transport.abort()
    return response


def _opened(frames: bytes) -> bytes:
    """Return what frames hold, about as much as the services send at once."""
    return ZstdDecompressor().decompressobj(write_size=OPENED_AT_ONCE, read_across_frames=True).decompress(frames)


async def _file(
    info: FileInfo, call: RenderCall, envelope: Envelope, settings: Settings
) -> AsyncGenerator[bytes, None]:
    """Yield the file inside the envelope. Raises PublicError 6 when it is not as long as announced.

    The last chunk follows the end of the call: a client that has the announced bytes may leave at once.
    """
    written, chunk = 0, envelope.before
    while (message := await message_of(call, settings.idle_seconds)) is not None:
        yield chunk
        chunk = message.chunk or _opened(message.zstd_frames)
        written += len(chunk)
    if info.HasField("size_bytes") and info.size_bytes != written:
        raise PublicError(Code.UNEXPECTED)
    yield chunk
    yield envelope.after
