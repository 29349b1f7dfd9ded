"""Downloads through the gateway: what is streamed, and what happens when either side goes away."""

import asyncio

import aiohttp
import pytest
import pytest_asyncio
from daybook.rendering.v1.rendering_service_pb2 import FileInfo, Format, RenderResponse
from zstandard import ZstdCompressor

from services import errors
from services.errors.reports import ReportFailed
from tests.fakes.gateway_services import HASH, running_gateway

ASKED = {"hash": HASH, "report_id": 5, "format": "pdf"}
PATH = "/report/tracker/download"
CHUNK = b"x" * 65536


def file_info(**more) -> RenderResponse:
    return RenderResponse(file_info=FileInfo(file_name="Отчёт.pdf", media_type="application/pdf", **more))


def chunk(data: bytes) -> RenderResponse:
    return RenderResponse(chunk=data)


def frames_of(*texts: bytes) -> RenderResponse:
    return RenderResponse(zstd_frames=b"".join(map(ZstdCompressor().compress, texts)))


NOTHING = object()


def streaming(*steps):
    """Return a stream of messages; an exception among them is raised, and NOTHING comes after NOTHING."""

    async def stream():
        for step in steps:
            if isinstance(step, Exception):
                raise step
            if step is NOTHING:
                await asyncio.Event().wait()
            yield step

    return stream


async def read_into(received: bytearray, request) -> None:
    """Collect what arrives of a response, up to where it breaks off."""
    async with request as response:
        assert 200 == response.status
        async for data in response.content.iter_any():
            received += data


@pytest_asyncio.fixture
async def hasty():
    """Give a gateway that waits for neither side much longer than a busy machine takes."""
    async with running_gateway(first_message_seconds=2, idle_seconds=2, client_idle_seconds=2) as running:
        yield running


async def test_a_download_is_the_rendered_file(gateway):
    """Its type, length and name in the headers, its bytes as they came."""
    gateway.services.answers["Render"] = streaming(file_info(size_bytes=6), chunk(b"abc"), chunk(b"def"))

    async with gateway.client.post(PATH, json=ASKED | {"headless": True}) as response:
        assert b"abcdef" == await response.read()

    expected = (
        "application/pdf",
        "6",
        "attachment; filename=\"Otchet.pdf\"; filename*=UTF-8''%D0%9E%D1%82%D1%87%D1%91%D1%82.pdf",
    )
    headers = response.headers
    assert expected == (headers["Content-Type"], headers["Content-Length"], headers["Content-Disposition"])
    assert headers["X-Request-Id"]
    asked = gateway.services.asked["Render"][0]
    assert (5, Format.FORMAT_PDF, True) == (asked.report_id, asked.format, asked.headless)


async def test_retrieve_wraps_the_rendered_json(gateway):
    """Streamed, not held; in ISO mode when asked for."""
    gateway.services.answers["Render"] = streaming(file_info(), chunk(b'{"id"'), chunk(b":5}"))

    found = await gateway.json("/report/tracker/retrieve", json=ASKED | {"iso_datetime": True})

    assert {"success": True, "report": {"id": 5}} == found
    asked = gateway.services.asked["Render"][0]
    assert (Format.FORMAT_JSON, True) == (asked.format, asked.iso_datetime)


async def test_a_long_report_comes_in_frames_and_leaves_as_json(gateway):
    """A message may hold several frames, and chunks may stand beside them."""
    messages = frames_of(b'{"id"', b":5,"), chunk(b'"title":"'), frames_of(b'Trips"}')
    gateway.services.answers["Render"] = streaming(file_info(), *messages)

    found = await gateway.json("/report/tracker/retrieve", json=ASKED)

    assert {"success": True, "report": {"id": 5, "title": "Trips"}} == found
    assert gateway.services.asked["Render"][0].accept_zstd


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.NotNow(), 404, 229),
        (ReportFailed(), 500, 6),
        (errors.NotFound(), 404, 204),
        (errors.TooMuch(), 429, 15),
    ],
)
@pytest.mark.parametrize("path", [PATH, "/report/tracker/retrieve"])
async def test_a_failure_before_the_first_byte_is_an_envelope(gateway, path, error, status, code):
    gateway.services.answers["Render"] = streaming(error)

    assert code == (await gateway.json(path, status, json=ASKED))["status"]["code"]


