"""Columns of a tab: a table's columns with their values ready for the cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field

from daybook.report.v1.sheet_pb2 import Column, Quantity, Table

from services.rendering.excel_formats import TEXT
from services.rendering.formats.spreadsheets.cell_values import CellValue, cell_text, cell_texts, cell_values
from services.rendering.formats.spreadsheets.text_measures import PAGE_DIGITS, column_width
from services.rendering.theme import CellStyle, StyleRole
from services.rendering.values import Reader, by_quantity, kind_of

NARROWEST = 26.0  # digits of a column of texts that gives room to others
FILLED = 0.97  # of a page, as what follows may widen the first columns
ALIGNS = {Column.ALIGN_RIGHT: "right", Column.ALIGN_CENTER: "center"}


@dataclass(frozen=True, slots=True)
class TabColumn:
    """A column of a tab. `field` names the report's column, which may be two here: moments and addresses.

    `own_styles` are those of rows whose quantity differs from the column's; `warning_rows` count from the part's first.
    """

    field: str
    title: str
    style: CellStyle
    values: Sequence[CellValue]
    width: float
    quantity: Quantity
    min_row: int | None = None
    max_row: int | None = None
    warning_rows: Sequence[int] = ()
    own_styles: Mapping[int, CellStyle] = dataclass_field(default_factory=dict)
    title_pattern: str = ""  # of the date that the title is
    short_title: str = ""  # where the title has no room


def tab_columns(table: Table, reader: Reader, *, breaks: bool = True) -> list[TabColumn]:
    """Return the columns of a table from left to right; `breaks` says whether words of their titles may be broken."""
    totals: dict[str, list[str]] = {}
    for cell in (cell for group in table.groups for cell in group.total.cells):
        totals.setdefault(cell.field, []).append(cell.text)
    made = [
        one for column in table.columns for one in _columns(column, totals.get(column.field, []), reader, breaks=breaks)
    ]
    return _fitted(made) if breaks else made


def _fitted(columns: list[TabColumn]) -> list[TabColumn]:
    """Narrow the columns of texts, which wrap, where that is all that it takes to print a table one page wide."""
    surplus = sum(column.width for column in columns) - PAGE_DIGITS * FILLED
    spare = [max(one.width - NARROWEST, 0.0) if one.style.number_format == TEXT else 0.0 for one in columns]
    if not 0 < surplus <= sum(spare):
        return columns
    share = surplus / sum(spare)
    return [replace(column, width=column.width - own * share) for column, own in zip(columns, spare, strict=True)]


def number_format(quantity: Quantity, text: str, locale: str) -> str:
    """Return the Excel format of a quantity's cells; `text` is one of them and shows the place of a currency's sign."""
    return kind_of(quantity).number_format(quantity, text, locale)


def _columns(column: Column, totals: Sequence[str], reader: Reader, *, breaks: bool) -> Iterator[TabColumn]:
    quantity, kind = column.quantity, kind_of(column.quantity)
    sample = _sample(column.text)
    shown = kind.number_format(quantity, sample, reader.locale)
    style = CellStyle(StyleRole.BODY, shown, ALIGNS.get(column.align, "left"))
    title, locale = cell_text(column.title), reader.locale if breaks else None
    short = cell_text(column.short_title) if breaks else ""
    marked = column.highlight_min_max
    yield TabColumn(
        field=column.field,
        title=title,
        style=style,
        values=_values(column, reader),
        width=column_width(
            short or title, _shown_texts(column, totals, reader.locale), wraps=shown == TEXT, locale=locale
        ),
        quantity=quantity,
        min_row=column.min_row if marked and column.HasField("min_row") else None,
        max_row=column.max_row if marked and column.HasField("max_row") else None,
        warning_rows=column.warning_rows,
        own_styles=_own_styles(column, style, reader.locale),
        title_pattern=column.title_date_pattern,
        short_title=short,
    )
    if kind.has_address:
        yield _addresses(column, locale)


def _sample(texts: Sequence[str]) -> str:
    """Return a text that shows how numbers are written: one with a leading zero, else any with digits."""
    padded = next((text for text in texts if text.startswith("0")), "")
    return padded or next((text for text in texts if any(map(str.isdigit, text))), "")


def _values(column: Column, reader: Reader) -> Sequence[CellValue]:
    values = by_quantity(column, lambda own, raw, texts: cell_values(own, raw, texts, reader.clock))
    return [value or "" for value in values] if column.blank_zeros else values


def _shown_texts(column: Column, totals: Sequence[str], locale: str) -> list[str]:
    """Return texts that are as long as what the cells of a column show."""
    widest = kind_of(column.quantity).widest_cell(column.quantity, locale)
    if widest is None:
        return [*column.text, *totals]
    own = column.quantities
    others = (kind_of(quantity).widest_cell(quantity, locale) for quantity in own.quantities)
    return [widest, *filter(None, others), *(column.text[row] for row in own.row)]


def _own_styles(column: Column, style: CellStyle, locale: str) -> dict[int, CellStyle]:
    """Return the styles of the rows that have a quantity of their own."""
    own = column.quantities
    return {
        row: style._replace(number_format=number_format(own.quantities[index], column.text[row], locale))
        for row, index in zip(own.row, own.index, strict=True)
    }


def _addresses(column: Column, locale: str | None) -> TabColumn:
    """Return the addresses of a column's rows as a column of their own, empty where a row has no place."""
    addresses = [""] * len(column.text)
    for row, address in zip(column.places.row, cell_texts(column.places.address), strict=True):
        addresses[row] = address
    title = cell_text(column.address_title or column.title)
    width = column_width(title, addresses, wraps=True, locale=locale)
    return TabColumn(column.field, title, CellStyle(StyleRole.BODY, TEXT), addresses, width, Quantity())
