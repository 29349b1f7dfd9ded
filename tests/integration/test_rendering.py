"""Rendering over real channels: a client, the servicer, and a prepared generation behind it."""

import json

import grpc
import pytest
from daybook.rendering.v1 import rendering_service_pb2 as contract
from grpc.aio import EOF, AioRpcError

from services.errors import NotFound, NotNow, StoreUnavailable
from services.runtime.errors import failure_of
from tests.builders.sheets import huge_trips_report, trips_report
from tests.fakes.generation_service import FakeGeneration
from tests.integration.rendering import FORMATS, call, failure, fetch, seed_report, serving_rendering

MAGIC = {
    contract.FORMAT_CSV: b"\xef\xbb\xbf",
    contract.FORMAT_XLSX: b"PK\x03\x04",
    contract.FORMAT_XLS: b"\xd0\xcf\x11\xe0",
    contract.FORMAT_PDF: b"%PDF-",
}


@FORMATS
async def test_each_format_comes_as_a_file(chosen: int) -> None:
    """File info first, then its bytes; credentials reach generation."""
    generation = seed_report()
    async with serving_rendering(generation) as server:
        info, content = await fetch(server, chosen)

    suffix = contract.Format.Name(chosen).removeprefix("FORMAT_").lower()
    assert (f"Trip-report.{suffix}", len(content)) == (info.file_name, info.size_bytes)
    assert "/" in info.media_type
    assert content.startswith(MAGIC.get(chosen, b"{"))
    assert (5602232, "NVX key") == generation.calls[0][:2]


async def test_wishes_reach_the_format() -> None:
    """ISO mode changes the dates around the report."""
    async with serving_rendering(seed_report()) as server:
        _, content = await fetch(server, iso_datetime=True)

    assert "2020-10-06T16:01:46+03:00" == json.loads(content)["created"]


async def test_a_large_report_streams_in_chunks() -> None:
    """A JSON of many parts comes whole, without a size, 512 KiB at a time."""
    head, parts = huge_trips_report(sheets=1, rows=20_000)
    async with serving_rendering(FakeGeneration(head=head, parts=parts)) as server:
        info, content = await fetch(server)

    assert not info.HasField("size_bytes")
    assert 20_000 == sum(len(day["rows"]) for day in json.loads(content)["sheets"][0]["sections"][0]["data"])


@pytest.mark.parametrize("chosen", [contract.FORMAT_UNSPECIFIED, 99])
async def test_a_format_is_needed(chosen: int) -> None:
    """Without one, or with one that nobody knows, the call names the parameter; generation is not asked."""
    generation = seed_report()
    async with serving_rendering(generation) as server:
        read = failure_of(await failure(server, chosen))

    assert (grpc.StatusCode.INVALID_ARGUMENT, "format") == (read.code, read.violations[0].field)
    assert [] == generation.calls


@FORMATS
@pytest.mark.parametrize("error", [NotNow(), NotFound(), StoreUnavailable()], ids=lambda error: error.reason)
async def test_a_refusal_of_generation_is_the_status_of_the_call(chosen: int, error: Exception) -> None:
    """It comes unchanged, before any message."""
    async with serving_rendering(FakeGeneration(error=error)) as server:
        read = failure_of(await failure(server, chosen))

    assert (error.reason, str(error)) == (read.reason, read.message)


@FORMATS
async def test_a_report_deleted_while_it_streams_ends_the_call(chosen: int) -> None:
    """The small report has not begun to leave: its failure is the call's status in every format."""
    async with serving_rendering(seed_report(late_error=NotFound())) as server:
        assert "ENTITY_NOT_FOUND" == failure_of(await failure(server, chosen)).reason


async def test_a_failure_in_the_middle_of_a_stream_ends_it() -> None:
    """After some bytes the status of generation follows."""
    head, parts = huge_trips_report(sheets=1, rows=6_000)
    async with serving_rendering(FakeGeneration(head=head, parts=parts, late_error=NotFound())) as server:
        running = call(server)
        assert (await running.read()).HasField("file_info")
        assert (await running.read()).HasField("chunk")
        with pytest.raises(AioRpcError) as caught:
            await _drained(running)

    assert "ENTITY_NOT_FOUND" == failure_of(caught.value).reason


async def _drained(running: grpc.aio.UnaryStreamCall) -> None:
    while await running.read() is not EOF:
        pass


async def test_a_report_past_the_ceiling_of_cells_is_refused() -> None:
    """The reason says that the format is too small for it."""
    head, parts = trips_report(sheets=1, rows=20)
    async with serving_rendering(FakeGeneration(head=head, parts=parts), max_xlsx_cells=100) as server:
        assert "FILE_TOO_LARGE" == failure_of(await failure(server, contract.FORMAT_XLSX)).reason
