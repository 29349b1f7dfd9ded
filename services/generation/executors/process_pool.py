"""Executor of units of work in a pool of processes (design §5)."""

import asyncio
import atexit
import logging
import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from services.generation.executors.unit_process import ended_after, interrupted_after, portable
from services.generation.executors.worker_process import WorkerDied, WorkerLost, WorkerProcess
from services.generation.reporting.units import UnitLost, UnitTooLong

log = logging.getLogger("daybook.pool")

PRELOAD = "services.generation.executors.preload"
MAX_DEATHS = 3
GRACE_S = 5.0  # between asking a unit to stop and ending its worker
UNIT_S = 600.0
MAX_FOLDER_LENGTH = 70
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0  # before a unit whose worker was lost gets another one; it doubles

Unit = TypeVar("Unit")
Result = TypeVar("Result")


class ProcessPool:
    """Fills the port Executor.

    A unit whose worker died runs again while no other unit does: what it took too much of, such as memory, may have
    been taken by others. Only the deaths of a worker by its unit alone count. A worker that is lost otherwise costs its
    unit nothing. A unit that takes too long is tried so often in all.
    """

    def __init__(self, workers: int, preload: str, unit_s: float = UNIT_S, tries: int = MAX_DEATHS) -> None:
        self._unit_s = unit_s
        self._tries = tries
        _keep_socket_path_short()
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([preload])
        self._workers = [WorkerProcess(context) for _ in range(workers)]
        self._idle = [*self._workers]  # the one that was used last is used next
        self._free = asyncio.Semaphore(workers)
        self._running = 0  # units running side by side
        self._suspects = 0  # units waiting to run alone, or running so
        self._alone = asyncio.Lock()
        self._waiters: list[asyncio.Future[None]] = []
        self._closed = False

    @property
    def at_once(self) -> int:
        """Number of units that run side by side."""
        return len(self._workers)

    async def warm_up(self) -> None:
        """Start the first worker, off the event loop, because its modules take a second to load."""
        with suppress(WorkerLost):  # the first unit meets the same error
            await self._idle[-1].start()

    async def run(self, work: Callable[[Unit], Result], unit: Unit) -> Result:
        """Return the result of the work for the unit.

        Raises UnitLost when it kills three workers while it runs alone, and UnitTooLong when it takes too long as often
        as it is tried.
        """
        for _ in range(self._tries):
            with suppress(UnitTooLong):
                try:
                    return await self._run_shared(work, unit)
                except WorkerDied:
                    break
        else:
            raise UnitTooLong
        return await self._run_alone(work, unit)

    async def _run_shared(self, work: Callable[[Unit], Result], unit: Unit) -> Result:
        await self._until(lambda: not self._suspects)
        self._running += 1
        try:
            return await self._submit(work, unit)
        finally:
            self._running -= 1
            self._notify()

    async def _run_alone(self, work: Callable[[Unit], Result], unit: Unit) -> Result:
        self._suspects += 1
        try:
            async with self._alone:
                await self._until(lambda: not self._running)
                for _ in range(MAX_DEATHS):
                    began = time.monotonic()
                    with suppress(WorkerDied, UnitTooLong):
                        return await self._submit(work, unit)
                raise UnitTooLong if time.monotonic() - began >= self._unit_s else UnitLost
        finally:
            self._suspects -= 1
            self._notify()

    async def _submit(self, work: Callable[[Unit], Result], unit: Unit) -> Result:
        pause_s = FIRST_PAUSE_S
        while not self._closed:
            try:
                return await self._run_in_worker(work, unit)
            except WorkerDied:
                if not self._closed:
                    log.warning("a worker died")
                    raise
            except WorkerLost as error:
                log.warning("a worker was lost: %s", error)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        never: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        return await never  # closed: the caller is about to be cancelled

    async def _run_in_worker(self, work: Callable[[Unit], Result], unit: Unit) -> Result:
        async with self._free:
            worker = self._idle.pop()
            try:
                return await worker.run(_timed, work, unit, self._unit_s)
            finally:
                self._idle.append(worker)

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter

    def _notify(self) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def close(self) -> None:
        """End the workers at once; calls of `run` wait until they are cancelled."""
        self._closed = True
        for worker in self._workers:
            worker.close()


def _keep_socket_path_short() -> None:
    """Set a short folder for the sockets of multiprocessing, because a Unix socket's path has at most 108 bytes."""
    if len(os.fsencode(tempfile.gettempdir())) > MAX_FOLDER_LENGTH:
        folder = tempfile.mkdtemp(prefix="daybook-", dir="/tmp")
        multiprocessing.current_process()._config["tempdir"] = folder  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


def _timed(work: Callable[[Unit], Result], unit: Unit, unit_s: float) -> Result:
    """Run the work in a worker, whose main thread is interrupted after the limit and ended when it goes on."""
    with ended_after(unit_s + min(unit_s, GRACE_S)), interrupted_after(unit_s):
        return portable(work, unit)
