"""Printed table: row groups with their bands and totals, part after part, under one header."""

from collections.abc import Sequence

from daybook.report.v1.sheet_pb2 import Column, RowGroup, Table, Total

from services.rendering import theme
from services.rendering.formats.pdf.cell_text_ops import CellColumn, TextAnchor, coloured, set_cells, set_lines
from services.rendering.formats.pdf.column_widths import PAD, Slot, TableShape
from services.rendering.formats.pdf.flow import Flow
from services.rendering.formats.pdf.grid import GOES_ON, Grid, GridRow, full_width, row_height
from services.rendering.formats.pdf.pages import TextStyle
from services.rendering.formats.pdf.table_header import table_head


class PrintedTable:
    """A table in the making: begun with its first part, added to with each part, closed after the last."""

    def __init__(self, flow: Flow, table: Table, shape: TableShape) -> None:
        document = flow.document
        self._shape = shape
        self._usual = TextStyle(document.regular, shape.size, theme.INK)
        self._bold = TextStyle(document.bold, shape.size, theme.INK)
        head = table_head(table, shape, self._bold)
        flow.start_section(table.header, keep=head.height + 3 * row_height(1, shape.size))
        self._grid = Grid(flow, shape, self._usual, head)
        self._rows_before = 0

    def add(self, table: Table) -> None:
        """Print the rows, bands and totals of a part."""
        rows = _Rows(table, self._shape, self._usual, self._rows_before)
        done = 0
        for group in table.groups:
            if group.header and not group.continued:
                self._open_group(group, rows.line_count(done))
            self._add_rows(rows, done, done + group.row_count)
            done += group.row_count
            if group.HasField("total"):
                self._add_total(table, group.total)
            if not group.unfinished:
                self._grid.band = None
        self._add_rows(rows, done, len(rows))
        self._rows_before += len(rows)

    def close(self) -> None:
        """Print the remaining rows."""
        self._grid.close()

    def _add_rows(self, rows: "_Rows", first: int, last: int) -> None:
        most = self._grid.most_lines
        for row in range(first, min(last, len(rows))):
            if rows.line_count(row) <= most:
                self._grid.add(rows.grid_row(row))
            else:
                for piece in rows.pieces(row, most):
                    self._grid.add(piece)

    def _open_group(self, group: RowGroup, first_row_lines: int) -> None:
        lines = min(first_row_lines, self._grid.most_lines)
        self._grid.band = None
        self._grid.add(self._band(group.header), keep=self._grid.height(lines))
        self._grid.band = self._band(group.header, GOES_ON)

    def _band(self, text: str, ending: str = "") -> GridRow:
        """Return the row of a group's name over all columns of each panel; with an ending it is one line."""
        panels, count = [], 1
        for slots in self._shape.panels:
            slot = full_width(slots)
            room = slot.width - 2 * PAD
            clipped = self._bold.clip(text, room - self._bold.width(ending)) + ending
            lines = [clipped] if ending else self._bold.wrap(text, room)[: self._grid.most_lines]
            count = max(count, len(lines))
            operators = set_lines(lines, TextAnchor(slot, Column.ALIGN_LEFT, self._bold.size), self._bold)
            panels.append(coloured(operators, self._bold, self._usual))
        return GridRow(panels, count, theme.BAND_FILL)

    def _add_total(self, table: Table, total: Total) -> None:
        texts = {cell.field: cell.text for cell in total.cells}
        panels, count = [], 1
        for slots in self._shape.panels:
            operators = []
            for slot, text, align in _total_cells(table, slots, texts, total.text):
                cell = set_cells([text], slot, align, self._bold)
                operators.append(cell.operators[0])
                count = max(count, cell.line_counts[0])
            panels.append(coloured("".join(operators), self._bold, self._usual))
        self._grid.add(GridRow(panels, count, theme.BAND_FILL))


class _Rows:
    """The rows of a part, set column by column."""

    def __init__(self, table: Table, shape: TableShape, usual: TextStyle, rows_before: int) -> None:
        self._table = table
        self._shape = shape
        self._usual = usual
        counts: list[list[int]] = []
        self._panels: list[list[str]] = []
        for slots in shape.panels:
            columns = [self._cells(table.columns[slot.index], slot, rows_before) for slot in slots]
            counts.extend(column.line_counts for column in columns)
            self._panels.append(["".join(row) for row in zip(*(column.operators for column in columns), strict=True)])
        self._line_counts = [max(row) for row in zip(*counts, strict=True)]

    def __len__(self) -> int:
        return len(self._line_counts)

    def line_count(self, row: int) -> int:
        """Return the lines of a row; 1 for a row that is not there."""
        return self._line_counts[row] if row < len(self) else 1

    def grid_row(self, row: int) -> GridRow:
        """Return a row."""
        return GridRow([panel[row] for panel in self._panels], self._line_counts[row])

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
            edges = [TextAnchor(slot, self._table.columns[slot.index].align, self._usual.size) for slot in slots]
            cut = [lines[slot][first : first + count] for slot in slots]
            panels.append("".join(set_lines(part, edge, self._usual) for part, edge in zip(cut, edges, strict=True)))
        return GridRow(panels, max(1, *(len(own[first : first + count]) for own in lines.values())))

    def _cells(self, column: Column, slot: Slot, rows_before: int) -> CellColumn:
        """Set a column, its largest value red and its smallest blue where it asks for that."""
        cells = set_cells(column.text, slot, column.align, self._usual)
        if column.highlight_min_max and column.HasField("min_row") and column.min_row != column.max_row:
            for row, colour in ((column.max_row, theme.LARGEST), (column.min_row, theme.SMALLEST)):
                own = row - rows_before
                if 0 <= own < len(cells.operators):
                    style = TextStyle(self._usual.face, self._usual.size, colour)
                    cells.operators[own] = coloured(cells.operators[own], style, self._usual)
        return cells


def _total_cells(
    table: Table, slots: Sequence[Slot], texts: dict[str, str], label: str
) -> list[tuple[Slot, str, Column.Align.ValueType]]:
    """Return the cells of a total; its label takes the columns without a value on the left, else the first cell."""
    columns = [table.columns[slot.index] for slot in slots]
    free = next((place for place, column in enumerate(columns) if column.field in texts), len(slots))
    cells = [
        (slot, texts[column.field], column.align)
        for slot, column in zip(slots, columns, strict=True)
        if column.field in texts
    ]
    if free:
        wide = Slot(-1, slots[0].left, slots[free - 1].right - slots[0].left)
        return [(wide, label, Column.ALIGN_LEFT), *cells]
    slot, text, align = cells[0]
    return [(slot, f"{label} {text}".strip(), align), *cells[1:]]
