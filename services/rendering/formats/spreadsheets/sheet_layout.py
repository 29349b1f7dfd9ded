"""Layout of a sheet: its sections from top to bottom, over as many tabs as its rows need."""

from collections.abc import Sequence
from itertools import islice
from typing import Self

from daybook.report.v1.report_pb2 import LocaleInfo
from daybook.report.v1.sheet_pb2 import Chart, MapTable, RowGroup, Section, Sheet, Table, Text

from services.errors.reports import FileTooLarge
from services.rendering.all_rows.row_groups import groups_of
from services.rendering.charts.chart_tables import chart_table, table_of
from services.rendering.excel_formats import TEXT
from services.rendering.formats.spreadsheets.cell_values import CellValue, TabNames, cell_text
from services.rendering.formats.spreadsheets.columns import TabColumn, tab_columns
from services.rendering.formats.spreadsheets.native_charts import native_chart, native_lines
from services.rendering.formats.spreadsheets.tab_links import TabLinks
from services.rendering.formats.spreadsheets.table_layout import TableLayout, filter_rows
from services.rendering.formats.spreadsheets.text_measures import lines_of, pages_wide
from services.rendering.formats.spreadsheets.words_layout import (
    DEFAULT_WIDTH,
    widths_of_values,
    write_named_value,
    write_paragraph,
)
from services.rendering.formats.spreadsheets.workbook import RowExceptions, Tab, TabSetup, Workbook
from services.rendering.theme import CellStyle, StyleRole
from services.rendering.values import Reader
from services.rendering.wall_clock import WallClock

TITLE_POINTS = 28.0
SECTION_POINTS = 20.0
ABOVE = 4  # rows that a gap and the titles of sheet and section take
FROZEN_ROWS_AT_MOST = 14
HOME_COLUMN = 5  # of the link back in the row of the title


