"""A plugin's options: JSON values to a protobuf Struct and back."""

from typing import Any

from google.protobuf.struct_pb2 import Struct, Value

from gateway.wire.parameters import CONTROL, UNFIT, Parameters

EXACT = 2**53  # a Struct holds doubles: beyond this they skip integers


def to_struct(plugin: Parameters) -> Struct:
    """Return all of a plugin object but its id; null is the same as absent. What a Struct cannot hold is a fault."""
    options = dict[str, Any]()
    for name, value in plugin.items():
        if name == "plugin_id" or value is None:
            continue
        try:
            options[_fit_text(name)] = _fit(value)
        except ValueError as error:
            plugin.note(name, str(error))
    struct = Struct()
    struct.update(options)
    return struct


def from_struct(struct: Struct) -> dict[str, object]:
    """Return the options by name in alphabetical order, whole numbers as integers."""
    return {name: _plain(struct.fields[name]) for name in sorted(struct.fields)}


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
