"""Cells of the rows of a table, set column by column."""

from collections.abc import Iterator
from dataclasses import replace

from daybook.report.v1.sheet_pb2 import Column, Table

from services.rendering import theme
from services.rendering.formats.pdf.cell_text_ops import NEXT_CELL, CellColumn, anchored, coloured, set_cells, set_lines
from services.rendering.formats.pdf.column_widths import PAD, Slot, TableShape
from services.rendering.formats.pdf.grid import GridRow
from services.rendering.formats.pdf.pages import TextStyle
from services.rendering.formats.pdf.print_form import is_text
from services.rendering.formats.pdf.structure import RowForm


class RowCells:
    """The rows of a part, set column by column."""

    def __init__(self, table: Table, shape: TableShape, usual: TextStyle, rows_before: int) -> None:
        self._table = table
        self._shape = shape
        self._usual = usual
        self._remark = replace(usual, colour=theme.FAINT_INK) if table.upright else None
        self._forms = (RowForm(has_head=bool(table.columns) and is_text(table.columns[0])),)
        counts: list[list[int]] = []
        self._panels: list[list[str]] = []
        for slots in shape.panels:
            columns = [self._cells(table.columns[slot.index], slot, rows_before) for slot in slots]
            counts.extend(column.line_counts for column in columns)
            self._panels.append(
                [NEXT_CELL.join(row) for row in zip(*(column.operators for column in columns), strict=True)]
            )
        self._line_counts = [max(row) for row in zip(*counts, strict=True)]

    def __len__(self) -> int:
        return len(self._line_counts)

    def line_count(self, row: int) -> int:
        """Return the lines of a row; 1 for a row that is not there."""
        return self._line_counts[row] if row < len(self) else 1

    def name(self, row: int) -> str:
        """Return the first cell of a row."""
        return self._table.columns[0].text[row]

    def grid_row(self, row: int) -> GridRow:
        """Return a row."""
        return GridRow([panel[row] for panel in self._panels], self._line_counts[row], forms=self._forms)

    def pieces(self, row: int, most_lines: int) -> list[GridRow]:
        """Return a row that is taller than a page in pieces, from top to bottom."""
        lines = {
            slot: self._usual.wrap(self._table.columns[slot.index].text[row], slot.width - 2 * PAD)
            for slots in self._shape.panels
            for slot in slots
        }
        return [self._piece(lines, first, most_lines) for first in range(0, self._line_counts[row], most_lines)]

    def _piece(self, lines: dict[Slot, list[str]], first: int, count: int) -> GridRow:
        panels = []
        for slots in self._shape.panels:
            edges = [anchored(slot, self._table.columns[slot.index].align, self._usual) for slot in slots]
            cut = [lines[slot][first : first + count] for slot in slots]
            cells = (set_lines(part, edge, self._usual) for part, edge in zip(cut, edges, strict=True))
            panels.append(NEXT_CELL.join(cells))
        lines_of_piece = max(1, *(len(own[first : first + count]) for own in lines.values()))
        return GridRow(panels, lines_of_piece, forms=self._forms)

    def _cells(self, column: Column, slot: Slot, rows_before: int) -> CellColumn:
        """Set a column: its largest value red, its smallest blue where it asks for that, warnings in their colour."""
        cells = set_cells(column.text, slot, column.align, self._usual, self._remark)
        for row, colour in _coloured_rows(column, rows_before):
            if 0 <= row < len(cells.operators):
                style = replace(self._usual, colour=colour)
                cells.operators[row] = coloured(cells.operators[row], style, self._usual)
        return cells


def _coloured_rows(column: Column, rows_before: int) -> Iterator[tuple[int, str]]:
    """Yield the rows of a part, or of others, that have a colour of their own."""
    if column.highlight_min_max and column.HasField("min_row") and column.min_row != column.max_row:
        yield column.max_row - rows_before, theme.LARGEST
        yield column.min_row - rows_before, theme.SMALLEST
    for row in column.warning_rows:
        yield row, theme.WARNING
