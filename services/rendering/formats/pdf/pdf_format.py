"""PDF format: a printed report with title page, contents, bookmarks and tables that go on over pages."""

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import BinaryIO

from daybook.generation.v1.generation_service_pb2 import ReportHead, StreamPartsRequest
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_PDF
from daybook.report.v1.sheet_pb2 import SheetPart
from pydantic import BaseModel, Field

from services.rendering.formats.base import RenderOptions, SheetFormat
from services.rendering.formats.pdf.document import Document
from services.rendering.formats.pdf.report_printer import ReportPrinter


class PdfSettings(BaseModel):
    """Settings of PDF files."""

    max_pdf_cells: int = Field(2_000_000, ge=1, description="Cells in a PDF file; past it error 212")
    fonts_folder: Path | None = Field(None, description="TrueType fonts for glyphs that DejaVu Sans lacks")


class Pdf(SheetFormat):
    """The PDF format. A folder may hold more fonts (.ttf, .otf) for characters that DejaVu Sans lacks."""

    number = FORMAT_PDF
    suffix = "pdf"
    streams = False
    time_layout = StreamPartsRequest.LAYOUT_PRINT

    def __init__(self, settings: PdfSettings | None = None) -> None:
        chosen = settings or PdfSettings()
        self.max_cells = chosen.max_pdf_cells
        self._fonts_folder = chosen.fonts_folder

    def _write_sheets(
        self, head: ReportHead, parts: Iterable[SheetPart], out: BinaryIO, options: RenderOptions
    ) -> None:
        """Write the report to `out`. The same report gives the same bytes."""
        report = head.report
        language = report.locale_info.locale.replace("_", "-")
        made = report.create_time.ToDatetime(tzinfo=UTC)
        with closing(Document(report.title, language, made, self._fonts_folder, logo=head.cover.logo)) as document:
            ReportPrinter(document, head, headless=options.headless).print(parts)
            if len(head.sheet_headers) > 1:
                document.show_documentmarks()
            document.write(out, head.cover.page_pattern)
