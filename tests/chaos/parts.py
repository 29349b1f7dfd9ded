"""The processes of a stack: started, started again when they die, killed and stopped."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from services.cli.stack.process_reaper import ProcessReaper
from services.cli.stack.reaper_main import send

PAUSE_S = 0.25
ALIVE_WITHIN_S = 120.0


class Family:
    """A process with those that it starts."""

    __slots__ = ()

    def found(self) -> psutil.Process | None:
        """Return the process itself, None while it has none."""
        raise NotImplementedError

    async def main(self) -> psutil.Process:
        """Return the process itself, when it has one. Raises TimeoutError."""
        async with asyncio.timeout(ALIVE_WITHIN_S):
            while True:
                if (process := self.found()) is not None:
                    return process
                await asyncio.sleep(PAUSE_S)

    async def forkserver(self) -> psutil.Process:
        """Return the process that starts the workers. Raises TimeoutError."""
        async with asyncio.timeout(ALIVE_WITHIN_S):
            while True:
                for one in _children(await self.main()):
                    with suppress(psutil.NoSuchProcess):
                        if any("forkserver" in word for word in one.cmdline()):
                            return one
                await asyncio.sleep(PAUSE_S)

    async def worker(self, number: int) -> psutil.Process:
        """Return one of the processes that compute, whichever the number falls on. Raises TimeoutError."""
        async with asyncio.timeout(ALIVE_WITHIN_S):
            while True:
                if found := _children(await self.forkserver()):
                    return found[number % len(found)]
                await asyncio.sleep(PAUSE_S)

    def everything(self) -> list[psutil.Process]:
        """Return the process with all that came from it, the oldest first."""
        process = self.found()
        try:
            return [] if process is None else [process, *process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []


@dataclass(slots=True)
class Part(Family):
    """One process in a session of its own, with what it starts itself. One that ends in order is given the time for it.

    Environment and log are as told; the reaper ends it when this program is killed.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    reaper: ProcessReaper
    ends_within_s: float = 0
    process: Process | None = field(default=None, init=False)

    async def run(self) -> None:
        """Run the process, again after each death, until cancelled."""
        while True:
            process = await self._start()
            try:
                await process.wait()
            finally:
                await self._end(process)
            await asyncio.sleep(PAUSE_S)

    async def _start(self) -> Process:
        with self.log.open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=DEVNULL,
                stdout=out,
                stderr=out,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )
        self.reaper.add(process.pid)
        self.process = process
        return process

    async def _end(self, process: Process) -> None:
        if process.returncode is None and self.ends_within_s:
            send(process.pid, signal.SIGTERM)
            with suppress(TimeoutError):
                async with asyncio.timeout(self.ends_within_s):
                    await process.wait()
        send(process.pid, signal.SIGKILL)
        await process.wait()
        self.reaper.remove(process.pid)
        self.process = None

    def found(self) -> psutil.Process | None:
        """Return the process itself, None while it has none."""
        return None if self.process is None else _process(self.process.pid)


@dataclass(frozen=True, slots=True)
class Child(Family):
    """A process that another part started and starts again, known by the last word of its command or its name."""

    parent: Part
    known_by: str

    def found(self) -> psutil.Process | None:
        """Return the process itself, None while it has none."""
        parent = self.parent.found()
        for one in [] if parent is None else _children(parent):
            with suppress(psutil.NoSuchProcess):
                if self.known_by in {one.name(), (one.cmdline() or [""])[-1]}:
                    return one
        return None


def _process(pid: int) -> psutil.Process | None:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid)
    return None


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return sorted(process.children(), key=lambda one: one.pid)
    except psutil.NoSuchProcess:
        return []


async def end_all(runs: Sequence[asyncio.Task[None]]) -> None:
    """End the runs of parts, and with them their processes."""
    for run in runs:
        run.cancel()
    await asyncio.gather(*runs, return_exceptions=True)
