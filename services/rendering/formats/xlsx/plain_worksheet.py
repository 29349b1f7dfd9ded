"""Worksheet of XlsxWriter that writes the rows of reports as text."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.utility import xl_col_to_name, xl_range, xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

from services.rendering.formats.spreadsheets.cell_values import CellValue

TABLE_STYLE = "TableStyleLight1"
MOST_KNOWN = 20_000  # texts whose elements are remembered

_MARKUP = re.compile("[&<>]")


class Outline(NamedTuple):
    """Level of rows in the outline, 0 for none; with `folded` they are folded away."""

    level: int = 0
    folded: bool = False


class PlainWorksheet(Worksheet):  # type: ignore[misc]  # the library is untyped
    """A worksheet in constant memory whose texts are plain: none is taken for ready-made XML of rich text."""

    previous_row: int  # the library's: the row that waits to be written
    outline_row_level: int  # the library's: the deepest level of the outline

    def __init__(self) -> None:
        super().__init__()
        self._inlines: dict[str, str] = {}

    def write_values(
        self,
        row: int,
        rows: Sequence[Sequence[CellValue]],
        styles: Mapping[int, Sequence[Format]],
        heights: Mapping[int, float],
        outline: Outline = Outline(),  # noqa: B008  immutable
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
            written.append(f'<row r="{number}"{self._row_attributes(index, heights.get(index), outline)}>')
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

    def write_columns(self, row: int, columns: Sequence[Sequence[CellValue]], styles: Sequence[Format]) -> None:
        """Write rows that are still empty from `row` on by their columns, which takes less time than cell by cell."""
        if row > self.previous_row:
            self._write_single_row(row)
        last = row + len(columns[0]) - 1
        self._check_dimensions(row, 0)
        self._check_dimensions(last, len(columns) - 1)
        numbers = [*map(str, range(row + 1, last + 2))]
        cells = [
            self._column_cells(opening, values, numbers)
            for opening, values in zip(_openings(styles), columns, strict=True)
        ]
        starts = [f'<row r="{number}">' for number in numbers]
        self.fh.write("</row>".join(map("".join, zip(starts, *cells, strict=True))) + "</row>")
        self.previous_row = last

    def _column_cells(
        self, opening: tuple[str, str], values: Sequence[CellValue], numbers: Sequence[str]
    ) -> Sequence[str]:
        """Return the elements of the cells of a column."""
        start, style = opening
        rows = zip(numbers, values, strict=True)
        if all(value.__class__ is float for value in values):
            return [f"{start}{number}{style}><v>{value:.16G}</v></c>" for number, value in rows]
        ends = {value: self._cell_end(style, value) for value in set(values)}
        return [f"{start}{number}{ends[value]}" for number, value in rows]

    def _cell_end(self, style: str, value: CellValue) -> str:
        if isinstance(value, float):
            return f"{style}><v>{value:.16G}</v></c>"
        return f'{style} t="inlineStr"><is>{self._inline(value)}</is></c>' if value else f"{style}/>"

    def lead(self, row: int, column: int, link: str) -> None:
        """Let a text that is written lead somewhere."""
        self.hyperlinks[row][column] = Url(link)

    def make_table(self, heads: Sequence[str], row_count: int) -> None:
        """Make the first rows, the titles of columns among them, a table of Excel with a filter.

        The library's own way is closed in constant memory, where it could not write cells after others.
        """
        area = xl_range(0, 0, row_count - 1, len(heads) - 1)
        empty = {"total_string": "", "total_function": "", "custom_total": "", "total_value": 0, "formula": ""}
        columns = [
            {"id": place, "name": head, "format": None, "name_format": None, **empty}
            for place, head in enumerate(heads, 1)
        ]
        self.tables.append(
            {
                "columns": columns,
                "range": area,
                "a_range": area,
                "autofilter": area,
                "header_row_count": True,
                "totals_row_shown": False,
                "style": TABLE_STYLE,
                "show_first_col": False,
                "show_last_col": False,
                "show_row_stripes": True,
                "show_col_stripes": False,
                "description": None,
                "title": None,
            }
        )

    def _row_attributes(self, row: int, height: float | None, outline: Outline) -> str:
        attributes = ""
        level = max(outline.level, int(outline.folded))
        if level:
            self.outline_row_level = max(self.outline_row_level, level)
            attributes = ' hidden="1"' * outline.folded + f' outlineLevel="{level}"'
        if height is None:
            return attributes
        pixels = int(height * 4 / 3 + 0.5)
        self.row_sizes[row] = [pixels, False]
        if pixels == self.original_row_height:
            return attributes
        return f'{attributes} ht="{pixels * 0.75:.16g}" customHeight="1"'

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
