"""A whole stack under mutual TLS, with HTTPS to the public."""

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
import requests

from tests.builders.certificates import Authority
from tests.builders.tracks import worked_example_track
from tests.e2e.imports import write_csv
from tests.e2e.stack import ANSWER_WITHIN_S, Client, Stack

PERIOD = ("2020-10-06 00:00:00", "2020-10-06 23:59:59")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Give the authority of all certificates."""
    return Authority(tmp_path)


@pytest.fixture
def secure(tmp_path: Path, authority: Authority) -> Iterator[Stack]:
    """Give a stack whose parts show certificates to each other."""
    inside, public = authority.pair("inside"), authority.pair("public")
    environment = {
        "TLS_AUTHORITY": str(authority.file),
        "TLS_CERTIFICATE": str(inside.certificate),
        "TLS_KEY": str(inside.key),
        "TLS_CLIENTS": "required",
        "HTTPS_CERTIFICATE": str(public.certificate),
        "HTTPS_KEY": str(public.key),
    }
    running = Stack(tmp_path / "stack", environment).start()
    yield running
    assert 0 == running.stop()


def test_a_report_is_made_under_mutual_tls(
    tmp_path: Path, authority: Authority, secure: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands find certificates in the data directory, clients speak HTTPS, each hop is taken; plaintext is not."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
    secure.command("user", "add", "anna", "--password", "secret", "--time-zone", "Europe/Moscow")
    client = Client(secure.addresses["gateway"], secure.command("key", "add", "anna")["hash"])
    client.tracker = secure.command("tracker", "add", "--owner", "anna", "--label", "Van")["tracker_id"]
    track = write_csv(worked_example_track(), tmp_path / "track.csv")
    secure.command("import", "track", track, "--tracker", str(client.tracker))

    assert client.base.startswith("https://127.0.0.1:")
    report_id = client.generate([client.tracker], PERIOD)
    client.wait(report_id)
    file = client.post("report/tracker/download", report_id=report_id, format="pdf")
    assert b"%PDF" == file.content[:4]
    listed = secure.command("report", "list", "--hash", client.hash, "--json")
    assert [report_id] == [int(one["id"]) for one in listed]

    with pytest.raises(requests.ConnectionError):
        requests.get(client.base.replace("https", "http"), timeout=ANSWER_WITHIN_S)
    for part in ("generation", "rendering"):
        with grpc.insecure_channel(secure.addresses[part]) as plain, pytest.raises(grpc.RpcError) as refused:
            plain.unary_unary("/grpc.health.v1.Health/Check")(b"", timeout=ANSWER_WITHIN_S)
        assert grpc.StatusCode.UNAVAILABLE == refused.value.code()
