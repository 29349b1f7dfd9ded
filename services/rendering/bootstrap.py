"""The one place where rendering's real adapters and formats are chosen."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from daybook.generation.v1 import generation_service_pb2
from daybook.rendering.v1 import rendering_service_pb2
from daybook.savedreport.v1 import saved_report_service_pb2

from services.rendering.adapters.sheets_grpc import GrpcSheets, Patience
from services.rendering.formats.bare_csv import BareCsv
from services.rendering.formats.base import Format
from services.rendering.formats.csv import Csv
from services.rendering.formats.json import Json
from services.rendering.formats.pdf import Pdf
from services.rendering.formats.xls import Xls
from services.rendering.formats.xlsx import Xlsx
from services.rendering.render import Means, Renders
from services.rendering.settings import Settings
from services.runtime.channel import open_channel
from services.runtime.limits import ConcurrencyLimit

GENERATION = [
    service
    for module in (generation_service_pb2, saved_report_service_pb2)
    for service in module.DESCRIPTOR.services_by_name.values()
]


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[Renders]:
    """Hold everything that rendering needs while the context lasts."""
    at_once = settings.renders_at_once + settings.streams_at_once
    async with open_channel(settings.generation_address, settings.grpc_tls, GENERATION) as channel:
        with ThreadPoolExecutor(at_once, thread_name_prefix="render") as threads:
            sheets = GrpcSheets(channel, _patience(settings))
            means = Means(
                files=_places("files", settings.renders_at_once, settings),
                streams=_places("streams", settings.streams_at_once, settings),
                threads=threads,
                chunk_bytes=settings.chunk_bytes,
            )
            yield Renders(sheets, formats(settings), means)


def formats(settings: Settings) -> dict[int, Format]:
    """Return all formats by their numbers in the contract."""
    bare = BareCsv(quoted=settings.time_csv_form == "quoted", guarded=settings.time_csv_formula_guard)
    return {
        rendering_service_pb2.FORMAT_JSON: Json(),
        rendering_service_pb2.FORMAT_CSV: Csv(bare=bare),
        rendering_service_pb2.FORMAT_XLSX: Xlsx(max_cells=settings.max_xlsx_cells),
        rendering_service_pb2.FORMAT_XLS: Xls(max_cells=settings.max_xls_cells),
        rendering_service_pb2.FORMAT_PDF: Pdf(max_cells=settings.max_pdf_cells, fonts_folder=settings.fonts_folder),
    }


def _patience(settings: Settings) -> Patience:
    return Patience(
        head_s=settings.first_message_seconds,
        time_head_s=settings.time_report_head_seconds,
        idle_s=settings.idle_seconds,
    )


def _places(name: str, at_once: int, settings: Settings) -> ConcurrencyLimit:
    return ConcurrencyLimit(name, at_once, waiting=settings.renders_waiting, wait_s=settings.render_wait_seconds)
