"""Fields of the table of all rows: the columns of a report by names and units that are the same in all languages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from anyascii import anyascii
from daybook.report.v1.sheet_pb2 import Column, MapRow, Places, Quantity

from services.rendering.values import kind_of
from services.rendering.wall_clock import shows_date, shows_time
from services.runtime.chart_values import UNKNOWN

TEXT = Quantity(kind=Quantity.KIND_TEXT)
DEGREES = Quantity(kind=Quantity.KIND_NUMBER, decimals=7)
MOMENTS = (Quantity.KIND_MOMENT, Quantity.KIND_MOMENT_WITH_ADDRESS)
ADDRESS, TIME = "address", "time"

_OTHER = re.compile("[^a-z0-9]+")
_HUMP = re.compile("(?<=[a-z0-9])(?=[A-Z])")

Value = str | float | None


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the table: its name for programs, its title for readers, what its values are.

    Values are texts, or the machine values of the quantity; None is unknown.
    """

    name: str
    title: str
    quantity: Quantity

    @property
    def is_start(self) -> bool:
        """Whether its values are moments or dates, by which rows can be ordered."""
        kind = self.quantity.kind
        return kind == Quantity.KIND_MOMENT or (kind == Quantity.KIND_CIVIL and shows_date(self.quantity.pattern))


Filled = tuple[Field, Sequence[Value]]


def ascii_name(text: str) -> str:
    """Return a text as a name of lower-case ASCII letters, digits and underscores."""
    return _OTHER.sub("_", _HUMP.sub("_", anyascii(text)).lower()).strip("_") or "value"


def fields_of(
    columns: Sequence[Column], titles: Mapping[str, str], upper: Mapping[str, str] = MappingProxyType({})
) -> list[Filled]:
    """Return the fields of a table's columns; columns of coordinates that follow from places appear once.

    `titles` are those of fields that no column has: "lat", "lng", "currency"; `upper` stand over the titles of columns.
    """
    found: dict[str, Filled] = {}
    placed: set[str] = set()
    for column in columns:
        for place, (field, values) in enumerate(_fields(column, titles)):
            if field.name in placed or (field.name in found and _is_of_place(column, place)):
                continue
            if _is_of_place(column, place):
                placed.add(field.name)
            name, number = field.name, 1
            while name in found:
                number += 1
                name = f"{field.name}_{number}"
            title = ": ".join(filter(None, (_one_line(upper.get(column.field, "")), field.title)))
            found[name] = Field(name, title, field.quantity), values
    return list(found.values())


def line_fields(rows: Sequence[MapRow], titles: Mapping[str, str]) -> list[Filled]:
    """Return named values as fields of one row."""
    columns = [
        Column(field=row.field or row.name, title=row.name, quantity=row.quantity, text=[row.text], raw=[row.raw])
        for row in rows
    ]
    return fields_of(columns, titles)


def _is_of_place(column: Column, place: int) -> bool:
    """Return whether a field of a column, by its place among them, is a coordinate."""
    return place >= 1 + (column.quantity.kind == Quantity.KIND_MOMENT_WITH_ADDRESS) and bool(column.places.row)


def _fields(column: Column, titles: Mapping[str, str]) -> Iterator[Filled]:
    name, title, quantity = ascii_name(column.field), _one_line(column.title), column.quantity
    if quantity.kind == Quantity.KIND_MOMENT_WITH_ADDRESS:
        stem = name.removesuffix(f"_{ADDRESS}")
        moment = Quantity(kind=Quantity.KIND_MOMENT, pattern=quantity.pattern, seconds=quantity.seconds)
        yield Field(f"{stem}_{TIME}", title, moment), column.raw
        yield from _place_fields(f"{stem}_", _one_line(column.address_title or column.title), column, titles)
    elif kind_of(quantity).is_text or len(column.raw) != len(column.text) or column.quantities.row:
        if column.places.row:
            yield Field(name, title, TEXT), _known(column.text)
            stem = "" if name == ADDRESS else f"{name.removesuffix(f'_{ADDRESS}')}_"
            yield from _coordinates(stem, title, column.places, len(column.text), titles)
        else:
            yield Field(name, title, TEXT), _known(column.text)
    else:
        yield Field(_named(name, quantity), title, quantity), column.raw
        if quantity.kind == Quantity.KIND_MONEY:
            codes = [quantity.currency_code if value == value else None for value in column.raw]  # noqa: PLR0124  NaN
            yield Field(f"{name}_currency", f"{title}, {titles.get('currency', 'currency')}", TEXT), codes


def _place_fields(stem: str, title: str, column: Column, titles: Mapping[str, str]) -> Iterator[Filled]:
    addresses: list[Value] = [None] * len(column.text)
    for row, address in zip(column.places.row, column.places.address, strict=True):
        addresses[row] = address
    yield Field(stem + ADDRESS, title, TEXT), addresses
    yield from _coordinates(stem, title, column.places, len(column.text), titles)


def _coordinates(stem: str, title: str, places: Places, count: int, titles: Mapping[str, str]) -> Iterator[Filled]:
    for name, degrees in (("lat", places.lat), ("lng", places.lng)):
        values: list[Value] = [None] * count
        for row, value in zip(places.row, degrees, strict=True):
            values[row] = value
        yield Field(stem + name, f"{title}, {titles.get(name, name)}", DEGREES), values


def _named(name: str, quantity: Quantity) -> str:
    """Return the name of a column with the unit of its values."""
    if quantity.kind in MOMENTS:
        is_named = name.endswith((TIME, "date")) or not shows_time(quantity.pattern)
        return name if is_named else f"{name}_{TIME}"
    unit = quantity.unit_code
    if quantity.kind == Quantity.KIND_DURATION:
        unit = "s"
    elif quantity.kind == Quantity.KIND_PERCENT:
        unit = "pct"
    return f"{name}_{unit}" if unit else name


def _known(texts: Sequence[str]) -> list[Value]:
    return [None if text == UNKNOWN else text for text in texts]


def _one_line(title: str) -> str:
    return " ".join(title.split())
