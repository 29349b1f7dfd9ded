"""Supervised process of a stack, with everything that it starts itself."""

import asyncio
import logging
import os
import signal
import time
from asyncio.subprocess import DEVNULL, Process
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from services.cli.errors import CommandFailed
from services.cli.stack.process_reaper import ProcessReaper
from services.cli.stack.reaper_main import send
from services.runtime.shown_text import shown

log = logging.getLogger("daybook.up")

DEATHS_ALLOWED = 5
DEATHS_WITHIN_S = 60.0
TAIL_BYTES = 4096  # of a log, within which its last line begins
MOST_WORDS = 300  # characters of that line
FIRST_PAUSE_S = 0.25  # doubles with each death of the last minute


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """Command, environment, log and health check of a part of the stack, and its share of the time to stop.

    The parts behind it wait for its health when it `starts_first`.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    is_healthy: Callable[[], Awaitable[bool]]
    stop_within_s: float
    starts_first: bool = False


class SupervisedProcess:
    """Keeps one process running in its own session until it is stopped."""

    def __init__(self, spec: ProcessSpec, reaper: ProcessReaper, lock: int) -> None:
        self.spec = spec
        self._reaper = reaper
        self._lock = lock  # inherited by the process, so that the lock is free when all are gone
        self._stopping = asyncio.Event()
        self._deaths: deque[float] = deque(maxlen=DEATHS_ALLOWED)

    def stop(self) -> None:
        """Ask `run` to end the process and return."""
        self._stopping.set()

    async def run(self) -> None:
        """Run the process, again after each death with growing pauses, until stopped.

        Raises CommandFailed on the fifth death within a minute, or when the program cannot be started.
        """
        while not self._stopping.is_set():
            process = await self._start()
            try:
                await self._ended_or_stopping(process)
            finally:
                send(process.pid, signal.SIGKILL)  # its workers, and itself when it took too long
                await process.wait()
                self._reaper.remove(process.pid)
            if not self._stopping.is_set():
                await self._pause_after_death(process.returncode)

    async def _start(self) -> Process:
        spec = self.spec
        with spec.log.open("ab") as out:
            try:
                process = await asyncio.create_subprocess_exec(
                    *spec.command,
                    stdin=DEVNULL,
                    stdout=out,
                    stderr=out,
                    env={**os.environ, **spec.environment},
                    start_new_session=True,
                    pass_fds=(self._lock,),
                )
            except OSError as error:
                raise CommandFailed(f"cannot start {spec.name}: {error}") from error
        self._reaper.add(process.pid)
        log.info("%s started, pid %d", spec.name, process.pid)
        return process

    async def _ended_or_stopping(self, process: Process) -> None:
        """Return when the process ended by itself, or was told to stop and ended or used up its time."""
        ended = asyncio.ensure_future(process.wait())
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                send(process.pid, signal.SIGTERM)
                await asyncio.wait({ended}, timeout=self.spec.stop_within_s)
                log.info("%s %s", self.spec.name, "stopped" if ended.done() else "did not stop in time and is killed")
        finally:
            stopping.cancel()
            ended.cancel()

    async def _pause_after_death(self, code: int | None) -> None:
        now = time.monotonic()
        self._deaths.append(now)
        recent = sum(now - death < DEATHS_WITHIN_S for death in self._deaths)
        if recent >= DEATHS_ALLOWED:
            raise CommandFailed(f"{self.spec.name} ended {recent} times within a minute: {last_line(self.spec.log)}")
        pause_s = FIRST_PAUSE_S * 2 ** (recent - 1)
        log.warning("%s ended with code %s, starts again in %.2f s", self.spec.name, code, pause_s)
        with suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self._stopping.wait()


def last_line(log_file: Path) -> str:
    """Return the last line of a log, in which a service says why it cannot start, and where it stands."""
    with suppress(OSError), log_file.open("rb") as source:
        source.seek(max(log_file.stat().st_size - TAIL_BYTES, 0))
        lines = source.read().decode(errors="replace").split("\n")
        said = next((line for line in reversed(lines) if line.strip()), "")
        if said and not said.startswith("{"):  # a plain line, not one of the log
            return f"{shown(said, MOST_WORDS)} (see {shown(log_file)})"
    return f"see {shown(log_file)}"
