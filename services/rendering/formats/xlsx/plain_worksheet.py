"""Worksheet of XlsxWriter that writes the rows of reports as text."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

from services.rendering.formats.spreadsheets.cell_values import CellValue

MOST_KNOWN = 20_000  # texts whose elements are remembered

_MARKUP = re.compile("[&<>]")


class PlainWorksheet(Worksheet):  # type: ignore[misc]  # the library is untyped
    """A worksheet in constant memory whose texts are plain: none is taken for ready-made XML of rich text."""

    previous_row: int  # the library's: the row that waits to be written

    def __init__(self) -> None:
        super().__init__()
        self._inlines: dict[str, str] = {}

    def write_values(
        self,
        row: int,
        rows: Sequence[Sequence[CellValue]],
        styles: Mapping[int, Sequence[Format]],
        heights: Mapping[int, float],
        *,
        folded: bool = False,
    ) -> None:
        """Write rows that are still empty from `row` on: texts as texts, floats as numbers, "" as empty cells.

        `styles` has those of each row that differ from the usual ones, which stand at -1. The rows go straight to the
        library's temporary file; its methods for single cells check each cell anew, at about the cost of writing it.
        """
        if row > self.previous_row:
            self._write_single_row(row)
        last = row + len(rows) - 1
        self._check_dimensions(row, 0)
        self._check_dimensions(last, len(rows[0]) - 1)
        usual: list[tuple[str, str]] = []
        written = []
        for index, values in enumerate(rows, row):
            if index in styles:
                openings = _openings(styles[index])
            else:
                openings = usual = usual or _openings(styles[-1])
            number = str(index + 1)
            written.append(f'<row r="{number}"{self._row_attributes(index, heights.get(index), folded=folded)}>')
            for (column, style), value in zip(openings, values, strict=True):
                if value.__class__ is not str:
                    written.append(f"{column}{number}{style}><v>{value:.16G}</v></c>")
                elif value:
                    written.append(f'{column}{number}{style} t="inlineStr"><is>{self._inline(value)}</is></c>')
                else:
                    written.append(f"{column}{number}{style}/>")
            written.append("</row>")
        self.fh.write("".join(written))
        self.previous_row = last

    def _row_attributes(self, row: int, height: float | None, *, folded: bool) -> str:
        if folded:
            self.outline_row_level = 1
            return ' hidden="1" outlineLevel="1"'
        if height is None:
            return ""
        pixels = int(height * 4 / 3 + 0.5)
        self.row_sizes[row] = [pixels, False]
        return "" if pixels == self.original_row_height else f' ht="{pixels * 0.75:.16g}" customHeight="1"'

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
        known = self._inlines.get(text)
        if known is None:
            if len(self._inlines) >= MOST_KNOWN:
                self._inlines.clear()
            known = self._inlines[text] = self._made_inline(text)
        return known

    def _made_inline(self, text: str) -> str:
        if not text.isprintable() or "_x" in text:
            text = self._escape_control_characters(text)
        if _MARKUP.search(text):
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        kept = "" if text == text.strip() else ' xml:space="preserve"'
        return f"<t{kept}>{text}</t>"


def _openings(styles: Sequence[Format]) -> list[tuple[str, str]]:
    """Return the beginnings of a row's cells, around the number of the row."""
    return [(f'<c r="{_column(place)}', f'" s="{style._get_xf_index()}"') for place, style in enumerate(styles)]  # noqa: SLF001  its one way


@lru_cache(maxsize=1_000)
def _column(place: int) -> str:
    return str(xl_col_to_name(place))


_WRITTEN_HERE = frozenset({CellNumberTuple, CellStringTuple, CellBlankTuple})
