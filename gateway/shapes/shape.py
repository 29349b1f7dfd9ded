"""Shapes of JSON objects: every key is declared once, for the writer of the JSON and for its JSON Schema."""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

import orjson
from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

from gateway.shapes.json_schema import (
    COUNT,
    FLAG,
    INTEGER,
    NUMBER,
    TEXT,
    Schema,
    always,
    nullable,
    one_of,
    record,
    ref,
    several,
)
from services.runtime import enum_words
from services.runtime.cooperation import in_slices

Convert = Callable[[Any], object]
Json = dict[str, object]
HOLE = orjson.Fragment(b"\0")  # no JSON text holds a NUL byte


class Envelope(NamedTuple):
    """JSON text around the rows of a response."""

    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Key:
    """Key of an object: the schema of its value, and how the value is read from the object's source.

    `path` is an attribute of the source, dotted where it lies deeper; the key's own name where None, the whole source
    where empty. `presence` gives null for an optional field that is absent; `omit` leaves out a null.
    """

    schema: Schema
    path: str | None = None
    convert: Convert | None = None
    presence: bool = False
    omit: bool = False


def _or_none(found: object) -> object:
    return found or None


def value(schema: Schema, path: str | None = None, convert: Convert | None = None) -> Key:
    """Return an attribute of the source."""
    return Key(schema, path, convert)


def optional(schema: Schema, path: str | None = None, convert: Convert | None = None) -> Key:
    """Return an optional field of a message, null when it is absent."""
    return Key(nullable(schema), path, convert, presence=True)


def nonempty(schema: Schema, path: str | None = None) -> Key:
    """Return an attribute of the source, null when it is empty."""
    return Key(nullable(schema), path, _or_none)


def constant(fixed: object, schema: Schema) -> Key:
    """Return the same value for every source."""
    return Key(schema, "", lambda _: fixed)


def computed(schema: Schema, of_source: Convert) -> Key:
    """Return what a function makes of the whole source."""
    return Key(schema, "", of_source)


def many(schema: Schema, path: str | None = None) -> Key:
    """Return a repeated field of plain values."""
    return Key(several(schema), path, list)


def one(shape: "Shape", path: str | None = None) -> Key:
    """Return an object; of the source itself where the path is empty."""
    return Key(shape.ref, path, shape.write)


def each(shape: "Shape | Variants", path: str | None = None) -> Key:
    """Return a list of objects."""
    return Key(several(shape.ref), path, shape.write_all)


def word(enum: EnumDescriptor, path: str | None = None, *, unset: str | None = None, omit: bool = False) -> Key:
    """Return a value of an enum in lower case, without what the names of all its values begin with.

    A value that is not set is `unset`, and left out where that is None and may be omitted.
    """
    words = words_of(enum)
    return Key(one_of(words.values()), path, lambda number: words.get(number, unset), omit=omit)


def words_of(enum: EnumDescriptor) -> dict[int, str]:
    """Return the words of an enum's values but the unset one."""
    return {number: text for number, text in enum_words.words_of(enum).items() if text}


def omitted(schema: Schema, path: str | None = None, convert: Convert = _or_none) -> Key:
    """Return an attribute of the source, left out when it is converted to None; as it stands, when it is empty."""
    return Key(schema, path, convert, omit=True)


TYPES = {
    FieldDescriptor.CPPTYPE_BOOL: FLAG,
    FieldDescriptor.CPPTYPE_DOUBLE: NUMBER,
    FieldDescriptor.CPPTYPE_INT32: INTEGER,
    FieldDescriptor.CPPTYPE_INT64: INTEGER,
    FieldDescriptor.CPPTYPE_STRING: TEXT,
}


def fields(message: type[Message], *names: str, **others: Key) -> dict[str, Key]:
    """Return a key for each field of a message, or for those named: its schema and its presence as the contract says.

    `others` come in the place of the fields of their names, or behind them all. Raises KeyError for a field that is a
    message itself and not among `others`.
    """
    known = message.DESCRIPTOR.fields_by_name
    return {name: others.get(name) or _field(known[name]) for name in names or known} | others


def alphabetical(keys: Mapping[str, Key]) -> dict[str, Key]:
    """Return the keys in alphabetical order."""
    return dict(sorted(keys.items()))


def _field(field: Any) -> Key:
    schema = COUNT if field.name.endswith("seconds") else TYPES[field.cpp_type]
    if field.is_repeated:
        return many(schema)
    return optional(schema) if field.has_presence else value(schema)


