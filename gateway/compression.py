"""Compression of responses for clients that accept gzip, at the level that costs the least CPU."""

import asyncio
import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing

from aiohttp import hdrs, web

COMPRESSIBLE = ("application/json", "text/csv", "text/html")  # XLSX and PDF are compressed already
SMALLEST = 1024  # bytes; a shorter body costs more than it saves
LEVEL = 1
GZIP = 16 + zlib.MAX_WBITS
INLINE = 64 * 1024  # bytes that are compressed without a thread, in about a millisecond


def accepts_gzip(accepted: str) -> bool:
    """Return whether an Accept-Encoding header allows gzip; `q=0` forbids it."""
    weights = dict.fromkeys(("gzip", "*"), "")
    for offer in accepted.lower().split(","):
        coding, _, weight = offer.partition(";")
        weights[coding.strip()] = weight.replace(" ", "") or "q=1"
    chosen = weights["gzip"] or weights["*"]
    return chosen.startswith("q=") and chosen[2:].strip("0.") != ""


def is_wanted(request: web.Request, response: web.StreamResponse) -> bool:
    """Return whether the body may be compressed and the client accepts it."""
    return response.content_type in COMPRESSIBLE and accepts_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, ""))


def begin(request: web.Request, response: web.StreamResponse, *, is_long: bool = True) -> bool:
    """Return whether the body must be compressed, and set the headers of the response accordingly."""
    if response.content_type not in COMPRESSIBLE:
        return False
    response.headers.add(hdrs.VARY, hdrs.ACCEPT_ENCODING)
    if not (is_long and is_wanted(request, response)):
        return False
    response.headers[hdrs.CONTENT_ENCODING] = "gzip"
    response.headers.popall(hdrs.CONTENT_LENGTH, None)
    return True


async def compress_whole(request: web.Request, response: web.StreamResponse) -> None:
    """Compress a body that is there as a whole and worth it."""
    if not isinstance(response, web.Response) or not isinstance(response.body, bytes) or len(response.body) < SMALLEST:
        return
    if hdrs.CONTENT_ENCODING in response.headers:
        return  # a file that is kept compressed
    if begin(request, response):
        response.body = await _compressed(zlib.compressobj(LEVEL, wbits=GZIP), response.body, zlib.Z_FINISH)


async def look_ahead(chunks: AsyncGenerator[bytes, None]) -> tuple[AsyncGenerator[bytes, None], bool]:
    """Return the same stream, which fails where it failed, and whether it is long enough to be worth compressing."""
    held, failure = bytearray(), None
    try:
        while len(held) < SMALLEST and (chunk := await anext(chunks, None)) is not None:
            held += chunk
    except Exception as error:  # noqa: BLE001  # raised by the stream that is returned
        failure = error
    return _continued(bytes(held), failure, chunks), len(held) >= SMALLEST


async def _continued(
    held: bytes, failure: Exception | None, chunks: AsyncGenerator[bytes, None]
) -> AsyncGenerator[bytes, None]:
    async with aclosing(chunks):
        yield held
        if failure is not None:
            raise failure
        async for chunk in chunks:
            yield chunk


async def gzipped(chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """Give a stream compressed; every chunk can be read as soon as it has come."""
    compressor = zlib.compressobj(LEVEL, wbits=GZIP)
    async with aclosing(chunks):
        async for chunk in chunks:
            yield await _compressed(compressor, chunk, zlib.Z_SYNC_FLUSH)
    yield compressor.flush()


async def _compressed(compressor: "zlib._Compress", data: bytes, flush: int) -> bytes:
    def compressed() -> bytes:
        return compressor.compress(data) + compressor.flush(flush)

    return compressed() if len(data) <= INLINE else await asyncio.to_thread(compressed)
