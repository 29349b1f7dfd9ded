"""Free-form objects, such as a plugin's options: JSON values to a protobuf Struct and back."""

from collections.abc import Callable, Iterable
from typing import Any

from google.protobuf.struct_pb2 import Struct, Value

from gateway.requests.parameters import CONTROL, UNFIT, Parameters

EXACT = 2**53  # a Struct holds doubles: beyond this they skip integers


def to_struct(plugin: Parameters) -> Struct:
    """Return all of a plugin object but its id; null is the same as absent. What a Struct cannot hold is a fault."""
    options = ((name, value) for name, value in plugin.items() if name != "plugin_id" and value is not None)
    return struct_of(options, plugin.note)


def struct_of(values: Iterable[tuple[str, object]], note: Callable[[str, str], None]) -> Struct:
    """Return an object's names and values; a null stays one. What a Struct cannot hold is noted by its name."""
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
    """Say whether a flag is there and true."""
    return name in struct.fields and struct.fields[name].bool_value


def _fit(value: Any) -> Any:
    if isinstance(value, str):
        return _fit_text(value)
    if isinstance(value, dict):
        return {_fit_text(name): _fit(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_fit(one) for one in value]
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
            return [_plain(one) for one in value.list_value.values]
        case _:
            return None
