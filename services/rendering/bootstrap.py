"""The one place where rendering's real adapters and formats are chosen."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from daybook.generation.v1 import generation_service_pb2
from daybook.rendering.v1 import rendering_service_pb2
from daybook.savedreport.v1 import saved_report_service_pb2

from services.rendering.formats.base import Format
from services.rendering.formats.csv.csv_format import Csv
from services.rendering.formats.csv.data_table import BareCsv
from services.rendering.formats.json.json_format import Json
from services.rendering.formats.pdf.pdf_format import Pdf
from services.rendering.formats.xls import Xls
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from services.rendering.generation_client import GenerationClient, ReadTimeouts
from services.rendering.render import Renderer, RenderLimits
from services.rendering.settings import Settings
from services.runtime.channel import open_channel
from services.runtime.places import Places

GENERATION = [
    service
    for module in (generation_service_pb2, saved_report_service_pb2)
    for service in module.DESCRIPTOR.services_by_name.values()
]


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[Renderer]:
    """Hold everything that rendering needs while the context lasts."""
    at_once = settings.renders_at_once + settings.streams_at_once
    async with open_channel(settings.generation_address, settings.grpc_tls, GENERATION) as channel:
        with ThreadPoolExecutor(at_once, thread_name_prefix="render") as threads:
            sheets = GenerationClient(channel, _patience(settings))
            means = RenderLimits(
                files=_places("files", settings.renders_at_once, settings),
                streams=_places("streams", settings.streams_at_once, settings),
                threads=threads,
                chunk_bytes=settings.chunk_bytes,
            )
            yield Renderer(sheets, formats(settings), means)


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


def _patience(settings: Settings) -> ReadTimeouts:
    return ReadTimeouts(
        head_s=settings.first_message_seconds,
        time_head_s=settings.time_report_head_seconds,
        idle_s=settings.idle_seconds,
    )


def _places(name: str, at_once: int, settings: Settings) -> Places:
    return Places(name, at_once, waiting=settings.renders_waiting, wait_s=settings.render_wait_seconds)
