"""The parts as docker-compose.yml and the override of docs/operations.md start them, without Docker."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest

from tests.builders.compose import environment_of, joined
from tests.builders.mongod import free_port
from tests.e2e.documents import block, shell
from tests.e2e.stack import COMMAND

PAGE = "docs/operations.md"
PARTS = ("generation", "rendering", "gateway")
ADDRESSES = ("GENERATION_LISTEN", "RENDERING_LISTEN", "GATEWAY_LISTEN", "METRICS_LISTEN")
WITHIN_S = 200

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="this machine has no openssl")


@pytest.fixture
def folder(tmp_path: Path, mongodb_uri: str) -> Path:
    """Give a folder with the secrets and certificates that the page's commands make, and a store that exists."""
    for mark in ("<!-- run: secrets -->", "<!-- run: certificates -->"):
        done = shell(block(PAGE, mark), tmp_path, {})
        assert 0 == done.returncode, done.stderr
    (tmp_path / "secrets/geocoder-google-key").write_text("key\n")
    (tmp_path / "secrets/mongodb-uri").chmod(0o644)
    (tmp_path / "secrets/mongodb-uri").write_text(mongodb_uri + "\n")
    return tmp_path


def environments(folder: Path) -> dict[str, dict[str, str]]:
    """Return the variables of each part, with ports of this machine."""
    ports = {name: free_port() for name in PARTS}
    bare = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    found = {}
    for name in PARTS:
        given = environment_of(joined(name), folder)
        for variable in given.keys() & {"GENERATION_ADDRESS", "RENDERING_ADDRESS"}:
            given[variable] = f"localhost:{ports[variable.partition('_')[0].lower()]}"
        for variable in given.keys() & set(ADDRESSES) | {f"{name.upper()}_LISTEN"}:
            port = ports[name] if variable != "METRICS_LISTEN" else free_port()
            given[variable] = f"127.0.0.1:{port}"
        others = {f"{other.upper()}_LISTEN": "127.0.0.1:1" for other in PARTS if other != name}
        found[name] = {**bare, **others, **given}
    found["generation"]["MONGODB_DATABASE"] = f"test_{token_hex(8)}"
    return found


@pytest.fixture
def running(folder: Path) -> Iterator[dict[str, dict[str, str]]]:
    """Start every part with the command and the variables of its container, and give these variables."""
    given = environments(folder)
    processes = []
    for name in PARTS:
        _python, *words = joined(name)["command"]
        with (folder / f"{name}.log").open("wb") as log:
            processes.append(subprocess.Popen([sys.executable, *words], env=given[name], stderr=log))
    yield given
    for process in processes:
        process.terminate()
    assert [0, 0, 0] == [process.wait(timeout=WITHIN_S) for process in processes]


def healthy(name: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the health check of a container until it passes, or the time is over."""
    _cmd, _python, *words = joined(name)["healthcheck"]["test"]
    ends = time.monotonic() + WITHIN_S
    while True:
        done = subprocess.run(
            [sys.executable, *words], env=environment, capture_output=True, text=True, check=False, timeout=WITHIN_S
        )
        if done.returncode == 0 or time.monotonic() > ends:
            return done


def test_all_parts_serve_with_what_the_files_give_them(running: dict[str, dict[str, str]], folder: Path) -> None:
    """Over mutual TLS and HTTPS, with secrets from files; an operator's command in generation's container works too."""
    for name in PARTS:
        done = healthy(name, running[name])
        assert 0 == done.returncode, done.stdout + done.stderr + (folder / f"{name}.log").read_text()[-2000:]

    listed = subprocess.run(
        [COMMAND, "user", "list"],
        env=running["generation"],
        capture_output=True,
        text=True,
        check=False,
        timeout=WITHIN_S,
    )

    assert 0 == listed.returncode, listed.stderr
