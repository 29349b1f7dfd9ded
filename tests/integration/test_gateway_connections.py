"""Connections of the gateway that say nothing, or are too many, over real sockets."""

import asyncio
import logging
import socket
import ssl
from typing import Any

import pytest

from gateway.connection_limits import CountedLine
from services.runtime.serve import CannotListen
from tests.builders.certificates import Authority
from tests.fakes.gateway_services import running_gateway
from tests.integration.servers import until

WITHIN_S = 60  # far above what it takes, for machines that are busy
GET = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
CLOSING = GET[:-2] + b"Connection: close\r\n\r\n"

Open = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def connected(port: int, sent: bytes = b"") -> Open:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    return reader, writer


async def rest_of(connection: Open) -> bytes:
    """Return what comes until the other side closes."""
    async with asyncio.timeout(WITHIN_S):
        try:
            return await connection[0].read()
        except ConnectionError:
            return b""
        finally:
            connection[1].transport.abort()


@pytest.mark.parametrize("sent", [b"", b"GET /hea", GET[:-2], b"POST / HTTP/1.1\r\nContent-Len"])
async def test_a_header_that_does_not_come_ends_the_connection(sent: bytes) -> None:
    """Nothing, half a request line, half a header."""
    async with running_gateway(header_seconds=0.3) as gateway:
        assert b"" == await rest_of(await connected(gateway.port, sent))


async def test_a_byte_now_and_then_does_not_prolong_a_header() -> None:
    """Its time runs from the beginning of the connection, and of a further request from its first byte."""
    async with running_gateway(header_seconds=0.5) as gateway:
        for answered in (b"", GET):
            reader, writer = await connected(gateway.port, answered)
            if answered:
                await reader.readuntil(b"}")
            sent = 0
            async with asyncio.timeout(WITHIN_S):
                while not (reader.at_eof() or writer.transport.is_closing()):  # it may leave an answer unread
                    try:
                        writer.write(b"GET /health HTTP/1.1"[sent % 20 : sent % 20 + 1])
                        await reader.read(1) if sent > 40 else await asyncio.sleep(0.1)
                    except ConnectionError:
                        break
                    sent += 1
            writer.transport.abort()
            assert sent < 20


async def test_an_idle_connection_is_closed_and_a_used_one_stays() -> None:
    """After its last answer; requests in time go on over the same connection."""
    async with running_gateway(keep_alive_seconds=4) as gateway:
        reader, writer = await connected(gateway.port)
        for _ in range(4):
            writer.write(GET)
            assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")
            await asyncio.sleep(1.2)

        assert b"" == await rest_of((reader, writer))


async def test_a_slow_body_has_its_own_time() -> None:
    """A request whose header is there in time is not ended by the time of headers."""
    async with running_gateway(header_seconds=3) as gateway:
        head = b"POST /report/tracker/status HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"
        reader, writer = await connected(gateway.port, head)
        await asyncio.sleep(3.5)
        writer.write(b"{}")

        assert (await rest_of((reader, writer))).startswith(b"HTTP/1.1 400")


async def test_more_connections_than_there_may_be_are_closed_at_once(caplog: pytest.LogCaptureFixture) -> None:
    """The first go on, and each that is given up makes room; the log has few lines of the refused."""
    async with running_gateway(connections_at_once=3) as gateway:
        first = [await connected(gateway.port) for _ in range(3)]
        refused = [await rest_of(await connected(gateway.port, GET)) for _ in range(5)]
        first[0][1].write(GET)
        answer = await first[0][0].readuntil(b"}")
        first[1][1].transport.abort()
        again = b""
        async with asyncio.timeout(WITHIN_S):
            while not again:
                again = await rest_of(await connected(gateway.port, CLOSING))
        for _, writer in first:
            writer.transport.abort()

    assert [b""] * 5 == refused
    assert answer.startswith(b"HTTP/1.1 200")
    assert again.startswith(b"HTTP/1.1 200")
    assert 1 <= sum("connections refused" == line.message for line in caplog.records) <= 5


@pytest.mark.parametrize(("trusted", "served"), [("", 2), ("127.0.0.0/8", 4)])
async def test_an_address_has_a_share_and_a_trusted_proxy_has_none(trusted: str, served: int) -> None:
    """All clients come through the proxy."""
    async with running_gateway(connections_per_address=2, trusted_proxies=trusted, header_seconds=60) as gateway:
        idle = [await connected(gateway.port) for _ in range(2)]
        answers = [await rest_of(await connected(gateway.port, CLOSING)) for _ in range(2)]
        for _, writer in idle:
            writer.transport.abort()

    assert served == 2 + sum(answer.startswith(b"HTTP/1.1 200") for answer in answers)


async def test_a_tls_handshake_has_the_time_of_a_header(tmp_path: Any) -> None:
    """A client that says nothing is cut off; its place is free again, and who speaks TLS is served."""
    authority = Authority(tmp_path)
    pair = authority.pair("gateway")
    public = {"https_certificate": pair.certificate, "https_key": pair.key}
    async with running_gateway(header_seconds=0.5, connections_at_once=1, public_tls=public) as gateway:
        assert b"" == await rest_of(await connected(gateway.port))
        trusting = ssl.create_default_context(cafile=authority.file)
        async with asyncio.timeout(WITHIN_S):
            while True:
                try:
                    reader, writer = await asyncio.open_connection("localhost", gateway.port, ssl=trusting)
                    break
                except OSError:
                    await asyncio.sleep(0.05)
        writer.write(GET)
        answer = await reader.readuntil(b"}")
        writer.transport.abort()

    assert answer.startswith(b"HTTP/1.1 200")


async def test_accept_errors_are_one_line_a_second(caplog: pytest.LogCaptureFixture) -> None:
    """With a count, however many there are."""
    line = CountedLine(logging.getLogger("daybook.test"), "cannot accept")
    for _ in range(10_000):
        line.note("Too many open files")
    await until(lambda: len(caplog.records) == 2)

    assert [1, 9_999] == [vars(record)["count"] for record in caplog.records]


@pytest.mark.parametrize(
    "data",
    [
        b"GET /health\r\n\r\n",
        b"GET /health\r\nHost: a\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET /health HTTP/2.0\r\nHost: a\r\n\r\n",
    ],
)
async def test_a_request_of_another_version_is_malformed(data: bytes) -> None:
    """HTTP/0.9 has no headers and no status, and HTTP/2 is not spoken."""
    async with running_gateway() as gateway:
        answer = await rest_of(await connected(gateway.port, data))

    assert answer.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400"))
    assert b'"code":5' in answer


async def test_a_port_that_is_taken_cannot_be_listened_on() -> None:
    """One line tells which."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(CannotListen, match=address):
            await running_gateway(gateway_listen=address).__aenter__()
