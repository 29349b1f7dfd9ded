"""The stack with its furniture, once everything is known to look as it should."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp

from services.runtime.channel import open_channel
from tests.campaign.answers import Answers, Caller
from tests.campaign.disk import small_disk
from tests.campaign.furniture import Furniture, Operator, seen
from tests.campaign.layout import Layout, laid_out
from tests.campaign.ledger import Ask
from tests.campaign.reporters import lasting
from tests.campaign.truth import Truth, store_at

POLL_S = 0.1
CALM_PROBES = 3
CALM_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Stage:
    """All that a round is played on."""

    layout: Layout
    furniture: Furniture
    operator: Operator
    truth: Truth
    session: aiohttp.ClientSession

    def caller(self, answers: Answers) -> Caller:
        """Return somebody who calls the gateway and has the answers noted."""
        return Caller(self.session, self.layout.gateway, answers)

    async def until_calm(self) -> None:
        """Wait until all parts are healthy and calls over all links go well. Raises TimeoutError."""
        await self.layout.until_healthy()
        caller, good = self.caller(Answers()), 0
        csv = next(path for path in self.furniture.runs if path.endswith(".csv"))
        about = {"hash": self.furniture.asks[0].hash}
        async with asyncio.timeout(CALM_WITHIN_S):
            while good < CALM_PROBES:
                answers = await asyncio.gather(caller.saved(csv), caller.tracker("list", about))
                good = good + 1 if all(answer.is_ok for answer in answers) else 0
                await asyncio.sleep(POLL_S)


@asynccontextmanager
async def furnished(folder: Path) -> AsyncIterator[Stage]:
    """Give a stack in a new folder, furnished, with all that its clients ask for seen once undisturbed."""
    async with AsyncExitStack() as held:
        disk = held.enter_context(small_disk(folder / "disk"))
        layout = await held.enter_async_context(laid_out(folder, disk))
        channel = await held.enter_async_context(open_channel(layout.generation))
        session = await held.enter_async_context(aiohttp.ClientSession())
        truth = await held.enter_async_context(store_at(layout.mongodb))
        operator = Operator(channel, (("authorization", f"Bearer {layout.operator_token}"),))
        furniture = await operator.furnish()
        caller = Caller(session, layout.gateway, Answers())
        asks = [await _undisturbed(caller, ask) for ask in furniture.asks]
        runs = {path: (await caller.saved(path)).body for path in furniture.runs}
        assert {"ok"} == set(caller.answers.kinds()), caller.answers.kinds()
        yield Stage(layout, replace(furniture, asks=tuple(asks), runs=runs), operator, truth, session)


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
