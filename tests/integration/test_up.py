"""`daybook up` with the real parts: ready, supervised, stopped, and never anything left behind."""

import json
import signal
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from services.cli.stack.mongodb_user import uri_of
from tests.integration.up_process import FREE_PORTS, Up, comes_true

PORTS = ("gateway", "generation", "rendering")
PARTS = ("mongod", "services.generation", "services.rendering", "gateway")


def answers(url: str) -> bool:
    """Return whether the gateway says that all is healthy."""
    try:
        with urlopen(f"{url}/health", timeout=60) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Up]]:
    """Give a way to start `daybook up` on one data directory; what still runs at the end is killed."""
    started: list[Up] = []

    def start_one(*flags: str) -> Up:
        started.append(Up(tmp_path / "data", *flags))
        return started[-1]

    yield start_one
    for up in started:
        if up.is_running():
            up.kill_everything()
            up.ended()


def require_password(up: Up, address: str) -> None:
    """Check that MongoDB asks for the password of the data directory, which nothing else shows."""
    file = up.data_dir / "mongodb-password"
    password = file.read_text().strip()
    mongod = up.part("mongod")
    shown = [*mongod.cmdline(), *(log.read_text() for log in (up.data_dir / "logs").iterdir())]

    assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    assert [] == [text for text in (*shown, (up.data_dir / "stack.json").read_text()) if password in text]
    assert ["--auth", "snappy,zstd"] == [word for word in mongod.cmdline() if word in {"--auth", "snappy,zstd"}]
    with MongoClient[Any](address) as stranger, pytest.raises(OperationFailure, match="requires authentication"):
        stranger.daybook.credentials.insert_one({})
    with MongoClient[Any](uri_of(address.removeprefix("mongodb://"), password)) as owner:
        assert "credentials" in owner.daybook.list_collection_names()


def test_up_is_ready_stops_and_starts_again(start: Callable[..., Up]) -> None:
    """It prints one line, keeps others off its data directory, leaves no process, and begins anew on the same ports."""
    up = start(*FREE_PORTS, "--json")
    addresses = json.loads(up.ready_line())
    assert {"gateway", "generation", "rendering", "mongodb", "metrics"} == addresses.keys()
    assert answers(addresses["gateway"])
    token = up.data_dir / "operator-token"
    assert 0o600 == stat.S_IMODE(token.stat().st_mode)
    assert 0o600 == stat.S_IMODE((up.data_dir / "stack.json").stat().st_mode)
    secret = token.read_text()
    require_password(up, addresses["mongodb"])

    second = start(*FREE_PORTS)
    assert (1, "", f"error: another daybook up runs on {up.data_dir}\n") == second.ended()

    up.send(signal.SIGTERM)
    assert (0, "", "") == up.ended()
    assert up.leaves_nothing()
    assert not (up.data_dir / "stack.json").exists()

    third = start(*[f"--{name}-port={addresses[name].rpartition(':')[2]}" for name in PORTS])
    assert f"ready {addresses['gateway']}" == third.ready_line()
    assert secret == token.read_text()
    third.send(signal.SIGINT)
    assert (0, "", "") == third.ended()
    assert third.leaves_nothing()


def test_parts_that_are_killed_come_back_and_nothing_outlives_up(start: Callable[..., Up]) -> None:
    """Each part returns on its port; when `up` is killed all end by themselves; when all are, the next one starts."""
    up = start(*FREE_PORTS)
    gateway = up.ready_line().removeprefix("ready ")
    for name in PARTS:
        dead = up.part(name)
        dead.kill()
        assert comes_true(lambda name=name, dead=dead: _is_replaced(up, name, dead)), name
    assert comes_true(lambda: answers(gateway))

    up.send(signal.SIGKILL)
    up.ended()
    second = start(*FREE_PORTS)
    assert second.ready_line().startswith("ready ")
    assert up.leaves_nothing()

    second.kill_everything()
    second.ended()
    assert second.leaves_nothing()
    third = start(*FREE_PORTS)
    assert third.ready_line().startswith("ready ")
    third.send(signal.SIGTERM)
    assert 0 == third.ended()[0]
    assert third.leaves_nothing()


def _is_replaced(up: Up, name: str, dead: psutil.Process) -> bool:
    up.look()
    try:
        return up.part(name) != dead
    except (ValueError, psutil.NoSuchProcess, psutil.ZombieProcess, IndexError):
        return False


def test_a_taken_port_is_one_clear_line(start: Callable[..., Up]) -> None:
    """Nothing is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        up = start("--gateway-port", str(port), "--generation-port", "0", "--rendering-port", "0")
        expected = (
            f"error: port {port} for gateway cannot be used: Address already in use: choose another by --gateway-port\n"
        )
        assert (1, "", expected) == up.ended()
