"""Supervisor of a stack: starts its processes, watches them, and stops them in the opposite order."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from types import MappingProxyType

from services.cli.errors import CommandFailed
from services.cli.settings import StackSettings
from services.cli.stack.data_dir import Addresses, DataDir
from services.cli.stack.data_dir_lock import lock_parts, try_lock
from services.cli.stack.external_mongodb import require_mongodb
from services.cli.stack.log_files import MEBIBYTE, LogFiles
from services.cli.stack.mongodb_user import is_made, make_user, private_folder, private_server
from services.cli.stack.process import ProcessSpec, SupervisedProcess
from services.cli.stack.process_reaper import ProcessReaper
from services.cli.stack.process_specs import WantedPorts, addresses_of, process_specs, take_ports

POLL_S = 0.05

WhileUp = Callable[[Addresses], Awaitable[None]]


class Stack:
    """The parts of a stack in the order of their start."""

    def __init__(self, parts: Sequence[SupervisedProcess], start_within_s: float) -> None:
        self._parts = parts
        self._start_within_s = start_within_s
        self._runs: list[tuple[SupervisedProcess, asyncio.Task[None]]] = []

    async def start(self) -> None:
        """Start the parts and return when all are healthy.

        A part that starts first is waited for before the others start. Raises CommandFailed when a part is not healthy
        in time.
        """
        for part in self._parts:
            self._runs.append((part, asyncio.create_task(part.run())))
            if part.spec.starts_first:
                await self._wait_until_healthy(part.spec)
        for part in self._parts:
            await self._wait_until_healthy(part.spec)

    async def watch(self) -> None:
        """Wait for a part that is given up, and raise its CommandFailed."""
        while self._runs:
            await asyncio.wait([run for _, run in self._runs], return_when=asyncio.FIRST_COMPLETED)
            self._raise_given_up()

    async def stop(self) -> None:
        """End the parts in the opposite order of their start."""
        while self._runs:
            part, run = self._runs.pop()
            part.stop()
            with suppress(CommandFailed):  # a part that was given up is down already
                await run

    async def _wait_until_healthy(self, spec: ProcessSpec) -> None:
        try:
            async with asyncio.timeout(self._start_within_s):
                while not await spec.is_healthy():
                    self._raise_given_up()
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            limit = f"{self._start_within_s:g} s"
            raise CommandFailed(f"{spec.name} did not become healthy within {limit}: see {spec.log}") from None

    def _raise_given_up(self) -> None:
        for _, run in self._runs:
            if run.done():
                run.result()


async def run_stack(
    data_dir: DataDir,
    wanted: WantedPorts,
    settings: StackSettings,
    while_up: WhileUp,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Run a stack for as long as `while_up` takes, which is called when all is healthy.

    `environment` holds more variables of the services. Cancelling it takes everything down in order, too. Raises
    CommandFailed when another stack runs on the data directory, when a port is taken, when the operator token is unfit,
    when an external MongoDB server cannot be reached, when a part is not healthy in time, and when one is given up.
    """
    data_dir.make()
    up_lock = try_lock(data_dir.up_lock)
    if up_lock is None:
        raise CommandFailed(f"another daybook up runs on {data_dir.path}")
    try:
        parts_lock = await lock_parts(data_dir)
        try:
            await _run_locked(data_dir, wanted, settings, while_up, parts_lock=parts_lock, environment=environment)
        finally:
            os.close(parts_lock)
    finally:
        os.close(up_lock)


async def _run_locked(
    data_dir: DataDir,
    wanted: WantedPorts,
    settings: StackSettings,
    while_up: WhileUp,
    *,
    parts_lock: int,
    environment: Mapping[str, str],
) -> None:
    data_dir.retract()  # what a killed stack left behind
    ports = take_ports(wanted, settings)
    try:
        token = data_dir.keep_operator_token(settings.operator_token)
        if settings.mongodb_uri:
            await require_mongodb(settings.mongodb_uri)
        specs = process_specs(data_dir, ports, settings, token, environment)
        logs = LogFiles(settings.log_files, int(settings.log_file_mb * MEBIBYTE))
        files = [data_dir.log("up"), *(spec.log for spec in specs)]
        for file in files:
            logs.trim(file)
        async with ProcessReaper(data_dir.parts_file) as reaper:
            if not settings.mongodb_uri:
                await make_mongodb_user(data_dir, settings, partial(SupervisedProcess, reaper=reaper, lock=parts_lock))
            stack = Stack([SupervisedProcess(spec, reaper, parts_lock) for spec in specs], settings.start_within_s)
            bounding = asyncio.create_task(logs.keep_bounded(files))
            try:
                await stack.start()
                addresses = addresses_of(ports, settings)
                data_dir.publish(addresses, settings.grpc_tls)
                await _first_of(stack.watch(), while_up(addresses))
            finally:
                data_dir.retract()
                await stack.stop()
                bounding.cancel()
                await asyncio.gather(bounding, return_exceptions=True)
    finally:
        ports.close()


async def make_mongodb_user(
    data_dir: DataDir, settings: StackSettings, supervised: Callable[[ProcessSpec], SupervisedProcess]
) -> None:
    """Make the user of the embedded server, unless its data holds it. Raises CommandFailed."""
    password = data_dir.mongodb_password()
    if is_made(data_dir, password):
        return
    with private_folder() as folder:
        server = Stack(
            [supervised(private_server(data_dir, folder, settings.mongod_cache_gb))], settings.start_within_s
        )
        try:
            await server.start()
            await make_user(data_dir, folder, password)
        finally:
            await server.stop()


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
