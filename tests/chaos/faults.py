"""What goes wrong in a round: drawn by seed so that every kind has its turn, and done to a running stack."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import psutil
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tests.chaos.layout import REPLICAS, Layout
from tests.chaos.network_faults import Link

KILLED = ("gateway", "generation", "worker", "forkserver", "rendering", "mongodb")
PAUSED = ("gateway", "generation", "worker", "forkserver", "rendering", "mongodb")
HARMED = ("client-gateway", "gateway-generation", "gateway-rendering", "rendering-generation", "generation-mongodb")
WAYS = {"cut": Link.cut, "hold": Link.hold, "delay": Link.delay}
CARDS = (
    *(("kill", target) for target in KILLED),
    *(("pause", target) for target in PAUSED),
    *((way, target) for way in WAYS for target in HARMED),
)
FILL = ("fill", "disk")
LONGEST_S = 4.0
POKE_EVERY_S = 0.25
FILLERS = 4
FILLER_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong: what, to whom, when in the round, for how long, and a number that breaks ties."""

    kind: str
    target: str
    at_s: float
    lasts_s: float
    number: int

    def __str__(self) -> str:
        lasting = "" if self.kind == "kill" else f" {self.lasts_s:.1f}s"
        return f"{self.kind} {self.target}{lasting}"

    @property
    def hits_gateway(self) -> bool:
        """Whether clients may lose their connections by it."""
        return self.target in {"gateway", "client-gateway"}


def drawn(seed: int, each: int, within_s: float, *, may_fill: bool) -> Iterator[list[Fault]]:
    """Give the faults of one round after the other, without end. All cards are drawn before one is drawn again."""
    chance = random.Random(seed)

    def cards() -> Iterator[tuple[str, str]]:
        while True:
            deck = [*CARDS, FILL] if may_fill else [*CARDS]
            chance.shuffle(deck)
            yield from deck

    endless = cards()
    while True:
        faults = [_fault(chance, *card, within_s) for card in islice(endless, each)]
        yield sorted(faults, key=lambda fault: fault.at_s)


def _fault(chance: random.Random, kind: str, target: str, within_s: float) -> Fault:
    replica = chance.choice(REPLICAS)
    named = {
        "generation": f"generation-{replica}",
        "rendering": f"rendering-{replica}",
        "worker": f"worker-{replica}",
        "forkserver": f"forkserver-{replica}",
        "gateway-generation": f"gateway-generation-{replica}",
        "gateway-rendering": f"gateway-rendering-{replica}",
        "rendering-generation": f"rendering-generation-{replica}",
        "generation-mongodb": f"generation-{replica}-mongodb",
    }
    at_s, lasts_s = chance.uniform(0.5, within_s), chance.uniform(1, LONGEST_S)
    return Fault(kind, named.get(target, target), at_s, lasts_s, chance.randrange(1000))


@dataclass(slots=True)
class Weather:
    """When what was wrong, on the clock of `time.monotonic`; `calm_at` is when all was well again."""

    began: dict[Fault, float] = field(default_factory=dict)
    calm_at: float = float("inf")
    missed: set[Fault] = field(default_factory=set)  # those whose process was not there

    def is_rough(self, since: float, until: float) -> bool:
        """Say whether anything was wrong between two moments."""
        return any(began <= until for began in self.began.values()) and since <= self.calm_at

    def is_gateway_hit(self, since: float, until: float) -> bool:
        """Say whether clients' connections may have broken between two moments."""
        hits = [began for fault, began in self.began.items() if fault.hits_gateway]
        return any(began <= until for began in hits) and since <= self.calm_at


async def strike(faults: list[Fault], layout: Layout, weather: Weather) -> None:
    """Let the faults happen, each at its time, and undo what can be undone."""
    began = time.monotonic()

    async def one(fault: Fault) -> None:
        await asyncio.sleep(began + fault.at_s - time.monotonic())
        weather.began[fault] = time.monotonic()
        try:
            await _do(fault, layout)
        except (TimeoutError, psutil.NoSuchProcess):
            weather.missed.add(fault)

    await asyncio.gather(*map(one, faults))


async def _do(fault: Fault, layout: Layout) -> None:
    if fault.kind == "kill":
        (await _process(fault, layout)).kill()
    elif fault.kind == "pause":
        process = await _process(fault, layout)
        process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(fault.lasts_s)
        with suppress(psutil.NoSuchProcess):  # another fault killed it meanwhile
            process.send_signal(signal.SIGCONT)
    elif fault.kind == "fill":
        await _fill(fault, layout)
    else:
        link = layout.links[fault.target]
        WAYS[fault.kind](link)
        await asyncio.sleep(fault.lasts_s)
        link.heal()


async def _process(fault: Fault, layout: Layout) -> psutil.Process:
    kind, _, replica = fault.target.partition("-")
    if kind == "worker":
        return await layout.parts[f"generation-{replica}"].worker(fault.number)
    if kind == "forkserver":
        return await layout.parts[f"generation-{replica}"].forkserver()
    return await layout.parts[fault.target].main()


async def _fill(fault: Fault, layout: Layout) -> None:
    """Fill MongoDB's disk and have it write, which it refuses or dies of; then give the room back."""
    await asyncio.to_thread(_command, layout.mongodb, _begin_anew)
    layout.disk.fill()
    try:
        until = time.monotonic() + fault.lasts_s
        while time.monotonic() < until:
            await asyncio.to_thread(_command, layout.mongodb, _grow)
            await asyncio.sleep(POKE_EVERY_S)
    finally:
        layout.disk.free()


def _command(uri: str, work: Callable[[MongoClient[Any]], None]) -> None:
    mongo = MongoClient[Any](uri, serverSelectionTimeoutMS=500, timeoutMS=1000)
    with mongo, suppress(PyMongoError):
        work(mongo)


def _begin_anew(mongo: MongoClient[Any]) -> None:
    """Make the collection that shall grow: a new one could not be made on a full disk."""
    mongo.filler.drop_collection("fillers")
    mongo.filler.fillers.insert_one({})


def _grow(mongo: MongoClient[Any]) -> None:
    mongo.filler.fillers.insert_many([{"bytes": os.urandom(FILLER_BYTES)} for _ in range(FILLERS)])
    mongo.admin.command("fsync")
