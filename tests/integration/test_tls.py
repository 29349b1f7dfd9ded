"""TLS between real servers and callers: the right certificates are served, all others are refused and told apart."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import grpc
import pytest
import requests
from grpc_health.v1.health_pb2 import HealthCheckRequest
from grpc_health.v1.health_pb2_grpc import HealthStub

from gateway.app import listen, make_runner
from gateway.settings import Settings
from services.cli.client import Access, service_at
from services.cli.errors import CommandFailed
from services.cli.stack.status import answers_http, is_serving
from services.runtime.serve import Health, make_server, start
from services.runtime.tls import HttpsSettings, TlsSettings
from tests.builders.certificates import EXPIRED, Authority

DROPPED = "ended the connection at once: it may want TLS (TLS_AUTHORITY) or another TLS_CERTIFICATE"
Maker = Callable[[Path, Authority], TlsSettings]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Give the authority of a stack."""
    return Authority(tmp_path)


@asynccontextmanager
async def serving(tls: TlsSettings) -> AsyncIterator[str]:
    """Run a server with the standard services alone; give its address."""
    health = Health(())
    server = make_server((), health)
    try:
        yield f"127.0.0.1:{await start(server, health, '127.0.0.1:0', tls)}"
    finally:
        await server.stop(0)


def stranger(folder: Path) -> Authority:
    """Return an authority that nobody knows."""
    (folder / "stranger").mkdir()
    return Authority(folder / "stranger", "stranger")


async def ask(address: str, tls: TlsSettings) -> int:
    """Return the health that the server tells a command. Raises CommandFailed as commands do."""
    async with service_at(Access(address, "", "", tls), "generation") as channel:
        return (await HealthStub(channel).Check(HealthCheckRequest(), timeout=60)).status


async def test_both_sides_show_the_right_certificate(authority: Authority) -> None:
    """Mutual TLS serves who comes from the same authority."""
    async with serving(authority.tls(authority.pair("server"), tls_clients="required")) as address:
        assert 1 == await ask(address, authority.tls(authority.pair("caller")))


async def test_a_server_that_does_not_ask_serves_callers_without_certificate(authority: Authority) -> None:
    """TLS_CLIENTS is `none` by default: only the server proves who it is."""
    caller = TlsSettings(tls_authority=authority.file)
    async with serving(authority.tls(authority.pair("server"))) as address:
        assert 1 == await ask(address, caller)


@pytest.mark.parametrize(
    ("caller", "why"),
    [
        (lambda folder, ours: stranger(folder).tls(ours.pair("caller")), "unable to get local issuer certificate"),
        (lambda folder, ours: ours.tls(stranger(folder).pair("caller")), DROPPED),
        (lambda _, ours: TlsSettings(tls_authority=ours.file), DROPPED),
        (lambda _, ours: ours.tls(ours.pair("caller", EXPIRED)), DROPPED),
        (lambda *_: TlsSettings(), DROPPED),
        (lambda _, ours: ours.tls(ours.pair("caller"), tls_server_name="b"), "its certificate is for another name"),
    ],
    ids=["wrong authority", "strange caller", "no certificate", "expired", "plaintext", "wrong name"],
)
async def test_a_caller_that_does_not_fit_is_refused(
    tmp_path: Path, authority: Authority, caller: Maker, why: str
) -> None:
    """Nothing is answered, and the command says more than that nobody is there."""
    async with serving(authority.tls(authority.pair("server"), tls_clients="required")) as address:
        with pytest.raises(CommandFailed) as refused:
            await ask(address, caller(tmp_path, authority))

    assert why in str(refused.value)
    assert grpc.StatusCode.UNAVAILABLE == refused.value.__cause__.code()


@pytest.mark.parametrize(
    ("server", "why"),
    [
        (lambda _, ours: ours.tls(ours.pair("server", EXPIRED)), "certificate has expired"),
        (lambda _, ours: ours.tls(ours.pair("server", hosts=("b",))), "its certificate is for another name"),
        (lambda folder, ours: ours.tls(stranger(folder).pair("server")), "unable to get local issuer certificate"),
        (lambda *_: TlsSettings(), "it does not speak TLS"),
    ],
    ids=["expired", "wrong name", "wrong authority", "plaintext"],
)
async def test_a_server_that_does_not_fit_is_refused(
    tmp_path: Path, authority: Authority, server: Maker, why: str
) -> None:
    """Commands say why, and so does `daybook up` of its own parts instead of waiting for them."""
    caller = authority.tls(authority.pair("caller"))
    async with serving(server(tmp_path, authority)) as address:
        with pytest.raises(CommandFailed) as refused:
            await ask(address, caller)
        assert f"cannot trust generation at {address}: {why} (see TLS_AUTHORITY and TLS_SERVER_NAME)" == str(
            refused.value
        )
        with pytest.raises(CommandFailed, match=why):
            await is_serving(address, "", caller)


