"""Conversion of free-form objects, such as the options of a report, to a protobuf Struct and back."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from google.protobuf.struct_pb2 import Struct, Value

UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # control characters; halves of characters
CONTROL = "must be text without control characters"
EXACT = 2**53  # a Struct holds doubles: beyond this they skip integers


def struct_of(values: Iterable[tuple[str, object]], note: Callable[[str, str], None]) -> Struct:
    """Return names and values as a Struct; a null stays null. A value that no Struct can hold is noted by its name."""
    fit = dict[str, Any]()
    for name, value in values:
        try:
            fit[_fit_text(name)] = _fit(value)
        except ValueError as error:
            note(name, str(error))
    struct = Struct()
    struct.update(fit)
    return struct


def from_struct(struct: Struct) -> dict[str, object]:
    """Return the values by name in alphabetical order, whole numbers as integers."""
    return {name: _plain(struct.fields[name]) for name in sorted(struct.fields)}


def is_set(struct: Struct, name: str) -> bool:
    """Return whether a flag is there and true."""
    return name in struct.fields and struct.fields[name].bool_value


def _fit(value: Any) -> Any:
    if isinstance(value, str):
        return _fit_text(value)
    if isinstance(value, dict):
        return {_fit_text(name): _fit(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_fit(inner) for inner in value]
    if isinstance(value, int | float) and abs(value) > EXACT:
        raise ValueError("holds a number that is too large")
    return value


def _fit_text(text: str) -> str:
    if UNFIT.search(text):
        raise ValueError(CONTROL)
    return text


def _plain(value: Value) -> object:
    match value.WhichOneof("kind"):
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return from_struct(value.struct_value)
        case "list_value":
            return [_plain(inner) for inner in value.list_value.values]
        case _:
            return None
