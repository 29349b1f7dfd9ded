"""Widths of the columns of a table: demands, the choice of paper and type size, and places on the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Column, Section

from services.rendering import theme
from services.rendering.formats.pdf.typeface import NEVER_FITS, Typeface

ROUNDING = 0.05  # points: a text as wide as its column must not be broken for the last bit of a float
PAD = 4.0  # points left and right of a text in its column
SHORT_TEXT = 15_000  # thousandths of the type size: narrower columns are never broken over lines
MOST_LINES = 3  # lines of a column's longest text that do not ask for larger paper
WIDEST = 26_000  # thousandths: most that one column can ask for
HEAD_LINES = 4
WIDEST_LEAD = 0.4  # of the room: a wider first column is not repeated on each panel
SHARES = (0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55)


@dataclass(frozen=True, slots=True)
class WidthDemand:
    """Widths of a column in thousandths of the type size: least, best, and its share of spare width.

    `unbroken` is the width that breaks none of its words; it is served before any column gets its best.
    """

    enough: int
    best: int
    weight: float
    unbroken: int = 0


@dataclass(frozen=True, slots=True)
class Slot:
    """Place of a column: its index among the columns, its left edge and its width in points."""

    index: int
    left: float
    width: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width


@dataclass(frozen=True, slots=True)
class TableShape:
    """Layout of a table on paper: the type size, and panels of columns, each on pages of its own."""

    size: float
    landscape: bool
    panels: tuple[tuple[Slot, ...], ...]


def width_demands(section: Section, regular: Typeface, bold: Typeface) -> list[WidthDemand]:
    """Return the demands of the columns of a table, measured on this part of it."""
    return [
        _demand(column, _widest_total(section, column.field, bold), (regular, bold)) for column in section.table.columns
    ]


def _widest_total(section: Section, field: str, bold: Typeface) -> int:
    """Return the width of a column's widest total; those of parts to come may have two digits more."""
    cells = (cell for group in section.table.groups for cell in group.total.cells if cell.field == field)
    widest = max((bold.width(cell.text) for cell in cells), default=0)
    return widest + 2 * bold.advances["0"] if section.unfinished else widest


def _demand(column: Column, total: int, faces: tuple[Typeface, Typeface]) -> WidthDemand:
    regular, bold = faces
    widths = [regular.width(text) for text in column.text]
    widest = max((width for width in widths if width < NEVER_FITS), default=0)
    lines = [bold.width(line) for line in column.title.split("\n")]
    head = max(bold.longest_word(column.title), max(lines) // HEAD_LINES)
    if max(widths, default=0) <= SHORT_TEXT:
        slack = regular.advances["0"] if column.align == Column.ALIGN_RIGHT else 0  # a digit more in parts to come
        enough = min(max(widest + slack, total, head), WIDEST)
        return WidthDemand(enough, max(enough, _two_lines(column.title, bold)), column.weight)
    words = max(map(regular.longest_word, column.text))
    enough = min(max(words, widest // MOST_LINES, SHORT_TEXT // 2, head), WIDEST // 2)
    best = max(enough, min(max(widest, total, *lines), 3 * WIDEST))
    return WidthDemand(enough, best, column.weight, unbroken=min(words, best))


def table_shape(demands: Sequence[WidthDemand], *, landscape: bool = False) -> TableShape:
    """Choose paper and type size and place the columns; `landscape` is True when the paper lies on its side already.

    Smaller type is tried before the columns are dealt out to panels, each of which begins with the first column.
    """
    papers = [True] if landscape else [False, True]
    for side, size in [(papers[0], theme.TABLE_SIZES[0])] + [(True, size) for size in theme.TABLE_SIZES]:
        if sum(_points(demand.enough, size) for demand in demands) <= room_of(landscape=side):
            return TableShape(size, side, (_placed(range(len(demands)), demands, size, side),))
    size = theme.TABLE_SIZES[2]
    panels = tuple(_placed(panel, demands, size, True) for panel in _dealt(demands, size))
    return TableShape(size, True, panels)


def room_of(*, landscape: bool) -> float:
    """Return the width between the margins."""
    return (theme.PAPER_LONG if landscape else theme.PAPER_SHORT) - 2 * theme.MARGIN


def _two_lines(title: str, bold: Typeface) -> int:
    """Return the width at which no line of a title is broken more than once."""
    needs = [0]
    for line in title.split("\n"):
        words = line.split(" ")
        halves = [
            max(bold.width(" ".join(words[:cut])), bold.width(" ".join(words[cut:]))) for cut in range(len(words))
        ]
        needs.append(min(halves, default=0))
    return max(needs)


def _points(thousandths: float, size: float) -> float:
    return thousandths * size / 1000 + 2 * PAD + ROUNDING


def _dealt(demands: Sequence[WidthDemand], size: float) -> list[list[int]]:
    """Deal columns out to as few panels as landscape paper allows, all about as full."""
    room = room_of(landscape=True)
    widths = [min(_points(demand.enough, size), room) for demand in demands]
    panels = _dealt_within(widths, room)
    for share in SHARES:
        narrower = _dealt_within(widths, room * share)
        if len(narrower) > len(panels):
            break
        panels = narrower
    return panels


def _dealt_within(widths: Sequence[float], room: float) -> list[list[int]]:
    """Fill panels one after another; the first column leads each unless it is very wide."""
    lead = [0] if widths[0] <= room * WIDEST_LEAD else []
    panels = [[0]]
    for index in range(1, len(widths)):
        if sum(widths[other] for other in panels[-1]) + widths[index] > room and panels[-1] != lead:
            panels.append([*lead] if sum(widths[other] for other in lead) + widths[index] <= room else [])
        panels[-1].append(index)
    return panels


def _given(wants: Sequence[float], spare: float) -> list[float]:
    """Share spare width out evenly; a column gets at most what it wants, and the rest goes to the others."""
    gifts = [0.0] * len(wants)
    for served, place in enumerate(sorted(range(len(wants)), key=wants.__getitem__)):
        gifts[place] = min(wants[place], max(spare, 0.0) / (len(wants) - served))
        spare -= gifts[place]
    return gifts


def _placed(panel: Iterable[int], demands: Sequence[WidthDemand], size: float, landscape: bool) -> tuple[Slot, ...]:
    """Place columns over the whole room: spare width goes where words are broken, then texts, then by weight."""
    chosen = list(panel)
    room = room_of(landscape=landscape)
    widths = [_points(demands[index].enough, size) for index in chosen]
    for asked in ([demands[index].unbroken for index in chosen], [demands[index].best for index in chosen]):
        wants = [max(_points(best, size) - width, 0.0) for best, width in zip(asked, widths, strict=True)]
        widths = [width + gift for width, gift in zip(widths, _given(wants, room - sum(widths)), strict=True)]
    spare = max(room - sum(widths), 0.0)
    shares = [demands[index].weight for index in chosen]
    if not sum(shares):
        shares = widths
    slots, left = [], theme.MARGIN
    for index, width, share in zip(chosen, widths, shares, strict=True):
        full = width + spare * share / sum(shares)
        slots.append(Slot(index, left, full))
        left += full
    return tuple(slots)
