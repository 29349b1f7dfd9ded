"""Columns of a table as plain texts for programs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Column, Quantity, Table

from services.rendering.formats.spreadsheets.cell_values import clean, one_line
from services.rendering.values import by_quantity, kind_of
from services.rendering.wall_clock import WallClock

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class PlainTexts:
    """Writer of texts and values; `guarded` texts never begin like a formula of a spreadsheet."""

    clock: WallClock
    guarded: bool

    def text(self, text: str) -> str:
        """Return a text, after an apostrophe where a spreadsheet would take it for a formula."""
        kept = clean(text)
        return "'" + kept if self.guarded and kept.startswith(FORMULA_STARTS) else kept

    def line(self, text: str) -> str:
        """Return a text on one line."""
        return self.text(one_line(text))

    def values(self, quantity: Quantity, raw: Sequence[float], texts: Sequence[str]) -> list[str]:
        """Return values for programs, or the texts of a quantity that has no values."""
        kind = kind_of(quantity)
        if kind.is_text or len(raw) != len(texts):
            return [self.text(text) for text in texts]
        return kind.plain_texts(quantity, raw, self.clock)


@dataclass(frozen=True, slots=True)
class PlainColumn:
    """A column of lines. `field` names the report's column, which may be two here: moments and addresses."""

    field: str
    title: str
    values: Sequence[str]
    quantity: Quantity


def plain_columns(table: Table, texts: PlainTexts) -> list[PlainColumn]:
    """Return the columns of a table from left to right."""
    return [plain for column in table.columns for plain in _columns(column, texts)]


def _columns(column: Column, texts: PlainTexts) -> Iterator[PlainColumn]:
    values = by_quantity(column, texts.values)
    yield PlainColumn(column.field, texts.line(_title(column)), values, column.quantity)
    if kind_of(column.quantity).has_address:
        addresses = [""] * len(column.text)
        for row, address in zip(column.places.row, column.places.address, strict=True):
            addresses[row] = texts.text(address)
        yield PlainColumn("", texts.line(column.address_title or column.title), addresses, Quantity())


def _title(column: Column) -> str:
    """Return the title with the unit that the values no longer show."""
    title, unit = one_line(column.title), kind_of(column.quantity).lost_unit(column.quantity)
    return f"{title}, {unit}" if unit and unit not in title else title
