"""Text operators of table cells, set once for whatever height on the page a row gets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Column

from services.rendering.formats.pdf.column_widths import PAD, Slot
from services.rendering.formats.pdf.pages import TextStyle, parted

NEXT_CELL = "\uffff"  # beyond latin-1: stands between the cells of a row
REMARK_GAP = "   "  # between a text and the remark behind it
FIRST_LINE = 0x100  # beyond latin-1, so never in an operator: stands for the base line of a row's first line


@dataclass(frozen=True, slots=True)
class CellColumn:
    """The cells of a column: their operators, with marks for base lines, and how many lines each takes."""

    operators: list[str]
    line_counts: list[int]


def set_cells(
    texts: Iterable[str], slot: Slot, align: Column.Align.ValueType, style: TextStyle, remark: TextStyle | None = None
) -> CellColumn:
    """Set the texts of a column, broken where they are wider than it; a text that comes again is set once.

    With a style of remarks a text is in it behind its first line break.
    """
    known: dict[str, tuple[str, int]] = {}
    anchor = anchored(slot, align, style)
    room = (slot.width - 2 * PAD) * 1000 / style.em
    operators, counts = [], []
    for text in texts:
        cell = known.get(text)
        if cell is None:
            if remark and "\n" in text:
                cell = _set_remarked(text, room, anchor, (style, remark))
            else:
                cell = _set_cell(text, room, anchor, style)
            known[text] = cell
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


def _set_remarked(text: str, room: float, anchor: "TextAnchor", styles: tuple[TextStyle, TextStyle]) -> tuple[str, int]:
    """Return the operators of a cell with a remark, and its number of lines.

    The remark stands behind the last line of the text where that has room, else below it.
    """
    style, remark = styles
    said, _, below = text.partition("\n")
    lines = style.face.wrap(said, room) if said else []
    if lines and anchor.is_left:
        taken = style.face.width(f"{lines[-1]}{REMARK_GAP}")
        if taken + remark.face.width(below) <= room:
            behind = anchor.shifted(taken)
            last = coloured(set_lines([below], behind, remark, len(lines) - 1), remark, style)
            return set_lines([*lines, ""], anchor, style) + last, len(lines)
    more = remark.face.wrap(below, room)
    operators = coloured(set_lines(more, anchor, remark, len(lines)), remark, style)
    return set_lines([*lines, ""], anchor, style) + operators, len(lines) + len(more)


def set_lines(lines: Sequence[str], place: "TextAnchor", style: TextStyle, first: int = 0) -> str:
    """Return the operators of one cell's lines, which are those from `first` on."""
    shown = []
    for number, (line, said) in enumerate(zip(lines, parted(lines), strict=True), first):
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


def anchored(slot: Slot, align: Column.Align.ValueType, style: TextStyle) -> "TextAnchor":
    """Return the anchor of texts in a style; those of the left stand at the right where lines run to the left."""
    is_start = align not in (Column.ALIGN_RIGHT, Column.ALIGN_CENTER)
    return TextAnchor(slot, Column.ALIGN_RIGHT if is_start and style.face.right_to_left else align, style.em)


class TextAnchor:
    """Anchor of the texts of a column: its left, its right or its middle."""

    def __init__(self, slot: Slot, align: Column.Align.ValueType, em: float) -> None:
        self._slot, self._em = slot, em
        self._start = slot.left + PAD
        self._share = 0.0
        self.is_left = align not in (Column.ALIGN_RIGHT, Column.ALIGN_CENTER)
        if align == Column.ALIGN_RIGHT:
            self._start, self._share = slot.right - PAD, em / 1000
        elif align == Column.ALIGN_CENTER:
            self._start, self._share = (slot.left + slot.right) / 2, em / 2000

    def shifted(self, width: int) -> "TextAnchor":
        """Return the anchor behind a text of this width, in thousandths of the type size, at the left."""
        behind = width * self._em / 1000
        slot = Slot(self._slot.index, self._slot.left + behind, self._slot.width - behind)
        return TextAnchor(slot, Column.ALIGN_LEFT, self._em)

    def x(self, width: int) -> float:
        """Return the beginning of a text whose width is given in thousandths of the type size."""
        return self._start - width * self._share
