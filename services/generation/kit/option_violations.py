"""Errors of options in plain words: the option, its value, and what would be right."""

import json
from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.errors import Violation
from services.generation.kit.options import MAX_WHOLE, Options, Schema, options_schema
from services.runtime.fault_texts import fault_text

MAX_SHOWN = 40  # characters of a wrong value
KEY = "[key]"  # in the place of a fault: the key of a member, not its value
NOUNS = {  # of each type: its name, the words of its bounds, what they count
    "boolean": ("true or false", "", "", ""),
    "integer": ("a whole number", "minimum", "maximum", ""),
    "number": ("a number", "minimum", "maximum", ""),
    "string": ("a text", "minLength", "maxLength", " characters"),
    "array": ("a list", "minItems", "maxItems", " items"),
    "object": ("an object", "minProperties", "maxProperties", " members"),
}


def violations(error: ValidationError, model: type[Options]) -> Iterator[Violation]:
    """Yield what is wrong with options: the option, what it was, what would be right."""
    schema = options_schema(model)
    for fault in error.errors(include_url=False):
        place = fault["loc"]
        if place[-1:] == (KEY,):
            known = _schema_at(schema, place[:-2]).get("default", {})
            example = f": keys are like {', '.join(known)}" if known else ""
            yield Violation(_path(place), f"is not a key of this option{example}")
        else:
            yield Violation(_path(place), _reason(fault, _schema_at(schema, place)))


def _path(places: tuple[int | str, ...]) -> str:
    named = [place for place in places if place != KEY]
    return "plugin" + "".join(f"[{place}]" if isinstance(place, int) else f".{place}" for place in named)


def _schema_at(schema: Schema, places: tuple[int | str, ...]) -> Schema:
    for place in places:
        if isinstance(place, int):
            schema = schema.get("items", {})
        else:
            schema = schema.get("properties", {}).get(place) or schema.get("additionalProperties") or {}
    return schema


def _reason(fault: ErrorDetails, schema: Schema) -> str:
    wanted = _wanted(schema)
    if fault["type"] == "missing":
        return f"is required: {wanted}"
    if fault["type"] == "value_error":  # raised by a kind's own check, in its own words
        return fault_text(fault)
    shown = json.dumps(_as_sent(fault["input"]), ensure_ascii=False, default=repr)
    return f"must be {wanted}, not {shown if len(shown) <= MAX_SHOWN else shown[:MAX_SHOWN] + '...'}"


def _as_sent(value: object) -> object:
    """Return a value with its whole numbers as such: on the way all numbers are floats."""
    if isinstance(value, list):
        return [_as_sent(item) for item in value]
    if isinstance(value, dict):
        return {name: _as_sent(item) for name, item in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= MAX_WHOLE else value


def _wanted(schema: Schema) -> str:
    """Return what a schema allows, in plain words."""
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    noun, low, high, of = NOUNS.get(schema.get("type", ""), ("another value", "", "", ""))
    example = f" such as {schema['examples'][0]}" if "examples" in schema else ""
    return noun + example + _bounds(schema.get(low), schema.get(high), of)


def _bounds(least: float | None, most: float | None, of: str) -> str:
    if least is not None and most is not None:
        return f" of {least} to {most}{of}" if of else f" from {least} to {most}"
    if least is not None:
        return f" of at least {least}{of}"
    return "" if most is None else f" of at most {most}{of}"
