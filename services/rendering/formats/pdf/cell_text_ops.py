"""Text operators of table cells, set once for whatever height on the page a row gets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Column

from services.rendering.formats.pdf.column_widths import PAD, Slot
from services.rendering.formats.pdf.pages import TextStyle, parted

NEXT_CELL = "\uffff"  # beyond latin-1: stands between the cells of a row
FIRST_LINE = 0x100  # beyond latin-1, so never in an operator: stands for the base line of a row's first line


@dataclass(frozen=True, slots=True)
class CellColumn:
    """The cells of a column: their operators, with marks for base lines, and how many lines each takes."""

    operators: list[str]
    line_counts: list[int]


def set_cells(texts: Iterable[str], slot: Slot, align: Column.Align.ValueType, style: TextStyle) -> CellColumn:
    """Set the texts of a column, broken where they are wider than it; a text that comes again is set once."""
    known: dict[str, tuple[str, int]] = {}
    anchor = TextAnchor(slot, align, style.size)
    room = (slot.width - 2 * PAD) * 1000 / style.size
    operators, counts = [], []
    for text in texts:
        cell = known.get(text)
        if cell is None:
            cell = known[text] = _set_cell(text, room, anchor, style)
        operators.append(cell[0])
        counts.append(cell[1])
    return CellColumn(operators, counts)


def _set_cell(text: str, room: float, anchor: "TextAnchor", style: TextStyle) -> tuple[str, int]:
    """Return the operators of a cell and its number of lines."""
    face, size = style.face, style.size
    width = face.width(text)
    if width > room:
        lines = face.broken(text, room)
        return set_lines(lines, anchor, style), len(lines)
    return f"1 0 0 1 {anchor.x(width):.2f} \u0100 Tm{face.show(text, size)}\n" if text else "", 1


def set_lines(lines: Sequence[str], place: "TextAnchor", style: TextStyle) -> str:
    """Return the operators of one cell's lines."""
    shown = []
    for number, (line, said) in enumerate(zip(lines, parted(lines), strict=True)):
        if line:
            x = place.x(0 if place.is_left else style.face.width(line))
            shown.append(f"1 0 0 1 {x:.2f} {chr(FIRST_LINE + number)} Tm{style.face.show(said, style.size)}\n")
    return "".join(shown)


def coloured(operators: str, style: TextStyle, usual: TextStyle) -> str:
    """Return operators in a style of their own, with the usual one set again behind them."""
    return f"{style.opening}\n{operators}{usual.opening}\n"


def placed(operators: str, line_count: int, first_line: float, leading: float) -> str:
    """Return operators with their base lines filled in; `first_line` is measured from the paper's lower edge."""
    for number in range(line_count):
        operators = operators.replace(chr(FIRST_LINE + number), f"{first_line - number * leading:.2f}")
    return operators


class TextAnchor:
    """Anchor of the texts of a column: its left, its right or its middle."""

    def __init__(self, slot: Slot, align: Column.Align.ValueType, size: float) -> None:
        self._start = slot.left + PAD
        self._share = 0.0
        self.is_left = align not in (Column.ALIGN_RIGHT, Column.ALIGN_CENTER)
        if align == Column.ALIGN_RIGHT:
            self._start, self._share = slot.right - PAD, size / 1000
        elif align == Column.ALIGN_CENTER:
            self._start, self._share = (slot.left + slot.right) / 2, size / 2000

    def x(self, width: int) -> float:
        """Return the beginning of a text whose width is given in thousandths of the type size."""
        return self._start - width * self._share
