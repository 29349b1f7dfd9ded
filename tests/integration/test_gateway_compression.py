"""Compression of responses: for clients that accept gzip, whole bodies and streams."""

import gzip
import zlib

import pytest
import pytest_asyncio
from daybook.fleet.v1.fleet_service_pb2 import ListTrackersResponse, Tracker
from daybook.generation.v1.generation_service_pb2 import GetReportResponse
from daybook.rendering.v1.rendering_service_pb2 import FileInfo, RenderReportResponse

from services import errors
from tests.integration.gateway_standins import HASH, running_gateway
from tests.integration.test_gateway_streams import chunk, streaming

GZIP = {"Accept-Encoding": "gzip"}
DOWNLOAD = "/report/tracker/download"
ASKED = {"hash": HASH, "report_id": 5, "format": "csv"}


@pytest_asyncio.fixture
async def gateway():
    async with running_gateway(idle_seconds=0.3) as running:
        yield running


async def raw(gateway, path, body, **headers):
    """Return the response as it was sent, and its body."""
    request = gateway.client.post(path, json=body, headers=headers)
    async with request as response:
        return response, await response.content.read()


@pytest.fixture
def as_sent(gateway):
    """Make the client leave compressed bodies as they are."""
    gateway.client._auto_decompress = False  # the client has no public way to say so later
    return gateway


def file_info(media_type, **more):
    return RenderReportResponse(file_info=FileInfo(file_name="a.csv", media_type=media_type, **more))


async def test_a_long_answer_is_compressed_for_those_who_accept_it(as_sent):
    """Its length is that of the compressed body; caches learn that it depends on the header."""
    as_sent.standins.answers["ListTrackers"] = ListTrackersResponse(trackers=[Tracker(id=n) for n in range(100)])

    small, packed = await raw(as_sent, "/tracker/list", {"hash": HASH}, **GZIP)
    plain, body = await raw(as_sent, "/tracker/list", {"hash": HASH}, **{"Accept-Encoding": "gzip;q=0"})

    assert body == gzip.decompress(packed)
    assert ("gzip", str(len(packed))) == (small.headers["Content-Encoding"], small.headers["Content-Length"])
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" == small.headers["Vary"] == plain.headers["Vary"]


async def test_a_short_answer_is_sent_as_it_is(as_sent):
    as_sent.standins.answers["GetReport"] = GetReportResponse()

    response, body = await raw(as_sent, "/report/tracker/status", {"hash": HASH, "report_id": 5}, **GZIP)

    assert b'{"success":true,"percent_ready":0}' == body
    assert "Content-Encoding" not in response.headers


async def test_a_csv_is_compressed_as_it_streams(as_sent):
    """Each part can be read when it comes; the length announced is that of the bare file and is not told."""
    parts = [chunk(b"1,2\n" * 30_000), 0.1, chunk(b"3,4\n" * 30_000)]
    as_sent.standins.answers["RenderReport"] = streaming(file_info("text/csv", size_bytes=240_000), *parts)
    opened, received = zlib.decompressobj(wbits=31), []

    async with as_sent.client.post(DOWNLOAD, json=ASKED, headers=GZIP) as response:
        assert "Content-Length" not in response.headers
        received += [opened.decompress(data) async for data in response.content.iter_any()]

    assert b"1,2\n" * 30_000 + b"3,4\n" * 30_000 == b"".join(received)
    assert opened.eof


async def test_files_that_are_compressed_already_are_left_alone(as_sent):
    as_sent.standins.answers["RenderReport"] = streaming(
        file_info("application/pdf", size_bytes=5000), chunk(bytes(5000))
    )

    response, body = await raw(as_sent, DOWNLOAD, ASKED | {"format": "pdf"}, **GZIP)

    assert bytes(5000) == body
    assert ("5000", False) == (response.headers["Content-Length"], "Vary" in response.headers)


async def test_a_stream_that_breaks_off_is_no_whole_gzip(as_sent):
    """The connection is cut as without compression."""
    steps = [chunk(b"1,2\n" * 30_000), 0.1, errors.StoreUnavailable()]
    as_sent.standins.answers["RenderReport"] = streaming(file_info("text/csv"), *steps)

    with pytest.raises(Exception, match="payload|closed|disconnected"):
        await raw(as_sent, DOWNLOAD, ASKED, **GZIP)
