"""How columns share the width of the paper: what each asks for, which paper and type size, where each stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Column, Table

from services.rendering import looks
from services.rendering.paper.type import NEVER_FITS, Typeface

PAD = 4.0  # points left and right of a text in its column
SHORT_TEXT = 15_000  # thousandths of the type size: narrower columns are never broken over lines
MOST_LINES = 3  # what a column's longest text may be broken into without asking for larger paper
WIDEST = 26_000  # thousandths: what one column can ask for
HEAD_LINES = 4


@dataclass(frozen=True, slots=True)
class Demand:
    """What a column asks for, in thousandths of the type size: enough, and best. `weight` is its share of spare width."""

    enough: int
    best: int
    weight: float


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a column stands: its place among the columns, its left edge and its width in points."""

    index: int
    left: float
    width: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width


@dataclass(frozen=True, slots=True)
class Shape:
    """How a table lies on paper: the type size, and panels of columns, each on pages of its own."""

    size: float
    landscape: bool
    panels: tuple[tuple[Slot, ...], ...]


def demands_of(table: Table, regular: Typeface, bold: Typeface) -> list[Demand]:
    """Return what the columns of a table ask for, measured on this part of it."""
    return [_demand(column, _widest_total(table, column.field, bold), (regular, bold)) for column in table.columns]


def _widest_total(table: Table, field: str, bold: Typeface) -> int:
    """Return the width of a column's widest total; those of parts to come may have two digits more."""
    cells = (cell for group in table.groups for cell in group.total.cells if cell.field == field)
    widest = max((bold.width(cell.text) for cell in cells), default=0)
    return widest + 2 * bold.advances["0"] if table.unfinished else widest


def _demand(column: Column, total: int, faces: tuple[Typeface, Typeface]) -> Demand:
    regular, bold = faces
    widths = [regular.width(text) for text in column.text]
    widest = max((width for width in widths if width < NEVER_FITS), default=0)
    lines = [bold.width(line) for line in column.title.split("\n")]
    head = max(bold.longest_word(column.title), max(lines) // HEAD_LINES)
    if max(widths, default=0) <= SHORT_TEXT:
        slack = regular.advances["0"] if column.align == Column.ALIGN_RIGHT else 0  # a digit more in parts to come
        enough = min(max(widest + slack, total, head), WIDEST)
        return Demand(enough, max(enough, _two_lines(column.title, bold)), column.weight)
    words = max(map(regular.longest_word, column.text))
    enough = min(max(words, widest // MOST_LINES, SHORT_TEXT // 2, head), WIDEST // 2)
    return Demand(enough, max(enough, min(max(widest, total, *lines), 3 * WIDEST)), column.weight)


def shape_of(demands: Sequence[Demand], *, landscape: bool = False) -> Shape:
    """Choose paper and type size and place the columns; `landscape` says that the paper lies on its side already.

    Smaller type is tried before the columns are dealt out to panels, each of which begins with the first column.
    """
    papers = [True] if landscape else [False, True]
    for side, size in [(papers[0], looks.TABLE_SIZES[0])] + [(True, size) for size in looks.TABLE_SIZES]:
        if sum(_points(demand.enough, size) for demand in demands) <= room_of(landscape=side):
            return Shape(size, side, (_placed(range(len(demands)), demands, size, side),))
    size = looks.TABLE_SIZES[2]
    panels = tuple(_placed(panel, demands, size, True) for panel in _dealt(demands, size))
    return Shape(size, True, panels)


def room_of(*, landscape: bool) -> float:
    """Return the width between the margins."""
    return (looks.PAPER_LONG if landscape else looks.PAPER_SHORT) - 2 * looks.MARGIN


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
    return thousandths * size / 1000 + 2 * PAD


def _dealt(demands: Sequence[Demand], size: float) -> list[list[int]]:
    """Deal columns out to panels that fit landscape paper; the first column leads each unless it is very wide."""
    room = room_of(landscape=True)
    widths = [min(_points(demand.enough, size), room) for demand in demands]
    lead = [0] if widths[0] <= room * 0.4 else []
    panels: list[list[int]] = [[0]]
    for index in range(1, len(demands)):
        if sum(widths[other] for other in panels[-1]) + widths[index] > room:
            panels.append([*lead] if sum(widths[other] for other in lead) + widths[index] <= room else [])
        panels[-1].append(index)
    return panels


def _placed(panel: Iterable[int], demands: Sequence[Demand], size: float, landscape: bool) -> tuple[Slot, ...]:  # noqa: FBT001
    """Place columns side by side over the whole room: spare width goes where texts are cut short, then by weight."""
    chosen = list(panel)
    room = room_of(landscape=landscape)
    widths = [_points(demands[index].enough, size) for index in chosen]
    wants = [_points(demands[index].best, size) - width for index, width in zip(chosen, widths, strict=True)]
    spare = max(room - sum(widths), 0.0)
    given = min(1.0, spare / sum(wants)) if sum(wants) > 0 else 0.0
    widths = [width + want * given for width, want in zip(widths, wants, strict=True)]
    spare = max(room - sum(widths), 0.0)
    shares = [demands[index].weight for index in chosen]
    if not sum(shares):
        shares = widths
    slots, left = [], looks.MARGIN
    for index, width, share in zip(chosen, widths, shares, strict=True):
        full = width + spare * share / sum(shares)
        slots.append(Slot(index, left, full))
        left += full
    return tuple(slots)
