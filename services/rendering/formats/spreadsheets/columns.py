"""A table's columns as a spreadsheet shows them, each with its values ready for the cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Column, Quantity, RowGroup, Table

from services.rendering.formats.spreadsheets.cell_texts import cell_text, cell_texts
from services.rendering.formats.spreadsheets.cell_values import DATED, cell_values
from services.rendering.formats.spreadsheets.cells import CellStyle, StyleRole, Value
from services.rendering.formats.spreadsheets.moments import WallClock
from services.rendering.formats.spreadsheets.number_formats import TEXT, number_format, widest_moment
from services.rendering.formats.spreadsheets.text_measures import column_width

ALIGNS = {Column.ALIGN_RIGHT: "right", Column.ALIGN_CENTER: "center"}


@dataclass(frozen=True, slots=True)
class TabColumn:
    """One column of a tab. `field` names the report's column, which can be two strips: moments and addresses."""

    field: str
    title: str
    style: CellStyle
    values: Sequence[Value]
    width: float
    quantity: Quantity
    min_row: int | None = None
    max_row: int | None = None


def tab_columns(table: Table, clock: WallClock, locale: str = "") -> list[TabColumn]:
    """Return the strips of a table from left to right."""
    totals: dict[str, list[str]] = {}
    for cell in (cell for group in table.groups for cell in group.total.cells):
        totals.setdefault(cell.field, []).append(cell.text)
    return [strip for column in table.columns for strip in _strips(column, totals.get(column.field, []), clock, locale)]


def _strips(column: Column, totals: Sequence[str], clock: WallClock, locale: str) -> Iterator[TabColumn]:
    quantity = column.quantity
    sample = next((text for text in column.text if any(map(str.isdigit, text))), "")
    shown = number_format(quantity, sample=sample, locale=locale)
    values = cell_values(quantity, column.raw, column.text, clock)
    title = cell_text(column.title)
    lengthy = [widest_moment(quantity.pattern, locale)] if quantity.kind in DATED else [*column.text, *totals]
    marked = column.highlight_min_max
    yield TabColumn(
        field=column.field,
        title=title,
        style=CellStyle(StyleRole.BODY, shown, ALIGNS.get(column.align, "left")),
        values=values,
        width=column_width(title, lengthy, wraps=shown == TEXT),
        quantity=quantity,
        min_row=column.min_row if marked and column.HasField("min_row") else None,
        max_row=column.max_row if marked and column.HasField("max_row") else None,
    )
    if quantity.kind == Quantity.KIND_MOMENT_WITH_ADDRESS:
        yield _addresses(column)


def _addresses(column: Column) -> TabColumn:
    """Return the addresses of a column's rows as a strip of their own, empty where a row has no place."""
    addresses = [""] * len(column.text)
    for row, address in zip(column.places.row, cell_texts(column.places.address), strict=True):
        addresses[row] = address
    title = cell_text(column.address_title or column.title)
    width = column_width(title, addresses, wraps=True)
    text = Quantity(kind=Quantity.KIND_TEXT)
    return TabColumn(column.field, title, CellStyle(StyleRole.BODY, TEXT), addresses, width, text)


def groups_of(table: Table) -> list[RowGroup]:
    """Return the table's groups; rows that none of them counts follow as a group without a name."""
    rows = len(table.columns[0].text) if table.columns else 0
    rest = rows - sum(group.row_count for group in table.groups)
    return [*table.groups, RowGroup(row_count=rest)] if rest > 0 else list(table.groups)
