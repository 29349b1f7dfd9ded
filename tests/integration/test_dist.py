"""Wheels of the distribution: what they hold, and a command of theirs in an environment without the checkout."""

import os
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Build the wheels from a copy of what git would give, beside which nothing old lies."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in _sources():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", built)
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "./protos", "."], cwd=source, check=True)
    return sorted(built.iterdir())


def test_a_wheel_holds_every_file_of_its_packages(wheels: list[Path]) -> None:
    """Modules, catalogues, fonts, and what type checkers read."""
    held = {name for wheel in wheels for name in zipfile.ZipFile(wheel).namelist()}
    wanted = {name.removeprefix("protos/gen/") for name in _sources() if name.startswith(PACKAGES)}

    assert set() == wanted - held
    assert {f"daybook-{VERSION}-py3-none-any.whl", f"daybook_protos-{VERSION}-py3-none-any.whl"} == {
        one.name for one in wheels
    }


def test_the_command_runs_where_nothing_but_wheels_is_installed(wheels: list[Path], tmp_path: Path) -> None:
    """It tells the version of the distribution; third parties' packages are those of these tests."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "empty"], check=True)
    python = tmp_path / "empty" / "bin" / "python"
    options = ("--quiet", "--no-deps", "--no-index", "--disable-pip-version-check")
    subprocess.run([sys.executable, "-m", "pip", "--python", python, "install", *options, *wheels], check=True)
    others = {**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")}
    command = [python.with_name("daybook"), "--version"]
    done = subprocess.run(command, cwd=tmp_path, env=others, capture_output=True, text=True, check=True)

    assert f"daybook {VERSION}" == done.stdout.strip()


def test_both_distributions_have_one_version() -> None:
    """The contracts are released with the services."""
    assert VERSION == tomllib.loads((ROOT / "protos" / "pyproject.toml").read_text())["project"]["version"]


PACKAGES = ("services/", "gateway/", "protos/gen/daybook/")


def _sources() -> Iterator[str]:
    """Give the files that the distributions are built from, by their paths in the checkout."""
    yield from ("pyproject.toml", "README.md", "protos/pyproject.toml", "protos/README.md")
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield str(path.relative_to(ROOT))
