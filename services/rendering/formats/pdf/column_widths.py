"""Widths of the columns of a table: demands, the choice of paper and type size, and places on the page."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from daybook.report.v1.sheet_pb2 import Column, Table

from services.rendering import theme
from services.rendering.formats.hyphenation import widest_fragment
from services.rendering.formats.pdf.print_form import is_text
from services.rendering.formats.pdf.typeface import Typeface

ROUNDING = 0.05  # points: a text as wide as its column must not be broken for the last bit of a float
PAD = 3.0  # points left and right of a text in its column
SHORT_TEXT = 9_000  # thousandths of the type size: columns of narrower texts are never broken over lines
LONGEST_WORD = 10_000  # thousandths: a longer word is broken rather than ask for larger paper
MOST_LINES = 2  # lines of a column's usual text that do not ask for larger paper
FEW, GIANT = 4, 2  # of a few texts one is an exception if it is so many times as wide as the next
USUAL_SHARE = 0.95  # of the texts of a column, by width; longer ones are exceptions
WIDEST = 26_000  # thousandths: most that one column can ask for
HEAD_LINES = 5
RAGGED = 1.1  # times the lines that a text would take if words filled them
WORTH_IT = 1.25  # times the rows on a page: what smaller type or paper on its side must bring
ROW_SPACE = 3.0  # points of a row beside its lines
WIDEST_LEAD = 0.4  # of the room: a wider first column is not repeated on each panel
SHARES = (0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55)


@dataclass(frozen=True, slots=True)
class WidthDemand:
    """Widths of a column in thousandths of the type size: least, best, and its share of spare width.

    `unbroken` is the width that breaks none of its words; it is served before any column gets its best. `usual` is that
    of all but the longest texts, 0 where all are short. `titled` is the width that breaks no word of its title; it is
    served after the usual texts.
    """

    enough: int
    best: int
    weight: float
    unbroken: int = 0
    titled: int = 0
    usual: int = 0


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
    """Layout of a table on paper: the type size, and panels of columns, which stand below one another."""

    size: float
    landscape: bool
    panels: tuple[tuple[Slot, ...], ...]
    is_condensed: bool = False

    @property
    def em(self) -> float:
        """The points that a width of 1,000 thousandths takes."""
        return self.size * (theme.CONDENSED if self.is_condensed else 1.0)

    @property
    def mirrored(self) -> "TableShape":
        """The same columns in their order from right to left."""
        edges = 2 * theme.MARGIN + room_of(landscape=self.landscape)
        return replace(
            self,
            panels=tuple(tuple(replace(slot, left=edges - slot.right) for slot in panel) for panel in self.panels),
        )


def width_demands(table: Table, faces: tuple[Typeface, Typeface], locale: str) -> list[WidthDemand]:
    """Return the demands of the columns of a table, measured on this part of it; `faces` are regular and bold."""
    demands = [_demand(column, _widest_total(table, column.field, faces[1]), faces, locale) for column in table.columns]
    demands = _for_upright(demands, table.columns, faces) if table.upright else demands
    return _with_label(demands, table, faces[1])


def _with_label(demands: list[WidthDemand], table: Table, bold: Typeface) -> list[WidthDemand]:
    """Return the demands where the words before the sums of groups fit into the first column, if they have no other."""
    totals = [group.total for group in table.groups if group.HasField("total")]
    summed = {cell.field for total in totals for cell in total.cells}
    if len(demands) <= 1 or not summed or table.columns[0].field in summed or table.columns[1].field not in summed:
        return demands
    label = min(max(bold.width(total.text) for total in totals), SHORT_TEXT)
    first = demands[0]
    enough, best = max(first.enough, label), max(first.best, label)
    return [replace(first, enough=enough, best=best, titled=max(first.titled, label)), *demands[1:]]


def _for_upright(
    demands: Sequence[WidthDemand], columns: Sequence[Column], faces: tuple[Typeface, Typeface]
) -> list[WidthDemand]:
    """Return the demands where the longest texts are served before the second words of others, such as names."""
    is_words = [is_text(column) and column.align != Column.ALIGN_RIGHT for column in columns]
    most = max((demand.best for demand, words in zip(demands, is_words, strict=True) if words), default=0)
    return [
        _narrowed(demand, column, faces) if words and demand.best < most else demand
        for demand, column, words in zip(demands, columns, is_words, strict=True)
    ]


def _narrowed(demand: WidthDemand, column: Column, faces: tuple[Typeface, Typeface]) -> WidthDemand:
    regular, bold = faces
    words = max(map(regular.longest_word, column.text), default=0)
    enough = max(min(words, demand.enough), min(bold.longest_word(column.title), LONGEST_WORD))
    return WidthDemand(enough, enough, 0, titled=max(demand.best, demand.titled))


def _widest_total(table: Table, field: str, bold: Typeface) -> int:
    """Return the width of a column's widest total; those of parts to come may have a digit more."""
    cells = (cell for group in table.groups for cell in group.total.cells if cell.field == field)
    widest = max((bold.width(line) for cell in cells for line in cell.text.split("\n")), default=0)
    return widest + bold.advances["0"] if widest else 0


