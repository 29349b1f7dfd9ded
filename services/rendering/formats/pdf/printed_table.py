"""Printed table: row groups with their bands and totals, part after part, under one header."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Literal

from daybook.report.v1.sheet_pb2 import Column, Quantity, RowGroup, Table, Total

from services.rendering import theme
from services.rendering.formats.pdf.cell_text_ops import NEXT_CELL, anchored, coloured, set_cells, set_lines
from services.rendering.formats.pdf.column_widths import PAD, Slot, TableShape
from services.rendering.formats.pdf.flow import Flow
from services.rendering.formats.pdf.grid import GOES_ON, Grid, GridRow, full_width, row_height
from services.rendering.formats.pdf.pages import TextStyle
from services.rendering.formats.pdf.print_form import missing_decimals
from services.rendering.formats.pdf.row_cells import RowCells
from services.rendering.formats.pdf.structure import RowForm
from services.rendering.formats.pdf.table_header import table_head
from services.rendering.values import Reader

LABEL = Column(align=Column.ALIGN_LEFT)
MOST_LOOKED_AT = 50  # rows that tell how many decimals a column has
MOST_HELD = 2_000  # rows of a group that wait for its sums, which otherwise follow the last row


class PrintedTable:
    """A table in the making: begun with its first part, added to with each part, closed after the last.

    Parts come in the printed form. `note` is said beside the table's name; `link_of` gives the link of a row by its
    first cell.
    """

    def __init__(
        self,
        flow: Flow,
        table: Table,
        shape: TableShape,
        reader: Reader,
        *,
        note: str = "",
        link_of: Callable[[str], int | None] | None = None,
    ) -> None:
        document = flow.document
        self._shape, self._has_title = shape, document.has_title
        self._symbol, self._link_of = reader.decimal_symbol, link_of
        self._usual = TextStyle(document.regular, shape.size, theme.INK, shape.is_condensed)
        self._bold = replace(self._usual, face=document.bold)
        self._warning = replace(self._bold, colour=theme.WARNING)
        head = table_head(table, shape, self._bold, reader.locale)
        flow.start_section(table.header, keep=head.height + 3 * row_height(1, self._usual.leading), note=note)
        self._grid = Grid(flow, shape, self._usual, head)
        self._decimals = {one.field: _most_decimals(one, self._symbol) for one in table.columns}
        self._rows_before = 0
        self._held: _Group | None = None  # the group with a name that goes on
        self._running: GridRow | None = None  # the band that begins each new page of the group
        self._last: tuple[GridRow, float, GridRow | None] | None = None  # a row, what it keeps below it, its band

    def add(self, table: Table) -> None:
        """Print the rows, bands and totals of a part; rows of a group that goes on wait for its sums."""
        rows = RowCells(table, self._shape, self._usual, self._rows_before)
        done = 0
        for group in table.groups:
            some = self._grid_rows(rows, done, done + group.row_count)
            done += group.row_count
            if group.header:
                self._add_to_group(table, group, some)
            else:
                self._add_rows(some, self._total_row(table, group))
        self._add_rows(self._grid_rows(rows, done, len(rows)), None)
        self._rows_before += len(rows)

    def close(self) -> None:
        """Print the remaining rows."""
        self._open_group(None, "")
        self._print_last()
        self._grid.close()

    def _put(self, row: GridRow, *, keep: float = 0.0) -> None:
        """Put a row below the others; it waits for what must stay with it."""
        self._print_last()
        self._last = row, keep, self._running

    def _print_last(self) -> None:
        if self._last is not None:
            row, keep, self._grid.band = self._last
            self._grid.add(row, keep=keep)
        self._last = None

    def _grid_rows(self, rows: RowCells, first: int, last: int) -> list[GridRow]:
        """Return some rows, those that are taller than a page in pieces."""
        most = self._grid.most_lines
        found: list[GridRow] = []
        for row in range(first, min(last, len(rows))):
            made = [rows.grid_row(row)] if rows.line_count(row) <= most else rows.pieces(row, most)
            found.extend(map(self._linked, made, repeat(rows.name(row))) if self._link_of else made)
        return found

    def _linked(self, row: GridRow, name: str) -> GridRow:
        return replace(row, link=self._link_of(name) if self._link_of else None, name=name)

    def _add_rows(self, rows: Sequence[GridRow], total: GridRow | None) -> None:
        """Put rows below the others; the last of them stays with its total."""
        for row in rows[:-1]:
            self._put(row)
        keep = self._grid.height(total.line_count) if total else 0.0
        for row in rows[-1:]:
            self._put(row, keep=keep)
        if total:
            if not rows and self._last is not None:  # the sums of all groups stay with the last row
                row, before, band = self._last
                self._last = row, before + keep, band
            self._put(total)

    def _add_to_group(self, table: Table, group: RowGroup, rows: Sequence[GridRow]) -> None:
        """Hold the rows of a group until its sums are known, or there are too many of them."""
        if not group.continued or self._held is None:
            self._open_group(None, "")
            self._held = _Group(group.header, [], is_day=bool(group.date))
        held = self._held
        if not held.is_open and len(held.rows) + len(rows) <= MOST_HELD:
            held.rows.extend(rows)
            if not group.unfinished:
                self._open_group(table, group.header, group.total if group.HasField("total") else None)
                self._held, self._running = None, None
            return
        if not held.is_open:
            self._open_group(table, group.header)
        self._add_rows(rows, self._total_row(table, group))
        if not group.unfinished:
            self._held, self._running = None, None

    def _open_group(self, table: Table | None, header: str, total: Total | None = None) -> None:
        """Print the band and the rows of the group that is held, its sums beside its name where there is room."""
        held = self._held
        if held is None or held.is_open:
            return
        summed = table is not None and total is not None and self._has_room(table, total, header)
        band = self._band(held.header)
        if summed and table and total:
            band = self._as_heading(self._total(table, total, header))
        last = self._total(table, total, total.text) if table and total and not summed else None
        first = held.rows[0].line_count if held.rows else 1
        behind = self._grid.height(last.line_count) if last and len(held.rows) == 1 else 0.0
        if held.is_day:
            band = replace(band, bookmark=held.header)
        self._running = None
        self._put(band, keep=self._grid.height(first) + behind)
        self._running = self._band(held.header, GOES_ON)
        self._add_rows(held.rows, last)
        held.is_open, held.rows = True, []

    def _has_room(self, table: Table, total: Total, header: str) -> bool:
        """Return whether a group's name fits before the first of its sums."""
        texts = {cell.field: cell.text for cell in total.cells}
        name, *_sums = _total_cells(table, self._shape.panels[0], texts, (header, 0.0))
        return name[2] is LABEL and self._bold.width(header) <= name[0].width - 2 * PAD

    def _total_row(self, table: Table, group: RowGroup) -> GridRow | None:
        return self._total(table, group.total, group.total.text) if group.HasField("total") else None

    def _band(self, text: str, ending: str = "") -> GridRow:
        """Return the row of a group's name over all columns of each panel; with an ending it is one line."""
        panels, count = [], 1
        forms = [RowForm(has_head=True, span=len(slots)) for slots in self._shape.panels]
        for slots in self._shape.panels:
            slot = full_width(slots)
            room = slot.width - 2 * PAD
            clipped = self._bold.clip(text, room - self._bold.width(ending)) + ending
            lines = [clipped] if ending else self._bold.wrap(text, room)[: self._grid.most_lines]
            count = max(count, len(lines))
            operators = set_lines(lines, anchored(slot, Column.ALIGN_LEFT, self._bold), self._bold)
            panels.append(coloured(operators, self._bold, self._usual))
        row = GridRow(panels, count, theme.BAND_FILL, forms=() if ending else forms)
        return row if ending else self._as_heading(row)

    def _as_heading(self, row: GridRow) -> GridRow:
        """Return a row whose first cell is a heading in the structure."""
        level: Literal["H2", "H3"] = "H3" if self._has_title else "H2"
        return replace(row, forms=[replace(form, inner=level) for form in row.forms])

    def _total(self, table: Table, total: Total, label: str) -> GridRow:
        """Return the row of a total, or of a group's name with its sums beside it."""
        texts = {cell.field: cell.text for cell in total.cells}
        warnings = {cell.field for cell in total.cells if cell.warning}
        panels, forms, count = [], [], 1
        for slots in self._shape.panels:
            operators: list[str] = []
            cells = _total_cells(table, slots, texts, (label, self._bold.width(label)))
            forms.append(RowForm(has_head=True, span=len(slots) - len(cells) + 1))
            for slot, text, column in cells:
                cell = set_cells([text], self._under_decimals(slot, text, column), column.align, self._bold)
                style = self._warning if column.field in warnings else self._bold
                operators.append(coloured(cell.operators[0], style, self._usual))
                count = max(count, cell.line_counts[0])
            panels.append(NEXT_CELL.join(operators))
        return GridRow(panels, count, theme.BAND_FILL, forms=forms)

    def _under_decimals(self, slot: Slot, text: str, column: Column) -> Slot:
        """Return the slot of a total whose decimals stand under those of its column, which may have more."""
        most = self._decimals.get(column.field, 0)
        if column.align != Column.ALIGN_RIGHT or not most:
            return slot
        lacking = self._bold.width(missing_decimals(text, most, self._symbol))
        fits = self._bold.width(text) + lacking + 2 * PAD <= slot.width
        return Slot(slot.index, slot.left, slot.width - lacking) if fits else slot


