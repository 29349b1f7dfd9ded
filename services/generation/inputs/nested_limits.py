"""Limits of messages within records, of lists of them and of maps, made from the limits of their fields."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct, Value

from services.generation.inputs.limits import MAX_ITEMS, MAX_TAGS, Limit, finite, long_text, number, required, text

Fault = tuple[str, str]  # path to a part of a value, and the value that would be right

_key, _text = text(1), long_text()


def value_at(message: Message, path: str) -> Any:
    """Return the value of a field, nested ones by dots; None for an absent one."""
    name, _, rest = path.partition(".")
    field = message.DESCRIPTOR.fields_by_name[name]
    if field.has_presence and not message.HasField(name):
        return None
    value = getattr(message, name)
    return value_at(value, rest) if rest else value


def nested(**limits: Limit) -> Limit:
    """Return the limit of a message, which may be absent, by those of its fields."""

    def limit(message: Message | None) -> str | Fault | None:
        if message is None:
            return None
        return _first((f".{name}", inner(value_at(message, name))) for name, inner in limits.items())

    return limit


def each(inner: Limit, most: int = MAX_ITEMS, least: int = 0) -> Limit:
    """Return the limit of a list by that of its items."""
    wanted = f"must be {least} to {most:,} items" if least else f"must be at most {most:,} items"

    def limit(items: Sequence[Any]) -> str | Fault | None:
        if not least <= len(items) <= most:
            return wanted
        return _first((f"[{place}]", inner(item)) for place, item in enumerate(items))

    return limit


def by_key(inner: Limit, most: int = MAX_TAGS) -> Limit:
    """Return the limit of a map by that of its values; a key has 1 to 255 characters."""

    def limit(items: Mapping[str, Any]) -> str | Fault | None:
        if len(items) > most:
            return f"must have at most {most:,} keys"
        if any(_key(key) for key in items):
            return "must have keys of 1 to 255 characters, none of them control characters"
        return _first((f".{key}", inner(items[key])) for key in items)

    return limit


def json_object(struct: Struct | None) -> str | Fault | None:
    """Limit an object of JSON, which may be absent: keys and texts are plain, numbers finite."""
    return None if struct is None else by_key(json_value)(struct.fields)


def json_value(value: Value | None) -> str | Fault | None:
    """Limit a value of JSON, which may be absent: keys and texts are plain, numbers finite."""
    if value is None:
        return None
    match value.WhichOneof("kind"):
        case "string_value":
            return _text(value.string_value)
        case "number_value":
            return finite(value.number_value)
        case "list_value":
            return each(json_value)(value.list_value.values)
        case "struct_value":
            return json_object(value.struct_value)
    return None


def coordinates() -> Limit:
    """Return the limit of coordinates, which may be absent."""
    return nested(**_DEGREES)


def location(**more: Limit) -> Limit:
    """Return the limit of a location, which may be absent, with those of further fields."""
    return nested(**_DEGREES, address=text(), **more)


_DEGREES: Mapping[str, Limit] = {
    "lat": required(number(-90, 90, " degrees")),
    "lng": required(number(-180, 180, " degrees")),
}


def _first(results: Iterable[tuple[str, str | Fault | None]]) -> Fault | None:
    """Return the first fault of the parts of a value, with the path from the value on."""
    for path, wanted in results:
        if isinstance(wanted, tuple):
            return path + wanted[0], wanted[1]
        if wanted is not None:
            return path, wanted
    return None
