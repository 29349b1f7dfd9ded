"""XLS format: xlwt, with the rows of each tab packed as soon as they are written."""

import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from typing import BinaryIO

import xlwt
from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_XLS
from daybook.report.v1.sheet_pb2 import SheetPart
from pydantic import BaseModel, Field

from services.rendering.excel_formats import TEXT, is_right_to_left
from services.rendering.formats.base import RenderOptions, SheetFormat
from services.rendering.formats.biff_workbook import BiffWorkbook, BiffWorksheet
from services.rendering.formats.spreadsheets.cell_values import CellValue, cut, one_line, quoted
from services.rendering.formats.spreadsheets.report_layout import page_foot, write_report
from services.rendering.formats.spreadsheets.workbook import NativeChart, NativeLines, RowExceptions, TabSetup
from services.rendering.theme import CELL_FONT, ROLE_STYLES, RULE, CellStyle, RoleStyle, StyleRole, cell_colours

MAX_ROWS = 65_536
MAX_COLUMNS = 256
MAX_HEADER = 200  # of 255, which include the marks of Excel
PACKED_ROWS = 1_000  # rows held as objects before they are packed
IN_MEMORY = 1 << 20  # bytes of packed rows of a tab before they go to a file
TWIPS = 20  # in a point
CELL_MARGINS = 5 / 7  # digits: the file counts a cell's own margins as part of its column's width
FIRST_COLOUR = 32  # of the palette's places that are ours to fill
HORIZONTAL = {
    "left": xlwt.Alignment.HORZ_LEFT,
    "right": xlwt.Alignment.HORZ_RIGHT,
    "center": xlwt.Alignment.HORZ_CENTER,
}


class XlsSettings(BaseModel):
    """Settings of XLS files."""

    max_xls_cells: int = Field(1_000_000, ge=1, description="Cells in an XLS file; past it error 212")


class Xls(SheetFormat):
    """Writes a report as a workbook of Excel 97; tables longer than a tab go on in the next."""

    number = FORMAT_XLS
    suffix = "xls"
    streams = False
    chart_point_limit = 5_000  # rows of the tab below the chart
    zip_ratio = 8

    def __init__(self, settings: XlsSettings | None = None, *, max_rows: int = MAX_ROWS) -> None:
        self.max_cells = (settings or XlsSettings()).max_xls_cells
        self._max_rows = max_rows

    def _write_sheets(
        self, head: ReportHead, parts: Iterable[SheetPart], out: BinaryIO, options: RenderOptions
    ) -> None:
        """Write the report to `out`.

        Raises FileTooLarge when a table has more columns than a workbook can hold.
        """
        with ExitStack() as files:
            book = XlsWorkbook(head, files, self._max_rows)
            write_report(book, head, parts, options)
            book.save(out)


