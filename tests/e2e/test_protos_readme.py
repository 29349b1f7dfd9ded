"""protos/ as its consumers meet it: installed with pip into an environment of their own."""

import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from tests.e2e.documents import ROOT, block
from tests.e2e.stack import Client, Stack

USED = """from daybook.report.v1.report_pb2 import Report
reveal_type(Report().percent)
"""


@pytest.fixture(scope="module")
def consumer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with an environment into which nothing but protos/ was installed."""
    folder = tmp_path_factory.mktemp("consumer")
    copytree(ROOT / "protos", folder / "protos", ignore=ignore_patterns("build", "*.egg-info", "__pycache__"))
    run(sys.executable, "-m", "venv", "venv", folder=folder)
    run("venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", "./protos", folder=folder)
    return folder


def run(*command: str, folder: Path) -> str:
    """Run a program in a folder, without this environment's modules, and return what it prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=280)
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


def test_the_client_of_the_readme_watches_its_report_finish(consumer: Path, stack: Stack, moscow: Client) -> None:
    """The snippet of protos/README.md runs as it stands there."""
    (consumer / "trips.py").write_text(block("protos/README.md", "trips.py"))
    arguments = (stack.addresses["generation"], moscow.hash, str(moscow.tracker))

    said = run("venv/bin/python", "trips.py", *arguments, folder=consumer).splitlines()

    assert said[-1].endswith("STATE_FINISHED 100 %")


def test_the_client_of_the_readme_has_15_lines() -> None:
    """It stays as short as a first example should be."""
    lines = block("protos/README.md", "trips.py").splitlines()

    assert 15 >= sum(bool(line.strip()) for line in lines)


def test_type_checkers_see_the_types_of_messages(consumer: Path) -> None:
    """The distribution says that it is typed and brings its stubs."""
    (consumer / "used.py").write_text(USED)
    mypy = (sys.executable, "-m", "mypy", "--config-file=", "--python-executable=venv/bin/python", "used.py")

    assert 'Revealed type is "int"' in run(*mypy, folder=consumer)
