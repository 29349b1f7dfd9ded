"""Records of input files: objects of JSON as messages of the contract, by descriptor."""

import base64
from collections.abc import Iterator
from functools import cache
from typing import Any

from daybook.input.v1.json_key_pb2 import key_required
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct, Value
from google.protobuf.timestamp_pb2 import Timestamp

from services.cli.errors import CommandFailed
from services.cli.json_values import (
    A_TIME,
    BadValue,
    Field,
    Json,
    enum_words,
    finite,
    is_whole,
    moment_of,
    scalar,
    time_text,
)
from services.cli.options import as_struct


def fill(message: Message, found: Json, key: str = "", *, partial: bool = False) -> None:
    """Fill a message from an object of JSON; null is the default and unknown keys are ignored. Raises BadValue.

    A `partial` object may lack the keys that a whole one must have.
    """
    if not isinstance(found, dict):
        raise BadValue(key, "must be an object")
    for name, field, is_required in _keys(message.DESCRIPTOR):
        value = found.get(name)
        if value is not None:
            _put(message, field, value, f"{key}.{name}" if key else name)
        elif is_required and not partial and name not in found:
            raise BadValue(f"{key}.{name}" if key else name, "must be given, null for none")


@cache
def _keys(descriptor: Any) -> list[tuple[str, Field, bool]]:
    """Return the keys of the objects that fill a message, with their fields and whether they must be there."""
    return [(key_of(field), field, field.GetOptions().Extensions[key_required]) for field in descriptor.fields]


def key_of(field: Field) -> str:
    """Return the key of a field: that which the contract gives it, such as one that is a keyword, else its name."""
    words = field.name.split("_")
    usual = words[0] + "".join(word.title() for word in words[1:])
    return str(field.name if field.json_name == usual else field.json_name)


def key_path(kind: type[Message], path: str) -> str:
    """Return the path of a field of a message, such as `calibration[1].input`, in the words of JSON."""
    descriptor: Any = kind.DESCRIPTOR
    keys = []
    for step in path.split("."):
        name = step.partition("[")[0]
        field = descriptor.fields_by_name.get(name) if descriptor else None
        keys.append(step if field is None else key_of(field) + step.removeprefix(name))
        descriptor = field.message_type if field else None
    return ".".join(keys)


def paths_of(kind: type[Message], keys: list[str]) -> list[str]:
    """Return the paths of fields by the names of the contract from paths of keys; an unknown key stays."""
    return [".".join(_names(kind.DESCRIPTOR, key.split("."))) for key in keys]


def _names(descriptor: Any, keys: list[str]) -> Iterator[str]:
    for key in keys:
        field = _field(descriptor, key)
        yield key if field is None else field.name
        descriptor = field.message_type if field else None


def _field(descriptor: Any, key: str) -> Field | None:
    return next((one for one in descriptor.fields if key_of(one) == key), None) if descriptor else None


def is_text(kind: type[Message], path: str) -> bool:
    """Return whether a path of keys leads to a text or a moment."""
    descriptor: Any = kind.DESCRIPTOR
    field = None
    for key in path.split("."):
        field = _field(descriptor, key)
        descriptor = field.message_type if field else None
    if field is None or field.is_repeated:
        return False
    return field.type == FieldDescriptor.TYPE_STRING or descriptor is Timestamp.DESCRIPTOR


def object_of(message: Message) -> dict[str, Json]:
    """Return a message as an object of JSON that `fill` reads; an absent field is null."""
    return {key_of(field): _json_of(message, field) for field in _fields(message)}


def _fields(message: Message) -> list[Field]:
    return list(message.DESCRIPTOR.fields)


def _json_of(message: Message, field: Field) -> Json:
    if field.has_presence and not message.HasField(field.name):
        return None
    value = getattr(message, field.name)
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        inner = field.message_type.fields_by_name["value"]
        return {str(key): _json_value(inner, value[key]) for key in sorted(value)}
    return [_json_value(field, one) for one in value] if field.is_repeated else _json_value(field, value)


def _json_value(field: Field, value: Json) -> Json:
    if isinstance(value, Timestamp):
        return time_text(value)
    if isinstance(value, Struct | Value):
        return MessageToDict(value)
    if isinstance(value, Message):
        return object_of(value)
    if field.enum_type is not None:
        return next((word for word, number in enum_words(field.enum_type).items() if number == value), None)
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _put(message: Message, field: Field, value: Json, key: str) -> None:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        _put_map(getattr(message, field.name), field, value, key)
    elif field.is_repeated:
        _put_list(getattr(message, field.name), field, value, key)
    elif field.message_type is None:
        setattr(message, field.name, scalar(field, value, key))
    else:
        inner = getattr(message, field.name)
        inner.SetInParent()
        _fill_message(inner, value, key)


def _put_list(target: Any, field: Field, value: Json, key: str) -> None:
    if not isinstance(value, list):
        raise BadValue(key, "must be a list")
    for place, one in enumerate(value):
        name = f"{key}[{place}]"
        if field.message_type is not None:
            _fill_message(target.add(), one, name)
        elif (
            field.cpp_type == FieldDescriptor.CPPTYPE_STRING
            and isinstance(one, int | float)
            and one not in (True, False)
        ):
            target.append(str(int(one)) if is_whole(one) else repr(finite(field, one, name)))  # a tag that is a number
        else:
            target.append(scalar(field, one, name))


def _put_map(target: Any, field: Field, value: Json, key: str) -> None:
    if not isinstance(value, dict):
        raise BadValue(key, "must be an object")
    inner = field.message_type.fields_by_name["value"]
    for name, one in value.items():
        if inner.message_type is not None:
            _fill_message(target[name], one, f"{key}.{name}")
        else:
            target[name] = scalar(inner, one, f"{key}.{name}")


def _fill_message(message: Message, value: Json, key: str) -> None:
    if isinstance(message, Timestamp):
        _fill_moment(message, value, key)
    elif isinstance(message, Struct):
        if not isinstance(value, dict):
            raise BadValue(key, "must be an object")
        message.CopyFrom(_struct(value, key))
    elif isinstance(message, Value):
        message.CopyFrom(_struct({"": value}, key).fields[""])
    else:
        fill(message, value, key)


def _struct(value: Json, key: str) -> Struct:
    try:
        return as_struct(key, value)
    except CommandFailed as error:
        raise BadValue(key, str(error)) from error


def _fill_moment(message: Timestamp, value: Json, key: str) -> None:
    try:
        message.FromDatetime(moment_of(value))
    except (ValueError, OverflowError):
        raise BadValue(key, A_TIME) from None
