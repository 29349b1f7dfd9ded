"""What README.md says of settings and commands is so."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from pydantic_settings import BaseSettings

from gateway.settings import Settings as GatewaySettings
from services.cli.settings import StackSettings
from services.generation.settings import Settings as GenerationSettings
from services.rendering.settings import Settings as RenderingSettings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
MACHINE = {"workers"}  # settings whose default depends on the machine
MODELS = {
    "generation": GenerationSettings,
    "rendering": RenderingSettings,
    "gateway": GatewaySettings,
    "daybook up": StackSettings,
}


def variables(model: type[BaseSettings]) -> Iterator[tuple[str, str]]:
    """Give each environment variable of a model with its default as README shows it."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseSettings):
            yield from variables(field.annotation)
        elif field.is_required():
            yield name.upper(), "required"
        elif name in MACHINE:
            yield name.upper(), "cores"
        else:
            yield name.upper(), _shown(field.default)


def _shown(default: object) -> str:
    if default is None or default == "":
        return "none"
    if isinstance(default, bool):
        return str(default).lower()
    text = TypeAdapter(timedelta).dump_python(default, mode="json") if isinstance(default, timedelta) else default
    return f"{text:g}" if isinstance(text, float) else str(text)


def table() -> dict[tuple[str, str], str]:
    """Return README's table of settings: the default by part and variable."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| (.+?) \| .+ \|$", README, re.MULTILINE)
    found = {}
    for name, shown, parts in rows:
        users, defaults = parts.split(", "), shown.replace("`", "").split(", ")
        found |= {(user, name): defaults[place % len(defaults)] for place, user in enumerate(users)}
    return found


@pytest.mark.parametrize("part", MODELS)
def test_the_table_of_settings_is_whole_and_right(part: str) -> None:
    """Every variable a part reads stands in the table with its default, and nothing else does."""
    listed = {name: default for (user, name), default in table().items() if user == part}

    assert dict(variables(MODELS[part])) == listed


def test_every_make_target_named_exists() -> None:
    """`make word` in README, CHANGELOG or protos/README is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    texts = [README, *((ROOT / name).read_text() for name in ("CHANGELOG.md", "protos/README.md"))]
    named = {target for text in texts for target in re.findall(r"\bmake ([a-z-]+)", "\n".join(_code(text)))}

    assert {"demo", "test"} <= named
    assert set() == named - targets


def test_every_path_on_the_map_exists() -> None:
    """The map of README names files and folders that are there."""
    paths = re.findall(r"^\| \[`([^`]+)`\]\(([^)]+)\)", README, re.MULTILINE)

    assert paths
    assert [] == [path for _, path in paths if not (ROOT / path).exists()]


def _code(text: str) -> list[str]:
    """Return what a document shows as code: its blocks and its inline spans."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return blocks + re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
