"""Grid of rows under a header that repeats on each page, shared by tables and named values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from services.rendering import theme
from services.rendering.formats.pdf.cell_text_ops import NEXT_CELL, placed
from services.rendering.formats.pdf.column_widths import Slot, TableShape
from services.rendering.formats.pdf.flow import Flow
from services.rendering.formats.pdf.pages import Page, TextStyle
from services.rendering.formats.pdf.structure import PLAIN_ROW, Element, LinkAnnotation, RowForm

SPACE = 1.3  # points above and below the lines of a row
PANEL_GAP = 8.0  # points between the panels of the same rows
GOES_ON = " …"  # after a name that stands on an earlier page already


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a grid: its operators for each panel, its lines, the colour behind it and its link, if any.

    `forms` says what it is in the structure, for all panels or for each; a row without is a repeated heading.
    """

    panels: Sequence[str]
    line_count: int
    fill: str = ""
    link: int | None = None
    forms: Sequence[RowForm] = (PLAIN_ROW,)
    name: str = ""  # that the link leads to
    bookmark: str = ""  # that leads to it


@dataclass(frozen=True, slots=True)
class TableHeader:
    """Header over the rows of each page: its height in points, and the function that draws it for a panel.

    The function takes the table's element, None where the header is repeated.
    """

    height: float
    draw: Callable[[Page, tuple[Slot, ...], float, Element | None], None]


class Grid:
    """Rows in a flow. Those of a page are drawn together when it is full: fills, rules, then texts."""

    def __init__(self, flow: Flow, shape: TableShape, usual: TextStyle, header: TableHeader | None = None) -> None:
        self._flow = flow
        self._shape = shape
        self._usual = usual
        self._leading = usual.leading
        self._header = header
        self._top = flow.y
        self._below = self._start()
        self._rows: list[tuple[float, GridRow]] = []
        self._tables = [flow.document.element("Table") for _ in shape.panels]
        self._has_heads = False  # in the structure, which holds them once
        self.band: GridRow | None = None  # begins each new page, as long as it is set

    @property
    def most_lines(self) -> int:
        """The number of lines that a row may have to fit on a page at all."""
        return most_lines(self._flow, self._usual.leading, head=self._start(), panels=len(self._shape.panels))

    def height(self, line_count: int) -> float:
        """Return the height of a row."""
        return row_height(line_count, self._leading)

    def add(self, row: GridRow, *, keep: float = 0.0) -> None:
        """Put a row below the others, on a new page unless it fits with `keep` points below it."""
        height = self.height(row.line_count)
        bottom = self._flow.page.height - theme.FOOT - self._top
        if self._whole(self._below + height + keep) > bottom and (self._rows or not self._flow.is_at_top):
            self._turn()
            if self.band is not None and self.band is not row:
                self._put(self.band)
        self._put(row)

    def close(self) -> None:
        """Draw the remaining rows; the flow goes on below them."""
        self._draw_panels()
        self._flow.y = self._top + self._whole(self._below)

    def _whole(self, below: float) -> float:
        """Return the height of all panels where each is so high."""
        count = len(self._shape.panels)
        return count * below + (count - 1) * PANEL_GAP

    def _start(self) -> float:
        return self._header.height if self._header else 0.0

    def _put(self, row: GridRow) -> None:
        if row.bookmark:
            self._flow.bookmark_in_section(row.bookmark, self._top + self._below)
        self._rows.append((self._below, row))
        self._below += self.height(row.line_count)

    def _turn(self) -> None:
        if self._rows:
            self._draw_panels()
        self._flow.turn()
        self._top, self._below = self._flow.y, self._start()

    def _draw_panels(self) -> None:
        for number in range(len(self._shape.panels)):
            self._draw(number, self._top + number * (self._below + PANEL_GAP))
        self._rows.clear()
        self._has_heads = True

    def _draw(self, number: int, top: float) -> None:
        """Draw the page's rows of a panel, their header hanging from `top`."""
        page, slots = self._flow.page, self._shape.panels[number]
        whole = full_width(slots)
        left, right = whole.left, whole.right
        if self._header:
            self._header.draw(page, slots, top, self._tables[number] if not self._has_heads else None)
        for below, row in self._rows:
            if row.fill:
                size = (right - left, self.height(row.line_count))
                page.fill(left, top + below, size, row.fill)
        page.rules(left, right, self._rules(top), theme.RULE)
        page.draw(f"BT {self._usual.opening}")
        first = page.height - top - SPACE - self._leading / 2 - self._usual.size * 0.36
        for below, row in self._rows:
            link = self._place_link(row, top + below)
            operators = placed(row.panels[number], row.line_count, first - below, self._leading)
            page.draw(self._marked(operators, row, number, link))
        page.draw(f"{self._usual.closing}ET")

    def _place_link(self, row: GridRow, top: float) -> LinkAnnotation | None:
        if row.link is None:
            return None
        return self._flow.document.place_link(row.link, (top, self.height(row.line_count)), row.name)

    def _marked(self, operators: str, row: GridRow, panel: int, link: LinkAnnotation | None) -> str:
        """Return the operators of a row with a mark for each cell; those of repeated headings are decoration."""
        structure, table = self._flow.document.structure, self._tables[panel]
        if structure is None or table is None:
            return operators.replace(NEXT_CELL, "")
        if not row.forms:
            return f"/Artifact BMC\n{operators.replace(NEXT_CELL, '')}EMC"
        cells = operators.split(NEXT_CELL)
        form = row.forms[panel if len(row.forms) > 1 else 0]
        if link is not None:
            form = replace(form, inner="Link")
        first = structure.add_row(self._flow.page.number, table, len(cells), form, link)
        return "".join(f"/TD<</MCID {number}>>BDC\n{cell}EMC\n" for number, cell in enumerate(cells, first))

    def _rules(self, top: float) -> list[float]:
        return [top + below + self.height(row.line_count) for below, row in self._rows]


def row_height(line_count: int, leading: float) -> float:
    """Return the height of a row in points, its base lines being so far apart."""
    return line_count * leading + 2 * SPACE


def most_lines(flow: Flow, leading: float, *, head: float = 0.0, panels: int = 1) -> int:
    """Return the number of lines that a row may have to fit on a page below a head and a band, at least 1."""
    room = (flow.full_room - (panels - 1) * PANEL_GAP) / panels
    height = room - head - row_height(1, leading) - 2 * SPACE
    return max(1, int(height / leading))


def full_width(slots: Sequence[Slot]) -> Slot:
    """Return the slot that a row across these columns has, from whichever side they run."""
    left = min(slot.left for slot in slots)
    return Slot(-1, left, max(slot.right for slot in slots) - left)
