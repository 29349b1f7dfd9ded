"""Rows of a table as JSON: columns are serialised whole, cut into values, and interleaved to rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import orjson
from daybook.report.v1.sheet_pb2 import Column, Quantity, Table, TotalCell

K = TypeVar("K", Column, TotalCell)

WITHOUT_RAW = (Quantity.KIND_UNSPECIFIED, Quantity.KIND_TEXT)

PUBLISHED_ORDER = ("to", "from", "time", "length")  # of the keys of rows and totals, whatever the order of columns

Slot = bytes | list[bytes]  # the same in every row, or one for each


class Rows:
    """The rows of a table as objects of cells (reference section 4.4), each with a comma before it; `count` of them."""

    def __init__(self, table: Table) -> None:
        slots = list(_merged(_row(table.columns)))
        self._width = len(slots)
        self._flat = [b"" if isinstance(slot, list) else slot for slot in slots]
        self.count = len(table.columns[0].text) if table.columns else sum(group.row_count for group in table.groups)
        self._flat *= self.count
        for place, slot in enumerate(slots):
            if isinstance(slot, list):
                self._flat[place :: self._width] = slot

    def between(self, first: int, end: int) -> bytes:
        """Return the rows from `first` up to `end`."""
        return b"".join(self._flat[first * self._width : end * self._width])


def comma(before: int) -> bytes:
    """Return what stands before an element that so many others precede."""
    return b"," if before else b""


def in_published_order(keyed: Sequence[K]) -> list[K]:
    """Return cells or columns in the order of their keys; those without a published place stay where they are."""
    places = [place for place, one in enumerate(keyed) if one.field in PUBLISHED_ORDER]
    ordered = sorted((keyed[place] for place in places), key=lambda one: PUBLISHED_ORDER.index(one.field))
    found = list(keyed)
    for place, one in zip(places, ordered, strict=True):
        found[place] = one
    return found


def _row(columns: Sequence[Column]) -> Iterator[Slot]:
    yield b",{"
    for place, column in enumerate(in_published_order(columns)):
        yield comma(place) + orjson.dumps(column.field) + b':{"v":'
        yield _values(column.text)
        if column.raw and (column.quantities.quantities or column.quantity.kind not in WITHOUT_RAW):
            yield from _raws(column.raw)
        yield b',"type":"value"'
        if column.places.row:
            yield from _locations(column)
        yield b"}"
    yield b"}"


def _merged(slots: Iterable[Slot]) -> Iterator[Slot]:
    """Join neighbours that are the same in every row."""
    shared = b""
    for slot in slots:
        if isinstance(slot, bytes):
            shared += slot
        else:
            yield shared
            yield slot
            shared = b""
    yield shared


def _values(values: Iterable[str] | Iterable[float]) -> list[bytes]:
    """Return each value as JSON. Indented output has one a line, and a line break inside a text is always escaped."""
    listed = orjson.dumps(list(values), option=orjson.OPT_INDENT_2)
    return listed[4:-2].split(b",\n  ") if listed != b"[]" else []


def _raws(raw: Iterable[float]) -> Iterator[Slot]:
    values = _values(raw)
    if b"null" in values:  # what is not a number is unknown and left out
        yield [b"" if value == b"null" else b',"raw":' + value for value in values]
    else:
        yield b',"raw":'
        yield values


def _locations(column: Column) -> Iterator[Slot]:
    places, rows = column.places, len(column.text)
    lat, lng = _values(places.lat), _values(places.lng)
    if len(lat) == rows and b"null" not in lat and b"null" not in lng:
        yield from (b',"location":{"lat":', lat, b',"lng":', lng, b"}")
        return
    found = [b""] * rows
    for row, north, east in zip(places.row, lat, lng, strict=True):
        if b"null" not in (north, east):  # an unknown place is left out
            found[row] = b',"location":{"lat":%b,"lng":%b}' % (north, east)
    yield found
