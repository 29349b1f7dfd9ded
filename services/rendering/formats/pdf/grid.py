"""Strips under heads that repeat on each page: what tables and lists of named values have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from services.rendering import theme
from services.rendering.formats.pdf.cell_text_ops import placed
from services.rendering.formats.pdf.column_widths import Slot, TableShape
from services.rendering.formats.pdf.flow import Flow
from services.rendering.formats.pdf.pages import Page, TextStyle

SPACE = 2.6  # points above and below the lines of a strip
GOES_ON = " …"  # after a name that stands on an earlier page already


@dataclass(frozen=True, slots=True)
class GridRow:
    """A strip of a grid: for each panel its operators; its lines; the colour behind it, if any."""

    panels: Sequence[str]
    line_count: int
    fill: str = ""


@dataclass(frozen=True, slots=True)
class TableHeader:
    """What stands over the strips of each page: its height in points, and how to draw it for a panel at a height."""

    height: float
    draw: Callable[[Page, tuple[Slot, ...], float], None]


class Grid:
    """A run of strips in a flow. Those of a page are drawn together when it is full: fills, rules, then texts."""

    def __init__(self, flow: Flow, shape: TableShape, usual: TextStyle, head: TableHeader | None = None) -> None:
        self._flow = flow
        self._shape = shape
        self._usual = usual
        self._head = head
        self._top = flow.y
        self._below = self._start()
        self._strips: list[tuple[float, GridRow]] = []
        self.band: GridRow | None = None  # begins each new page, as long as it is set

    @cached_property
    def leading(self) -> float:
        """The distance of base lines."""
        return self._usual.size * theme.LEADING

    @property
    def most_lines(self) -> int:
        """The number of lines that a strip may have to fit on a page at all."""
        return most_lines(self._flow, self._usual.size, head=self._start())

    def height(self, line_count: int) -> float:
        """Return the height of a strip."""
        return strip_height(line_count, self._usual.size)

    def add(self, strip: GridRow, *, keep: float = 0.0) -> None:
        """Put a strip below the others, on a new page unless it fits with `keep` points below it."""
        height = self.height(strip.line_count)
        bottom = self._flow.page.height - theme.FOOT - self._top
        if self._below + height + keep > bottom and (self._strips or not self._flow.is_at_top):
            self._turn()
            if self.band is not None and self.band is not strip:
                self._put(self.band)
        self._put(strip)

    def close(self) -> None:
        """Draw what is left; the flow goes on below it."""
        self._draw_panels()
        self._flow.y = self._top + self._below

    def _start(self) -> float:
        return self._head.height if self._head else 0.0

    def _put(self, strip: GridRow) -> None:
        self._strips.append((self._below, strip))
        self._below += self.height(strip.line_count)

    def _turn(self) -> None:
        if self._strips:
            self._draw_panels()
        self._flow.turn()
        self._top, self._below = self._flow.y, self._start()

    def _draw_panels(self) -> None:
        for number in range(len(self._shape.panels)):
            if number:
                self._flow.turn()
                self._top = self._flow.y
            self._draw(number)
        self._strips.clear()

    def _draw(self, number: int) -> None:
        page, slots = self._flow.page, self._shape.panels[number]
        left, right = slots[0].left, slots[-1].right
        if self._head:
            self._head.draw(page, slots, self._top)
        for below, strip in self._strips:
            if strip.fill:
                size = (right - left, self.height(strip.line_count))
                page.fill(left, self._top + below, size, strip.fill)
        page.rules(left, right, self._rules(), theme.RULE)
        page.draw(f"BT {self._usual.opening}")
        first = page.height - self._top - SPACE - self.leading / 2 - self._usual.size * 0.36
        for below, strip in self._strips:
            page.draw(placed(strip.panels[number], strip.line_count, first - below, self.leading))
        page.draw("ET")

    def _rules(self) -> list[float]:
        return [self._top + below + self.height(strip.line_count) for below, strip in self._strips]


def strip_height(line_count: int, size: float) -> float:
    """Return the height of a strip in points, its type being of this size."""
    return line_count * size * theme.LEADING + 2 * SPACE


def most_lines(flow: Flow, size: float, *, head: float = 0.0) -> int:
    """Return the number of lines that a strip may have to fit on a page below a head and a band, at least 1."""
    height = flow.full_room - head - strip_height(1, size) - 2 * SPACE
    return max(1, int(height / (size * theme.LEADING)))


def full_width(slots: tuple[Slot, ...]) -> Slot:
    """Return the slot that a strip across all columns has."""
    return Slot(-1, slots[0].left, slots[-1].right - slots[0].left)
