"""The commands of docs/operations.md that need no Docker engine, run as they stand there."""

import shutil
from pathlib import Path

import pytest

from services.cli.stack.parts import SERVICES, Endpoint
from services.cli.stack.status import statuses_of
from services.runtime.serve import Health, make_server, start
from services.runtime.tls import ServerTlsSettings, TlsSettings
from tests.e2e.documents import block, shell

PAGE = "docs/operations.md"

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="this machine has no openssl")


def test_the_secrets_of_containers_are_made(tmp_path: Path) -> None:
    """Long ones, fit for an address, in a folder for their owner alone, with files that containers can read."""
    done = shell(block(PAGE, "<!-- run: secrets -->"), tmp_path, {})

    assert 0 == done.returncode, done.stderr
    secrets = {file.name: file.read_text().removesuffix("\n") for file in (tmp_path / "secrets").iterdir()}
    uri = f"mongodb://daybook:{secrets['mongodb-password']}@mongodb:27017/?authSource=admin"
    assert uri == secrets.pop("mongodb-uri")
    lengths = {"operator-token": 64, "gateway-secret": 64, "mongodb-password": 48}
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
