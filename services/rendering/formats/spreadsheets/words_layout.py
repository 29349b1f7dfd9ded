"""Layout of what is no table on a tab: named values and paragraphs."""

from collections.abc import Sequence

from daybook.report.v1.sheet_pb2 import MapRow, Text

from services.rendering.excel_formats import TEXT
from services.rendering.formats.spreadsheets.cell_values import cell_text, cell_value
from services.rendering.formats.spreadsheets.columns import number_format
from services.rendering.formats.spreadsheets.text_measures import column_width, height_of, lines_of
from services.rendering.formats.spreadsheets.workbook import Tab
from services.rendering.theme import CellStyle, StyleRole
from services.rendering.values import Reader, kind_of

DEFAULT_WIDTH = 10.0
TEXT_COLUMNS = 9  # what a paragraph spans where no table sets the width
NARROW = 60.0


def widths_of_values(rows: Sequence[MapRow], reader: Reader) -> tuple[float, float]:
    """Return the widths of the columns of names and of values."""
    names = column_width("", [row.name for row in rows], wraps=True)
    return names, column_width("", [_widest(row, reader) for row in rows], wraps=False)


def _widest(row: MapRow, reader: Reader) -> str:
    """Return the text that a named value must have room for; one that is a text runs on over the next cells."""
    kind = kind_of(row.quantity)
    if kind.is_text:
        return ""
    return kind.widest_cell(row.quantity, reader.locale) or row.text


def write_named_value(tab: Tab, row: int, named: MapRow, width: float, reader: Reader) -> int:
    """Write a name, in a column of this width, and its value; return the next free row."""
    shown = number_format(named.quantity, named.text, reader.locale)
    value = cell_value(named.quantity, named.raw, named.text, reader.clock)
    name, what = (StyleRole.STRONG, StyleRole.STRONG) if named.highlight else (StyleRole.NAME, StyleRole.VALUE)
    tab.write(row, 0, cell_text(named.name), CellStyle(name, TEXT))
    tab.write(row, 1, value, CellStyle(what, shown))
    lines = lines_of(named.name, width)
    if lines > 1:
        tab.height(row, height_of(lines, padding=2))
    return row + 1


def write_paragraph(tab: Tab, row: int, text: Text, widths: Sequence[float]) -> int:
    """Write a paragraph over the columns of a tab, as high as its lines need; return the next free row."""
    small = text.style == Text.STYLE_SMALL_PRINT
    width, columns = sum(widths), len(widths)
    if width < NARROW:
        width += max(TEXT_COLUMNS - columns, 0) * DEFAULT_WIDTH
        columns = max(columns, TEXT_COLUMNS)
    words = cell_text(text.text)
    tab.merge(row, 0, columns - 1, words, CellStyle(StyleRole.NOTE if small else StyleRole.PARAGRAPH, TEXT))
    tab.height(row, height_of(lines_of(words, width), padding=2))
    return row + 1
