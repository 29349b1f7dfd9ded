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
from services.rendering.formats.pdf.metadata import DocumentInfo
from services.rendering.formats.pdf.report_printer import PrintOptions, ReportPrinter


class PdfSettings(BaseModel):
    """Settings of PDF files."""

    max_pdf_cells: int = Field(2_000_000, ge=1, description="Cells in a PDF file; past it error 212")
    max_pdf_pages: int = Field(
        200, ge=1, description="Pages past which a PDF leaves the rows of its tables out, unless asked for in full"
    )
    fonts_folder: Path | None = Field(
        None, description="Fonts for what DejaVu Sans lacks: .ttf, .otf, .ttc and .otc, also in folders below"
    )
    system_fonts: bool = Field(True, description="Look for them in fontconfig's folders, too, after that one")


class Pdf(SheetFormat):
    """The PDF format. A folder and the machine may hold more fonts for characters that DejaVu Sans lacks."""

    number = FORMAT_PDF
    suffix = "pdf"
    streams = False
    chart_point_limit = 4_000  # five for each point of a page's width
    time_layout = StreamPartsRequest.LAYOUT_PRINT

    def __init__(self, settings: PdfSettings | None = None) -> None:
        chosen = settings or PdfSettings()
        self.max_cells = chosen.max_pdf_cells
        self._max_pages = chosen.max_pdf_pages
        self._fonts_folder, self._system_fonts = chosen.fonts_folder, chosen.system_fonts

    def _write_sheets(
        self, head: ReportHead, parts: Iterable[SheetPart], out: BinaryIO, options: RenderOptions
    ) -> None:
        """Write the report to `out`. The same report gives the same bytes."""
        report = head.report
        info = DocumentInfo(
            title=report.title,
            language=report.locale_info.locale.replace("_", "-"),
            made=report.create_time.ToDatetime(tzinfo=UTC),
            author=head.cover.author,
            logo=head.cover.logo,
        )
        with closing(Document(info, self._fonts_folder, system_fonts=self._system_fonts)) as document:
            choices = PrintOptions(headless=options.headless, most_pages=self._max_pages, is_full=options.full)
            ReportPrinter(document, head, choices).print(parts)
            if len(head.sheet_headers) > 1:
                document.show_documentmarks()
            document.write(out, head.cover.page_pattern)
