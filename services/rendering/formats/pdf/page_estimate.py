"""Estimate of the pages that the tables of a report take, from their rows and the lines of the first few."""

from collections.abc import Sequence

from daybook.report.v1.sheet_pb2 import Column, SheetPart, Table

from services.rendering.formats.pdf.column_widths import PAD, TableShape, rows_a_page, table_shape, width_demands
from services.rendering.formats.pdf.document import Document
from services.rendering.formats.pdf.print_form import PrintForm
from services.rendering.values import Reader

LOOKED_AT = 200  # rows of a table whose lines are counted


def is_row_table(table: Table) -> bool:
    """Return whether the rows of a table are single records, not sums of those of others."""
    return not table.is_summary


class PageEstimate:
    """Pages, rows and sums of the row tables seen so far."""

    def __init__(self, document: Document) -> None:
        self.pages = 0.0
        self.row_count = 0
        self.sum_count = 0
        self._document = document
        self._rows_a_page = self._sums_a_page = 1.0  # of the table that goes on

    def add(self, part: SheetPart, reader: Reader) -> None:
        """Count the tables of a part."""
        for section in part.sheet.sections:
            if section.HasField("table") and is_row_table(section.table):
                if not section.continued:
                    self._look_at(section.table, reader)
                self._count(section.table)

    def _count(self, table: Table) -> None:
        rows = len(table.columns[0].text) if table.columns else 0
        named = sum(bool(group.header) for group in table.groups)
        self.row_count += rows
        self.sum_count += named
        self.pages += rows / self._rows_a_page + named / self._sums_a_page

    def _look_at(self, table: Table, reader: Reader) -> None:
        """Settle how many rows of a table stand on a page, from its first."""
        printed = Table()
        PrintForm.of(table, reader.decimal_symbol).apply(table, printed)
        faces = self._document.regular, self._document.bold
        shape = table_shape(width_demands(printed, faces, reader.locale), upright=table.upright)
        self._sums_a_page = max(rows_a_page(shape, 1), 1.0)
        self._rows_a_page = max(rows_a_page(shape, self._lines(printed.columns, shape)), 1.0)

    def _lines(self, columns: Sequence[Column], shape: TableShape) -> float:
        """Return the lines of a row on average."""
        counts = [1] * min(len(columns[0].text) if columns else 0, LOOKED_AT)
        for slot in (slot for slots in shape.panels for slot in slots):
            room = (slot.width - 2 * PAD) * 1000 / shape.em
            for row, text in enumerate(columns[slot.index].text[:LOOKED_AT]):
                counts[row] = max(counts[row], len(self._document.regular.wrap(text, room)))
        return sum(counts) / len(counts) if counts else 1.0
