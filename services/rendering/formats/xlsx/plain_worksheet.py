"""Worksheet of XlsxWriter with a short way to write the cells of reports."""

import re
from collections.abc import Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

from services.rendering.formats.spreadsheets.cell_values import CellValue

_MARKUP = re.compile("[&<>]")


class PlainWorksheet(Worksheet):  # type: ignore[misc]  # the library is untyped
    """A worksheet in constant memory whose texts are plain: none is taken for ready-made XML of rich text."""

    def write_values(self, row: int, values: Sequence[CellValue], styles: Sequence[Format]) -> None:
        """Write the cells of a row that is still empty: texts as texts, floats as numbers.

        The library's methods for single cells check each cell anew, at about the cost of writing it.
        """
        if row > self.previous_row:
            self._write_single_row(row)
        self._check_dimensions(row, 0)
        self._check_dimensions(row, len(values) - 1)
        cells = self.table[row]
        for column, (value, style) in enumerate(zip(values, styles, strict=True)):
            is_text = value.__class__ is str
            cells[column] = CellStringTuple(value, style) if is_text else CellNumberTuple(value, style)

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """Write a number, a text or an empty cell with a style; the library's own way takes twice as long."""
        style = cell.format
        kind = cell.__class__
        if style is None or kind not in _WRITTEN_HERE:
            super()._write_cell(row, col, cell)
            return
        begin = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{style._get_xf_index()}"'  # noqa: SLF001  its one way
        if kind is CellNumberTuple:
            self.fh.write(f"{begin}><v>{cell.number:.16G}</v></c>")
        elif kind is CellStringTuple and cell.string:
            self.fh.write(f'{begin} t="inlineStr"><is>{self._inline(cell.string)}</is></c>')
        else:
            self.fh.write(f"{begin}/>")

    def _inline(self, text: str) -> str:
        """Return the element of a text."""
        if not text.isprintable() or "_x" in text:
            text = self._escape_control_characters(text)
        if _MARKUP.search(text):
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        kept = "" if text == text.strip() else ' xml:space="preserve"'
        return f"<t{kept}>{text}</t>"


_WRITTEN_HERE = frozenset({CellNumberTuple, CellStringTuple, CellBlankTuple})
