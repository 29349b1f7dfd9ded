"""Options of reports: types of fields, options that kinds share, their JSON Schema and their errors in plain words."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from services.errors import Violation
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language, Locale

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_SHOWN = 40  # characters of a wrong value
MAX_WHOLE = 2**53  # up to which a float holds each whole number
KEY = "[key]"  # in the place of a fault: the key of a member, not its value
NOUNS = {  # of each type: its name, the words of its bounds, what they count
    "boolean": ("true or false", "", "", ""),
    "integer": ("a whole number", "minimum", "maximum", ""),
    "number": ("a number", "minimum", "maximum", ""),
    "string": ("a text", "minLength", "maxLength", " characters"),
    "array": ("a list", "minItems", "maxItems", " items"),
    "object": ("an object", "", "", ""),
}

Item = TypeVar("Item")
Schema = dict[str, Any]
Translate = Callable[[str], str]


def _flag(value: object) -> object:
    """Take 0 and 1 in any numeric form as a flag; the model judges other values."""
    return bool(value) if isinstance(value, float) and value in (0, 1) else value


def _number(value: object) -> object:
    """Refuse a flag, which pydantic would count as 0 or 1."""
    if isinstance(value, bool):
        raise PydanticCustomError("not_a_number", "not a number")
    return value


def _once(values: list[Item]) -> list[Item]:
    return list(dict.fromkeys(values))


Flag = Annotated[bool, BeforeValidator(_flag)]
Whole = Annotated[int, BeforeValidator(_number)]
Number = Annotated[float, BeforeValidator(_number)]
Id = Annotated[int, Field(ge=1, le=2**31 - 1), BeforeValidator(_number)]
Ids = Annotated[list[Id], AfterValidator(_once)]


def option(default: Any, title: str, description: str, **more: Any) -> Any:
    """Return a field of an options model; title and description are msgids, the default `...` requires a value.

    Args:
        default: Value when the option is absent or null.
        title: Name for readers, a msgid.
        description: Meaning in a sentence, a msgid.
        more: `unit`, `entity` (tracker, sensor, zone, place, employee, vehicle, tag) and `advanced` tell a form how to
            ask for the option; all others are bounds as pydantic's `Field` takes them.

    """
    shown: dict[str, Any] = {name: more.pop(name) for name in ("unit", "entity", "advanced") if name in more}
    return Field(
        default, title=title, description=description, json_schema_extra={"x-daybook": shown} if shown else None, **more
    )


class OptionsModel(BaseModel):
    """Options, or members of one. Unknown keys are ignored and not stored; null stands for the default."""

    model_config = ConfigDict(extra="ignore", frozen=True, field_title_generator=lambda _name, _info: "")

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, values: Any) -> Any:
        return (
            {name: value for name, value in values.items() if value is not None} if isinstance(values, dict) else values
        )


class Options(OptionsModel):
    """Options that all reports share."""

    hide_empty_tabs: Flag = option(
        False, _("Hide empty tabs"), _("Leave out the sheets of objects without data in the period.")
    )
    show_seconds: Flag = option(False, _("Show seconds"), _("Write times and durations with seconds."))

    def language(self, info: Locale) -> Language:
        """Return the language of a report with these options."""
        return Language.of(info, show_seconds=self.show_seconds)

    @property
    def is_summary_only(self) -> bool:
        """Whether the report consists of its summary sheet."""
        return False

    def has_summary(self, entity_count: int) -> bool:
        """Return whether the report has a summary sheet."""
        del entity_count
        return False


class SummaryOptions(Options):
    """Options of reports whose summary sheet can be chosen."""

    include_summary_sheet: Flag = option(
        True, _("Summary sheet"), _("Begin with a sheet that sums up all objects, when there are two or more.")
    )
    include_summary_sheet_only: Flag = option(
        False, _("Summary sheet only"), _("Leave out the sheets of the single objects.")
    )

    @property
    def is_summary_only(self) -> bool:
        """Whether the report consists of its summary sheet."""
        return self.include_summary_sheet_only

    def has_summary(self, entity_count: int) -> bool:
        """Return whether the report has a summary sheet (reference 4.1)."""
        return self.include_summary_sheet_only or (self.include_summary_sheet and entity_count > 1)


def options_schema(model: type[Options], translate: Translate = str) -> Schema:
    """Return the JSON Schema (2020-12) of an options model, with its texts translated.

    Each property has `x-daybook` with its place in a form, a kind's own options first.
    """
    whole = model.model_json_schema()
    shared = [name for name in whole["properties"] if name in Options.model_fields]
    own = [name for name in whole["properties"] if name not in Options.model_fields]
    properties = {}
    for order, name in enumerate([*own, *shared]):
        found = _plain(whole["properties"][name], whole.get("$defs", {}), translate)
        properties[name] = found | {"x-daybook": {"order": order, **found.get("x-daybook", {})}}
    required = {"required": whole["required"]} if whole.get("required") else {}
    return {"$schema": DIALECT, "type": "object", **required, "properties": properties}


def _plain(node: Any, definitions: Mapping[str, Schema], translate: Translate) -> Any:
    """Return a schema without references and null, which stands for the default."""
    if isinstance(node, list):
        return [_plain(one, definitions, translate) for one in node]
    if not isinstance(node, dict):
        return node
    node = dict(node)
    if "$ref" in node:
        target = definitions[node.pop("$ref").rpartition("/")[2]]
        node = {name: value for name, value in target.items() if name not in ("title", "description")} | node
    if "anyOf" in node:
        kinds = [one for one in node.pop("anyOf") if one != {"type": "null"}]
        node = (kinds[0] if len(kinds) == 1 else {"anyOf": kinds}) | node
    if node.get("default", ...) is None:
        del node["default"]
    words = {name: translate(node[name]) for name in ("title", "description") if isinstance(node.get(name), str)}
    properties = {name: _plain(one, definitions, translate) for name, one in node.get("properties", {}).items()}
    rest = {
        name: _plain(value, definitions, translate)
        for name, value in node.items()
        if name not in (*words, "properties", "default", "enum")
    }
    kept = {name: node[name] for name in ("default", "enum") if name in node}
    return rest | kept | words | ({"properties": properties} if properties else {})


def violations(error: ValidationError, model: type[Options]) -> Iterator[Violation]:
    """Yield what is wrong with options: the option, what it was, what would be right."""
    schema = options_schema(model)
    for fault in error.errors(include_url=False):
        yield Violation(_path(fault["loc"]), _reason(fault, _schema_at(schema, fault["loc"])))


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
        return fault["msg"].removeprefix("Value error, ")
    if fault["loc"][-1:] == (KEY,):
        return "is not a key of this option"
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
