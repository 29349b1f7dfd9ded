"""Calls are spread over the replicas of a service."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import grpc
import pytest
from daybook.generation.v1.generation_service_pb2 import DESCRIPTOR, GetReportRequest
from daybook.generation.v1.generation_service_pb2_grpc import (
    GenerationServiceStub,
    add_GenerationServiceServicer_to_server,
)
from grpc.aio import AioRpcError

from services.errors import StoreUnavailable
from services.runtime import serve
from services.runtime.channel import open_channel
from services.runtime.serve import Health, make_server, start
from tests.fakes.generation_service import FakeGeneration
from tests.fakes.name_server import name_server
from tests.integration.servers import GENERATION, Server, serving_generation

SERVICES = [DESCRIPTOR.services_by_name["GenerationService"]]
WITHIN_S = 120
MANY = 20


@asynccontextmanager
async def asking(addresses: str) -> AsyncIterator[Callable[[], object]]:
    """Give a way to make one call to whoever is at the addresses."""
    async with open_channel(addresses, services=SERVICES) as channel:
        stub = GenerationServiceStub(channel)
        yield lambda: stub.GetReport(GetReportRequest(report_id=1), timeout=WITHIN_S)


async def until(ask: Callable[[], object], *asked: FakeGeneration) -> None:
    """Ask until each of them has been asked again."""
    before = [len(one.calls) for one in asked]
    async with asyncio.timeout(WITHIN_S):
        while any(len(one.calls) == then for one, then in zip(asked, before, strict=True)):
            await ask()


async def said(server: Server, ask: Callable[[], object], serving: bool, of: FakeGeneration) -> None:
    """Let a replica say whether it can serve, and wait until callers know."""
    await server.health.set_serving(serving)
    if serving:
        await until(ask, of)
        return
    async with asyncio.timeout(WITHIN_S):
        quiet = 0
        while quiet < MANY:
            before = len(of.calls)
            await ask()
            quiet = quiet + 1 if len(of.calls) == before else 0


async def test_replicas_take_turns_while_they_can_serve() -> None:
    """One that says NOT_SERVING is left out, and has its turn when it serves again."""
    first, second = FakeGeneration(), FakeGeneration()
    async with serving_generation(first) as one, serving_generation(second) as other:
        await one.health.set_serving(True)
        await other.health.set_serving(True)
        async with asking(f"{one.address},{other.address}") as ask:
            await until(ask, first, second)
            await said(one, ask, False, first)
            await said(one, ask, True, first)
            before = [len(generation.calls) for generation in (first, second)]
            for _ in range(MANY):
                await ask()

    taken = [len(generation.calls) - then for generation, then in zip((first, second), before, strict=True)]
    assert [MANY // 2, MANY // 2] == taken


async def test_an_answer_is_not_asked_for_again() -> None:
    """A replica that says why it cannot answer has answered; the other one is not bothered."""
    first, second = FakeGeneration(error=StoreUnavailable()), FakeGeneration(error=StoreUnavailable())
    async with serving_generation(first) as one, serving_generation(second) as other:
        await one.health.set_serving(True)
        await other.health.set_serving(True)
        async with asking(f"{one.address},{other.address}") as ask:
            with pytest.raises(AioRpcError) as refused:
                await ask()

    assert (grpc.StatusCode.UNAVAILABLE, str(StoreUnavailable())) == (refused.value.code(), refused.value.details())
    assert 1 == len(first.calls) + len(second.calls)


async def test_a_replica_that_is_gone_is_left_out() -> None:
    """Nobody hears of it, whether it was there before or never."""
    first, second = FakeGeneration(), FakeGeneration()
    async with serving_generation(second) as other:
        await other.health.set_serving(True)
        async with serving_generation(first) as one:
            await one.health.set_serving(True)
            async with asking(f"{one.address},{other.address},127.0.0.1:1") as ask:
                await until(ask, first, second)
                await one.server.stop(0)
                for _ in range(MANY):
                    await ask()


async def test_a_name_stands_for_replicas_that_come_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A replica that the name server tells of is found as connections grow old; no call fails meanwhile."""
    aged = [(name, 500 if name == "grpc.max_connection_age_ms" else value) for name, value in serve.OPTIONS]
    monkeypatch.setattr(serve, "OPTIONS", aged)
    first, second = FakeGeneration(), FakeGeneration()
    async with name_server("127.0.0.1") as names, serving_generation(first) as one:
        await one.health.set_serving(True)
        port = one.address.rpartition(":")[2]
        async with asking(f"dns://127.0.0.1:{names.port}/generation:{port}") as ask:
            await until(ask, first)
            health = Health([GENERATION])
            server = make_server([GENERATION], health)
            add_GenerationServiceServicer_to_server(second, server)
            await start(server, health, f"127.0.0.2:{port}")
            await health.set_serving(True)
            names.addresses.append("127.0.0.2")
            await until(ask, first, second)
        await server.stop(0)
