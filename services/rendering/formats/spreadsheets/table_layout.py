"""The rows of one table on a tab: column titles, group headers, values, totals."""

from collections.abc import Mapping, Sequence
from itertools import groupby, islice

from daybook.report.v1.sheet_pb2 import ColumnGroup, Quantity, Total, TotalCell

from services.rendering.formats.spreadsheets.cell_texts import cell_text
from services.rendering.formats.spreadsheets.cell_values import cell_value
from services.rendering.formats.spreadsheets.cells import BLUE, RED, CellStyle, StyleRole
from services.rendering.formats.spreadsheets.columns import TabColumn
from services.rendering.formats.spreadsheets.moments import WallClock
from services.rendering.formats.spreadsheets.number_formats import TEXT, number_format
from services.rendering.formats.spreadsheets.text_measures import height_of, lines_of, tall_rows
from services.rendering.formats.spreadsheets.workbook import RowExceptions, Tab


class TableLayout:
    """Writes the rows of one part of a table. Methods take the tab and its free row and return the next free row."""

    def __init__(self, strips: Sequence[TabColumn], widths: Sequence[float], first_row: int) -> None:
        """Take the part's strips, the widths of the tab's columns and the part's first row within the whole table."""
        self._strips = strips
        self._widths = widths
        self._looks = [strip.style for strip in strips]
        self._rows = zip(*(strip.values for strip in strips), strict=True)
        self._done = 0
        self._total_styles: dict[tuple[int, int], tuple[Quantity, CellStyle]] = {}
        self._heights = _heights(strips, widths)
        self._painted = _painted(strips, self._looks, first_row)

    def heads(self, tab: Tab, row: int, groups: Sequence[ColumnGroup]) -> int:
        """Write the column titles, those of groups of columns above them."""
        if groups:
            self._upper_heads(tab, row, {field: group.title for group in groups for field in group.fields})
            row += 1
        for column, strip in enumerate(self._strips):
            tab.write(row, column, strip.title, CellStyle(StyleRole.HEAD, TEXT, strip.style.align))
        lines = max(
            lines_of(strip.title, width / 1.1) for strip, width in zip(self._strips, self._widths, strict=False)
        )
        tab.height(row, height_of(lines, padding=6))
        return row + 1

    def _upper_heads(self, tab: Tab, row: int, titles: Mapping[str, str]) -> None:
        style, column = CellStyle(StyleRole.HEAD, TEXT, "center"), 0
        for title, members in groupby(titles.get(strip.field, "") for strip in self._strips):
            last = column + len(list(members)) - 1
            if not title:
                tab.fill(row, column, last, style)
            elif column == last:
                tab.write(row, column, cell_text(title), style)
            else:
                tab.merge(row, column, last, cell_text(title), style)
            column = last + 1

    def band(self, tab: Tab, row: int, text: str) -> int:
        """Write a group's header as a bold row over the table's width."""
        style = CellStyle(StyleRole.GROUP, TEXT)
        tab.write(row, 0, cell_text(text), style)
        if len(self._strips) > 1:
            tab.fill(row, 1, len(self._strips) - 1, style)
        return row + 1

    def values(self, tab: Tab, row: int, count: int) -> int:
        """Write the next `count` rows of values."""
        shift = row - self._done
        special = RowExceptions(
            styles={index + shift: styles for index, styles in self._painted.items()},
            heights={
                index + shift: self._heights[index]
                for index in range(self._done, self._done + count)
                if index in self._heights
            },
        )
        self._done += count
        return tab.write_rows(row, islice(self._rows, count), self._looks, special)

    def total(self, tab: Tab, row: int, total: Total, clock: WallClock, locale: str) -> int:
        """Write a total's values under their columns and its text in the first cell that is free."""
        cells = {cell.field: cell for cell in total.cells}
        text = cell_text(total.text)
        for column, strip in enumerate(self._strips):
            cell = cells.pop(strip.field, None)
            if cell is not None:
                quantity, style = self._total_style(column, cell, locale)
                tab.write(row, column, cell_value(quantity, cell.raw, cell.text, clock), style)
            elif text:
                tab.write(row, column, text, CellStyle(StyleRole.TOTAL, TEXT))
                text = ""
            else:
                tab.fill(row, column, column, CellStyle(StyleRole.TOTAL))
        return row + 1

    def _total_style(self, column: int, cell: TotalCell, locale: str) -> tuple[Quantity, CellStyle]:
        """Return how a column's totals with so many decimals are understood and shown."""
        key = column, cell.decimals
        if key not in self._total_styles:
            strip, quantity = self._strips[column], Quantity()
            quantity.CopyFrom(strip.quantity)
            quantity.decimals = cell.decimals
            shown = number_format(quantity, sample=cell.text, locale=locale)
            self._total_styles[key] = quantity, CellStyle(StyleRole.TOTAL, shown, strip.style.align)
        return self._total_styles[key]


def _heights(strips: Sequence[TabColumn], widths: Sequence[float]) -> dict[int, float]:
    """Return the heights in points of the part's rows with a text of several lines."""
    lines: dict[int, int] = {}
    for strip, width in zip(strips, widths, strict=False):
        if strip.style.number_format == TEXT:
            for index, count in tall_rows([str(value) for value in strip.values], width).items():
                lines[index] = max(count, lines.get(index, 1))
    return {index: height_of(count, padding=2) for index, count in lines.items()}


def _painted(strips: Sequence[TabColumn], styles: Sequence[CellStyle], first_row: int) -> dict[int, list[CellStyle]]:
    """Return the styles of the part's rows with a column's minimum (blue) or maximum (red)."""
    painted: dict[int, list[CellStyle]] = {}
    rows = len(strips[0].values)
    for column, strip in enumerate(strips):
        for row, colour in ((strip.min_row, BLUE), (strip.max_row, RED)):
            if row is not None and first_row <= row < first_row + rows:
                painted.setdefault(row - first_row, list(styles))[column] = styles[column]._replace(colour=colour)
    return painted
