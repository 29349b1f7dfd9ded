"""Values of JSON as those of fields of messages: numbers, texts, bytes, words of enums, moments."""

import base64
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.timestamp_pb2 import Timestamp

from services.runtime.enum_words import numbers_of
from services.runtime.shown_text import shown

Json = Any  # what JSON holds
Field = Any  # a FieldDescriptor
DATE_LENGTH = len("2026-01-05")
A_TIME = "must be a time such as 2026-01-05T09:00:00Z"
BITS = {FieldDescriptor.CPPTYPE_INT32: 31, FieldDescriptor.CPPTYPE_INT64: 63}


class BadValue(Exception):
    """A value that the contract does not allow: its key, and what would be right."""

    def __init__(self, key: str, wanted: str) -> None:
        super().__init__(f"{shown(key)}: {wanted}" if key else wanted)
        self.key = key
        self.wanted = wanted


def moment_of(text: Json) -> datetime:
    """Return an ISO 8601 time with T or a space; without an offset it is UTC. Raises ValueError."""
    if not isinstance(text, str) or len(text) <= DATE_LENGTH or text[DATE_LENGTH] not in "T ":
        raise ValueError
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def time_text(moment: Timestamp) -> str:
    """Return a moment in ISO 8601 with its offset, to the millisecond where it has a fraction."""
    spec = "milliseconds" if moment.nanos else "seconds"
    return f"{moment.ToDatetime().isoformat(timespec=spec)}Z"


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_whole(value: Json) -> bool:
    """Return whether a value is a number without a fraction."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


def scalar(field: Field, value: Json, key: str) -> Any:
    """Return the value of a field that is no message. Raises BadValue."""
    if field.type == FieldDescriptor.TYPE_BYTES:
        return _bytes(value, key)
    return SCALARS[field.cpp_type](field, value, key)


def _integer(field: Field, value: Json, key: str) -> int:
    if not is_whole(value):
        raise BadValue(key, "must be a whole number")
    largest = 2 ** BITS[field.cpp_type]
    if not -largest <= value < largest:
        raise BadValue(key, "must be a smaller number")
    return int(value)


def finite(_: Field, value: Json, key: str) -> float:
    """Return a finite number. Raises BadValue."""
    if not _is_number(value):
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
    return {text: number for text, number in numbers_of(enum).items() if text}


def _refuse(key: str, wanted: str) -> NoReturn:
    raise BadValue(key, wanted)


SCALARS: Mapping[int, Callable[[Field, Json, str], Any]] = {
    FieldDescriptor.CPPTYPE_INT32: _integer,
    FieldDescriptor.CPPTYPE_INT64: _integer,
    FieldDescriptor.CPPTYPE_DOUBLE: finite,
    FieldDescriptor.CPPTYPE_FLOAT: finite,
    FieldDescriptor.CPPTYPE_BOOL: _flag,
    FieldDescriptor.CPPTYPE_STRING: _text,
    FieldDescriptor.CPPTYPE_ENUM: _enum,
}
