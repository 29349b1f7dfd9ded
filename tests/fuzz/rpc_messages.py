"""Messages of any kind, from nothing but their descriptors: good values, those at the edge, and those far beyond it."""

import math
from collections.abc import Callable
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.struct_pb2 import Struct, Value
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

MOST = 3  # of what is repeated; more by `many`
DEEPEST = 32  # objects in one another that a message may hold at all (design §2)
MEGABYTES = 3_900_000  # gRPC takes 4 MiB
ODD_TEXTS = (
    "\x00", "a\x00b", "\x1b[31m", "\x7f\x85", "line\r\nline\ttab", "\N{ZERO WIDTH JOINER}", "\u202eabc",
    "\ufffe\uffff", "\U0010ffff", "e\u0301" * 30, "\N{PILE OF POO}", "=1+1", "@x", "'; --", "$where", "a.b", "{page}",
    "<b>&amp;", "../../etc/passwd", "CON", "x" * 256, "x" * 3001, "\N{HIRAGANA LETTER A}" * 70_000,
)  # fmt: skip
KNOWN_TEXTS = (
    "", " ", "en", "xx_YY", "Europe/Berlin", "UTC", "metric", "EUR", "#ff0000", "https://a/b", "2026-01-05",
    "0000-00-00", "9999-12-31", "10:00", "24:00:00", "2020-10-06 00:00:00", "2020-10-06T00:00:00+25:00", "detailed",
    "reports", "0" * 32,
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=30), st.sampled_from(KNOWN_TEXTS), st.sampled_from(ODD_TEXTS))
DOUBLES = st.one_of(
    st.floats(0, 1000), st.floats(), st.sampled_from([0.0, -0.0, 1e308, 5e-324, math.nan, math.inf, -math.inf, 2.0**53])
)
PNG = b"\x89PNG\r\n\x1a\n"
BYTES = st.one_of(st.binary(max_size=40), st.sampled_from([PNG, PNG + b"\x00" * 300_000, b"\xff\xd8\xff\xe0"]))
KEYS = st.sampled_from(
    ["report_type", "start_date", "end_date", "grouping", "client_ids", "audit", "hide_empty_tabs", "split", "", "$a"]
)  # fmt: skip
PLAIN_JSON = (
    st.none() | st.booleans() | st.integers(-5, 5).map(float) | DOUBLES | TEXTS.filter(lambda text: len(text) < 4000)
)
JSON = st.recursive(
    PLAIN_JSON,
    lambda inner: st.lists(inner, max_size=MOST) | st.dictionaries(KEYS | TEXTS, inner, max_size=MOST),
    max_leaves=8,
)


def _nested(depth: int, *, in_lists: bool) -> dict[str, Any]:
    value: Any = 1.0
    for _ in range(depth - 1):
        value = [value] if in_lists else {"a": value}
    return {"params": value}


OBJECTS = st.one_of(
    st.dictionaries(KEYS, JSON, max_size=5),
    st.dictionaries(KEYS | TEXTS, JSON, max_size=5),
    st.builds(_nested, st.integers(10, DEEPEST // 2), in_lists=st.booleans()),
)


def _struct(value: dict[str, Any]) -> Struct:
    struct = Struct()
    struct.update(value)
    return struct


def _whole(bits: int) -> SearchStrategy[int]:
    edge = 2 ** (bits - 1)
    near = [0, 1, -1, 2, 100, 1000, 1001, 2**31 - 1, edge - 1, -edge]
    return st.one_of(st.integers(0, 10), st.sampled_from(near), st.integers(-edge, edge - 1))


KINDS: dict[int, Callable[[], SearchStrategy[Any]]] = {
    FieldDescriptor.CPPTYPE_STRING: lambda: TEXTS,
    FieldDescriptor.CPPTYPE_BOOL: st.booleans,
    FieldDescriptor.CPPTYPE_INT32: lambda: _whole(32),
    FieldDescriptor.CPPTYPE_INT64: lambda: _whole(64),
    FieldDescriptor.CPPTYPE_DOUBLE: lambda: DOUBLES,
    FieldDescriptor.CPPTYPE_ENUM: lambda: st.integers(0, 6) | _whole(32),
}


def messages(descriptor: Descriptor) -> SearchStrategy[Message]:
    """Return messages of a kind; any field may be missing, and a later one of a oneof takes the place of an earlier."""
    if descriptor.full_name == Struct.DESCRIPTOR.full_name:
        return OBJECTS.map(_struct)
    if descriptor.full_name == Value.DESCRIPTOR.full_name:
        return JSON.map(lambda value: _struct({"": value}).fields[""])
    kind = GetMessageClass(descriptor)
    fields = {field.name: _values(field) for field in descriptor.fields}
    return st.fixed_dictionaries({}, optional=fields).map(lambda values: kind(**values))


def _values(field: FieldDescriptor) -> SearchStrategy[Any]:
    one = _value(field)
    if not field.is_repeated:
        return one
    if field.message_type and field.message_type.GetOptions().map_entry:
        names = field.message_type.fields_by_name
        return st.dictionaries(_value(names["key"]), _value(names["value"]), max_size=MOST)
    return st.lists(one, max_size=MOST)


def _value(field: FieldDescriptor) -> SearchStrategy[Any]:
    if field.message_type:
        return messages(field.message_type)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return BYTES
    return KINDS[field.cpp_type]()


def many(message: Message, name: str, count: int) -> None:
    """Repeat what a field repeats until there is so much of it."""
    field = getattr(message, name)
    found = list(field)
    if found:
        field.extend(found[place % len(found)] for place in range(count - len(found)))


def long_text(message: Message) -> None:
    """Make the first text in a message as long as a message can be."""
    for field, value in message.ListFields():
        if field.is_repeated:
            continue
        if field.type == FieldDescriptor.TYPE_STRING:
            setattr(message, field.name, "x" * MEGABYTES)
            return
        if field.message_type and field.message_type.name != "Struct":
            long_text(value)
            return
