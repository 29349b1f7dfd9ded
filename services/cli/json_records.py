"""Records of input files: objects of JSON as messages of the contract, by descriptor."""

import base64
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp

from services.cli.errors import CommandFailed
from services.cli.options import as_struct

Json = Any  # what JSON holds
Field = Any  # a FieldDescriptor
DATE_LENGTH = len("2026-01-05")
BITS = {FieldDescriptor.CPPTYPE_INT32: 31, FieldDescriptor.CPPTYPE_INT64: 63}


class BadValue(Exception):
    """A value that the contract does not allow: its key, and what would be right."""

    def __init__(self, key: str, wanted: str) -> None:
        super().__init__(f"{key}: {wanted}" if key else wanted)
        self.key = key
        self.wanted = wanted


def fill(message: Message, found: Json, key: str = "") -> None:
    """Fill a message from an object of JSON; null is the default and unknown keys are ignored. Raises BadValue."""
    if not isinstance(found, dict):
        raise BadValue(key, "must be an object")
    for field in message.DESCRIPTOR.fields:
        name = field.name if field.name in found else _other_name(field)
        value = found.get(name)
        if value is not None:
            _put(message, field, value, f"{key}.{name}" if key else name)


def _other_name(field: Field) -> str:
    """Return the name that the contract gives a key of JSON, such as one that is a keyword; else the field's own."""
    words = field.name.split("_")
    usual = words[0] + "".join(word.title() for word in words[1:])
    return str(field.name if field.json_name == usual else field.json_name)


def _put(message: Message, field: Field, value: Json, key: str) -> None:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        _put_map(getattr(message, field.name), field, value, key)
    elif field.is_repeated:
        _put_list(getattr(message, field.name), field, value, key)
    elif field.message_type is None:
        setattr(message, field.name, _scalar(field, value, key))
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
        elif field.cpp_type == FieldDescriptor.CPPTYPE_STRING and _is_whole(one):
            target.append(str(int(one)))  # a tag that is a number
        else:
            target.append(_scalar(field, one, name))


def _put_map(target: Any, field: Field, value: Json, key: str) -> None:
    if not isinstance(value, dict):
        raise BadValue(key, "must be an object")
    inner = field.message_type.fields_by_name["value"]
    for name, one in value.items():
        if inner.message_type is not None:
            _fill_message(target[name], one, f"{key}.{name}")
        else:
            target[name] = _scalar(inner, one, f"{key}.{name}")


def _fill_message(message: Message, value: Json, key: str) -> None:
    if isinstance(message, Timestamp):
        _fill_moment(message, value, key)
    elif isinstance(message, Struct):
        if not isinstance(value, dict):
            raise BadValue(key, "must be an object")
        try:
            message.CopyFrom(as_struct(key, value))
        except CommandFailed as error:
            raise BadValue(key, str(error)) from error
    else:
        fill(message, value, key)


def _fill_moment(message: Timestamp, value: Json, key: str) -> None:
    """Read an ISO 8601 time with T or a space; without an offset it is UTC."""
    if not isinstance(value, str) or len(value) <= DATE_LENGTH or value[DATE_LENGTH] not in "T ":
        raise BadValue(key, "must be a time such as 2026-01-05T09:00:00Z")
    try:
        moment = datetime.fromisoformat(value)
        message.FromDatetime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise BadValue(key, "must be a time such as 2026-01-05T09:00:00Z") from None


def _is_whole(value: Json) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


def _scalar(field: Field, value: Json, key: str) -> Any:
    if field.type == FieldDescriptor.TYPE_BYTES:
        return _bytes(value, key)
    return SCALARS[field.cpp_type](field, value, key)


def _integer(field: Field, value: Json, key: str) -> int:
    if not _is_whole(value):
        raise BadValue(key, "must be a whole number")
    largest = 2 ** BITS[field.cpp_type]
    if not -largest <= value < largest:
        raise BadValue(key, "must be a smaller number")
    return int(value)


def _float(_: Field, value: Json, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadValue(key, "must be a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise BadValue(key, "must be a finite number")
    return number


def _flag(_: Field, value: Json, key: str) -> bool:
    return value if isinstance(value, bool) else _refuse(key, "must be true or false")


def _text(_: Field, value: Json, key: str) -> str:
    if not isinstance(value, str):
        raise BadValue(key, "must be a text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadValue(key, "must be a text without half a pair of surrogates") from None
    return value


def _bytes(value: Json, key: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError):
        raise BadValue(key, "must be bytes in base64") from None


def _enum(field: Field, value: Json, key: str) -> int:
    """Read a value of an enum by its word: its name without the prefix that all of them share, in lower case."""
    words = enum_words(field.enum_type)
    if not isinstance(value, str) or value not in words:
        raise BadValue(key, f"must be one of {', '.join(words)}")
    return words[value]


def enum_words(enum: Any) -> dict[str, int]:
    """Return the numbers of an enum's values by their words, without that of the unset one."""
    prefix = re.sub(r"(?<!^)(?=[A-Z])", "_", enum.name).upper() + "_"
    return {value.name.removeprefix(prefix).lower(): value.number for value in enum.values if value.number}


def _refuse(key: str, wanted: str) -> NoReturn:
    raise BadValue(key, wanted)


SCALARS: Mapping[int, Callable[[Field, Json, str], Any]] = {
    FieldDescriptor.CPPTYPE_INT32: _integer,
    FieldDescriptor.CPPTYPE_INT64: _integer,
    FieldDescriptor.CPPTYPE_DOUBLE: _float,
    FieldDescriptor.CPPTYPE_FLOAT: _float,
    FieldDescriptor.CPPTYPE_BOOL: _flag,
    FieldDescriptor.CPPTYPE_STRING: _text,
    FieldDescriptor.CPPTYPE_ENUM: _enum,
}
