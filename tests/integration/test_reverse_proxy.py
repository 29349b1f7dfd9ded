"""A reverse proxy in front of the gateway: clients are told apart by what it adds, and its example is as documented."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from aiohttp import ClientSession, TCPConnector, web
from daybook.generation.v1.generation_service_pb2 import GetReportResponse
from daybook.report.v1.report_pb2 import Report

from tests.fakes.gateway_services import HASH, running_gateway

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
STATUS = "/report/tracker/status"


@asynccontextmanager
async def proxy_of(port: int) -> AsyncIterator[str]:
    """Run a proxy that appends its peer to `X-Forwarded-For`, as nginx does; give its address."""

    async def passed_on(request: web.Request) -> web.Response:
        seen = [*request.headers.getall("X-Forwarded-For", []), request.remote or ""]
        headers = {"Content-Type": "application/json", "X-Forwarded-For": ", ".join(seen)}
        async with session.post(
            f"http://127.0.0.1:{port}{request.path}", data=await request.read(), headers=headers
        ) as got:
            return web.Response(body=await got.read(), status=got.status)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", passed_on)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as session:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    with suppress(asyncio.CancelledError):
        await runner.cleanup()


async def ask(address: str, source: str, **headers: str) -> None:
    """Ask from an address of this machine."""
    async with (
        ClientSession(connector=TCPConnector(local_addr=(source, 0))) as session,
        session.post(address + STATUS, json={"hash": HASH, "report_id": 5}, headers=headers) as response,
    ):
        assert 200 == response.status


async def test_clients_behind_a_proxy_are_told_apart() -> None:
    """By the address that the proxy saw, whatever they send themselves; straight calls keep their own."""
    async with running_gateway(trusted_proxies="127.0.0.1") as gateway, proxy_of(gateway.port) as proxy:
        gateway.services.answers["GetReport"] = GetReportResponse(report=Report(id=5))
        seen = []
        for address, source in (
            (proxy, "127.0.0.5"),
            (proxy, "127.0.0.6"),
            (f"http://127.0.0.1:{gateway.port}", "127.0.0.7"),
        ):
            await ask(address, source, **{"X-Forwarded-For": "203.0.113.9"})
            seen.append(gateway.services.metadata["x-client-address"])

    assert ["127.0.0.5", "127.0.0.6", "127.0.0.7"] == seen


def test_the_example_of_nginx_adds_the_address_that_it_saw() -> None:
    """It is what the proxy of these tests does."""
    example = PAGE.partition("<!-- check: nginx -->")[2].partition("```\n")[0]

    assert "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;" in example