async def test_a_name_can_stand_for_the_address(authority: Authority) -> None:
    """A certificate for a name serves at an address that is not in it."""
    tls = authority.tls(authority.pair("server", hosts=("generation.example",)), tls_server_name="generation.example")
    async with serving(tls) as address:
        assert 1 == await ask(address, tls)


@asynccontextmanager
async def gateway(authority: Authority, **more: object) -> AsyncIterator[str]:
    """Run a gateway with HTTPS and more settings; give host:port."""
    https = HttpsSettings(**{f"https_{name}": file for name, file in authority.pair("public")._asdict().items()})
    settings = Settings(gateway_listen="127.0.0.1:0", public_tls=https, **more)
    runner = make_runner(settings)
    await runner.setup()
    try:
        await listen(runner, settings)
        host, port = runner.addresses[0]
        yield f"{host}:{port}"
    finally:
        await runner.cleanup()


async def test_the_gateway_speaks_https(tmp_path: Path, authority: Authority) -> None:
    """Who trusts its authority is answered; who does not, or who does not speak TLS, is not."""

    async def get(url: str, trusted: Authority) -> int:
        return (await asyncio.to_thread(requests.get, f"{url}/health", verify=trusted.file, timeout=60)).status_code

    async with gateway(authority) as address:
        assert 200 == await get(f"https://{address}", authority)
        with pytest.raises(requests.exceptions.SSLError):
            await get(f"https://{address}", stranger(tmp_path))
        with pytest.raises(requests.ConnectionError):
            await get(f"http://{address}", authority)
        assert await answers_http(address, "/health", encrypted=True)
        assert not await answers_http(address, "/health")


async def test_a_gateway_that_hangs_is_not_waited_for(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that takes a connection and says no more, not even goodbye, is given up when its time is up."""
    monkeypatch.setattr("services.cli.stack.status.ANSWER_WITHIN_S", 1.0)
    pair = authority.pair("public")
    context = HttpsSettings(https_certificate=pair.certificate, https_key=pair.key).context()
    listening = socket.create_server(("127.0.0.1", 0))

    def take() -> socket.socket:
        connection, _ = listening.accept()
        return context.wrap_socket(connection, server_side=True)

    taken = asyncio.create_task(asyncio.to_thread(take))
    async with asyncio.timeout(20):  # asyncio's own patience with TLS is 30 s
        assert not await answers_http(f"127.0.0.1:{listening.getsockname()[1]}", "/health", encrypted=True)
    with suppress(OSError):  # a slow machine had not even taken it
        (await taken).close()
    listening.close()


async def test_a_gateway_whose_certificate_is_refused_answers_in_the_published_form(authority: Authority) -> None:
    """To its client, a service that refuses the gateway is one that is not there: error 14, and no word of TLS."""
    inside = TlsSettings(tls_authority=authority.file)
    async with (
        serving(authority.tls(authority.pair("server"), tls_clients="required")) as service,
        gateway(authority, generation_address=service, grpc_tls=inside) as address,
    ):
        ask = partial(requests.get, params={"hash": "a" * 32}, verify=authority.file, timeout=60)
        answer = await asyncio.to_thread(ask, f"https://{address}/report/tracker/list")

    assert (503, 14) == (answer.status_code, answer.json()["status"]["code"])
    assert "TLS" not in answer.text


def test_no_process_starts_with_half_a_setting(tmp_path: Path) -> None:
    """Each says in one line what is missing, and ends with code 1."""
    needed = {"MONGODB_URI": "mongodb://127.0.0.1:1/", "OPERATOR_TOKEN": "secret"}
    half = {"TLS_CERTIFICATE": Authority(tmp_path).pair("good").certificate, "DAYBOOK_DATA_DIR": tmp_path / "data"}
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **needed, **{name: str(value) for name, value in half.items()}},
        )
        for words in (["services.generation"], ["services.rendering"], ["gateway"], ["services.cli", "up"])
    ]
    for process in processes:
        out, err = process.communicate(timeout=120)

        assert (1, "", 1) == (process.returncode, out, len(err.splitlines())), err
        assert "TLS_CERTIFICATE: needs TLS_AUTHORITY" in err
