"""Conditions that options state: those whose value differs from the default, by their titles."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.fields import FieldInfo

from services.generation.kit.options import CONDITION, Options, OptionsModel
from services.generation.words.catalogue import mark as _
from services.generation.words.conditions import Condition, listed
from services.generation.words.language import Language

ON, OFF = _("on"), _("off")
_TIMES = re.compile(r"(\d\d:\d\d) (\d\d:\d\d)$")  # of day, from one to another

RecordNames = Mapping[tuple[str, int], str]
"""Names of the records that options name, by their kind as `entity` says it and their id."""


def option_conditions(options: Options, names: RecordNames, language: Language) -> Iterator[Condition]:
    """Yield a condition for each option that is not at its default and does more than change the looks."""
    for field, info in type(options).model_fields.items():
        value, extra = getattr(options, field), _extra(info)
        if extra.get(CONDITION, {}).get("layout") or value == info.get_default(call_default_factory=True):
            continue
        said = extra.get(CONDITION, {}).get("said")
        title = language.t(info.title or field)
        if said and value is True:
            yield Condition(title, language.t(said), plain=True)
        else:
            yield Condition(title, _text(value, extra.get("x-daybook", {}), names, language))


def _text(value: Any, shown: Mapping[str, str], names: RecordNames, language: Language) -> str:
    """Return a value in words: names for ids, units behind numbers, members of lists side by side."""
    match value:
        case bool():
            text = language.t(ON if value else OFF)
        case list():
            text = listed((_text(one, shown, names, language) for one in value), language)
        case dict():
            text = ", ".join(f"{key}: {_text(one, {}, names, language)}" for key, one in value.items())
        case OptionsModel():
            text = _TIMES.sub("\\1\N{EN DASH}\\2", " ".join(_members(value, names, language)))
        case int() | float():
            (number,) = language.numbers([value], 2)
            unit = language.t(shown["unit"]) if shown.get("unit") else ""
            text = names.get((shown.get("entity", ""), int(value)), f"{number} {unit}".strip())
        case _:
            text = str(value)
    return text


def _members(model: OptionsModel, names: RecordNames, language: Language) -> Iterator[str]:
    """Yield the members of an option in words: numbers with their names, but for records."""
    for field, info in type(model).model_fields.items():
        value, shown = getattr(model, field), _extra(info).get("x-daybook", {})
        text = _text(value, shown, names, language)
        named = isinstance(value, int | float) and not shown.get("entity")
        yield f"{language.t(info.title or field)}: {text}" if named else text


def _extra(info: FieldInfo) -> dict[str, Any]:
    return info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
