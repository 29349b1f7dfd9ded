"""The commands of docs/operations.md that need no Docker engine, run as they stand there."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from services.cli.stack.data_dir import DataDir
from services.cli.stack.parts import SERVICES, Endpoint
from services.cli.stack.status import statuses_of
from services.runtime.serve import Health, make_server, start
from services.runtime.tls import ServerTlsSettings, TlsSettings
from tests.e2e.documents import block, shell
from tests.e2e.stack import Client, Stack

PAGE = "docs/operations.md"
ACTIVATED = ". .venv/bin/activate\n"

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="this machine has no openssl")


def test_the_secrets_of_containers_are_made(tmp_path: Path) -> None:
    """Long ones, fit for an address, in a folder for their owner alone, with files that containers can read."""
    done = shell(block(PAGE, "<!-- run: secrets -->"), tmp_path, {})

    assert 0 == done.returncode, done.stderr
    secrets = {file.name: file.read_text().removesuffix("\n") for file in (tmp_path / "secrets").iterdir()}
    uri = f"mongodb://daybook:{secrets['mongodb-password']}@mongodb:27017/?authSource=admin"
    assert uri == secrets.pop("mongodb-uri")
    lengths = {"operator-token": 64, "gateway-secret": 64, "delivery-token": 64, "mongodb-password": 48}
    assert lengths == {name: len(value) for name, value in secrets.items()}
    assert all(value.isalnum() for value in secrets.values())
    assert 0o700 == (tmp_path / "secrets").stat().st_mode & 0o777
    assert {0o444} == {file.stat().st_mode & 0o777 for file in (tmp_path / "secrets").iterdir()}


async def test_the_certificates_are_good_for_mutual_tls(tmp_path: Path) -> None:
    """A service with them takes a caller with them, and none without."""
    done = shell(block(PAGE, "<!-- run: certificates -->"), tmp_path, {})
    assert 0 == done.returncode, done.stderr
    files = {"tls_authority": "authority.pem", "tls_certificate": "daybook.pem", "tls_key": "daybook.key"}
    paths = {name: tmp_path / "tls" / file for name, file in files.items()}
    health = Health([SERVICES["rendering"]])
    server = make_server([SERVICES["rendering"]], health)
    port = await start(server, health, "127.0.0.1:0", ServerTlsSettings(**paths, tls_clients="required"))
    await health.set_serving(True)
    part = Endpoint("rendering", f"localhost:{port}")

    assert {part: "serving"} == await statuses_of([part], TlsSettings(**paths))
    assert {part: "not serving"} == await statuses_of([part], TlsSettings(tls_authority=paths["tls_authority"]))
    await server.stop(0)


def test_a_leaked_key_is_ended_and_replaced_as_the_page_says(
    stack: Stack, add_client: Callable[..., tuple[str, Client]], tmp_path: Path
) -> None:
    """Its lines in the audit log are found by its id."""
    login, client = add_client()
    (key,) = stack.command("key", "list", login, "--json")
    environment = {"LOGIN": login, "KEY_ID": str(key["id"]), "DAYBOOK_DATA_DIR": str(stack.data_dir)}

    done = shell(ACTIVATED + block(PAGE, "<!-- run: leaked key -->"), tmp_path, environment)

    assert 0 == done.returncode, done.stderr
    assert '"action":"create_key"' in done.stdout
    assert not client.post("report/tracker/list").ok
    (other,) = stack.command("key", "list", login, "--json")
    assert (True, f"in place of {key['id']}") == (other["id"] > key["id"], other["name"])


def test_a_leaked_password_is_changed_as_the_page_says(
    stack: Stack, add_client: Callable[..., tuple[str, Client]], tmp_path: Path
) -> None:
    """No key and no session is left; what an operator did is in the log."""
    login, client = add_client()
    environment = {"LOGIN": login, "NEW_PASSWORD": "Other-pass1!", "DAYBOOK_DATA_DIR": str(stack.data_dir)}
    script = block(PAGE, "<!-- run: leaked password -->") + block(PAGE, "<!-- run: after a leaked token -->")

    done = shell(ACTIVATED + script, tmp_path, environment)

    assert 0 == done.returncode, done.stderr
    assert not client.post("report/tracker/list").ok
    assert [] == stack.command("key", "list", login, "--json") + stack.command("session", "list", login, "--json")
    assert '"action":"set_password"' in done.stdout


def test_another_operator_token_is_made_as_the_page_says(tmp_path: Path) -> None:
    """It stays closed to other users, and the next start keeps it."""
    folder = DataDir(tmp_path)
    old = folder.keep_operator_token()

    done = shell(block(PAGE, "<!-- run: leaked token -->"), tmp_path, {"DAYBOOK_DATA_DIR": str(tmp_path)})

    assert 0 == done.returncode, done.stderr
    assert old != folder.operator_token() == folder.keep_operator_token()
    assert 0o600 == (tmp_path / "operator-token").stat().st_mode & 0o777
