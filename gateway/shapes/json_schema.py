"""JSON Schema in short words: what the document is put together from."""

from collections.abc import Iterable, Mapping
from typing import Any

Shape = dict[str, Any]

ANYTHING: Shape = {}
TEXT: Shape = {"type": "string"}
NUMBER: Shape = {"type": "number"}
INTEGER: Shape = {"type": "integer"}
COUNT: Shape = {"type": "integer", "minimum": 0}
FLAG: Shape = {"type": "boolean"}
NULL: Shape = {"type": "null"}
OBJECT: Shape = {"type": "object"}
DAY: Shape = {"type": "string", "format": "date"}
MOMENT: Shape = {"type": "string", "format": "date-time"}


def record(needed: Mapping[str, Shape], perhaps: Mapping[str, Shape] | None = None) -> Shape:
    """Return an object of these keys and no others; those of `perhaps` may be absent."""
    return {
        "type": "object",
        "properties": {**needed, **(perhaps or {})},
        "required": list(needed),
        "additionalProperties": False,
    }


def table(values: Shape) -> Shape:
    """Return an object of any keys with such values."""
    return {"type": "object", "additionalProperties": values}


def several(items: Shape) -> Shape:
    """Return a list."""
    return {"type": "array", "items": items}


def optional(shape: Shape) -> Shape:
    """Return what may be null."""
    return {"anyOf": [shape, NULL]}


def one_of(words: Iterable[object]) -> Shape:
    """Return one of a few values."""
    return {"enum": list(words)}


def always(value: object) -> Shape:
    """Return a single value."""
    return {"const": value}


def schema(name: str) -> Shape:
    """Return a reference to a schema of the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def response(name: str) -> Shape:
    """Return a reference to a response of the components."""
    return {"$ref": f"#/components/responses/{name}"}


def in_json(shape: Shape) -> Shape:
    """Return the content of a body in JSON."""
    return {"application/json": {"schema": shape}}
