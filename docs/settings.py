"""The table of settings in operations.md, made from the models that read them: `python -m docs.settings`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from docs.marked_text import replaced
from gateway.settings import Settings as GatewaySettings
from services.cli.client_settings import ClientSettings
from services.cli.settings import DemoSettings, ListenSettings, StackSettings
from services.generation.settings import Settings as GenerationSettings
from services.rendering.settings import Settings as RenderingSettings
from services.runtime.secret_files import SECRET
from services.runtime.settings import is_secret
from services.runtime.tls import TlsSettings

PAGE = Path(__file__).with_name("operations.md")
IN_FILE = ". A secret: `…_FILE` may name a file that holds it"
HEAD = "| variable | default | read by | meaning |\n|---|---|---|---|\n"
MODELS: tuple[tuple[str, type[BaseSettings] | type[ClientSettings]], ...] = (
    ("generation", GenerationSettings),
    ("rendering", RenderingSettings),
    ("gateway", GatewaySettings),
    ("daybook up", StackSettings),
    ("commands", ClientSettings),
    ("probe", ListenSettings),
    ("make demo", DemoSettings),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """An environment variable as the table shows it."""

    name: str
    default: str
    meaning: str


def settings_of(model: type[BaseSettings] | type[ClientSettings]) -> Iterator[Setting]:
    """Give every environment variable of a model, those of models within it too, in their order."""
    if is_dataclass(model):
        for one in fields(model):
            meaning = one.metadata["description"] + (IN_FILE if SECRET.items() <= one.metadata.items() else "")
            yield Setting(one.name.upper(), f"`{one.default}`" if one.default else "none", meaning)
        yield from settings_of(TlsSettings)
        return
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseSettings):
            yield from settings_of(field.annotation)
        else:
            meaning = f"{field.description or ''}{_choices(field)}{IN_FILE if is_secret(field) else ''}"
            yield Setting(name.upper(), _default(field), meaning)


def table() -> str:
    """Return the table: a row for each variable, default and meaning, with all parts that read it so."""
    readers: dict[Setting, list[str]] = {}
    for part, model in MODELS:
        for setting in settings_of(model):
            readers.setdefault(setting, []).append(part)
    places = {setting.name: place for place, setting in reversed(list(enumerate(readers)))}
    rows = sorted(readers.items(), key=lambda row: places[row[0].name])  # equal names stand together
    return HEAD + "".join(
        f"| `{one.name}` | {one.default} | {', '.join(parts)} | {one.meaning} |\n" for one, parts in rows
    )


def written(page: str) -> str:
    """Return the page with the table between its marks made anew. Raises ValueError when it has not both marks."""
    return replaced(page, "settings", table())


def _default(field: FieldInfo) -> str:
    default: Any = field.default
    if field.is_required():
        return "required"
    if field.default_factory is not None:
        return "by machine"
    if default is None or str(default) == "":
        return "none"
    if isinstance(default, timedelta):
        default = TypeAdapter(timedelta).dump_python(default, mode="json")
    if isinstance(default, bool):
        default = str(default).lower()
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def _choices(field: FieldInfo) -> str:
    """Return the words that a setting may hold, where those are few."""
    if get_origin(field.annotation) is not Literal:
        return ""
    said = set(re.findall(r"`([^`]+)`", field.description or ""))
    choices = [str(choice) for choice in get_args(field.annotation)]
    return "" if said.issuperset(choices) else f" ({', '.join(f'`{choice}`' for choice in choices)})"


def main() -> None:
    """Write the table into the page."""
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
