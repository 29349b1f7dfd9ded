"""JSON Schema in short words, for shapes and for the OpenAPI document."""

from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
INTEGER: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
NULL: Schema = {"type": "null"}
OBJECT: Schema = {"type": "object"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}


def record(needed: Mapping[str, Schema], perhaps: Mapping[str, Schema] | None = None) -> Schema:
    """Return an object of these keys and no others; those of `perhaps` may be absent."""
    return {
        "type": "object",
        "properties": {**needed, **(perhaps or {})},
        "required": list(needed),
        "additionalProperties": False,
    }


def table(values: Schema) -> Schema:
    """Return an object of any keys with such values."""
    return {"type": "object", "additionalProperties": values}


def several(items: Schema) -> Schema:
    """Return a list."""
    return {"type": "array", "items": items}


def nullable(schema: Schema) -> Schema:
    """Return a value that may be null."""
    return {"anyOf": [schema, NULL]}


def one_of(words: Iterable[object]) -> Schema:
    """Return one of a few values."""
    return {"enum": list(words)}


def always(value: object) -> Schema:
    """Return a single value."""
    return {"const": value}


def ref(name: str) -> Schema:
    """Return a reference to a schema of the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def response(name: str) -> Schema:
    """Return a reference to a response of the components."""
    return {"$ref": f"#/components/responses/{name}"}


def in_json(schema: Schema) -> Schema:
    """Return the content of a body in JSON."""
    return {"application/json": {"schema": schema}}
