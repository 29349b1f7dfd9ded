"""Hostile input: raw bytes, endless bodies, unknown paths; and how the process starts and stops."""

import asyncio
import io
import os
import signal
import socket
import sys

import pytest
import pytest_asyncio

from tests.fakes.gateway_services import HASH, running_gateway

STATUS = "/report/tracker/status"
ERROR_5 = b'{"success":false,"status":{"code":5,'
JSON = {"Content-Type": "application/json"}


@pytest_asyncio.fixture
async def gateway():
    async with running_gateway(body_seconds=60) as running:
        yield running


async def raw(port: int, data: bytes) -> bytes:
    """Return the whole answer to raw bytes, up to its envelope."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    async with asyncio.timeout(60):
        answer = await reader.readuntil(b"\r\n\r\n") + await reader.readuntil(b"}}")
    writer.transport.abort()
    return answer


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01garbage\r\n\r\n",
        b"POST " + STATUS.encode() + b" HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\nAuthorization: NVX " + b"a" * 70_000 + b"\r\n\r\n",
        b"GET /health?hash=" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST " + STATUS.encode() + b" HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
        b"GET " + STATUS.encode() + b"?hash=%ff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST " + STATUS.encode() + b" HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
async def test_what_is_hardly_http_is_error_5(gateway, data, caplog):
    """In the envelope, with a request id, and nothing of it in the log: garbage, doubled headers, huge ones."""
    answer = await raw(gateway.port, data)

    assert ERROR_5 in answer
    assert b"X-Request-Id: " in answer
    assert b"aiohttp" not in answer
    assert "aaaaaa" not in caplog.text


async def test_a_body_that_does_not_come_is_error_5():
    """Its beginning is there, and the rest is not waited for."""
    async with running_gateway(body_seconds=0.2) as gateway:
        head = f"POST {STATUS} HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n"
        assert ERROR_5 in await raw(gateway.port, head.encode() + b"{")


async def test_a_body_of_ten_megabytes_is_error_9(gateway):
    """Announced or chunked; the connection survives or the client still reads the answer."""
    body = b'{"a":"' + b"x" * 10_000_000 + b'"}'

    async def chunked():
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    assert 9 == (await gateway.json(STATUS, 412, data=io.BytesIO(body), headers=JSON))["status"]["code"]
    assert 9 == (await gateway.json(STATUS, 412, data=chunked(), headers=JSON))["status"]["code"]


async def test_a_body_too_long_is_not_invited(gateway):
    """A client that asks first is told at once; one with a fitting body is invited, whatever else it expects."""
    head = f"POST {STATUS} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ".encode()

    assert (await raw(gateway.port, head + b"10000000\r\n\r\n")).startswith(b"HTTP/1.1 412")
    assert (await raw(gateway.port, head + b"2\r\n\r\n{}")).startswith(b"HTTP/1.1 100 Continue")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [("PUT", STATUS, 112), ("GET", "/report/tracker/foo", 112), ("POST", "/foo/bar", 111), ("GET", "/a%0Ab", 111)],
)
async def test_unknown_paths_and_methods_have_their_codes(gateway, method, path, code):
    assert code == (await gateway.json(path, 400, method=method))["status"]["code"]


async def test_health_answers_without_any_service(gateway):
    """HEAD too; OPTIONS says what is allowed."""
    assert {"status": "ok"} == await gateway.json("/health", method="GET")
    async with gateway.client.head("/health") as response:
        assert 200 == response.status
    async with gateway.client.options(STATUS) as response:
        assert (204, "GET, HEAD, POST, OPTIONS") == (response.status, response.headers["Allow"])


async def test_the_access_log_never_shows_a_hash(gateway, caplog):
    """Not even a malformed one."""
    with caplog.at_level("INFO"):
        await gateway.json(f"{STATUS}?hash={HASH}0&report_id=5", 400)

    record = next(one for one in caplog.records if one.name == "daybook.access")
    assert "hash=***&report_id=5" == record.query
    assert HASH not in caplog.text


async def start(listen: str) -> asyncio.subprocess.Process:
    environment = os.environ | {"GATEWAY_LISTEN": listen}
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "gateway", env=environment, stderr=pipe)


async def test_a_taken_port_is_one_clear_line():
    """And exit code 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = await start(f"127.0.0.1:{taken.getsockname()[1]}")
        _, said = await asyncio.wait_for(process.communicate(), 60)

    assert 1 == process.returncode
    assert said.startswith(b"gateway: cannot listen on 127.0.0.1:")
    assert 1 == said.count(b"\n")


async def test_a_bad_setting_is_one_clear_line():
    process = await start("nowhere")
    _, said = await asyncio.wait_for(process.communicate(), 60)

    assert 1 == process.returncode
    assert said.startswith(b"gateway: wrong settings: GATEWAY_LISTEN")


async def test_sigterm_ends_the_process():
    """With exit code 0, once it listens."""
    process = await start("127.0.0.1:0")
    assert process.stderr
    async with asyncio.timeout(60):
        while b"listening" not in await process.stderr.readline():
            pass
        process.send_signal(signal.SIGTERM)
        await process.communicate()

    assert 0 == process.returncode