@dataclass(slots=True)
class _Group:
    """Group with a name in the making: rows that wait for its sums; `is_open` is True once its band is printed."""

    header: str
    rows: list[GridRow]
    is_day: bool = False
    is_open: bool = False


def _most_decimals(column: Column, symbol: str) -> int:
    """Return the decimals of a column of numbers, 0 for other columns."""
    if column.quantity.kind != Quantity.KIND_NUMBER:
        return 0
    return max((len(one.partition(symbol)[2]) for one in column.text[:MOST_LOOKED_AT]), default=0)


def _total_cells(
    table: Table, slots: Sequence[Slot], texts: dict[str, str], said: tuple[str, float]
) -> list[tuple[Slot, str, Column]]:
    """Return the cells of a total; `said` is its label and how wide that is.

    The label takes the columns without a value on the left, else the first one without that has room for it, else it
    stands before the first value.
    """
    label, width = said
    columns = [table.columns[slot.index] for slot in slots]
    free = next((place for place, column in enumerate(columns) if column.field in texts), len(slots))
    cells = [
        (slot, texts.get(column.field, ""), column) for slot, column in zip(slots[free:], columns[free:], strict=True)
    ]
    if free:
        return [(full_width(slots[:free]), label, LABEL), *cells]
    for place, (slot, _, column) in enumerate(cells):
        if column.field not in texts and width + 2 * PAD <= slot.width:
            return [*cells[:place], (slot, label, LABEL), *cells[place + 1 :]]
    slot, text, column = cells[0]
    return [(slot, f"{label} {text}".strip(), column), *cells[1:]]
