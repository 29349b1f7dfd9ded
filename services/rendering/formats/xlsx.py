"""The Office Open XML workbook: XlsxWriter in constant memory, so that no sheet is ever whole in memory."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import BinaryIO

import xlsxwriter
from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import SheetPart
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format as CellFormat

from services.rendering.formats.base import Wishes, visible
from services.rendering.formats.xlsx_charts import PLOT_ROWS, drawn
from services.rendering.formats.xlsx_worksheet import PlainWorksheet
from services.rendering.spreadsheets.cells import FONT, PAINTS, RULE, Look, Role, Value
from services.rendering.spreadsheets.layout import check_size, write_report
from services.rendering.spreadsheets.number_formats import TEXT
from services.rendering.spreadsheets.texts import cut, one_line
from services.rendering.spreadsheets.workbook import Plot, Special, TabSetup

MAX_CELLS = 20_000_000
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_HEADER = 200  # of 255, which include the marks of Excel
MAX_KEPT_HEIGHTS = 1_000
A4 = 9


class Xlsx:
    """Writes a report as a workbook of Excel 2007 and later."""

    suffix = "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    streams = False

    def __init__(self, max_cells: int | None = MAX_CELLS, *, max_rows: int = MAX_ROWS) -> None:
        self._max_cells = max_cells
        self._max_rows = max_rows

    def write(self, head: ReportHead, parts: Iterable[SheetPart], out: BinaryIO, wishes: Wishes) -> None:
        """Write the report to `out`, which is seekable.

        Raises FileTooLarge when the report has more cells, or a table more columns, than a workbook may hold.
        """
        check_size(head, self._max_cells)
        with tempfile.TemporaryDirectory(prefix="daybook-xlsx-") as folder:  # rows wait here, and go whatever happens
            book = XlsxBook(out, head, folder, self._max_rows)
            try:
                write_report(book, head, visible(parts), headless=wishes.headless, bare=wishes.bare)
            except BaseException:
                book.abandon()
                raise
            book.close()


class XlsxBook:
    """A workbook in the making."""

    def __init__(self, out: BinaryIO, head: ReportHead, folder: str, max_rows: int = MAX_ROWS) -> None:
        self.max_rows, self.max_columns = max_rows, MAX_COLUMNS
        font = {"font_name": FONT, "font_size": PAINTS[Role.BODY].size}
        options = {"constant_memory": True, "tmpdir": folder, "use_zip64": True, "default_format_properties": font}
        self._book = xlsxwriter.Workbook(out, options)
        title = one_line(head.report.title)
        created = head.report.create_time.ToDatetime(tzinfo=UTC)
        self._book.set_properties({"title": cut(title, MAX_HEADER), "created": created})
        pattern = one_line(head.cover.page_pattern).replace("&", "&&")
        self._page_header = "&L&8" + cut(title, MAX_HEADER).replace("&", "&&") if title else ""
        self._page_footer = "&R&8" + pattern.replace("{page}", "&P").replace("{pages}", "&N") if pattern else ""
        self._formats: dict[Look, CellFormat] = {}

    def add_tab(self, name: str) -> "XlsxTab":
        """Return a new tab at the end."""
        sheet = self._book.add_worksheet(name, worksheet_class=PlainWorksheet)
        sheet.hide_gridlines(2)
        sheet.set_header(self._page_header)
        sheet.set_footer(self._page_footer)
        return XlsxTab(sheet, self)

    def style(self, look: Look) -> CellFormat:
        """Return the workbook's style for a look; equal looks share one."""
        style = self._formats.get(look)
        if style is None:
            style = self._formats[look] = self._book.add_format(_properties(look))
        return style

    def chart(self, plot: Plot, tab_name: str) -> Chart:
        """Return a new chart over the numbers of a tab."""
        kind = {"type": "doughnut"} if plot.is_pie else {"type": "column", "subtype": "stacked"}
        return drawn(self._book.add_chart(kind), plot, tab_name)

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

    def __init__(self, sheet: PlainWorksheet, book: XlsxBook) -> None:
        self._sheet, self._book = sheet, book

    def write(self, row: int, column: int, value: Value, look: Look) -> None:
        """Write one cell."""
        if isinstance(value, str):
            self._sheet.write_string(row, column, value, self._book.style(look))
        else:
            self._sheet.write_number(row, column, value, self._book.style(look))

    def write_rows(self, row: int, rows: Iterable[Sequence[Value]], looks: Sequence[Look], special: Special) -> int:
        """Write rows of cells from `row` on and return the next free row."""
        ordinary = [self._book.style(look) for look in looks]
        painted = {at: [self._book.style(look) for look in there] for at, there in special.looks.items()}
        for values in rows:
            self._sheet.write_values(row, values, painted.get(row, ordinary))
            if row in special.heights:
                self._sheet.set_row(row, special.heights[row])
            row += 1
        self._forget_rows()
        return row

    def _forget_rows(self) -> None:
        """Drop the heights of rows that are in the temporary file already: the library would keep each of them."""
        heights = self._sheet.row_info
        if len(heights) > MAX_KEPT_HEIGHTS:
            last = max(heights)
            self._sheet.row_info = type(heights)({last: heights[last]})

    def fill(self, row: int, first: int, last: int, look: Look) -> None:
        """Give empty cells of a row, up to and with `last`, a look."""
        for column in range(first, last + 1):
            self._sheet.write_blank(row, column, None, self._book.style(look))

    def merge(self, row: int, first: int, last: int, text: str, look: Look) -> None:
        """Write a text over several cells of a row."""
        style = self._book.style(look)
        self._sheet.merge_range(row, first, row, last, "", style)
        self._sheet.write_string(row, first, text, style)

    def link(self, row: int, column: int, text: str, tab_name: str) -> None:
        """Write a text that leads to another tab."""
        quoted = tab_name.replace("'", "''")
        style = self._book.style(Look(Role.LINK, TEXT))
        self._sheet.write_url(row, column, f"internal:'{quoted}'!A1", style, string=text)

    def height(self, row: int, points: float) -> None:
        """Set the height of the row being written."""
        self._sheet.set_row(row, points)

    def plot(self, plot: Plot) -> int:
        """Draw a chart to the right of its numbers; return the row below it."""
        chart = self._book.chart(plot, self._sheet.get_name())
        self._sheet.insert_chart(plot.first_row - 1, len(plot.series) + 1, chart, {"x_offset": 12})
        return plot.first_row + PLOT_ROWS

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
        sheet.fit_to_pages(1, 0)
        sheet._opt_close()  # noqa: SLF001  a report of many tabs would run out of file handles; it is opened again by itself


def _properties(look: Look) -> dict[str, object]:
    """Return XlsxWriter's properties of a look."""
    paint = PAINTS[look.role]
    properties: dict[str, object] = {
        "font_name": FONT,
        "font_size": paint.size,
        "bold": paint.bold,
        "italic": paint.italic,
        "font_color": look.colour or paint.colour,
        "num_format": look.number_format,
        "align": look.align,
        "valign": "vcenter" if paint.middle else "top",
        "text_wrap": paint.wrap,
        "underline": int(paint.underline),
        "indent": int(paint.indent and look.align == "left"),
    }
    if look.colour:
        properties["bold"] = True
    if paint.fill:
        properties["bg_color"] = paint.fill
    for side, ruled in (("top", paint.rule_above), ("bottom", paint.rule_below)):
        if ruled:
            properties |= {side: 1, f"{side}_color": RULE}
    return properties
