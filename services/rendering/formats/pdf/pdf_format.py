"""PDF format: a printed report with title page, contents, bookmarks and tables that go on over pages."""

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import BinaryIO

from daybook.generation.v1.generation_service_pb2 import ReportHead, StreamPartsRequest
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_PDF
from daybook.report.v1.report_pb2 import LocaleInfo
from daybook.report.v1.sheet_pb2 import Chart, IntervalChart, LineChart, MapTable, Section, SheetPart, Text
from pydantic import BaseModel, Field

from services.rendering import theme
from services.rendering.charts.chart_data import is_pie
from services.rendering.formats.base import RenderOptions, SheetFormat
from services.rendering.formats.pdf import bar_chart, interval_chart, line_chart, pie_chart
from services.rendering.formats.pdf.column_widths import WidthDemand, table_shape, width_demands
from services.rendering.formats.pdf.document import Document
from services.rendering.formats.pdf.flow import Flow
from services.rendering.formats.pdf.key_value_list import print_key_values
from services.rendering.formats.pdf.pages import TextStyle
from services.rendering.formats.pdf.printed_table import PrintedTable
from services.rendering.formats.pdf.title_page import TitlePage
from services.rendering.values import Reader
from services.rendering.wall_clock import WallClock

BELOW = 16.0  # points between sections

AnyChart = Chart | LineChart | IntervalChart
Drawn = bar_chart.BarChart | pie_chart.PieChart | line_chart.LineChart | interval_chart.IntervalChart


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
            title_page = None if options.headless else TitlePage(document, head)
            _print_sheets(_Printer(document, report.locale_info), parts, title_page)
            if not document.page_count:
                document.add_page()
            if len(head.sheet_headers) > 1:
                document.show_documentmarks()
            if title_page:
                title_page.close()
            document.write(out, head.cover.page_pattern)


def _print_sheets(printer: "_Printer", parts: Iterable[SheetPart], title_page: TitlePage | None) -> None:
    sheet = -1
    for part in parts:
        if part.sheet_index != sheet:
            sheet = part.sheet_index
            printer.start_sheet(part)
            if title_page:
                title_page.start_sheet(sheet, printer.flow.page)
        printer.add(part)
    printer.close()


class _Printer:
    """Printer of the parts of sheets; a table may go on from one part to the next."""

    def __init__(self, document: Document, locale: LocaleInfo) -> None:
        self.flow = Flow(document)
        self._locale = locale
        self._document = document
        self._table: PrintedTable | None = None
        self._list: MapTable | None = None  # waits for a footnote

    def start_sheet(self, part: SheetPart) -> None:
        """Begin a sheet on a new page, which lies on its side when one of its first tables needs that."""
        self.close()
        tables = [section for section in part.sheet.sections if section.HasField("table")]
        landscape = any(table_shape(self._demands(section)).landscape for section in tables)
        self.flow.start_sheet(part.sheet.header, landscape=landscape)

    def add(self, part: SheetPart) -> None:
        """Print the sections of a part."""
        reader = Reader(WallClock(part.sheet.time_zone or self._locale.time_zone), self._locale.locale)
        for section in part.sheet.sections:
            if section.HasField("table"):
                self._print_list()
                self._print_table(section)
            elif section.HasField("map_table"):
                self.close()
                self._list = section.map_table
            elif section.HasField("text"):
                self._print_text(section.text)
            elif kind := section.WhichOneof("content"):
                self.close()
                _print_chart(self.flow, getattr(section, kind), reader)
                self.flow.skip(BELOW)

    def close(self) -> None:
        """End the list or table in the making."""
        self._print_list()
        if self._table:
            self._table.close()
            self.flow.skip(BELOW)
        self._table = None

    def _print_list(self, below: float = 0.0) -> None:
        """Print the named values that wait, on a page with room for a footnote below them."""
        if self._list is not None:
            print_key_values(self.flow, self._list, below=below)
            self.flow.skip(BELOW)
        self._list = None

    def _print_table(self, section: Section) -> None:
        if not (section.continued and self._table):
            self.close()
            self._table = self._start_table(section)
        self._table.add(section.table)
        if not section.unfinished:
            self.close()

    def _start_table(self, section: Section) -> PrintedTable:
        shape = table_shape(self._demands(section), landscape=self.flow.landscape)
        if shape.landscape and not self.flow.landscape:
            self.flow.landscape = True
            self.flow.turn()
        return PrintedTable(self.flow, section.table, shape)

    def _demands(self, section: Section) -> list[WidthDemand]:
        return width_demands(section, self._document.regular, self._document.bold)

    def _print_text(self, text: Text) -> None:
        """Print a paragraph; small print stays with the named values that it follows."""
        small = text.style == Text.STYLE_SMALL_PRINT
        size, colour = (theme.SMALL_PRINT_SIZE, theme.FAINT_INK) if small else (theme.TEXT_SIZE, theme.INK)
        style = TextStyle(self._document.regular, size, colour)
        if small:
            self._print_list(below=BELOW + len(self.flow.lines_of(text.text, style)) * size * theme.LEADING)
        self.close()
        self.flow.paragraph(text.text, style)


def _print_chart(flow: Flow, chart: AnyChart, reader: Reader) -> None:
    """Print a chart, on a new page unless all of it fits on this page."""
    drawn = _measured(flow, chart, (flow.page.width, flow.most_room - flow.title_height(chart.header)), reader)
    flow.start_section(chart.header, keep=drawn.height)
    drawn.draw(flow.page, flow.y)
    flow.y += drawn.height


def _measured(flow: Flow, chart: AnyChart, room: tuple[float, float], reader: Reader) -> Drawn:
    if isinstance(chart, LineChart):
        return line_chart.LineChart(flow.document, chart, room, reader)
    if isinstance(chart, IntervalChart):
        return interval_chart.IntervalChart(flow.document, chart, room, reader)
    return (pie_chart.PieChart if is_pie(chart) else bar_chart.BarChart)(flow.document, chart, room)
