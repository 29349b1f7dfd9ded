"""A table's columns as plain texts that programs read: a full stop in numbers, ISO moments, nothing for unknown."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Column, Quantity, Table

from services.rendering.formats.spreadsheets.cell_texts import clean, one_line
from services.rendering.formats.spreadsheets.cell_values import MOMENTS, TEXTS
from services.rendering.formats.spreadsheets.civil import civil_text
from services.rendering.formats.spreadsheets.moments import WallClock, iso_text

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class PlainTexts:
    """How texts and machine values are written; `guarded` texts never begin like a formula of a spreadsheet."""

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
        """Return machine values as texts, empty where they are unknown; texts where there are no machine values."""
        if quantity.kind in TEXTS or len(raw) != len(texts):
            return [self.text(text) for text in texts]
        if quantity.kind in MOMENTS:
            return ["" if math.isnan(second) else iso_text(second) for second in self.clock.local_s(raw)]
        if quantity.kind == Quantity.KIND_CIVIL:
            return [civil_text(value, quantity.pattern) for value in raw]
        if quantity.kind == Quantity.KIND_DURATION:
            return [duration_text(seconds) if math.isfinite(seconds) else "" for seconds in raw]
        trimmed = quantity.kind != Quantity.KIND_MONEY
        decimals = max(quantity.decimals, 0)
        return [number_text(value, decimals, trimmed=trimmed) if math.isfinite(value) else "" for value in raw]


@dataclass(frozen=True, slots=True)
class PlainColumn:
    """One column of lines. `field` names the report's column, which can be two here: moments and addresses."""

    field: str
    title: str
    values: Sequence[str]
    quantity: Quantity


def plain_columns(table: Table, texts: PlainTexts) -> list[PlainColumn]:
    """Return the columns of a table from left to right."""
    return [plain for column in table.columns for plain in _columns(column, texts)]


def _columns(column: Column, texts: PlainTexts) -> Iterator[PlainColumn]:
    quantity = column.quantity
    values = texts.values(quantity, column.raw, column.text)
    yield PlainColumn(column.field, texts.line(_title(column)), values, quantity)
    if quantity.kind == Quantity.KIND_MOMENT_WITH_ADDRESS:
        addresses = [""] * len(column.text)
        for row, address in zip(column.places.row, column.places.address, strict=True):
            addresses[row] = texts.text(address)
        title = texts.line(column.address_title or column.title)
        yield PlainColumn("", title, addresses, Quantity(kind=Quantity.KIND_TEXT))


def _title(column: Column) -> str:
    """Return the title with the unit that its values no longer show."""
    quantity, title = column.quantity, one_line(column.title)
    unit = {Quantity.KIND_PERCENT: "%", Quantity.KIND_MONEY: quantity.currency_code}.get(quantity.kind, "")
    return f"{title}, {unit}" if unit and unit not in title else title


def number_text(value: float, decimals: int, *, trimmed: bool) -> str:
    """Return a number with at most so many decimals, without trailing zeros when trimmed."""
    text = f"{value:.{decimals}f}"
    if trimmed and decimals:
        text = text.rstrip("0").rstrip(".")
    return text if text.strip("-0.") else text.lstrip("-")


def duration_text(seconds: float) -> str:
    """Return a duration as H:mm:ss; hours are not wrapped at 24."""
    minutes, rest = divmod(int(abs(seconds)), 60)
    return f"{'-' if seconds <= -1 else ''}{minutes // 60}:{minutes % 60:02}:{rest:02}"
