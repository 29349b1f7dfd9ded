"""Fuzzing the RPCs: many calls at once, every ending judged; afterwards everything that was stored is read back."""

import asyncio
from random import Random

import grpc
import psutil

from tests.fuzz.http_drafts import drawn
from tests.fuzz.ledger import SORT, Ledger, Violation
from tests.fuzz.memory import PARTS
from tests.fuzz.rpc_back import read_back
from tests.fuzz.rpc_builder import RpcBuilder
from tests.fuzz.rpc_check import problem
from tests.fuzz.rpc_messages import messages
from tests.fuzz.rpc_pool import Pool
from tests.fuzz.rpc_request import LOST_S, Call, Wires
from tests.fuzz.rpc_shrink import shrunk
from tests.fuzz.world import World
from tests.rpcs import Rpc, contracts, rpcs_of

AT_ONCE = 12
MOST_EACH, LEAST_EACH = 60, 2  # drawn messages of an RPC
REUSE = 100  # calls for each drawn message of each RPC, about: every one is dressed anew each time
SAMPLES = 100
SELDOM = {"DeleteUser", "DeleteOrphans", "FindOrphans", "DeleteReport", "DeleteSavedReports"}  # something is to stay
OFTEN = 6  # as often as these are all others called


async def run(world: World, requests: int, number: int, ledger: Ledger) -> None:
    """Make so many calls; the number chooses which."""
    each = min(max(requests // REUSE, LEAST_EACH), MOST_EACH)
    rpcs = {one: drawn(messages(one.request.DESCRIPTOR), each, number) for one in rpcs_of(contracts())}
    token = (world.stack.data_dir / "operator-token").read_text().strip()
    chance = Random(number)
    pool = Pool(world, chance)
    builder = RpcBuilder(world, token, pool, chance)
    weights = [1 if one.name in SELDOM else OFTEN for one in rpcs]
    left = iter(range(requests))
    alive = pids(world)

    async def work() -> None:
        for place in left:
            if place % max(requests // SAMPLES, 1) == 0:
                await asyncio.to_thread(ledger.memory.sample)
                print(ledger.line(requests), flush=True)
            rpc: Rpc = chance.choices(list(rpcs), weights)[0]
            await fuzz.one(builder.call(rpc, rpcs[rpc]))

    addresses = {part: world.stack.addresses[part] for part in ("generation", "rendering")}
    async with (
        grpc.aio.insecure_channel(addresses["generation"]) as generation,
        grpc.aio.insecure_channel(addresses["rendering"]) as rendering,
    ):
        fuzz = Fuzz(Wires({"generation": generation, "rendering": rendering}), pool, ledger, addresses)
        ledger.start()
        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        for violation in await read_back(fuzz.wires, world, token):
            ledger.keep(violation)
    if pids(world) != alive:
        ledger.keep(Violation("processes", "a process died and was started again", "see the logs"))


def pids(world: World) -> set[int]:
    """Return the processes of the services."""
    children = psutil.Process(world.stack.process.pid).children(recursive=True)
    return {one.pid for one in children if one.is_running() and (one.cmdline() or [""])[-1] in PARTS}


class Fuzz:
    """Makes calls, judges how they end, and makes those small that show a fault."""

    def __init__(self, wires: Wires, pool: Pool, ledger: Ledger, addresses: dict[str, str]) -> None:
        self.wires = wires
        self._pool = pool
        self._ledger = ledger
        self._addresses = addresses

    async def one(self, call: Call) -> None:
        """Make one call and note how it ended."""
        status, wrong = await self._judged(call)
        route = call.rpc.short
        self._ledger.count(route, status)
        if not wrong or not self._ledger.is_new(route, wrong):
            return
        kind = wrong[:SORT]
        self._ledger.keep(self._violation(call, wrong))

        async def fails(less: Call) -> bool:
            return (await self._judged(less))[1].startswith(kind)

        self._ledger.keep(self._violation(await shrunk(call, fails), wrong))

    def _violation(self, call: Call, wrong: str) -> Violation:
        part = "rendering" if call.rpc.service.startswith("daybook.rendering") else "generation"
        return Violation(call.rpc.short, wrong, call.grpcurl(self._addresses[part])[:5000])

    async def _judged(self, call: Call) -> tuple[str, str]:
        try:
            outcome = await self.wires.send(call)
        except TimeoutError:
            return "silence", f"nothing came back within {LOST_S} s"
        if outcome.code is grpc.StatusCode.OK and call.requests:
            self._pool.remember(call.requests[0], list(outcome.answers))
        return outcome.code.name, problem(call, outcome)
