"""Running a whole stack: its parts up in order, watched, and down in the opposite order."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from services.cli.failure import CommandFailed
from services.cli.settings import StackSettings
from services.cli.stack.broom import Broom
from services.cli.stack.data_dir import Addresses, DataDir
from services.cli.stack.locks import try_lock
from services.cli.stack.orphans import lock_parts
from services.cli.stack.own_mongodb import require_mongodb
from services.cli.stack.part import Part, Plan
from services.cli.stack.plan import WantedPorts, addresses_of, plans, take_ports

POLL_S = 0.05

WhileUp = Callable[[Addresses], Awaitable[None]]


class Stack:
    """The parts of a stack in the order of their start."""

    def __init__(self, parts: Sequence[Part], start_within_s: float) -> None:
        self._parts = parts
        self._start_within_s = start_within_s
        self._runs: list[tuple[Part, asyncio.Task[None]]] = []

    async def start(self) -> None:
        """Start the parts, each when the one before is healthy. Raises CommandFailed when one is not in time."""
        for part in self._parts:
            run = asyncio.create_task(part.run())
            self._runs.append((part, run))
            await self._wait_until_healthy(part.plan)

    async def watch(self) -> None:
        """Wait for a part that is given up. Raises its CommandFailed."""
        while self._runs:
            await asyncio.wait([run for _, run in self._runs], return_when=asyncio.FIRST_COMPLETED)
            self._raise_given_up()

    async def stop(self) -> None:
        """End the parts, the last one first."""
        while self._runs:
            part, run = self._runs.pop()
            part.stop()
            with suppress(CommandFailed):  # a part that was given up is down already
                await run

    async def _wait_until_healthy(self, plan: Plan) -> None:
        try:
            async with asyncio.timeout(self._start_within_s):
                while not await plan.is_healthy():
                    self._raise_given_up()
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            limit = f"{self._start_within_s:g} s"
            raise CommandFailed(f"{plan.name} did not become healthy within {limit}: see {plan.log}") from None

    def _raise_given_up(self) -> None:
        for _, run in self._runs:
            if run.done():
                run.result()


async def run_stack(data_dir: DataDir, wanted: WantedPorts, settings: StackSettings, while_up: WhileUp) -> None:
    """Run a stack for as long as `while_up` takes, which is called when all is healthy.

    Cancelling it takes everything down in order, too. Raises CommandFailed when another stack runs on the data
    directory, when a port is taken, when the operator token is unfit, when a MongoDB server of one's own cannot be
    reached, when a part is not healthy in time, and when one is given up.
    """
    data_dir.make()
    up_lock = try_lock(data_dir.up_lock)
    if up_lock is None:
        raise CommandFailed(f"another daybook up runs on {data_dir.path}")
    try:
        parts_lock = await lock_parts(data_dir)
        try:
            await _run_locked(data_dir, wanted, settings, while_up, parts_lock)
        finally:
            os.close(parts_lock)
    finally:
        os.close(up_lock)


async def _run_locked(
    data_dir: DataDir, wanted: WantedPorts, settings: StackSettings, while_up: WhileUp, parts_lock: int
) -> None:
    data_dir.retract()  # what a killed stack left behind
    ports = take_ports(wanted, settings)
    try:
        token = data_dir.keep_operator_token(settings.operator_token)
        if settings.mongodb_uri:
            await require_mongodb(settings.mongodb_uri)
        planned = plans(data_dir, ports, settings, token)
        for plan in planned:
            data_dir.rotate_log(plan.name)
        async with Broom(data_dir.parts_file) as broom:
            stack = Stack([Part(plan, broom, parts_lock) for plan in planned], settings.start_within_s)
            try:
                await stack.start()
                addresses = addresses_of(ports, settings)
                data_dir.publish(addresses, settings.grpc_tls)
                await _first_of(stack.watch(), while_up(addresses))
            finally:
                data_dir.retract()
                await stack.stop()
    finally:
        ports.close()


async def _first_of(*works: Awaitable[None]) -> None:
    """Return or raise as the first of the works does, and cancel the others."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
