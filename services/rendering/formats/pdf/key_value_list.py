"""List of named values, one a line: names where lines of the language begin, values beside them."""

from daybook.report.v1.sheet_pb2 import Column, MapRow, MapTable

from services.rendering import theme
from services.rendering.formats.pdf.cell_text_ops import NEXT_CELL, TextAnchor, anchored, coloured, set_lines
from services.rendering.formats.pdf.column_widths import PAD, Slot, TableShape, room_of
from services.rendering.formats.pdf.flow import Flow
from services.rendering.formats.pdf.grid import GOES_ON, Grid, GridRow, full_width, most_lines, row_height
from services.rendering.formats.pdf.pages import TextStyle
from services.rendering.formats.pdf.structure import RowForm

NARROWEST = 250.0  # points
GAP = 18.0
NAMED = (RowForm(has_head=True),)
TOGETHER = 3  # rows that begin or end a block on a page


def print_key_values(flow: Flow, named: MapTable, *, below: float = 0.0) -> None:
    """Print a block of named values on one page, with `below` points free under it for the footnote.

    A longer block goes on over pages, under its name again, and its last rows stay together.
    """
    document, size = flow.document, theme.TABLE_SIZES[0]
    usual, bold = TextStyle(document.regular, size, theme.INK), TextStyle(document.bold, size, theme.INK)
    slots = _slots(named, bold, room_of(landscape=flow.landscape))
    in_order = tuple(sorted(slots, key=lambda slot: slot.left))
    shape = TableShape(size, flow.landscape, (in_order,))
    most = most_lines(flow, usual.leading)
    rows = [made for row in named.rows for made in _rows(row, slots, (usual, bold), most)]
    heights = [row_height(made.line_count, usual.leading) for made in rows]
    whole = sum(heights) + below
    fits = flow.title_height(named.header) + whole <= flow.full_room
    flow.start_section(named.header, keep=whole if fits else sum(heights[:TOGETHER]))
    grid = Grid(flow, shape, usual)
    flow.page.rules(in_order[0].left, in_order[-1].right, [flow.y], theme.ACCENT, 0.9)
    for place, made in enumerate(rows):
        is_end = place > 0 and place >= len(rows) - TOGETHER
        grid.add(made, keep=sum(heights[place + 1 :]) + below if is_end else 0.0)
        if not place and named.header:
            grid.band = _heading(named.header, in_order, (usual, bold))
    grid.close()


def _heading(header: str, slots: tuple[Slot, ...], styles: tuple[TextStyle, TextStyle]) -> GridRow:
    """Return the row with the block's name that begins each further page of it."""
    usual, bold = styles
    slot = full_width(slots)
    text = bold.clip(header, slot.width - 2 * PAD - bold.width(GOES_ON)) + GOES_ON
    operators = set_lines([text], anchored(slot, Column.ALIGN_LEFT, bold), bold)
    return GridRow([coloured(operators, bold, usual)], 1, theme.BAND_FILL, forms=())


def _slots(named: MapTable, bold: TextStyle, room: float) -> tuple[Slot, Slot]:
    """Return the places of names and values: as wide as the longest, within the room, names where lines begin."""
    names = max((bold.width(row.name.replace("\n", " ")) for row in named.rows), default=0.0) + 2 * PAD
    values = max((bold.width(row.text.replace("\n", " ")) for row in named.rows), default=0.0) + 2 * PAD
    name_width = min(names + GAP, max(room / 2, room - values))
    value_width = min(max(values, NARROWEST - name_width), room - name_width)
    if bold.face.right_to_left:
        name = Slot(0, theme.MARGIN + room - name_width, name_width)
        return name, Slot(1, name.left - value_width, value_width)
    left = Slot(0, theme.MARGIN, name_width)
    return left, Slot(1, left.right, value_width)


def _rows(row: MapRow, slots: tuple[Slot, Slot], styles: tuple[TextStyle, TextStyle], most: int) -> list[GridRow]:
    """Return the rows of a named value: several if it is taller than a page."""
    usual, bold = styles
    name_style = bold if row.highlight else usual
    names = name_style.wrap(row.name, slots[0].width - 2 * PAD)
    values = bold.wrap(row.text, slots[1].width - 2 * PAD)
    rows = []
    for first in range(0, max(len(names), len(values)), most):
        some = slice(first, first + most)
        end = Column.ALIGN_LEFT if bold.face.right_to_left else Column.ALIGN_RIGHT
        name = set_lines(names[some], anchored(slots[0], Column.ALIGN_LEFT, name_style), name_style)
        value = set_lines(values[some], TextAnchor(slots[1], end, usual.size), bold)
        operators = NEXT_CELL.join((coloured(name, name_style, usual), coloured(value, bold, usual)))
        fill = theme.HIGHLIGHT_FILL if row.highlight else ""
        rows.append(GridRow([operators], max(len(names[some]), len(values[some])), fill, forms=NAMED))
    return rows
