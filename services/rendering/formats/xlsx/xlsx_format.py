"""XLSX format: XlsxWriter in constant memory, so that no sheet is ever whole in memory."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import BinaryIO

from daybook.generation.v1.generation_service_pb2 import ReportHead, StreamPartsRequest
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_XLSX
from daybook.report.v1.sheet_pb2 import SheetPart
from pydantic import BaseModel, Field
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format as CellFormat

from services.rendering.excel_formats import TEXT, is_right_to_left
from services.rendering.formats.base import RenderOptions, SheetFormat
from services.rendering.formats.conditions import description
from services.rendering.formats.spreadsheets.cell_values import CellValue, clean, cut, one_line, quoted
from services.rendering.formats.spreadsheets.report_layout import page_foot, write_report
from services.rendering.formats.spreadsheets.workbook import NativeChart, NativeLines, RowExceptions, TabSetup
from services.rendering.formats.xlsx.page_breaks import PrintedRows
from services.rendering.formats.xlsx.plain_worksheet import Outline, PlainWorksheet
from services.rendering.formats.xlsx.tagged_workbook import TaggedWorkbook
from services.rendering.formats.xlsx.xlsx_charts import LINES_ROWS, LINES_SIZE, PLOT_ROWS, SIZE, drawn, drawn_lines
from services.rendering.theme import CELL_FONT, ROLE_STYLES, RULE, CellStyle, StyleRole

FROM_LEFT, FROM_RIGHT = 1, 2  # reading orders of cells
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_HEADER = 200  # of 255, which include the marks of Excel
MAX_DESCRIPTION = 4_000
A4 = 9


class XlsxSettings(BaseModel):
    """Settings of XLSX files."""

    max_xlsx_cells: int = Field(20_000_000, ge=1, description="Cells in an XLSX file; past it error 212")


class Xlsx(SheetFormat):
    """Writes a report as a workbook of Excel 2007 and later."""

    number = FORMAT_XLSX
    suffix = "xlsx"
    streams = False
    chart_point_limit = 5_000  # Excel draws no more than 32,000
    time_layout = StreamPartsRequest.LAYOUT_DATA

    def __init__(self, settings: XlsxSettings | None = None, *, max_rows: int = MAX_ROWS) -> None:
        self.max_cells = (settings or XlsxSettings()).max_xlsx_cells
        self._max_rows = max_rows

    def _write_sheets(
        self, head: ReportHead, parts: Iterable[SheetPart], out: BinaryIO, options: RenderOptions
    ) -> None:
        """Write the report to `out`, which is seekable.

        Raises FileTooLarge when a table has more columns than a workbook can hold.
        """
        with tempfile.TemporaryDirectory(prefix="daybook-xlsx-") as folder:  # rows wait here, and go whatever happens
            book = XlsxWorkbook(out, head, folder, self._max_rows)
            try:
                write_report(book, head, parts, options)
            except BaseException:
                book.abandon()
                raise
            book.close()


class XlsxWorkbook:
    """A workbook in the making."""

    chart_rows = LINES_ROWS

    def __init__(self, out: BinaryIO, head: ReportHead, folder: str, max_rows: int = MAX_ROWS) -> None:
        self.max_rows, self.max_columns = max_rows, MAX_COLUMNS
        font = {"font_name": CELL_FONT, "font_size": ROLE_STYLES[StyleRole.BODY].size}
        options = {"constant_memory": True, "tmpdir": folder, "use_zip64": True, "default_format_properties": font}
        self._book = TaggedWorkbook(out, options)
        title = one_line(head.report.title)
        created = head.report.create_time.ToDatetime(tzinfo=UTC)
        described = cut(clean(description(head)), MAX_DESCRIPTION)
        properties = {"title": cut(title, MAX_HEADER), "created": created, "comments": described}
        self._book.set_properties(properties | {"author": cut(one_line(head.cover.author), MAX_HEADER)})
        self._book.language = head.report.locale_info.locale.replace("_", "-")
        pattern = one_line(head.cover.page_pattern).replace("&", "&&")
        self._page_header = "&L&8" + cut(title, MAX_HEADER).replace("&", "&&") if title else ""
        foot = page_foot(head)
        self._page_footer = (
            foot + "&R&8" + pattern.replace("{page}", "&P").replace("{pages}", "&N") if pattern else foot
        )
        self._is_from_right = is_right_to_left(head.report.locale_info.locale)
        self._cell_formats: dict[CellStyle, CellFormat] = {}

    def add_tab(self, name: str) -> "XlsxTab":
        """Return a new tab at the end."""
        sheet = self._book.add_worksheet(name, worksheet_class=PlainWorksheet)
        sheet.hide_gridlines(2)
        if self._is_from_right:
            sheet.right_to_left()
        sheet.set_header(self._page_header)
        sheet.set_footer(self._page_footer)
        return XlsxTab(sheet, self)

    def move_last(self, count: int, place: int) -> None:
        """Move so many tabs from the end to a place among the others."""
        sheets = self._book.worksheets_objs
        sheets[place:] = [*sheets[-count:], *sheets[place:-count]]
        for index, sheet in enumerate(sheets):
            sheet.index = index

    def cell_format(self, style: CellStyle) -> CellFormat:
        """Return the workbook's format for a cell style; equal ones share one."""
        made = self._cell_formats.get(style)
        if made is None:
            settings = _settings(style, is_from_right=self._is_from_right)
            made = self._cell_formats[style] = self._book.add_format(settings)
        return made

    def cell_formats(self, styles: Sequence[CellStyle]) -> list[CellFormat]:
        """Return the workbook's formats for the cells of a row."""
        return [self.cell_format(style) for style in styles]

    def chart(self, plot: NativeChart, tab_name: str) -> Chart:
        """Return a new chart over the numbers of a tab."""
        kind = {"type": "doughnut"} if plot.is_pie else {"type": "column", "subtype": "stacked"}
        return drawn(self._book.add_chart(kind), plot, tab_name)

    def lines(self, plot: NativeLines, tab_name: str, first_row: int) -> Chart:
        """Return a new chart over the points of a tab, which begin at a row."""
        return drawn_lines(self._book.add_chart({"type": "scatter", "subtype": "straight"}), plot, tab_name, first_row)

    def close(self) -> None:
        """Write the file."""
        self._book.close()

    def abandon(self) -> None:
        """Leave the file unwritten."""
        for sheet in self._book.worksheets():
            sheet._opt_close()  # noqa: SLF001  the library closes its temporary files only when it writes the workbook
        self._book.fileclosed = True


