"""Types of parameters: rules that return the value, or raise ValueError with the allowed values; and their schemas.

Numbers come as JSON has them: 5.0 is the whole number 5; "5" and true are refused.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_before_validator_function, no_info_plain_validator_function

from services.generation.domain.plain_text import has_plain_lines

MAX_ID = 2**53 - 1  # what JSON holds exactly
MAX_WORDS = 3000
FIRST_YEAR, LAST_YEAR = 1970, 2200
CURRENCY = re.compile(r"[A-Z]{3}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
DAY_FORM = f"must be a day as YYYY-MM-DD, of {FIRST_YEAR} to {LAST_YEAR}"


Schema = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """Annotation of a parameter: the check that returns its value or raises ValueError, and its JSON Schema."""

    check: Callable[[Any], object]
    schema: Schema

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        return no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, _core: object, _handler: object) -> Schema:
        return self.schema


@dataclass(frozen=True, slots=True, eq=False)
class OneOf:
    """Annotation of a Literal: its values, and other spellings that stand for some of them."""

    spellings: Mapping[str, str] = field(default_factory=dict)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(partial(self._checked, get_args(source)), handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> Schema:
        return {"enum": [*handler(core)["enum"], *self.spellings]}

    def _checked(self, allowed: tuple[object, ...], value: object) -> object:
        given = self.spellings.get(value, value) if isinstance(value, str) else _whole(value)
        return one_of(given, allowed)


def nullable(schema: Schema) -> Schema:
    """Return the schema of a value that may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(value: object, allowed: Collection[object]) -> object:
    """Return a value that is allowed."""
    if value is None or value not in allowed:
        raise ValueError(f"must be one of {', '.join(map(str, allowed))}")
    return value


def whole(least: int, most: int) -> Rule:
    """Return the rule of whole numbers between bounds."""

    def checked(value: object) -> int:
        number = _whole(value)
        if number is None or not least <= number <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return number

    return Rule(checked, {"type": "integer", "minimum": least, "maximum": most})


def flag(value: object) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise ValueError("must be one of true, false")  # noqa: TRY004 - pydantic collects ValueErrors
    return value


def words(value: object) -> str:
    """Return a text without control characters other than tabs and ends of lines."""
    if not isinstance(value, str) or len(value) > MAX_WORDS or not has_plain_lines(value):
        raise ValueError(f"must be a text of at most {MAX_WORDS} characters, none of them control characters")
    return value


def day(value: object) -> date:
    """Return a day."""
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise ValueError(DAY_FORM)
    try:
        found = date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(DAY_FORM) from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(DAY_FORM)
    return found


def ids(value: object) -> tuple[int, ...]:
    """Return a list of ids."""
    found = [_id(one) for one in value] if isinstance(value, list | tuple) else [None]
    if None in found:
        raise ValueError("must be a list of ids, each a positive whole number")
    return tuple(one for one in found if one is not None)


def ids_or_none(value: object) -> tuple[int | None, ...]:
    """Return a list of ids, among which null stands for having none."""
    if not isinstance(value, list | tuple) or any(one is not None and _id(one) is None for one in value):
        raise ValueError("must be a list of ids, each a positive whole number, or null for entries having none")
    return tuple(None if one is None else _id(one) for one in value)


def names(known: Collection[str]) -> Rule:
    """Return the rule of lists of different names among those known."""

    def checked(value: object) -> tuple[str, ...]:
        given = value if isinstance(value, list | tuple) else [None]
        if len({*map(str, given)}) < len(given) or not all(one in known for one in given):
            raise ValueError(f"must be one of {', '.join(known)}")
        return tuple(given)

    return Rule(checked, {"type": "array", "items": {"enum": [*known]}, "uniqueItems": True})


def currency(value: object) -> str:
    """Return the code of a currency."""
    if not isinstance(value, str) or not CURRENCY.fullmatch(value):
        raise ValueError("must be an ISO 4217 code, such as EUR")
    return value


def without_nulls(value: object) -> dict[str, Any]:
    """Return an object's values by name; a null in it is the same as absent."""
    if not isinstance(value, Mapping):
        raise ValueError("must be an object")  # noqa: TRY004 - pydantic collects ValueErrors
    return {name: one for name, one in value.items() if one is not None}


def _id(value: object) -> int | None:
    number = _whole(value)
    return number if number is not None and 1 <= number <= MAX_ID else None


def _whole(value: object) -> int | None:
    """Return a whole number, None for anything else."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


_ID: Schema = {"type": "integer", "minimum": 1, "maximum": MAX_ID}
_SMALL_LETTERS = {"asc": "ASC", "desc": "DESC"}

Flag = Annotated[bool, Rule(flag, {"type": "boolean"})]
Words = Annotated[str, Rule(words, {"type": "string", "maxLength": MAX_WORDS})]
Day = Annotated[date, Rule(day, {"type": "string", "format": "date"})]
Direction = Annotated[Literal["ASC", "DESC"], OneOf(_SMALL_LETTERS)]
Ids = Annotated[tuple[int, ...], Rule(ids, {"type": "array", "items": _ID})]
IdsOrNone = Annotated[
    tuple[int | None, ...],
    Rule(
        ids_or_none,
        {
            "type": "array",
            "items": nullable(_ID),
            "description": "null among them stands for entries that have none",
        },
    ),
]
Id = Annotated[int, whole(1, MAX_ID)]
Currency = Annotated[str, Rule(currency, {"type": "string", "pattern": f"^{CURRENCY.pattern}$"})]
Cents = Annotated[int, whole(0, MAX_ID)]
Seconds = Annotated[int, whole(0, 2**31 - 1)]
Timestamp = Annotated[int, whole(-MAX_ID, MAX_ID)]


class _InOrder(GenerateJsonSchema):
    """Generator of schemas whose keys stay in the order of their declaration."""

    def sort(self, value: Schema, parent_key: str | None = None) -> Schema:
        del parent_key
        return value


def object_schema(model: type[BaseModel]) -> Schema:
    """Return the JSON Schema of a model of parameters, each of which may be null."""
    whole = model.model_json_schema(schema_generator=_InOrder)
    return _object_schema(whole, whole.get("$defs", {}))


def _object_schema(found: Schema, definitions: Mapping[str, Schema]) -> Schema:
    properties = {name: nullable(_value_schema(one, definitions)) for name, one in found["properties"].items()}
    return {"type": "object", "properties": properties}


def _value_schema(found: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """Return the schema of a value that is there, without its default and its title."""
    about = {name: found[name] for name in ("description",) if name in found}
    known = next((one for one in found.get("anyOf", ()) if one != {"type": "null"}), found)
    if "$ref" in known:
        return _object_schema(definitions[known["$ref"].rpartition("/")[2]], definitions)
    return {name: value for name, value in known.items() if name not in {"title", "default"}} | about
