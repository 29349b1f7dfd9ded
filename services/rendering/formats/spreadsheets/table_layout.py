"""Layout of a table on a tab: column titles, group headers, values, totals."""

from collections.abc import Mapping, Sequence
from itertools import groupby, islice

from daybook.report.v1.sheet_pb2 import ColumnGroup, Quantity, Total, TotalCell

from services.rendering.excel_formats import TEXT, moment_format
from services.rendering.formats.spreadsheets.cell_values import CellValue, cell_text, cell_value, day_number
from services.rendering.formats.spreadsheets.columns import TabColumn, number_format
from services.rendering.formats.spreadsheets.text_measures import heading, height_of, lines_of, tall_rows
from services.rendering.formats.spreadsheets.workbook import RowExceptions, Tab
from services.rendering.theme import LARGEST, SMALLEST, WARNING, CellStyle, StyleRole
from services.rendering.values import Reader

LABEL, EMPTY = CellStyle(StyleRole.TOTAL, TEXT), CellStyle(StyleRole.TOTAL)


class TableLayout:
    """Layout of one part of a table. Methods take the tab and its free row and return the next free row."""

    def __init__(self, columns: Sequence[TabColumn], widths: Sequence[float], first_row: int) -> None:
        """Take the part's columns, the widths of the tab's columns and the part's first row within the whole table."""
        self._columns = columns
        self._widths = widths
        self._styles = [each.style for each in columns]
        self._rows = zip(*(each.values for each in columns), strict=True)
        self._done = 0
        self._total_styles: dict[tuple[int, int, bool], tuple[Quantity, CellStyle]] = {}
        self._heights = _heights(columns, widths)
        self._row_styles = _row_styles(columns, self._styles, first_row)

    def heads(self, tab: Tab, row: int, groups: Sequence[ColumnGroup], locale: str | None) -> int:
        """Write the column titles, those of groups of columns above them."""
        if groups:
            self._upper_heads(tab, row, {field: group.title for group in groups for field in group.fields})
            row += 1
        widths = self._widths[: len(self._columns)]
        columns = zip(self._columns, widths, strict=True)
        titles = [heading(each.title, each.short_title, width, locale) for each, width in columns]
        for column, (each, title) in enumerate(zip(self._columns, titles, strict=True)):
            value, shown = _head_cell(each, title)
            tab.write(row, column, value, CellStyle(StyleRole.HEAD, shown, each.style.align))
        lines = max(lines_of(title, width / 1.1) for title, width in zip(titles, widths, strict=True))
        tab.height(row, height_of(lines, padding=6))
        return row + 1

    def _upper_heads(self, tab: Tab, row: int, titles: Mapping[str, str]) -> None:
        style, column = CellStyle(StyleRole.HEAD, TEXT, "center"), 0
        for title, members in groupby(titles.get(each.field, "") for each in self._columns):
            last = column + len(list(members)) - 1
            if not title:
                tab.fill(row, column, last, style)
            elif column == last:
                tab.write(row, column, cell_text(title), style)
            else:
                tab.merge(row, column, last, cell_text(title), style)
            column = last + 1

    def band(self, tab: Tab, row: int, text: str, level: int) -> int:
        """Write a group's header as a bold row over the table's width."""
        count = len(self._columns)
        values = [cell_text(text), *[""] * (count - 1)]
        return tab.write_rows(row, [values], [CellStyle(StyleRole.GROUP, TEXT)] * count, RowExceptions(level=level))

    def values(self, tab: Tab, row: int, count: int, level: int) -> int:
        """Write the next `count` rows of values, at a level of the outline."""
        rows = range(self._done, self._done + count)
        shift = row - self._done
        exceptions = RowExceptions(
            styles={index + shift: self._row_styles[index] for index in rows if index in self._row_styles},
            heights={index + shift: self._heights[index] for index in rows if index in self._heights},
            level=level,
        )
        self._done += count
        return tab.write_rows(row, islice(self._rows, count), self._styles, exceptions)

    def total(self, tab: Tab, row: int, total: Total, reader: Reader, level: int) -> int:
        """Write a total's values under their columns and its text in the first cell that is free."""
        cells = {cell.field: cell for cell in total.cells}
        text = cell_text(total.text)
        values: list[CellValue] = []
        styles = []
        for column, each in enumerate(self._columns):
            cell = cells.pop(each.field, None)
            if cell is not None:
                quantity, style = self._total_style(column, cell, reader.locale)
                raw = cell.exact if cell.HasField("exact") else cell.raw
                values.append(cell_value(quantity, raw, cell.text, reader.clock))
                styles.append(style._replace(colour=WARNING) if cell.warning else style)
            else:
                values.append(text)
                styles.append(LABEL if text else EMPTY)
                text = ""
        return tab.write_rows(row, [values], styles, RowExceptions(level=level))

    def _total_style(self, column: int, cell: TotalCell, locale: str) -> tuple[Quantity, CellStyle]:
        """Return how a column's totals with so many decimals are understood and shown."""
        each, is_exact = self._columns[column], cell.HasField("exact")
        as_shown = is_exact or each.quantity.kind == Quantity.KIND_PERCENT
        digits = _digits(cell.text) if as_shown else cell.decimals
        key = column, digits if is_exact else -1 - digits, cell.text.startswith("0")
        if key not in self._total_styles:
            quantity = Quantity()
            quantity.CopyFrom(each.quantity)
            quantity.decimals = digits
            quantity.raw_decimals = max(quantity.raw_decimals, digits + is_exact)
            shown = number_format(quantity, cell.text, locale)
            self._total_styles[key] = quantity, CellStyle(StyleRole.TOTAL, shown, each.style.align)
        return self._total_styles[key]


