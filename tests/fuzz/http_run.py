"""Fuzzing the routes: many requests at once, every answer judged."""

import asyncio
import json
from contextlib import suppress
from random import Random

from tests.fuzz.http_builder import HttpBuilder
from tests.fuzz.http_check import Judge, is_malformed
from tests.fuzz.http_drafts import Draft, drafts, fetch_document
from tests.fuzz.http_request import Answer, Request
from tests.fuzz.http_shrink import shrunk
from tests.fuzz.http_wire import NoAnswer, Wire
from tests.fuzz.ledger import SORT, Ledger, Violation
from tests.fuzz.payloads import payloads
from tests.fuzz.world import World

AT_ONCE = 12
MOST_EACH, LEAST_EACH = 60, 2  # good and bad drafts of a route
REUSE = 150  # requests for each draft of each route, about: every one is dressed anew each time
SAMPLES = 100


async def run(world: World, requests: int, number: int, ledger: Ledger) -> None:
    """Send so many requests; the number chooses which."""
    document = fetch_document(world.base)
    each = min(max(requests // REUSE, LEAST_EACH), MOST_EACH)
    routes = [one for one in drafts(document, each, number).values() if one]
    builder = HttpBuilder(world, payloads(each * 8, number), Random(number))
    fuzz = Fuzz(world, Judge(document), ledger)
    chance = Random(number)
    left = iter(range(requests))

    async def work() -> None:
        async with Wire(world.base) as wire:
            for place in left:
                if place % max(requests // SAMPLES, 1) == 0:
                    await asyncio.to_thread(ledger.memory.sample)
                    print(ledger.line(requests), flush=True)
                draft: Draft = chance.choice(chance.choice(routes))
                await fuzz.one(wire, builder.request(draft))

    ledger.start()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


class Fuzz:
    """Sends requests, judges answers, and makes what shows a fault small."""

    def __init__(self, world: World, judge: Judge, ledger: Ledger) -> None:
        self._world = world
        self._judge = judge
        self._ledger = ledger

    async def one(self, wire: Wire, request: Request) -> None:
        """Send one request and note how it went."""
        status, problem = await self._judged(wire, request)
        self._ledger.count(request.route, status)
        if problem and self._ledger.is_new(request.route, problem):
            kind = problem[:SORT]
            self._ledger.keep(Violation(request.route, problem, request.curl(self._world.base)))

            async def fails(smaller: Request) -> bool:
                return (await self._judged(wire, smaller))[1].startswith(kind)

            small = await shrunk(request, fails)
            self._ledger.keep(Violation(request.route, problem, small.curl(self._world.base)))

    async def _judged(self, wire: Wire, request: Request) -> tuple[str, str]:
        before = wire.before
        try:
            answer = await wire.send(request)
            if before is not None and is_malformed(answer) and not is_malformed(await wire.send(request)):
                return "out of step", f"taken for no HTTP after {before.curl(self._world.base)}"
        except NoAnswer as silence:
            return "silence", str(silence)
        self._remember(request, answer)
        return str(answer.status), self._judge.problem(request, answer)

    def _remember(self, request: Request, answer: Answer) -> None:
        """Remember the ids of what was made, so that later requests are about it."""
        if answer.status != 200 or ("generate" not in request.route and "/shared" not in request.route):
            return
        with suppress(ValueError):
            value = json.loads(answer.body)
            if "generate" in request.route:
                self._world.report_ids.append(value["id"])
            elif request.method in {"POST", "PUT"} and isinstance(value, dict) and "token" in value:
                self._world.saved_ids.append(value["id"])
                self._world.tokens.append(value["token"])