def _demand(column: Column, total: int, faces: tuple[Typeface, Typeface], locale: str) -> WidthDemand:
    """Return what a column needs: its texts first; its title may be broken within words."""
    regular, bold = faces
    is_right = column.align == Column.ALIGN_RIGHT
    if is_right:  # a remark below a number is broken rather than take room from texts
        widths = sorted(regular.width(text.partition("\n")[0]) for text in column.text)
    else:
        widths = sorted(max(map(regular.width, text.split("\n"))) for text in column.text)
    widest = max(widths, default=0)
    least = column.short_title or column.title
    lines = [bold.width(line) for line in least.split("\n")]
    fragment = int(widest_fragment(least, locale, bold.width))
    word = bold.longest_word(column.title)
    head, titled = max(fragment, max(lines) // HEAD_LINES), max(word, _two_lines(column.title, bold))
    if widest <= SHORT_TEXT or not is_text(column) or is_right:
        slack = regular.advances["0"] if is_right else 0  # a digit more in parts to come
        usual = widest if is_right else _usual(widths, widest)
        words = max(map(regular.longest_word, column.text), default=0)
        enough = min(max(usual + slack, words, total, head), WIDEST)
        remark = max((regular.width(text.partition("\n")[2].replace("\n", " ")) for text in column.text), default=0)
        return WidthDemand(
            enough,
            max(enough, widest),
            0 if is_text(column) else column.weight,
            titled=min(max(enough, titled, remark if is_right else 0), WIDEST),
        )
    words = max(map(regular.longest_word, column.text))
    usual = _usual(widths, widest)
    enough = min(max(min(words, LONGEST_WORD), usual // MOST_LINES, SHORT_TEXT // 2, head), WIDEST // 2)
    best = max(enough, min(max(widest, total), 3 * WIDEST))
    return WidthDemand(
        enough,
        best,
        column.weight,
        unbroken=min(words, best),
        usual=usual,
        titled=max(best, min(titled, WIDEST)),
    )


def _usual(widths: Sequence[int], widest: int) -> int:
    """Return the width that holds all but the widest few of some ascending widths, of a few all but a lone giant."""
    if not widths:
        return 0
    place = math.ceil((len(widths) - 1) * USUAL_SHARE)
    is_giant = len(widths) >= FEW and place == len(widths) - 1 and widths[place] > GIANT * widths[place - 1]
    return min(widths[place - is_giant], widest)


def table_shape(demands: Sequence[WidthDemand], *, landscape: bool = False, upright: bool = False) -> TableShape:
    """Choose paper and type size and place the columns; `landscape` is True when the paper lies on its side already.

    Columns that fit on upright paper in condensed type of the usual size stay so where that is wanted (`upright`). Else
    smaller type is tried before paper on its side, and both are also taken where they leave room for many more rows on
    a page. Columns that fit on neither are dealt out to panels, each of which begins with the first column.
    """
    usual = theme.TABLE_SIZES[0]
    em = usual * theme.CONDENSED
    if upright and not landscape and sum(_points(one.enough, em) for one in demands) <= room_of(landscape=False):
        return TableShape(usual, False, (_placed(range(len(demands)), demands, em, False),), is_condensed=True)
    best, most_rows = None, 0.0
    for side, size in product([True] if landscape else [False, True], theme.TABLE_SIZES):
        if sum(_points(demand.enough, size) for demand in demands) > room_of(landscape=side):
            continue
        shape = TableShape(size, side, (_placed(range(len(demands)), demands, size, side),))
        rows = rows_a_page(shape, max(_usual_lines(shape, demands), 1))
        if best is None or rows > most_rows * WORTH_IT:
            best, most_rows = shape, rows
    if best is not None:
        return best
    size = theme.TABLE_SIZES[-1]
    panels = tuple(_placed(panel, demands, size, True) for panel in _dealt(demands, size))
    return TableShape(size, True, panels)


def rows_a_page(shape: TableShape, lines: float) -> float:
    """Return about how many rows of so many lines stand on a page."""
    room = (theme.PAPER_SHORT if shape.landscape else theme.PAPER_LONG) - theme.MARGIN - theme.FOOT
    leading = theme.leading_of(shape.size, is_condensed=shape.is_condensed)
    return room / len(shape.panels) / (lines * leading + ROW_SPACE)


def _usual_lines(shape: TableShape, demands: Sequence[WidthDemand]) -> int:
    """Return the lines that the usual texts of a row take."""
    inner = {slot.index: (slot.width - 2 * PAD) * 1000 / shape.em for slot in shape.panels[0]}
    filled = [demands[place].usual / max(width, 1.0) for place, width in inner.items()]
    return max((math.ceil(lines * RAGGED if lines > 1 else lines) for lines in filled), default=1)


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


def _usual_best(demand: WidthDemand) -> int:
    """Return the best width of a column for all but its longest texts."""
    return min(demand.best, demand.usual) if demand.usual else demand.best


def _placed(panel: Iterable[int], demands: Sequence[WidthDemand], size: float, landscape: bool) -> tuple[Slot, ...]:
    """Place columns over the whole room.

    Spare width goes where words are broken, then to usual texts, to titles, to the longest texts, then by weight.
    """
    chosen = list(panel)
    room = room_of(landscape=landscape)
    widths = [_points(demands[index].enough, size) for index in chosen]
    for asked in (
        [demands[index].unbroken for index in chosen],
        [_usual_best(demands[index]) for index in chosen],
        [demands[index].titled if not demands[index].usual else 0 for index in chosen],
        [max(demands[index].best, demands[index].titled) for index in chosen],
    ):
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
