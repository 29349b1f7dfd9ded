"""Doing faults to a running stack, each at its time, and undoing what can be undone."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import psutil
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tests.chaos.faults import EVERYTHING, MAKER, Fault, Weather
from tests.chaos.layout import Layout
from tests.chaos.network_faults import Link

WAYS = {"cut": Link.cut, "hold": Link.hold, "delay": Link.delay}
POKE_EVERY_S = 0.25
FILLERS = 4
FILLER_BYTES = 1_000_000
MAKING_WITHIN_S = 10.0
POLL_S = 0.05


async def strike(faults: list[Fault], layout: Layout, weather: Weather) -> None:
    """Let the faults happen, each at its time, and undo what can be undone."""
    began = time.monotonic()

    async def one(fault: Fault) -> None:
        await asyncio.sleep(began + fault.at_s - time.monotonic())
        try:
            victims = await _victims(fault, layout)
        except (TimeoutError, psutil.NoSuchProcess):
            weather.missed.add(fault)
            return
        weather.began[fault] = time.monotonic()
        await DEEDS.get(fault.kind, _harm)(fault, layout, victims)
        weather.killed += len(victims) if fault.is_kill else 0

    await asyncio.gather(*map(one, faults))


async def _victims(fault: Fault, layout: Layout) -> list[psutil.Process]:
    """Return the processes that a fault is about. Raises TimeoutError and NoSuchProcess."""
    if fault.target == EVERYTHING:
        tops = [part for name, part in layout.parts.items() if name == "up" or "up" not in layout.parts]
        return [*dict.fromkeys(one for part in (*tops, layout.parts["mongodb"]) for one in part.everything())]
    if fault.target == MAKER:
        return [await layout.parts[await _maker(layout)].main()]
    kind, dash, replica = fault.target.partition("-")
    if kind in {"worker", "forkserver"}:
        family = layout.parts[f"generation{dash}{replica}"]
        return [await (family.worker(fault.number) if kind == "worker" else family.forkserver())]
    return [await layout.parts[fault.target].main()] if fault.target in layout.parts else []


async def _maker(layout: Layout) -> str:
    """Return the name of a generation service once it has a report in the making. Raises TimeoutError."""
    async with asyncio.timeout(MAKING_WITHIN_S):
        while True:
            workers: list[str] = []
            await asyncio.to_thread(_command, layout, partial(_tell_workers, workers))
            names = layout.named("generation")
            for worker in workers:
                return next((name for name in names if worker.startswith(f"{name}:")), names[-1])
            await asyncio.sleep(POLL_S)


def _tell_workers(workers: list[str], mongo: MongoClient[Any]) -> None:
    workers += [one["worker_id"] for one in mongo.daybook.reports.find({"state": "running"}, {"worker_id": 1})]


async def _kill(_fault: Fault, _layout: Layout, victims: list[psutil.Process]) -> None:
    for process in victims:
        with suppress(psutil.NoSuchProcess):
            process.kill()


async def _pause(fault: Fault, _layout: Layout, victims: list[psutil.Process]) -> None:
    for process in victims:
        with suppress(psutil.NoSuchProcess):
            process.suspend()
    try:
        await asyncio.sleep(fault.lasts_s)
    finally:
        for process in victims:
            with suppress(psutil.NoSuchProcess):  # another fault killed it meanwhile
                process.send_signal(signal.SIGCONT)


async def _stop_and_kill(fault: Fault, layout: Layout, victims: list[psutil.Process]) -> None:
    for process in victims:
        with suppress(psutil.NoSuchProcess):
            process.suspend()
    try:
        await asyncio.sleep(fault.lasts_s)
    finally:
        await _kill(fault, layout, victims)


async def _move_clock(fault: Fault, layout: Layout, _victims: list[psutil.Process]) -> None:
    clock = layout.clocks[fault.target]
    clock.move(fault.clock_s)
    try:
        await asyncio.sleep(fault.lasts_s)
    finally:
        clock.move(0)


async def _harm(fault: Fault, layout: Layout, _victims: list[psutil.Process]) -> None:
    link = layout.links[fault.target]
    WAYS[fault.kind](link)
    try:
        await asyncio.sleep(fault.lasts_s)
    finally:
        link.heal()


async def _fill(fault: Fault, layout: Layout, _victims: list[psutil.Process]) -> None:
    """Fill MongoDB's disk and have it write, which it refuses or dies of; then give the room back."""
    await asyncio.to_thread(_command, layout, _begin_anew)
    layout.disk.fill()
    try:
        until = time.monotonic() + fault.lasts_s
        while time.monotonic() < until:
            await asyncio.to_thread(_command, layout, _grow)
            await asyncio.sleep(POKE_EVERY_S)
    finally:
        layout.disk.free()


DEEDS: Mapping[str, Callable[[Fault, Layout, list[psutil.Process]], Any]] = {
    "kill": _kill,
    "pause": _pause,
    "stop and kill": _stop_and_kill,
    "clock": _move_clock,
    "fill": _fill,
}


def _command(layout: Layout, work: Callable[[MongoClient[Any]], object]) -> None:
    with suppress(PyMongoError, LookupError):
        mongo = MongoClient[Any](layout.database(), serverSelectionTimeoutMS=500, timeoutMS=1000)
        with mongo:
            work(mongo)


def _begin_anew(mongo: MongoClient[Any]) -> None:
    """Make the collection that shall grow: a new one could not be made on a full disk."""
    mongo.filler.drop_collection("fillers")
    mongo.filler.fillers.insert_one({})


def _grow(mongo: MongoClient[Any]) -> None:
    mongo.filler.fillers.insert_many([{"bytes": os.urandom(FILLER_BYTES)} for _ in range(FILLERS)])
    mongo.admin.command("fsync")
