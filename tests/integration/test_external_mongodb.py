"""`daybook up` with a MongoDB server of one's own: reached, or named in one line before anything is started."""

import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from services.cli.errors import CommandFailed
from services.cli.stack import external_mongodb
from services.cli.stack.external_mongodb import require_mongodb
from tests.integration.up_process import DAYBOOK, FREE_PORTS

RunUp = Callable[..., tuple[int, str, str]]


@pytest.fixture
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a server that is not there no time."""
    monkeypatch.setattr(external_mongodb, "REACHED_WITHIN_S", 0.3)


@pytest.fixture
def run_up(tmp_path: Path) -> RunUp:
    """Give a way to run `daybook up` with some settings until it ends: exit code, standard output and error."""

    def run(**settings: str) -> tuple[int, str, str]:
        command = [DAYBOOK, "up", "--data-dir", str(tmp_path / "data"), *FREE_PORTS]
        environment = {**os.environ, **settings}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.mark.parametrize("form", ["mongodb://{}/", "mongodb://{}", "mongodb://127.0.0.1:1,{}/daybook?replicaSet=one"])
async def test_a_server_that_answers_is_enough(mongodb_uri: str, form: str) -> None:
    """One of those that the URI names."""
    await require_mongodb(form.format(mongodb_uri.removeprefix("mongodb://").strip("/")))


@pytest.mark.parametrize(
    ("uri", "names"),
    [
        ("mongodb://ann:secret@127.0.0.1:1/?replicaSet=one", "127.0.0.1:1"),
        ("mongodb://ann:secret@127.0.0.1:1,[::1]:1", "127.0.0.1:1,[::1]:1"),
        ("mongodb://%2Fnowhere%2Fmongodb.sock/daybook", "/nowhere/mongodb.sock"),
        ("mongodb://a..b/", "a..b"),
        ("mongodb://127.0.0.1:1/?tls=true", "127.0.0.1:1"),
    ],
)
@pytest.mark.usefixtures("in_haste")
async def test_a_server_that_cannot_be_reached_is_named_without_credentials(uri: str, names: str) -> None:
    """The line says which variable to look at."""
    with pytest.raises(CommandFailed) as failed:
        await require_mongodb(uri)

    expected = f"MongoDB at {names} cannot be reached: is it running, and is MONGODB_URI right?"
    assert expected == str(failed.value)


async def test_who_takes_connections_is_no_mongodb_yet(request: pytest.FixtureRequest) -> None:
    """It must answer, too; an encrypted one need not, as it first asks for keys and certificates."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        await require_mongodb(f"mongodb://{address}/?tls=true")
        request.getfixturevalue("in_haste")
        with pytest.raises(CommandFailed, match=address):
            await require_mongodb(f"mongodb://{address}/")


async def test_a_uri_without_a_server_is_refused() -> None:
    """There is nobody to ask."""
    with pytest.raises(CommandFailed, match="MONGODB_URI names no server"):
        await require_mongodb("mongodb://ann:secret@/")


def test_up_says_that_mongodb_cannot_be_reached(tmp_path: Path, run_up: RunUp) -> None:
    """Within seconds, with nothing started."""
    done = run_up(MONGODB_URI="mongodb://ann:secret@127.0.0.1:1/")

    expected = "error: MongoDB at 127.0.0.1:1 cannot be reached: is it running, and is MONGODB_URI right?\n"
    assert (1, "", expected) == done
    assert ["up.log"] == [log.name for log in (tmp_path / "data" / "logs").iterdir()]


@pytest.mark.parametrize("token", ["é", " "])
def test_up_refuses_a_token_that_no_call_can_carry(tmp_path: Path, run_up: RunUp, token: str) -> None:
    """The token of the data directory stays."""
    kept = tmp_path / "data" / "operator-token"
    kept.parent.mkdir()
    kept.write_text("kept\n")

    expected = "error: OPERATOR_TOKEN must be 1 to 512 printable ASCII characters without spaces\n"
    assert (1, "", expected) == run_up(OPERATOR_TOKEN=token)
    assert "kept\n" == kept.read_text()
