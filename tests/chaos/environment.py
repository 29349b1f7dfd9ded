"""Environment of a chaos test: the stack with its seed data, seen once undisturbed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp

from services.runtime.channel import open_channel
from tests.chaos.answers import Answers, Caller
from tests.chaos.disk import small_disk
from tests.chaos.layout import Layout, laid_out
from tests.chaos.ledger import Ask
from tests.chaos.oracle import Oracle, store_at
from tests.chaos.reporters import lasting
from tests.chaos.seed_data import Operator, SeedData, seen

POLL_S = 0.1
CALM_PROBES = 3
CALM_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Environment:
    """The stack, its seed data and its clients."""

    layout: Layout
    seed_data: SeedData
    operator: Operator
    oracle: Oracle
    session: aiohttp.ClientSession

    def caller(self, answers: Answers) -> Caller:
        """Return somebody who calls the gateway and has the answers noted."""
        return Caller(self.session, self.layout.gateway, answers)

    async def until_calm(self) -> None:
        """Wait until all parts are healthy and calls over all links go well. Raises TimeoutError."""
        await self.layout.until_healthy()
        caller, good = self.caller(Answers()), 0
        csv = next(path for path in self.seed_data.runs if path.endswith(".csv"))
        about = {"hash": self.seed_data.asks[0].hash}
        async with asyncio.timeout(CALM_WITHIN_S):
            while good < CALM_PROBES:
                answers = await asyncio.gather(caller.saved(csv), caller.tracker("list", about))
                good = good + 1 if all(answer.is_ok for answer in answers) else 0
                await asyncio.sleep(POLL_S)


@asynccontextmanager
async def prepared(folder: Path) -> AsyncIterator[Environment]:
    """Give a stack in a new folder, prepared, with all that its clients ask for seen once undisturbed."""
    async with AsyncExitStack() as held:
        disk = held.enter_context(small_disk(folder / "disk"))
        layout = await held.enter_async_context(laid_out(folder, disk))
        channel = await held.enter_async_context(open_channel(layout.generation))
        session = await held.enter_async_context(aiohttp.ClientSession())
        oracle = await held.enter_async_context(store_at(layout.mongodb))
        operator = Operator(channel, (("authorization", f"Bearer {layout.operator_token}"),))
        seed_data = await operator.seed()
        caller = Caller(session, layout.gateway, Answers())
        asks = [await _undisturbed(caller, ask) for ask in seed_data.asks]
        runs = {path: (await caller.saved(path)).body for path in seed_data.runs}
        assert {"ok"} == set(caller.answers.kinds()), caller.answers.kinds()
        yield Environment(layout, replace(seed_data, asks=tuple(asks), runs=runs), operator, oracle, session)


async def _undisturbed(caller: Caller, ask: Ask) -> Ask:
    """Have a report made, look at it and delete it."""
    asked = await caller.tracker("generate", {"hash": ask.hash, **ask.parameters})
    about = {"hash": ask.hash, "report_id": asked.body["id"]}
    while (status := await caller.tracker("status", about)).body["percent_ready"] < 100:
        assert status.is_ok, status
        await asyncio.sleep(POLL_S)
    report = (await caller.tracker("retrieve", about)).body["report"]
    csv = (await caller.tracker("download", {**about, "format": "csv"})).body
    await caller.tracker("delete", about)
    return seen(ask, report["sheets"], lasting(csv))
