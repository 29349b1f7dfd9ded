"""PDF format: a printed report with title page, contents, bookmarks and tables that go on over pages."""

import math
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
from services.rendering.formats.pdf.report_printer import PrintOptions, ReportPrinter


class PdfSettings(BaseModel):
    """Settings of PDF files."""

    max_pdf_cells: int = Field(2_000_000, ge=1, description="Cells in a PDF file; past it error 212")
    max_pdf_pages: int = Field(
        200, ge=1, description="Pages past which a PDF leaves the rows of its tables out, unless asked for in full"
    )
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
        self._max_pages = chosen.max_pdf_pages
        self._fonts_folder = chosen.fonts_folder

    def _write_sheets(
        self, head: ReportHead, parts: Iterable[SheetPart], out: BinaryIO, options: RenderOptions
    ) -> None:
        """Write the report to `out`. The same report gives the same bytes."""
        report = head.report
        language = report.locale_info.locale.replace("_", "-")
        made = report.create_time.ToDatetime(tzinfo=UTC)
        with closing(Document(report.title, language, made, self._fonts_folder, logo=head.cover.logo)) as document:
            choices = PrintOptions(headless=options.headless, most_pages=math.inf if options.full else self._max_pages)
            ReportPrinter(document, head, choices).print(parts)
            if len(head.sheet_headers) > 1:
                document.show_documentmarks()
            document.write(out, head.cover.page_pattern)
