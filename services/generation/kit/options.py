"""Options of reports: types of fields, options that kinds share, and their JSON Schema."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language, Locale

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_WHOLE = 2**53  # up to which a float holds each whole number
FLAGS = ("true", "false")
UNITS = ("unit", "key_unit")
FORM_HINTS, CONDITION_HINTS = (*UNITS, "entity", "advanced", "labels"), ("layout", "said")
CONDITION = "x-condition"  # of a field; not part of the schema
DIGITS = re.compile("[+-]?[0-9]+")

Item = TypeVar("Item")
Schema = dict[str, Any]
Translate = Callable[[str], str]


def _flag(value: object) -> object:
    """Take 0 and 1 in any numeric form as a flag, of texts only `true` and `false`; the model judges other values."""
    if isinstance(value, str) and value not in FLAGS:
        raise PydanticCustomError("not_a_flag", "not a flag")
    return bool(value) if isinstance(value, float) and value in (0, 1) else value


def _number(value: object) -> object:
    """Refuse a flag, which pydantic would count as 0 or 1."""
    if isinstance(value, bool):
        raise PydanticCustomError("not_a_number", "not a number")
    return value


def _whole(value: object) -> object:
    """Refuse texts with more than digits, too."""
    if isinstance(value, str) and not DIGITS.fullmatch(value):
        raise PydanticCustomError("not_a_number", "not a number")
    return _number(value)


def _once(values: list[Item]) -> list[Item]:
    return list(dict.fromkeys(values))


Flag = Annotated[bool, BeforeValidator(_flag)]
Whole = Annotated[int, BeforeValidator(_whole)]
Number = Annotated[float, BeforeValidator(_number)]
Id = Annotated[int, Field(ge=1, le=2**31 - 1), BeforeValidator(_whole)]
SpeedKmh = Annotated[int, Field(ge=1, le=400), BeforeValidator(_whole)]
Points = Annotated[float, Field(ge=0, le=10_000), BeforeValidator(_number)]
Ids = Annotated[list[Id], AfterValidator(_once)]


OVER = {"time": _("Time"), "mileage": _("Mileage")}  # what graphs are drawn over


def option(default: Any, title: str, description: str, **more: Any) -> Any:
    """Return a field of an options model; title and description are msgids, the default `...` requires a value.

    Args:
        default: Value when the option is absent or null.
        title: Name for readers, a msgid.
        description: Meaning in a sentence, a msgid.
        more: `unit`, `key_unit` (of the keys of a map; both are msgids), `entity` (tracker, sensor, zone, place,
            employee, vehicle, tag), `advanced` and `labels` (names of the words that may be chosen, msgids) tell a form
            how to ask for the option. An option that differs from
            its default is among a report's conditions, in the words of `said` (a msgid) where it is a flag that is on;
            `layout` says that it only changes the looks and is none. All others are bounds as pydantic's `Field` takes
            them.

    """
    shown = {name: more.pop(name) for name in FORM_HINTS if name in more}
    said = {name: more.pop(name) for name in CONDITION_HINTS if name in more}
    extra: dict[str, Any] = ({"x-daybook": shown} if shown else {}) | ({CONDITION: said} if said else {})
    return Field(default, title=title, description=description, json_schema_extra=extra or None, **more)


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
        False, _("Hide empty tabs"), _("Leave out the sheets of objects without data in the period."), layout=True
    )
    show_seconds: Flag = option(False, _("Show seconds"), _("Write times and durations with seconds."), layout=True)

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
        True,
        _("Summary sheet"),
        _("Begin with a sheet that sums up all objects, when there are two or more."),
        layout=True,
    )
    include_summary_sheet_only: Flag = option(
        False, _("Summary sheet only"), _("Leave out the sheets of the single objects."), layout=True
    )

    @property
    def is_summary_only(self) -> bool:
        """Whether the report consists of its summary sheet."""
        return self.include_summary_sheet_only

    def has_summary(self, entity_count: int) -> bool:
        """Return whether the report has a summary sheet (reference 4.1)."""
        return self.include_summary_sheet_only or (self.include_summary_sheet and entity_count > 1)


@dataclass(frozen=True, slots=True)
class NamedRecord:
    """Record that an option names: its kind as `entity` says it, its id, and the ids beside it by their fields.

    Where the record has a field of that name, it must have that id: the sensor beside a tracker is the tracker's.
    `option` is the path of the option, such as `sensors[0].sensor_id`.
    """

    entity: str
    id: int
    beside: Mapping[str, int] = field(default_factory=dict)
    option: str = field(default="", compare=False)


def named_records(options: OptionsModel, above: str = "") -> Iterator[NamedRecord]:
    """Yield the records that options name, as far as fields declare their `entity`; `above` begins their paths."""
    single: dict[str, tuple[str, int]] = {}
    for name, field_ in type(options).model_fields.items():
        value, entity = getattr(options, name), _entity(field_)
        members = value if isinstance(value, list) else [value]
        if entity and isinstance(value, int):
            single[name] = entity, value
        elif entity:
            yield from (NamedRecord(entity, one, option=above + name) for one in members if isinstance(one, int))
        for place, member in enumerate(members):
            if isinstance(member, OptionsModel):
                index = f"[{place}]" if isinstance(value, list) else ""
                yield from named_records(member, f"{above}{name}{index}.")
    for name, (entity, id_) in single.items():
        beside = {other: own for other, (_entity_, own) in single.items() if other != name}
        yield NamedRecord(entity, id_, beside, above + name)


def _entity(field_: FieldInfo) -> str:
    extra = field_.json_schema_extra
    shown: Any = extra.get("x-daybook") if isinstance(extra, dict) else None
    return str(shown.get("entity", "")) if shown else ""


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
        found.pop(CONDITION, None)
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
    if hints := node.get("x-daybook"):
        labels = {value: translate(label) for value, label in hints.get("labels", {}).items()}
        units = {name: translate(hints[name]) for name in UNITS if name in hints}
        node["x-daybook"] = {**hints, **units, **({"labels": labels} if labels else {})}
    words = {name: translate(node[name]) for name in ("title", "description") if isinstance(node.get(name), str)}
    properties = {name: _plain(one, definitions, translate) for name, one in node.get("properties", {}).items()}
    rest = {
        name: _plain(value, definitions, translate)
        for name, value in node.items()
        if name not in (*words, "properties", "default", "enum")
    }
    kept = {name: node[name] for name in ("default", "enum") if name in node}
    return rest | kept | words | ({"properties": properties} if properties else {})