class SheetLayout:
    """Writer of one sheet. Parts are added in order; a full tab is followed by another with the same heads.

    A sheet of data has tables alone, each beginning with its column titles; the first of them is row 1 of the tab.
    """

    def __init__(
        self,
        book: Workbook,
        name: tuple[str, TabNames],
        sheet: Sheet,
        locale: LocaleInfo,
        links: TabLinks | None,
    ) -> None:
        """Take the book, the name of the first tab and where those of others come from, the sheet and its links.

        Without links the sheet is data alone.
        """
        self._data_only = links is None
        self._links = links or TabLinks()
        self._is_summary = not sheet.entity_ids
        self._book, (self._name, self._names) = book, name
        self._header = cell_text(sheet.header)
        self._reader = Reader(WallClock(sheet.time_zone or locale.time_zone), locale.locale)
        self._widths: list[float] = []
        self._columns: Sequence[TabColumn] = ()  # of the latest table
        self._table_row = 0  # of the whole table, over all parts
        self._open(self._name)

    def add(self, sheet: Sheet) -> Self:
        """Write the sections of the sheet's next part."""
        for section in sheet.sections:
            kind = section.WhichOneof("content")
            if kind == "table":
                self._table(section.table, continued=section.continued)
            elif self._data_only:
                continue
            elif kind == "chart":
                self._chart(section.chart)
            elif kind in ("line_chart", "interval_chart"):
                self._lines(section)
            elif kind == "map_table":
                self._named_values(section.map_table)
            elif kind == "text":
                self._paragraph(section.text)
        return self

    def finish(self) -> None:
        """Set the last tab up: widths, heads that stay in sight and come again on each printed page, a filter."""
        if self._data_rows:
            filter_rows(self._tab, self._columns, self._data_rows)
        heads = self._heads[0] if self._heads else None
        frozen = heads[1] + 1 if heads and heads[1] < FROZEN_ROWS_AT_MOST else 1
        widths = tuple(self._widths)
        self._tab.finish(TabSetup(widths, frozen, heads, pages_wide=pages_wide(widths)))

    def _open(self, name: str) -> None:
        self._tab: Tab = self._book.add_tab(name)
        self._heads: list[tuple[int, int]] = []  # first and last row of the column titles on this tab
        self._data_rows = 0  # of a sheet of data: those that a filter covers
        self._row = 0
        if not self._data_only:
            self._tab.write(0, 0, self._header, CellStyle(StyleRole.TITLE, TEXT))
            if self._links.home:
                self._tab.link(0, HOME_COLUMN, self._links.home_text(), self._links.home[1])
            self._tab.height(0, TITLE_POINTS)
            self._row = 1

    def _need(self, rows: int) -> bool:
        """Go on in another tab unless this one has so many rows left; return whether it did."""
        if self._row + rows <= self._book.max_rows:
            return False
        self.finish()
        self._open(self._names.take(self._name))
        return True

    def _section(self, header: str) -> None:
        """Leave a gap and write a section's header, unless it only repeats the sheet's."""
        self._need(8)
        if self._data_only:
            return
        self._row += self._row > 1
        if header and cell_text(header) != self._header:
            self._tab.write(self._row, 0, cell_text(header), CellStyle(StyleRole.SECTION, TEXT))
            self._tab.height(self._row, SECTION_POINTS)
            self._row += 1

    def _table(self, table: Table, *, continued: bool = False) -> None:
        columns = tab_columns(table, self._reader, breaks=not self._data_only)
        if len(columns) > self._book.max_columns:
            raise FileTooLarge(columns=str(len(columns)), max_columns=str(self._book.max_columns))
        if not columns:
            return
        for place, column in enumerate(columns):
            self._widen(place, column.width)
        if not continued:
            self._table_row = 0
            self._section(table.header)
        self._columns = columns
        layout = TableLayout(columns, self._widths, self._table_row)
        if not continued:
            self._column_heads(layout, table)
        first_row, groups = self._row, groups_of(table)
        for group in groups:
            self._group(group, layout, table)
        if self._is_summary and columns[0].style.number_format == TEXT and len(groups) == 1:
            self._point(columns[0].values, first_row)
        self._table_row += len(table.columns[0].text)

    def _point(self, names: Sequence[CellValue], first_row: int) -> None:
        """Let the names of entities lead to their tabs; LibreOffice cuts a link that takes more than a line."""
        for place, name in enumerate(names):
            target = self._links.tab_of(str(name))
            if target and first_row + place < self._row and lines_of(str(name), self._widths[0]) == 1:
                self._tab.point(first_row + place, 0, target)

    def _group(self, group: RowGroup, layout: TableLayout, table: Table) -> None:
        if group.header and not group.continued:
            self._room(2, layout, table)
            self._row = layout.band(self._tab, self._row, group.header, 1)
        rest = group.row_count
        while rest > 0:
            stretch = min(rest, self._room(1, layout, table))
            self._row = layout.values(self._tab, self._row, stretch, 0 if self._data_only else _level(group))
            self._data_rows = self._row if self._data_only else 0
            rest -= stretch
        if group.HasField("total"):
            self._room(1, layout, table)
            self._row = layout.total(self._tab, self._row, group.total, self._reader, int(bool(group.header)))

    def _room(self, rows: int, layout: TableLayout, table: Table) -> int:
        """Return how many rows are left, at least `rows`: on a new tab under the same heads if need be."""
        if self._need(rows):
            self._column_heads(layout, table)
        return self._book.max_rows - self._row

    def _column_heads(self, layout: TableLayout, table: Table) -> None:
        first = self._row
        locale = None if self._data_only else self._reader.locale
        self._row = layout.heads(self._tab, self._row, table.column_groups, locale)
        self._heads.append((first, self._row - 1))

    def _chart(self, chart: Chart) -> None:
        """Write a chart's numbers, and the chart beside them when all of them are on one tab."""
        table, count, heads = table_of(chart), len(chart.categories), len(self._heads)
        self._need(min(count + 10, self._book.max_rows))
        tab = self._tab
        self._table(table)
        if tab is self._tab:
            del self._heads[heads:]  # only those of tables stay in sight
            if chart.series and count:
                plot = native_chart(chart, table, self._row - count, self._reader)
                self._row = max(self._row, tab.draw(plot))

    def _lines(self, section: Section) -> None:
        """Draw a chart above its points, which are folded away; its values are a table where it cannot be drawn."""
        block, plot = native_lines(section, self._reader)
        rows, height = iter(block.rows), self._book.chart_rows
        wanted = height + len(block.rows) + ABOVE
        if not height or not plot.series or wanted > self._book.max_rows:
            self._table(chart_table(section) or Table())
            return
        self._need(wanted)
        self._section(plot.header)
        self._tab.draw_lines(self._row, plot)
        self._row += height
        done = 0
        for end, styles in block.styles:
            some = islice(rows, end - done)
            self._row = self._tab.write_rows(self._row, some, styles, RowExceptions(folded=True))
            done = end

    def _named_values(self, block: MapTable) -> None:
        self._section(block.header)
        for column, width in enumerate(widths_of_values(block.rows, self._reader)):
            self._widen(column, width)
        for row in block.rows:
            self._need(1)
            self._row = write_named_value(self._tab, self._row, row, self._widths[0], self._reader)

    def _paragraph(self, text: Text) -> None:
        self._section("")
        self._row = write_paragraph(self._tab, self._row, text, self._widths)

    def _widen(self, column: int, width: float) -> None:
        while len(self._widths) <= column:
            self._widths.append(DEFAULT_WIDTH)
        self._widths[column] = max(self._widths[column], width)


def _level(group: RowGroup) -> int:
    """Return the level of a group's rows in the outline: below that of its band and its total, if it has any."""
    if group.header:
        return 2
    return int(group.HasField("total"))
