"""Codec of protobuf messages: to documents of MongoDB and objects of JSON, and back, by descriptor."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.struct_pb2 import Struct, Value
from google.protobuf.timestamp_pb2 import Timestamp

from services.errors import InvalidParameters, Violation

M = TypeVar("M", bound=Message)
Document = dict[str, Any]
Convert = Callable[[Any], Any]
Field = Any  # a FieldDescriptor: the stubs know two types of descriptors
Enum = Any
Descriptor = Any

MAX_DEPTH = 16  # of objects and lists in one another (design §2)
EXACT = 2**53  # beyond it a double does not hold every whole number
STRUCT, TIMESTAMP = Struct.DESCRIPTOR.full_name, Timestamp.DESCRIPTOR.full_name


class Codec(Generic[M]):
    """Converts messages of one type to documents and back.

    A document has every field of the message by name: enums by the name of the value, Timestamps as aware datetimes to
    the millisecond that BSON holds, messages and maps as documents, Structs as objects of JSON, an absent field with
    presence as None. A number of an enum that has no name stays a number.
    """

    def __init__(self, message: type[M]) -> None:
        self._message = message
        self._fields = {field.name: _Field(field) for field in message.DESCRIPTOR.fields}
        single = (field for field in self._fields.values() if not field.is_many)
        self._scalars = {field.name: field.default for field in single}
        self._many = {field.name: field.empty for field in self._fields.values() if field.is_many}

    def empty(self) -> Document:
        """Return the document of an empty message."""
        return self._scalars | {name: kind() for name, kind in self._many.items()}

    def document(self, message: M) -> Document:
        """Return a message as a document. Raises ValueError for a Timestamp outside of the years 1 to 9999."""
        document = self.empty()
        for field, value in message.ListFields():
            document[field.name] = self._fields[field.name].to_document(value)
        return document

    def message(self, document: Mapping[str, Any]) -> M:
        """Return a document as a message; keys that are no fields are ignored, missing ones are defaults."""
        return self._message(
            **{
                name: field.to_message(value)
                for name, field in self._fields.items()
                if (value := document.get(name)) is not None
            }
        )


def codec_of(message: type[M]) -> Codec[M]:
    """Return the codec of a type of messages; it is compiled once."""
    found = _CODECS.get(message)
    if found is None:
        found = _CODECS[message] = Codec(message)
    return found


_CODECS: dict[Any, Codec[Any]] = {}


class _Field:
    """Conversions of a field."""

    def __init__(self, field: Field) -> None:
        self.name = field.name
        self.is_many = field.is_repeated
        self.default: Any = None if field.has_presence or self.is_many else field.default_value
        self.empty: type[Document | list[Any]] = list
        if field.type == FieldDescriptor.TYPE_ENUM and self.default is not None:
            self.default = _enum_name(field.enum_type, self.default)
        self.to_document, self.to_message = _conversions(field)
        if field.is_repeated and _is_map(field):
            self.empty = dict
            key, value = (field.message_type.fields_by_name[name] for name in ("key", "value"))
            self.to_document, self.to_message = _map_conversions(key, value)
        elif field.is_repeated:
            self.to_document, self.to_message = _each(self.to_document), _each(self.to_message)


def _is_map(field: Field) -> bool:
    return field.message_type is not None and bool(field.message_type.GetOptions().map_entry)


def _each(convert: Convert) -> Convert:
    return list if convert is _same else lambda values: [convert(value) for value in values]


def _same(value: Any) -> Any:
    return value


def _map_conversions(key: Field, value: Field) -> tuple[Convert, Convert]:
    """Return the conversions of a map; keys of documents are texts."""
    to_document, to_message = _conversions(value)
    read_key = KEYS.get(key.cpp_type, int)
    is_message = value.message_type is not None
    value_type = GetMessageClass(value.message_type) if is_message else None

    def documents(found: Mapping[Any, Any]) -> Document:
        return {str(name): to_document(found[name]) for name in found}

    def messages(found: Mapping[str, Any]) -> dict[Any, Any]:
        absent = value_type() if value_type else None
        return {read_key(name): absent if one is None else to_message(one) for name, one in found.items()}

    return documents, messages


KEYS: Mapping[int, Convert] = {
    FieldDescriptor.CPPTYPE_STRING: str,
    FieldDescriptor.CPPTYPE_BOOL: lambda text: text == "True",
}


def _conversions(field: Field) -> tuple[Convert, Convert]:
    """Return the conversions of one value of a field."""
    if field.type == FieldDescriptor.TYPE_ENUM:
        enum = field.enum_type
        return lambda number: _enum_name(enum, number), lambda name: _enum_number(enum, name)
    if field.message_type is None:
        return _same, _same
    return _message_conversions(field.message_type)


def _message_conversions(descriptor: Descriptor) -> tuple[Convert, Convert]:
    if descriptor.full_name == TIMESTAMP:
        return datetime_of, timestamp_of
    if descriptor.full_name == STRUCT:
        return object_of, struct_of
    if descriptor.full_name == Value.DESCRIPTOR.full_name:
        return _value_of, _json_value
    kind = GetMessageClass(descriptor)  # its codec is asked for at use: a type may contain itself
    return lambda message: codec_of(kind).document(message), lambda found: codec_of(kind).message(found)


def _enum_name(enum: Enum, number: int) -> str | int:
    value = enum.values_by_number.get(number)
    return number if value is None else value.name


def _enum_number(enum: Enum, name: str | int) -> int:
    return name if isinstance(name, int) else enum.values_by_name[name].number


def datetime_of(timestamp: Timestamp) -> datetime:
    """Return a Timestamp as an aware datetime, cut to milliseconds. Raises ValueError outside of years 1 to 9999."""
    try:
        moment = timestamp.ToDatetime(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("must be a moment in the years 1 to 9999") from error
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def timestamp_of(moment: datetime) -> Timestamp:
    """Return a datetime as a Timestamp."""
    timestamp = Timestamp()
    timestamp.FromDatetime(moment)
    return timestamp


def object_of(struct: Struct) -> Document:
    """Return the object of JSON in a Struct, names in alphabetical order; whole numbers are ints."""
    return {name: _value_of(struct.fields[name]) for name in sorted(struct.fields)}


def json_of(value: Value) -> Any:
    """Return a value as JSON has it; whole numbers are ints."""
    return _value_of(value)


def mapping_of(struct: Struct, field: str, wrong: list[Violation] | None = None) -> Document:
    """Return the object of JSON in a Struct; whole numbers are ints.

    Raises InvalidParameters, which names the values below `field` that JSON cannot hold or that are nested too deep.
    With `wrong` they are added there instead and left out.
    """
    found, bad = Document(), list[Violation]() if wrong is None else wrong
    for name, value in struct.fields.items():
        try:
            found[name] = _value_of(value, MAX_DEPTH - 1, finite=True)
        except ValueError as error:
            bad.append(Violation(f"{field}.{name}", str(error)))
    if bad and wrong is None:
        raise InvalidParameters(bad)
    return found


def struct_of(mapping: Mapping[str, Any]) -> Struct:
    """Return an object of JSON as a Struct."""
    struct = Struct()
    struct.update(mapping)
    return struct


def _json_value(value: Any) -> Value:
    return struct_of({"": value}).fields[""]


def _value_of(value: Value, depth: int = 100, *, finite: bool = False) -> Any:
    """Return a value of JSON. Raises ValueError when it is nested deeper, or not finite where it must be."""
    kind = value.WhichOneof("kind")
    if kind in ("struct_value", "list_value"):
        if not depth:
            raise ValueError(f"must not be nested deeper than {MAX_DEPTH}")
        if kind == "list_value":
            return [_value_of(one, depth - 1, finite=finite) for one in value.list_value.values]
        fields = value.struct_value.fields
        return {name: _value_of(fields[name], depth - 1, finite=finite) for name in sorted(fields)}
    if kind == "number_value":
        return _number_of(value.number_value, finite=finite)
    return None if kind in (None, "null_value") else getattr(value, kind)


def _number_of(number: float, *, finite: bool) -> float:
    if not math.isfinite(number):
        if finite:
            raise ValueError("must be a finite number")
        return number
    is_whole = number.is_integer() and abs(number) <= EXACT and (number != 0 or math.copysign(1, number) > 0)
    return int(number) if is_whole else number
