"""Objects of JSON as google.protobuf.Struct and back: whole numbers are ints again."""

import math
from collections.abc import Mapping
from typing import Any

from google.protobuf.struct_pb2 import Struct, Value

from services.errors import InvalidParameters, Violation

MAX_DEPTH = 16  # of objects and lists in one another (design §2)
EXACT = 2**53  # beyond it a double holds no longer every whole number


def mapping_of(struct: Struct, field: str) -> dict[str, Any]:
    """Return what a Struct holds.

    Raises InvalidParameters, naming the values below `field` that JSON cannot hold or that are nested too deep.
    """
    wrong: list[Violation] = []
    found = {}
    for name, value in struct.fields.items():
        try:
            found[name] = _value_of(value, MAX_DEPTH - 1)
        except ValueError as error:
            wrong.append(Violation(f"{field}.{name}", str(error)))
    if wrong:
        raise InvalidParameters(wrong)
    return found


def _value_of(value: Value, depth: int) -> Any:
    kind = value.WhichOneof("kind")
    if kind in ("struct_value", "list_value"):
        if not depth:
            raise ValueError(f"must not be nested deeper than {MAX_DEPTH}")
        if kind == "list_value":
            return [_value_of(one, depth - 1) for one in value.list_value.values]
        return {name: _value_of(one, depth - 1) for name, one in value.struct_value.fields.items()}
    if kind == "number_value":
        return _number_of(value.number_value)
    return None if kind in (None, "null_value") else getattr(value, kind)


def _number_of(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError("must be a finite number")
    return int(number) if number.is_integer() and abs(number) <= EXACT else number


def struct_of(mapping: Mapping[str, Any]) -> Struct:
    """Return an object of JSON as a Struct."""
    struct = Struct()
    struct.update(mapping)
    return struct
