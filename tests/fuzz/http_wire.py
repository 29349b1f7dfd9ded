"""Sending requests byte by byte as they are, which no client library does, over connections that are kept."""

import asyncio
import gzip
import itertools
from email.message import Message
from http.client import parse_headers
from io import BytesIO
from typing import Self
from urllib.parse import urlsplit

from tests.fuzz.http_request import Answer, Request

ANSWER_WITHIN_S = 30
LARGEST_HEAD = 256 * 1024
ADDRESSES = itertools.cycle(f"127.0.0.{number}" for number in range(2, 10))  # failed logins are counted by address


class NoAnswer(Exception):
    """Nothing that is HTTP came back."""


class Wire:
    """One connection to the gateway; a new one is made after each that the gateway closed."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self._host, self._port = str(parts.hostname), int(parts.port or 80)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.before: Request | None = None  # the last one on this connection, none on a new one

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = self.before = None

    async def send(self, request: Request) -> Answer:
        """Return the answer. Raises NoAnswer when none comes in time, or what comes is not HTTP."""
        kept = self._streams is not None
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                try:
                    return await self._sent(request)
                except (ConnectionError, asyncio.IncompleteReadError):
                    self.close()
                    if not kept:  # a kept connection may have been closed meanwhile
                        raise
                    return await self._sent(request)
        except TimeoutError:
            raise NoAnswer(f"no answer within {ANSWER_WITHIN_S} s") from None
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
            raise NoAnswer(f"no whole answer: {type(error).__name__}: {str(error)[:100]}") from None
        finally:
            if self._streams is not None and self._streams[1].is_closing():
                self._streams = None

    async def _sent(self, request: Request) -> Answer:
        if self._streams is None:
            local = (next(ADDRESSES), 0)
            self._streams = await asyncio.open_connection(
                self._host, self._port, limit=LARGEST_HEAD, local_addr=local if self._host == "127.0.0.1" else None
            )
        reader, writer = self._streams
        try:
            writer.write(request.wire(f"{self._host}:{self._port}"))
            answer = await _answer(reader, request.method)
        except BaseException:
            self.close()
            raise
        self.before = request
        if (answer.headers["Connection"] or "").lower() == "close" or request.method == "CONNECT":
            self.close()
        return answer


async def _answer(reader: asyncio.StreamReader, method: str) -> Answer:
    head = await reader.readuntil(b"\r\n\r\n")
    first, _, rest = head.partition(b"\r\n")
    status = int(first.split(b" ", 2)[1])
    if status == 100:
        return await _answer(reader, method)
    headers = parse_headers(BytesIO(rest))
    if method == "HEAD" or status in {204, 304}:
        return Answer(status, headers, b"")
    body = await _body(reader, headers)
    return Answer(status, headers, gzip.decompress(body) if headers["Content-Encoding"] == "gzip" else body)


async def _body(reader: asyncio.StreamReader, headers: Message) -> bytes:
    if headers["Transfer-Encoding"] == "chunked":
        return await _chunks(reader)
    if headers["Content-Length"] is not None:
        return await reader.readexactly(int(headers["Content-Length"]))
    return await reader.read()


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return b"".join(parts)
