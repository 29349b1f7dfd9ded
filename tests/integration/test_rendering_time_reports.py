"""Rendering reports over time entries over real channels: a client, the servicer, and a prepared generation."""

import io

import grpc
import openpyxl
import pytest
from daybook.generation.v1.generation_service_pb2 import StreamPartsRequest
from daybook.rendering.v1 import rendering_service_pb2 as contract
from daybook.rendering.v1.rendering_service_pb2_grpc import RenderingServiceStub
from daybook.report.v1.sheet_pb2 import Table
from daybook.savedreport.v1.time_report_pb2 import Source
from grpc.aio import AioRpcError
from pypdf import PdfReader

from services.errors.workspaces import OwnerGone, ReportTooBig
from services.rendering.formats.csv.csv_format import Csv
from services.rendering.formats.pdf.pdf_format import Pdf
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from services.runtime.channel import call_metadata
from services.runtime.errors import failure_of
from tests.builders.sheets import one_sheet, text_column
from tests.fakes.generation_service import FakeGeneration
from tests.integration.rendering import serving_rendering
from tests.integration.servers import Server

SOURCE = Source(token="0" * 32)
DATA, PRINT = StreamPartsRequest.LAYOUT_DATA, StreamPartsRequest.LAYOUT_PRINT


def entries(**prepared: object) -> FakeGeneration:
    head, parts = one_sheet(Table(columns=[text_column(["=1+1"], title="Description")]), header="Detailed report")
    head.file_name = "Toggl_time_entries_2024-01-01_to_2024-01-31"
    return FakeGeneration(head=head, parts=parts, **prepared)


def call(server: Server, chosen: int) -> grpc.aio.UnaryStreamCall:
    ask = contract.RenderRequest(time_report=SOURCE, format=chosen)
    metadata = call_metadata("Basic dTpw")
    return RenderingServiceStub(server.channel).Render(ask, metadata=metadata, timeout=120)


async def fetch(server: Server, chosen: int) -> tuple[contract.FileInfo, bytes]:
    first, *rest = [message async for message in call(server, chosen)]
    return first.file_info, b"".join(message.chunk for message in rest)


async def reason(server: Server, chosen: int) -> str:
    with pytest.raises(AioRpcError) as caught:
        await call(server, chosen).read()
    return failure_of(caught.value).reason


@pytest.mark.parametrize(
    ("chosen", "layout", "points", "suffix"),
    [
        (contract.FORMAT_CSV, DATA, Csv.chart_point_limit, "csv"),
        (contract.FORMAT_XLSX, DATA, Xlsx.chart_point_limit, "xlsx"),
        (contract.FORMAT_PDF, PRINT, Pdf.chart_point_limit, "pdf"),
    ],
)
async def test_generation_is_asked_for_the_sheets_the_format_needs(
    chosen: int, layout: int, points: int, suffix: str
) -> None:
    """With as many points of charts as it shows, for the source as it came, with the caller's credentials.

    The file has the name that comes with its head.
    """
    generation = entries()
    async with serving_rendering(generation) as server:
        info, content = await fetch(server, chosen)

    asked = StreamPartsRequest(time_report=SOURCE, layout=layout, chart_point_limit=points)
    assert [asked] == generation.asked
    assert "Basic dTpw" == generation.calls[0][1]
    assert (f"Toggl_time_entries_2024-01-01_to_2024-01-31.{suffix}", len(content)) == (info.file_name, info.size_bytes)


async def test_csv_and_xlsx_are_bare_and_pdf_is_for_people() -> None:
    """One table without titles for programs; a page with title and number, without a title page, for people."""
    async with serving_rendering(entries()) as server:
        _, lines = await fetch(server, contract.FORMAT_CSV)
        _, workbook = await fetch(server, contract.FORMAT_XLSX)
        _, paper = await fetch(server, contract.FORMAT_PDF)

    assert b'\xef\xbb\xbf"Description"\n"=1+1"\n' == lines
    assert ("Description",) == next(openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[-1].values)
    text = [page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages]
    assert 1 == len(text)
    assert text[0].startswith("Detailed report")
    assert "Page 1 of 1" in text[0]


async def test_the_form_of_csv_is_a_setting() -> None:
    """Plain quoting and the formula guard are switched on by the environment."""
    async with serving_rendering(entries(), time_csv_form="plain", time_csv_formula_guard=True) as server:
        _, lines = await fetch(server, contract.FORMAT_CSV)

    assert b"\xef\xbb\xbfDescription\n'=1+1\n" == lines


@pytest.mark.parametrize("chosen", [contract.FORMAT_UNSPECIFIED, contract.FORMAT_JSON, contract.FORMAT_XLS, 99])
async def test_other_formats_are_refused(chosen: int) -> None:
    """Before generation is asked for anything."""
    generation = entries()
    async with serving_rendering(generation) as server:
        with pytest.raises(AioRpcError) as caught:
            await call(server, chosen).read()

    read = failure_of(caught.value)
    assert (grpc.StatusCode.INVALID_ARGUMENT, "format") == (read.code, read.violations[0].field)
    assert [] == generation.calls


@pytest.mark.parametrize("error", [OwnerGone(), ReportTooBig()], ids=lambda error: error.reason)
async def test_a_refusal_of_generation_is_the_status_of_the_call(error: Exception) -> None:
    """It comes unchanged, before any message; so does one that comes late, as long as nothing was sent."""
    async with serving_rendering(entries(error=error)) as server:
        assert error.reason == await reason(server, contract.FORMAT_CSV)
    async with serving_rendering(entries(late_error=error)) as server:
        assert error.reason == await reason(server, contract.FORMAT_PDF)


async def test_the_head_of_a_time_report_may_take_longer_than_a_kept_ones() -> None:
    """It is made while the client waits, within a limit of its own."""
    async with serving_rendering(entries(head_pause_s=0.2), first_message_seconds=0.05) as server:
        info, _ = await fetch(server, contract.FORMAT_CSV)
    async with serving_rendering(entries(head_pause_s=5), time_report_head_seconds=0.05) as server:
        assert "SERVICE_UNAVAILABLE" == await reason(server, contract.FORMAT_CSV)

    assert info.file_name
