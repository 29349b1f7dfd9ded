"""Tiles: the first named values of a block as large figures side by side, the others as a list below them."""

from collections.abc import Sequence

from daybook.report.v1.sheet_pb2 import MapRow, MapTable

from services.rendering import theme
from services.rendering.formats.pdf.flow import Flow
from services.rendering.formats.pdf.key_value_list import print_key_values
from services.rendering.formats.pdf.pages import TextStyle

A_ROW = 4
GAP = 8.0  # points between tiles
HEIGHT = 38.0
INSET = 7.0
EDGE = 2.0
FIGURE_SIZE, LEAST_FIGURE_SIZE, NAME_SIZE = 14.0, 8.0, 7.0
BELOW = 10.0


def print_tiles(flow: Flow, named: MapTable) -> None:
    """Print the first four values as tiles, those that follow as a list."""
    tiles, rest = named.rows[:A_ROW], named.rows[A_ROW:]
    flow.start_section("", keep=HEIGHT + BELOW)
    width = (flow.page.width - 2 * theme.MARGIN - (A_ROW - 1) * GAP) / A_ROW
    for place, row in enumerate(tiles):
        column = A_ROW - 1 - place if flow.document.right_to_left else place
        _print_tile(flow, row, theme.MARGIN + column * (width + GAP), width)
    flow.y += HEIGHT + BELOW
    if rest:
        print_key_values(flow, MapTable(rows=rest))
        flow.skip(BELOW)


def tiles_height(rows: Sequence[MapRow]) -> float:
    """Return about the height of a block whose first values are tiles."""
    return HEIGHT + BELOW + (len(rows[A_ROW:]) * theme.TABLE_SIZES[0] * 1.6 + BELOW if len(rows) > A_ROW else 0.0)


def _print_tile(flow: Flow, row: MapRow, left: float, width: float) -> None:
    document, page = flow.document, flow.page
    name, unit = _name_and_unit(row)
    figure = f"{row.text} {unit}".strip()
    size = FIGURE_SIZE
    while size > LEAST_FIGURE_SIZE and TextStyle(document.bold, size, theme.INK).width(figure) > width - 2 * INSET:
        size -= 0.5
    big, small = TextStyle(document.bold, size, theme.INK), TextStyle(document.regular, NAME_SIZE, theme.FAINT_INK)
    page.fill(left, flow.y, (width, HEIGHT), theme.BAND_FILL)
    page.fill(left + width - EDGE if document.right_to_left else left, flow.y, (EDGE, HEIGHT), theme.ACCENT)
    edges = left + INSET, left + width - INSET
    with page.tagged(document.element("P")):
        page.line(edges, flow.y + INSET + NAME_SIZE * 0.8, small.clip(name, width - 2 * INSET) + " ", small)
        page.line(edges, flow.y + HEIGHT - INSET, big.clip(figure, width - 2 * INSET), big)


def _name_and_unit(row: MapRow) -> tuple[str, str]:
    """Return a value's name without its unit, and the unit; a unit that is part of the text is not said again."""
    unit = row.quantity.unit
    name = row.name.replace("\n", " ")
    return (name.removesuffix(f", {unit}"), unit) if unit and name.endswith(f", {unit}") else (name, "")