@pytest.mark.parametrize("steps", [(), (chunk(b"no head"),), (NOTHING,)])
async def test_a_stream_that_begins_badly_is_an_envelope(hasty, steps):
    """It ends at once, has no head, or none in time."""
    hasty.services.answers["Render"] = streaming(*steps)

    async with hasty.client.post(PATH, json=ASKED) as response:
        assert (await response.json())["status"]["code"] in {6, 14}


@pytest.mark.parametrize(
    "steps",
    [
        (file_info(), chunk(CHUNK), RuntimeError("secret")),
        (file_info(), chunk(CHUNK), NOTHING),
        (file_info(size_bytes=65536 + 1), chunk(CHUNK)),
    ],
)
@pytest.mark.parametrize("path", [PATH, "/report/tracker/retrieve"])
async def test_a_failure_after_the_headers_cuts_the_connection(hasty, path, steps):
    """A failed, stalled or short stream must not look like a whole file, and no second answer is written into it."""
    hasty.services.answers["Render"] = streaming(*steps)
    received = bytearray()

    with pytest.raises(aiohttp.ClientError):
        await read_into(received, hasty.client.post(path, json=ASKED))

    assert b"code" not in received
    assert {"status": "ok"} == await hasty.json("/health", method="GET")


async def ask_and(gateway, *, read_head: bool, leave: bool) -> None:
    """Ask for a download, perhaps read its headers, perhaps leave; wait until the rendering ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port, limit=1024)
    query = "&".join(f"{name}={value}" for name, value in ASKED.items())
    writer.write(f"GET {PATH}?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    await gateway.services.called.wait()
    if read_head:
        await reader.readuntil(b"\r\n\r\n")
    if leave:
        writer.transport.abort()
    async with asyncio.timeout(60):
        await gateway.services.ended.wait()
    writer.transport.abort()


@pytest.mark.parametrize("leave", [True, False])
async def test_a_client_that_goes_or_takes_nothing_ends_the_rendering(hasty, leave):
    """The call upstream is cancelled, so that no renderer works for nobody."""
    hasty.services.answers["Render"] = streaming(file_info(), *[chunk(CHUNK)] * 1000)

    await ask_and(hasty, read_head=True, leave=leave)


async def test_a_client_that_takes_too_little_is_cut_off(hasty):
    """It takes some bytes all the time, far fewer than 10 KB/s: the window is over before it has its file."""
    hasty.services.answers["Render"] = streaming(file_info(), *[chunk(CHUNK)] * 1000)
    reader, writer = await asyncio.open_connection("127.0.0.1", hasty.port, limit=1024)
    query = "&".join(f"{name}={value}" for name, value in ASKED.items())
    writer.write(f"GET {PATH}?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    async with asyncio.timeout(60):
        while not hasty.services.ended.is_set():
            await reader.read(10)
            await asyncio.sleep(0.02)
    writer.transport.abort()


async def test_a_client_that_is_slow_but_not_too_slow_gets_its_file():
    """Several windows long."""
    received = 0
    async with running_gateway(client_idle_seconds=1) as gateway:
        gateway.services.answers["Render"] = streaming(file_info(), *[chunk(CHUNK)] * 400)
        async with gateway.client.post(PATH, json=ASKED) as response:
            async for data in response.content.iter_chunked(len(CHUNK)):
                received += len(data)
                await asyncio.sleep(0.01)

    assert 400 * len(CHUNK) == received


async def test_a_client_that_goes_before_the_first_byte_ends_the_rendering():
    """Long before the deadline of the first message."""
    async with running_gateway(first_message_seconds=60) as gateway:
        gateway.services.answers["Render"] = streaming(NOTHING)

        await ask_and(gateway, read_head=False, leave=True)
