"""State of parts by `python -m services.cli.probe` and `daybook health`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from services.cli.errors import CommandFailed
from services.cli.probe import probe
from services.cli.settings import ListenSettings
from services.cli.stack.parts import GATEWAY, SERVICES, Endpoint
from services.cli.stack.status import statuses_of
from services.runtime.serve import Health, make_server, start
from services.runtime.tls import TlsSettings
from tests.builders.mongod import free_port

PLAIN = TlsSettings()


@asynccontextmanager
async def rendering(*, serving: bool) -> AsyncIterator[int]:
    """Run a gRPC server that says of rendering whether it can serve; gives its port."""
    health = Health([SERVICES["rendering"]])
    server = make_server([SERVICES["rendering"]], health)
    port = await start(server, health, "127.0.0.1:0")
    await health.set_serving(serving)
    yield port
    await server.stop(0)


@asynccontextmanager
async def gateway(status: int) -> AsyncIterator[int]:
    """Run an HTTP server that answers /health with a status; gives its port."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status)

    app = web.Application()
    app.router.add_get("/health", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


def listening(**ports: int) -> ListenSettings:
    """Return where the parts listen on loopback; where none is given, nobody does."""
    given = {f"{name}_listen": f"127.0.0.1:{port}" for name, port in ports.items()}
    return ListenSettings(**{f"{name}_listen": f"127.0.0.1:{free_port()}" for name in (*SERVICES, GATEWAY)} | given)


@pytest.mark.parametrize(("serving", "state"), [(True, "serving"), (False, "not serving")])
async def test_a_service_tells_whether_it_can_serve(serving: bool, state: str) -> None:
    """A server that is there without being able to serve is not one that is gone."""
    async with rendering(serving=serving) as port:
        part = Endpoint("rendering", f"127.0.0.1:{port}")

        assert {part: state} == await statuses_of([part], PLAIN)


@pytest.mark.parametrize(("status", "state"), [(200, "serving"), (503, "not serving")])
async def test_a_gateway_tells_whether_it_can_serve(status: int, state: str) -> None:
    """By the status of /health."""
    async with gateway(status) as port:
        part = Endpoint(GATEWAY, f"127.0.0.1:{port}")

        assert {part: state} == await statuses_of([part], PLAIN)


async def test_a_part_that_is_gone_does_not_answer() -> None:
    """Nobody listens at its address."""
    part = Endpoint("generation", f"127.0.0.1:{free_port()}")

    assert {part: "does not answer"} == await statuses_of([part], PLAIN)


async def test_a_container_is_healthy_when_what_listens_in_it_serves() -> None:
    """Without names the parts that listen are asked."""
    async with rendering(serving=True) as port:
        assert await probe([], listening(rendering=port))


async def test_a_container_in_which_nothing_listens_is_not_healthy(capsys: pytest.CaptureFixture[str]) -> None:
    """As when its service is still starting, or hangs before it listens."""
    assert not await probe([], listening())
    assert "nothing listens here\n" == capsys.readouterr().out


async def test_one_part_that_cannot_serve_is_enough(capsys: pytest.CaptureFixture[str]) -> None:
    """Of all that were asked; each has its line."""
    async with rendering(serving=False) as port, gateway(200) as http:
        assert not await probe([], listening(rendering=port, gateway=http))
        assert await probe(["gateway"], listening(rendering=port, gateway=http))

    assert f"rendering at 127.0.0.1:{port}: not serving\n" in capsys.readouterr().out


async def test_a_part_of_no_such_name_is_an_error() -> None:
    """The message lists those there are."""
    with pytest.raises(CommandFailed, match="generation, rendering, gateway"):
        await probe(["mongodb"], listening())
