"""Settings, commands and files that docs/operations.md, docs/usage.md and README name exist."""

import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

import gateway
import services
from docs.settings import IN_FILE, MODELS, PAGE, settings_of, written
from services.cli.__main__ import COMMANDS

ROOT = Path(__file__).parents[2]
OPERATIONS = PAGE.read_text()
USAGE = (PAGE.parent / "usage.md").read_text()
README = (ROOT / "README.md").read_text()
SETTINGS = [setting for _, model in MODELS for setting in settings_of(model)]
NAMES = {setting.name for setting in SETTINGS}
FILES = {f"{setting.name}_FILE" for setting in SETTINGS if setting.meaning.endswith(IN_FILE)}
STOP_WITHIN_S = 15  # of `daybook up`
FOREIGN = re.compile(
    r"OTEL_\w+|DASK_\w+|DAYBOOK_VERSION|GATEWAY_PUBLISHED|(GENERATION|MONGODB|PYTHON)_IMAGE|NOT_SERVING|SERVING|FAILED"
)


def models() -> Iterator[type[BaseSettings]]:
    """Give every model of settings in the sources."""
    for package in (gateway, services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rpartition(".")[2] in {"settings", "tls"}:
                for one in vars(import_module(module.name)).values():
                    if isinstance(one, type) and issubclass(one, BaseSettings) and one is not BaseSettings:
                        yield one


def test_the_table_of_settings_is_what_the_models_say() -> None:
    """`make docs` would change nothing."""
    assert written(OPERATIONS) == OPERATIONS


def test_every_model_of_settings_is_in_the_table() -> None:
    """No part reads a variable that the table does not name."""
    assert set() == {setting.name for model in models() for setting in settings_of(model)} - NAMES


@pytest.mark.parametrize("part", [part for part, _ in MODELS])
def test_every_setting_is_described(part: str) -> None:
    """Each variable says what it does."""
    assert [] == [setting.name for setting in settings_of(dict(MODELS)[part]) if not setting.meaning]


@pytest.mark.parametrize("page", [OPERATIONS, README, USAGE], ids=["operations", "README", "usage"])
def test_every_variable_named_is_one(page: str) -> None:
    """A name in capitals is a setting, or one of those that are told to be others' own."""
    named = set(re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`", page))

    assert named
    assert set() == {name for name in named - NAMES - FILES if not FOREIGN.fullmatch(name)}


def test_every_command_named_is_one() -> None:
    """`daybook word` exists, in the text and in blocks."""
    named = set(re.findall(r"(?:`|^|exec [^\n]*?)daybook ([a-z]+)", OPERATIONS + USAGE + README, re.MULTILINE))

    assert {"up", "health"} <= named
    assert set() == named - COMMANDS.keys()


def test_every_link_leads_somewhere() -> None:
    """Files that the page links to are there, and README links to the page."""
    linked = re.findall(r"\]\(([^)#:]+)\)", OPERATIONS)

    assert [] == [path for path in linked if not (PAGE.parent / path).exists()]
    assert "](docs/operations.md)" in README


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """With a program and a user that this machine has."""
    unit = (PAGE.parent / "daybook.service").read_text()
    unit = unit.replace("/opt/daybook/.venv/bin/daybook", sys.executable)
    unit = re.sub("(User|Group)=daybook", r"\1=root", unit)
    (tmp_path / "daybook.service").write_text(unit)
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "daybook.service"], capture_output=True, text=True, check=False
    )

    assert (0, "") == (done.returncode, done.stderr)


def test_the_unit_starts_a_command_with_its_options() -> None:
    """`daybook up` has the option that the unit gives, and the unit waits longer than the stack takes to stop."""
    unit = (PAGE.parent / "daybook.service").read_text()
    (words,) = re.findall(r"^ExecStart=\S+/daybook (\w+) (--[a-z-]+)", unit, re.MULTILINE)

    assert ("up", "--data-dir") == words
    assert int(re.search(r"TimeoutStopSec=(\d+)", unit)[1]) > STOP_WITHIN_S
