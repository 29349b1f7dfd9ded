"""Downloads of reports as files."""

from collections.abc import AsyncIterable
from enum import StrEnum
from pathlib import Path

from daybook.rendering.v1.rendering_service_pb2 import (
    Format,
    RenderReportRequest,
    RenderReportResponse,
    RenderTimeReportRequest,
    RenderTimeReportResponse,
)
from daybook.rendering.v1.rendering_service_pb2_grpc import RenderingServiceStub

from services.cli.client import DOWNLOAD_WITHIN_S, Access, Metadata, service_at
from services.cli.errors import CommandFailed
from services.cli.output import Bar, replacing


class FileFormat(StrEnum):
    """Formats of files."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"
    PDF = "pdf"


async def download(access: Access, caller: Metadata, report_id: int, format_: FileFormat, out: Path) -> int:
    """Write a report to a file, whole or not at all, and return its size in bytes. Raises CommandFailed."""
    request = RenderReportRequest(report_id=report_id, format=Format.Value(f"FORMAT_{format_.name}"))
    async with service_at(access, "rendering") as channel:
        stub = RenderingServiceStub(channel)
        return await _save(stub.RenderReport(request, metadata=caller, timeout=DOWNLOAD_WITHIN_S), out)


async def download_time_report(access: Access, caller: Metadata, request: RenderTimeReportRequest, out: Path) -> int:
    """Write a report over time entries to a file as `download` does."""
    async with service_at(access, "rendering") as channel:
        stub = RenderingServiceStub(channel)
        return await _save(stub.RenderTimeReport(request, metadata=caller, timeout=DOWNLOAD_WITHIN_S), out)


async def _save(call: AsyncIterable[RenderReportResponse | RenderTimeReportResponse], out: Path) -> int:
    received, size = 0, None
    with Bar(out.name, total=None) as bar, replacing(out) as file:
        async for message in call:
            if message.HasField("file_info") and message.file_info.HasField("size_bytes"):
                size = message.file_info.size_bytes
            file.write(message.chunk)
            received += len(message.chunk)
            bar.show(received, size)
        bar.show(received, received)
        if not received:
            raise CommandFailed(f"rendering sent no bytes for {out.name}")
    return received