class XlsWorkbook:
    """A workbook in the making; `files` holds its temporary files open."""

    chart_rows = 0

    def __init__(self, head: ReportHead, files: ExitStack, max_rows: int = MAX_ROWS) -> None:
        self._files = files
        self.max_rows, self.max_columns = max_rows, MAX_COLUMNS
        self._book = BiffWorkbook(encoding="utf-8")
        self._colours = {rgb: FIRST_COLOUR + place for place, rgb in enumerate(cell_colours())}
        for rgb, place in self._colours.items():
            self._book.set_colour_RGB(place, *bytes.fromhex(rgb[1:]))
        title, pattern = one_line(head.report.title), one_line(head.cover.page_pattern)
        self._page_header = "&L&8" + cut(title, MAX_HEADER).replace("&", "&&")
        page = pattern.replace("&", "&&").replace("{page}", "&P").replace("{pages}", "&N")
        self._page_footer = f"{page_foot(head)}&R&8{page}"
        self._is_from_right = is_right_to_left(head.report.locale_info.locale)
        self._styles: dict[CellStyle, xlwt.XFStyle] = {}

    def add_tab(self, name: str) -> "XlsTab":
        """Return a new tab at the end."""
        sheet = self._book.add_tab(name)
        sheet.cols_right_to_left = self._is_from_right
        sheet.row_tempfile = self._files.enter_context(tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115  the stack is that manager
        for place, text in (("header", self._page_header), ("footer", self._page_footer)):
            setattr(sheet, f"_Worksheet__{place}_str", text)  # the public property lets only ASCII through
        return XlsTab(sheet, self)

    def move_last(self, count: int, place: int) -> None:
        """Move so many tabs from the end to a place among the others."""
        sheets, names = self._book._Workbook__worksheets, self._book._Workbook__worksheet_idx_from_name  # noqa: SLF001  its one way
        sheets[place:] = [*sheets[-count:], *sheets[place:-count]]
        names.update({sheet.name.lower(): index for index, sheet in enumerate(sheets)})

    def cell_format(self, style: CellStyle) -> xlwt.XFStyle:
        """Return the workbook's style for a cell style; equal ones share one, for a workbook holds 4,094."""
        xf = self._styles.get(style)
        if xf is None:
            xf = self._styles[style] = _xf_style(style, self._colours, is_from_right=self._is_from_right)
        return xf

    def save(self, out: BinaryIO) -> None:
        """Write the file."""
        self._book.save(out)


class XlsTab:
    """One tab in the making."""

    def __init__(self, sheet: BiffWorksheet, book: XlsWorkbook) -> None:
        self._sheet, self._book = sheet, book
        self._packed = 0

    def write(self, row: int, column: int, value: CellValue, style: CellStyle) -> None:
        """Write one cell."""
        cells, xf = self._sheet.row(row), self._book.cell_format(style)
        if isinstance(value, str):
            cells.set_cell_text(column, value, xf)
        else:
            cells.set_cell_number(column, value, xf)

    def write_rows(
        self, row: int, rows: Iterable[Sequence[CellValue]], styles: Sequence[CellStyle], exceptions: RowExceptions
    ) -> int:
        """Write rows of cells from `row` on and return the next free row."""
        ordinary = [self._book.cell_format(style) for style in styles]
        painted = {at: [self._book.cell_format(style) for style in there] for at, there in exceptions.styles.items()}
        for values in rows:
            cells = self._sheet.row(row)
            write_number, write_text = cells.set_cell_number, cells.set_cell_text
            for column, (value, xf) in enumerate(zip(values, painted.get(row, ordinary), strict=True)):
                if value == "":
                    cells.set_cell_blank(column, xf)
                elif value.__class__ is str:
                    write_text(column, value, xf)
                else:
                    write_number(column, value, xf)
            cells.level = exceptions.level
            if row in exceptions.heights:
                self.height(row, exceptions.heights[row])
            row += 1
        if row - self._packed >= PACKED_ROWS:
            self._sheet.flush_row_data()
            self._packed = row
        return row

    def write_columns(self, row: int, columns: Sequence[Sequence[CellValue]], styles: Sequence[CellStyle]) -> int:
        """Write rows by their columns and return the next free row."""
        return self.write_rows(row, zip(*columns, strict=True), styles, RowExceptions())

    def fill(self, row: int, first: int, last: int, style: CellStyle) -> None:
        """Give empty cells of a row, up to and with `last`, a style."""
        self._sheet.row(row).set_cell_mulblanks(first, last, self._book.cell_format(style))

    def merge(self, row: int, first: int, last: int, text: str, style: CellStyle) -> None:
        """Write a text over several cells of a row."""
        self._sheet.write_merge(row, row, first, last, text, self._book.cell_format(style))

    def link(self, row: int, column: int, text: str, tab_name: str) -> None:
        """Write a text that leads to another tab."""
        self.write(row, column, text, CellStyle(StyleRole.LINK, TEXT))
        self.point(row, column, tab_name)

    def point(self, row: int, column: int, tab_name: str) -> None:
        """Let a text that is written lead to another tab."""
        self._sheet.lead(row, column, f"{quoted(tab_name)}!A1")

    def make_table(self, heads: Sequence[str], row_count: int) -> None:
        """Leave the rows alone: this library makes no tables."""

    def filter_rows(self, column_count: int, row_count: int) -> None:
        """Leave the rows alone: this library makes no filters."""

    def height(self, row: int, points: float) -> None:
        """Set the height of a row that is not packed yet."""
        cells = self._sheet.row(row)
        cells.height_mismatch = True
        cells.height = int(points * TWIPS)

    def draw(self, plot: NativeChart) -> int:
        """Leave the numbers alone: this library draws no charts."""
        return plot.first_row

    def draw_lines(self, row: int, plot: NativeLines) -> None:
        """Refuse: this library draws no charts.

        Raises NotImplementedError.
        """
        raise NotImplementedError

    def finish(self, setup: TabSetup) -> None:
        """Set the tab up for screen and paper and pack its last rows."""
        sheet = self._sheet
        for column, width in enumerate(setup.widths):
            sheet.col(column).width = int((width + CELL_MARGINS) * 256)
        sheet.flush_row_data()
        sheet.show_grid = False
        sheet.panes_frozen = True
        sheet.horz_split_pos = setup.frozen_rows
        if setup.repeated_rows:
            sheet.repeat(setup.repeated_rows, int(setup.pages_wide > 1))
        sheet.portrait = not setup.landscape
        sheet.left_margin = sheet.right_margin = 0.5
        sheet.top_margin = sheet.bottom_margin = 0.75
        sheet.header_margin = sheet.footer_margin = 0.3
        sheet.print_centered_horz = False
        sheet.set_fit_num_pages(1)
        sheet.fit_width_to_pages, sheet.fit_height_to_pages = setup.pages_wide, 0


def _xf_style(style: CellStyle, colours: dict[str, int], *, is_from_right: bool) -> xlwt.XFStyle:
    """Return xlwt's xf of a style; texts begin at the right where lines of the language do."""
    properties = ROLE_STYLES[style.role]
    xf = xlwt.XFStyle()
    xf.num_format_str = style.number_format
    xf.font = _font(properties, style.colour, colours)
    xf.alignment.horz = HORIZONTAL["right" if is_from_right and style.align == "left" else style.align]
    xf.alignment.dire = xlwt.Alignment.DIRECTION_RL if is_from_right else xlwt.Alignment.DIRECTION_LR
    xf.alignment.vert = xlwt.Alignment.VERT_CENTER if properties.middle else xlwt.Alignment.VERT_TOP
    xf.alignment.wrap = xlwt.Alignment.WRAP_AT_RIGHT if properties.wrap else xlwt.Alignment.NOT_WRAP_AT_RIGHT
    xf.alignment.inde = int(properties.indent and style.align == "left")
    if properties.fill:
        xf.pattern.pattern = xlwt.Pattern.SOLID_PATTERN
        xf.pattern.pattern_fore_colour = colours[properties.fill]
    if properties.rule_above:
        xf.borders.top, xf.borders.top_colour = xlwt.Borders.THIN, colours[RULE]
    if properties.rule_below:
        xf.borders.bottom, xf.borders.bottom_colour = xlwt.Borders.THIN, colours[RULE]
    return xf


def _font(properties: RoleStyle, colour: str, colours: dict[str, int]) -> xlwt.Font:
    font = xlwt.Font()
    font.name = CELL_FONT
    font.height = properties.size * TWIPS
    font.bold = properties.bold or bool(colour)
    font.italic = properties.italic
    font.underline = properties.underline
    font.colour_index = colours[colour or properties.colour]
    return font
