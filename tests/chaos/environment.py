"""Environment of a chaos test: the stack with its seed data, seen once undisturbed."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from services.runtime.channel import open_channel
from tests.chaos import replicas, up_stack
from tests.chaos.account_client import AccountClient
from tests.chaos.answers import Answer, Answers, Caller
from tests.chaos.disk import Disk, small_disk
from tests.chaos.layout import Layout
from tests.chaos.ledger import Ask
from tests.chaos.record_client import RecordClient
from tests.chaos.reporters import lasting
from tests.chaos.saved_report_client import SavedReportClient
from tests.chaos.seed_data import Operator, SeedData, seen
from tests.chaos.timeouts import Progress

POLL_S = 0.05
CALM_PROBES = 3
ALONE = 5  # small reports that are made with nothing beside them
STACKS: Mapping[str, Callable[[Path, Disk], AbstractAsyncContextManager[Layout]]] = {
    "replicas": replicas.laid_out,
    "up": partial(up_stack.laid_out, is_embedded=True),
    "up-external": partial(up_stack.laid_out, is_embedded=False),
}


@dataclass(frozen=True, slots=True)
class Environment:
    """The stack, its seed data and its clients, and how many seconds a small report takes with nothing beside it."""

    layout: Layout
    seed_data: SeedData
    operator: Operator
    session: aiohttp.ClientSession
    alone_s: Sequence[float]
    accounts: AccountClient
    saved_reports: SavedReportClient
    records: RecordClient
    any_machine: bool = False

    def caller(self, answers: Answers) -> Caller:
        """Return somebody who calls the gateway and has the answers noted."""
        return Caller(self.session, self.layout.gateway, answers)

    async def until_calm(self) -> None:
        """Wait until all parts are healthy and calls over all links go well.

        Raises TimeoutError when more of them do not go well for long.
        """
        await self.layout.until_healthy()
        caller, good, progress = self.caller(Answers()), 0, Progress()
        csv = next(path for path in self.seed_data.runs if path.endswith(".csv"))
        about = {"hash": self.seed_data.asks[0].hash}
        while good < CALM_PROBES:
            answers = await asyncio.gather(caller.saved(csv), caller.tracker("list", about))
            good = good + 1 if all(answer.is_ok for answer in answers) else 0
            if progress.is_stalled:
                raise TimeoutError
            await asyncio.sleep(POLL_S)


@asynccontextmanager
async def prepared(folder: Path, stack: str, *, any_machine: bool = False) -> AsyncIterator[Environment]:
    """Give a stack in a new folder, prepared, with all that its clients ask for seen once undisturbed.

    On any machine, however busy, a call may be told to come later although nothing is wrong.
    """
    async with AsyncExitStack() as held:
        disk = held.enter_context(small_disk(folder / "disk"))
        layout = await held.enter_async_context(STACKS[stack](folder, disk))
        channel = await held.enter_async_context(open_channel(layout.generation))
        session = await held.enter_async_context(aiohttp.ClientSession())
        operator = Operator(channel, (("authorization", f"Bearer {layout.operator_token()}"),))
        caller = Caller(session, layout.gateway, Answers())
        seed_data, alone_s = await _seen(caller, await operator.seed())
        clients = (AccountClient(operator), SavedReportClient(operator, seed_data), RecordClient(operator, seed_data))
        yield Environment(layout, seed_data, operator, session, alone_s, *clients, any_machine)


async def _seen(caller: Caller, seed_data: SeedData) -> tuple[SeedData, list[float]]:
    """Return the seed data with how everything looks undisturbed, and the seconds of small reports."""
    asks = [await _undisturbed(caller, ask) for ask in seed_data.asks]
    small = await _undisturbed(caller, seed_data.small)
    alone_s = [await _made_in(caller, small) for _ in range(ALONE)]
    runs = {path: (await _good(partial(caller.saved, path))).body for path in seed_data.runs}
    return replace(seed_data, asks=tuple(asks), small=small, runs=runs), alone_s


async def _undisturbed(caller: Caller, ask: Ask) -> Ask:
    """Have a report made, look at it and delete it."""
    about = await finished_report(caller, ask)
    report = (await _good(partial(caller.tracker, "retrieve", about))).body["report"]
    csv = (await _good(partial(caller.tracker, "download", {**about, "format": "csv"}))).body
    await _good(partial(caller.tracker, "delete", about))
    return seen(ask, report["sheets"], lasting(csv))


async def _good(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Return a good answer, asking again as long as the machine is too busy for one."""
    while not (answer := await ask()).is_ok:
        assert answer.kind.startswith("503"), answer
        await asyncio.sleep(POLL_S)
    return answer


async def _made_in(caller: Caller, ask: Ask) -> float:
    """Have a report made, delete it, and return how many seconds it took."""
    began = time.monotonic()
    about = await finished_report(caller, ask)
    ended = time.monotonic()
    await _good(partial(caller.tracker, "delete", about))
    return ended - began


async def finished_report(caller: Caller, ask: Ask) -> dict[str, Any]:
    """Have a report made and return how it is called."""
    asked = await _good(partial(caller.tracker, "generate", {"hash": ask.hash, **ask.parameters}))
    about = {"hash": ask.hash, "report_id": asked.body["id"]}
    while (await _good(partial(caller.tracker, "status", about))).body["percent_ready"] < 100:  # noqa: ASYNC110 - a service
        await asyncio.sleep(POLL_S)
    return about
