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
ALIVE_WITHIN_S = 30.0


@dataclass(slots=True)
class Part:
    """One process in a session of its own, with what it starts itself."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    reaper: ProcessReaper
    starts: int = 0
    process: Process | None = field(default=None, init=False)

    async def run(self) -> None:
        """Run the process, again after each death, until cancelled."""
        while True:
            process = await self._start()
            try:
                await process.wait()
            finally:
                send(process.pid, signal.SIGKILL)
                await process.wait()
                self.reaper.remove(process.pid)
                self.process = None
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
        self.starts += 1
        return process

    async def main(self) -> psutil.Process:
        """Return the process itself, when it has one. Raises TimeoutError."""
        async with asyncio.timeout(ALIVE_WITHIN_S):
            while True:
                with suppress(psutil.NoSuchProcess):
                    if self.process is not None:
                        return psutil.Process(self.process.pid)
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


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return sorted(process.children(), key=lambda one: one.pid)
    except psutil.NoSuchProcess:
        return []