def _head_cell(column: TabColumn, title: str) -> tuple[CellValue, str]:
    """Return the value of a title, a date where it is one, and its Excel format."""
    if not column.title_pattern:
        return title, TEXT
    return day_number(column.title), moment_format(column.title_pattern)


def _digits(text: str) -> int:
    """Return the number of digits behind the decimal separator of a number."""
    whole, separator, decimals = text.replace(",", ".").rpartition(".")
    return len(decimals.rstrip("%\N{NO-BREAK SPACE} ")) if separator and whole else 0


def _heights(columns: Sequence[TabColumn], widths: Sequence[float]) -> dict[int, float]:
    """Return the heights in points of the part's rows with a text of several lines."""
    lines: dict[int, int] = {}
    for each, width in zip(columns, widths, strict=False):
        if each.style.number_format == TEXT:
            for index, count in tall_rows([str(value) for value in each.values], width).items():
                lines[index] = max(count, lines.get(index, 1))
    return {index: height_of(count, padding=2) for index, count in lines.items()}


def _row_styles(columns: Sequence[TabColumn], usual: Sequence[CellStyle], first_row: int) -> dict[int, list[CellStyle]]:
    """Return the styles of rows with a quantity of their own, a minimum (blue), a maximum (red) or a warning."""
    styles: dict[int, list[CellStyle]] = {}
    rows = range(first_row, first_row + len(columns[0].values))
    for place, column in enumerate(columns):
        for row, style in column.own_styles.items():
            styles.setdefault(row, list(usual))[place] = style
        extremes = ((column.min_row, SMALLEST), (column.max_row, LARGEST))
        marked = [(found - first_row, colour) for found, colour in extremes if found is not None and found in rows]
        for row, colour in (*marked, *((row, WARNING) for row in column.warning_rows)):
            row_styles = styles.setdefault(row, list(usual))
            row_styles[place] = row_styles[place]._replace(colour=colour)
    return styles


def filter_rows(tab: Tab, columns: Sequence[TabColumn], row_count: int) -> None:
    """Make the first rows of a tab a table with a filter; under dates they have the filter alone.

    The titles of a table can be nothing but texts.
    """
    if any(column.title_pattern for column in columns):
        tab.filter_rows(len(columns), row_count)
    else:
        tab.make_table([column.title for column in columns], row_count)