class XlsxTab:
    """One tab in the making."""

    def __init__(self, sheet: PlainWorksheet, book: XlsxWorkbook) -> None:
        self._sheet, self._book = sheet, book
        self._printed = PrintedRows()

    def write(self, row: int, column: int, value: CellValue, style: CellStyle) -> None:
        """Write one cell."""
        if isinstance(value, str):
            self._sheet.write_string(row, column, value, self._book.cell_format(style))
        else:
            self._sheet.write_number(row, column, value, self._book.cell_format(style))

    def write_rows(
        self, row: int, rows: Iterable[Sequence[CellValue]], styles: Sequence[CellStyle], exceptions: RowExceptions
    ) -> int:
        """Write rows of cells from `row` on and return the next free row."""
        lines = list(rows)
        if not lines:
            return row
        made = self._book.cell_formats
        usual = {-1: made(styles)}
        painted = {at: made(there) for at, there in exceptions.styles.items()}
        outline = Outline(exceptions.level, folded=exceptions.folded)
        self._sheet.write_values(row, lines, usual | painted, exceptions.heights, outline)
        self._printed.set_heights(exceptions.heights.values())
        if exceptions.folded:
            self._printed.fold(len(lines))
        return row + len(lines)

    def write_columns(self, row: int, columns: Sequence[Sequence[CellValue]], styles: Sequence[CellStyle]) -> int:
        """Write rows by their columns and return the next free row."""
        self._sheet.write_columns(row, columns, self._book.cell_formats(styles))
        return row + len(columns[0])

    def fill(self, row: int, first: int, last: int, style: CellStyle) -> None:
        """Give empty cells of a row, up to and with `last`, a style."""
        for column in range(first, last + 1):
            self._sheet.write_blank(row, column, None, self._book.cell_format(style))

    def merge(self, row: int, first: int, last: int, text: str, style: CellStyle) -> None:
        """Write a text over several cells of a row."""
        made = self._book.cell_format(style)
        self._sheet.merge_range(row, first, row, last, "", made)
        self._sheet.write_string(row, first, text, made)

    def link(self, row: int, column: int, text: str, tab_name: str) -> None:
        """Write a text that leads to another tab."""
        made = self._book.cell_format(CellStyle(StyleRole.LINK, TEXT))
        self._sheet.write_url(row, column, f"internal:{quoted(tab_name)}!A1", made, string=text)

    def point(self, row: int, column: int, tab_name: str) -> None:
        """Let a text that is written lead to another tab."""
        self._sheet.lead(row, column, f"internal:{quoted(tab_name)}!A1")

    def make_table(self, heads: Sequence[str], row_count: int) -> None:
        """Make the first rows a table with a filter."""
        self._sheet.make_table(heads, row_count)

    def filter_rows(self, column_count: int, row_count: int) -> None:
        """Give the first rows a filter."""
        self._sheet.autofilter(0, 0, row_count - 1, column_count - 1)

    def height(self, row: int, points: float) -> None:
        """Set the height of the row being written."""
        self._sheet.set_row(row, points)
        self._printed.set_height(points)

    def draw(self, plot: NativeChart) -> int:
        """Draw a chart to the right of its numbers; return the row below it."""
        chart, row, column = self._book.chart(plot, self._sheet.get_name()), plot.first_row - 1, len(plot.series) + 1
        self._sheet.insert_chart(row, column, chart, {"x_offset": 12, "description": plot.said})
        self._printed.draw(row, column, SIZE)
        return plot.first_row + PLOT_ROWS

    def draw_lines(self, row: int, plot: NativeLines) -> None:
        """Draw a chart over the points below it."""
        chart = self._book.lines(plot, self._sheet.get_name(), row + LINES_ROWS)
        options = {"x_offset": 4, "y_offset": 4, "object_position": 1, "description": plot.said}
        self._sheet.insert_chart(row, 0, chart, options)
        self._printed.draw(row, 0, LINES_SIZE)

    def finish(self, setup: TabSetup) -> None:
        """Set the tab up for screen and paper and let go of its temporary file."""
        sheet = self._sheet
        for column, width in enumerate(setup.widths):
            sheet.set_column(column, column, width)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_ROWS}"})
        sheet.freeze_panes(setup.frozen_rows, 0)
        if setup.repeated_rows:
            sheet.repeat_rows(*setup.repeated_rows)
        if setup.landscape:
            sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.75)
        self._part_pages(setup)
        if setup.pages_wide > 1:
            sheet.repeat_columns(0)
        sheet._opt_close()  # noqa: SLF001  a report of many tabs would run out of file handles; it is opened again by itself

    def _part_pages(self, setup: TabSetup) -> None:
        """Fit the columns to the paper; where a chart would be cut, a page ends above it.

        Programs take no notice of such ends where they fit a tab to pages by themselves.
        """
        scale = self._printed.scale(setup.widths, setup.pages_wide, landscape=setup.landscape)
        breaks = self._printed.breaks(scale, landscape=setup.landscape)
        if breaks:
            self._sheet.set_print_scale(scale)
            self._sheet.set_h_pagebreaks(breaks)
        else:
            self._sheet.fit_to_pages(setup.pages_wide, 0)


def _settings(style: CellStyle, *, is_from_right: bool) -> dict[str, object]:
    """Return XlsxWriter's settings of a style; texts begin at the right where lines of the language do."""
    properties = ROLE_STYLES[style.role]
    settings: dict[str, object] = {
        "font_name": CELL_FONT,
        "font_size": properties.size,
        "bold": properties.bold,
        "italic": properties.italic,
        "font_color": style.colour or properties.colour,
        "num_format": style.number_format,
        "align": "right" if is_from_right and style.align == "left" else style.align,
        "reading_order": FROM_RIGHT if is_from_right else FROM_LEFT,
        "valign": "vcenter" if properties.middle else "top",
        "text_wrap": properties.wrap,
        "underline": int(properties.underline),
        "indent": int(properties.indent and style.align == "left"),
    }
    if style.colour:
        settings["bold"] = True
    if properties.fill:
        settings["bg_color"] = properties.fill
    for side, ruled in (("top", properties.rule_above), ("bottom", properties.rule_below)):
        if ruled:
            settings |= {side: 1, f"{side}_color": RULE}
    return settings
