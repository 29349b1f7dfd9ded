"""Compression of responses: for clients that accept gzip, whole bodies and streams."""

import gzip
import zlib
from dataclasses import replace

import aiohttp
import pytest
import pytest_asyncio
from daybook.generation.v1.generation_service_pb2 import GetReportResponse
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.input.v1.input_service_pb2 import Batch, ListResponse, TrackerList
from daybook.rendering.v1.rendering_service_pb2 import FileInfo, RenderResponse

from services import errors
from tests.fakes.gateway_services import HASH, running_gateway
from tests.integration.test_gateway_streams import chunk, streaming

GZIP = {"Accept-Encoding": "gzip"}
DOWNLOAD = "/report/tracker/download"
ASKED = {"hash": HASH, "report_id": 5, "format": "csv"}


@pytest_asyncio.fixture
async def gateway():
    """Give a gateway and a client that leaves compressed bodies as they are."""
    async with (
        running_gateway() as running,
        aiohttp.ClientSession(f"http://127.0.0.1:{running.port}", auto_decompress=False) as client,
    ):
        yield replace(running, client=client)


async def raw(gateway, path, body, **headers):
    """Return the response as it was sent, and its body."""
    async with gateway.client.post(path, json=body, headers=headers) as response:
        return response, await response.read()


def file_info(media_type, **more):
    return RenderResponse(file_info=FileInfo(file_name="a.csv", media_type=media_type, **more))


async def test_a_long_answer_is_compressed_for_those_who_accept_it(gateway):
    """Its length is that of the compressed body; caches learn that it depends on the header."""
    trackers = TrackerList(items=[Tracker(id=n) for n in range(100)])
    gateway.services.answers["List"] = ListResponse(batch=Batch(trackers=trackers))

    small, packed = await raw(gateway, "/tracker/list", {"hash": HASH}, **GZIP)
    plain, body = await raw(gateway, "/tracker/list", {"hash": HASH}, **{"Accept-Encoding": "gzip;q=0"})

    assert body == gzip.decompress(packed)
    assert ("gzip", str(len(packed))) == (small.headers["Content-Encoding"], small.headers["Content-Length"])
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" == small.headers["Vary"] == plain.headers["Vary"]


async def test_a_short_answer_is_sent_as_it_is(gateway):
    gateway.services.answers["GetReport"] = GetReportResponse()

    response, body = await raw(gateway, "/report/tracker/status", {"hash": HASH, "report_id": 5}, **GZIP)

    assert b'{"success":true,"percent_ready":0}' == body
    assert "Content-Encoding" not in response.headers


async def test_a_csv_is_compressed_as_it_streams(gateway):
    """Each part can be read when it comes; the length announced is that of the bare file and is not told."""
    parts = [chunk(b"1,2\n" * 30_000), chunk(b"3,4\n" * 30_000)]
    gateway.services.answers["Render"] = streaming(file_info("text/csv", size_bytes=240_000), *parts)
    opened, received = zlib.decompressobj(wbits=31), []

    async with gateway.client.post(DOWNLOAD, json=ASKED, headers=GZIP) as response:
        assert "Content-Length" not in response.headers
        received += [opened.decompress(data) async for data in response.content.iter_any()]

    assert b"1,2\n" * 30_000 + b"3,4\n" * 30_000 == b"".join(received)
    assert opened.eof


async def test_files_that_are_compressed_already_are_left_alone(gateway):
    gateway.services.answers["Render"] = streaming(file_info("application/pdf", size_bytes=5000), chunk(bytes(5000)))

    response, body = await raw(gateway, DOWNLOAD, ASKED | {"format": "pdf"}, **GZIP)

    assert bytes(5000) == body
    assert ("5000", False) == (response.headers["Content-Length"], "Vary" in response.headers)


async def test_a_stream_that_breaks_off_is_no_whole_gzip(gateway):
    """The connection is cut as without compression."""
    steps = [chunk(b"1,2\n" * 30_000), errors.StoreUnavailable()]
    gateway.services.answers["Render"] = streaming(file_info("text/csv"), *steps)

    with pytest.raises(aiohttp.ClientPayloadError):
        await raw(gateway, DOWNLOAD, ASKED, **GZIP)