class Shape:
    """JSON object whose keys are read from a source, such as a message, in the order of their declaration."""

    def __init__(self, name: str, keys: Mapping[str, Key]) -> None:
        self.name = name
        self.keys = dict(keys)
        self.write = _writer(self.keys)
        self.schema = record(
            {name: key.schema for name, key in self.keys.items() if not key.omit},
            {name: key.schema for name, key in self.keys.items() if key.omit},
        )

    @property
    def ref(self) -> Schema:
        """Return a reference to the schema, or the schema itself where the shape has no name."""
        return ref(self.name) if self.name else self.schema

    def write_all(self, sources: Iterable[Any]) -> list[Json]:
        """Return the objects of several sources."""
        return list(map(self.write, sources))

    def envelope(self, source: Any) -> Envelope:
        """Return the text of an object before and after the hole in it."""
        before, _, after = orjson.dumps(self.write(source)).partition(b"\0")
        return Envelope(before, after)


class Variants:
    """JSON object of one of several shapes, which `choose` names for a source."""

    def __init__(self, name: str, shapes: Mapping[Any, Shape], choose: Convert) -> None:
        self.name = name
        self._shapes = dict(shapes)
        self._choose = choose
        self.schema: Schema = {"oneOf": [shape.ref for shape in self._shapes.values()]}

    @property
    def ref(self) -> Schema:
        """Return a reference to the schema, or the schema itself where the shape has no name."""
        return ref(self.name) if self.name else self.schema

    def write(self, source: Any) -> Json:
        """Return the object of a source."""
        found: Json = self._shapes[self._choose(source)].write(source)
        return found

    def write_all(self, sources: Iterable[Any]) -> list[Json]:
        """Return the objects of several sources."""
        return list(map(self.write, sources))


class ListShape:
    """Response with all entries of a list, which is written page by page.

    A page holds its entries at the path `entries`, or that function makes them of it. Constants `before` stand before
    them; with `counted` the number of all that match, which a page holds as `total`, stands behind.
    """

    def __init__(
        self,
        entry: Shape | Variants,
        entries: str | Callable[[Any], Sequence[Any]],
        *,
        before: Mapping[str, Key] | None = None,
        counted: bool = False,
        total: str = "total_size",
    ) -> None:
        count = {"count": value(COUNT)} if counted else {}
        self._before = before or {}
        self.schema = success(**self._before, list=each(entry), **count).schema
        self._counted = counted
        self._total: Callable[[Any], int] = attrgetter(total)
        self._entry = entry
        self._entries = attrgetter(entries) if isinstance(entries, str) else entries

    async def texts(self, pages: AsyncGenerator[Any, None], limit: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yield the text of the response in pieces of a page; a list of a single page is one piece.

        With a limit no more entries than that are written, and no page behind them is read.
        """
        envelope = success(**self._before, list=constant(HOLE, {})).envelope(None)
        piece, joint, count, left = envelope.before + b"[", b"", 0, limit
        async with aclosing(pages):
            async for page in pages:
                count = count or (self._total(page) if self._counted else 0)
                written = await in_slices(self._entry.write_all, self._entries(page)[:left])
                entries = orjson.dumps(written)[1:-1]
                if joint and entries:
                    yield piece
                    piece = joint
                piece += entries
                joint = joint or (b"," if entries else b"")
                left = None if left is None else left - len(written)
                if left == 0:
                    break
        yield piece + b"]" + (b',"count":%d' % count if self._counted else b"") + envelope.after


def success(**keys: Key) -> Shape:
    """Return the shape of the response to a successful call on the tracker side."""
    return Shape("", {"success": constant(True, always(True)), **keys})


def components(*shapes: Shape | Variants) -> dict[str, Schema]:
    """Return the schemas of named shapes by name."""
    return {shape.name: shape.schema for shape in shapes}


def _writer(keys: Mapping[str, Key]) -> Callable[[Any], Json]:
    """Return the function that writes an object, compiled from an item of a dictionary for each key.

    It is as fast as a function written by hand; calling a reader for each key takes twice as long.
    """
    converts = {f"convert_{place}": key.convert for place, key in enumerate(keys.values())}
    items = [_item(name, key, f"convert_{place}") for place, (name, key) in enumerate(keys.items())]
    write: Callable[[Any], Json] = eval(f"lambda source: {{{', '.join(items)}}}", converts)  # noqa: S307 - our own text
    return write


def _item(name: str, key: Key, convert: str) -> str:
    """Return the Python text of an item; the names of attributes in it are those of fields in the contracts."""
    path = name if key.path is None else key.path
    source = f"source.{path}" if path else "source"
    found = source if key.convert is None else f"{convert}({source})"
    if key.omit:
        return f"**({{{name!r}: kept}} if (kept := {found}) is not None else {{}})"
    return f"{name!r}: {found} if source.HasField({path!r}) else None" if key.presence else f"{name!r}: {found}"
