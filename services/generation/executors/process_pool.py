"""Executor of units of work in a pool of processes (design §5)."""

import asyncio
import atexit
import logging
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import wait
from typing import TypeVar

from services.generation.executors.unit_process import ended_after, interrupted_after, portable
from services.generation.reporting.units import UnitLost, UnitTooLong

log = logging.getLogger("daybook.pool")

PRELOAD = "services.generation.executors.preload"
MAX_DEATHS = 3
GRACE_S = 5.0  # between asking a unit to stop and ending its worker
UNIT_S = 600.0
MAX_FOLDER_LENGTH = 70
RESTART_S = 0.1
NICENESS = 5  # of workers: calls are answered before the next sheet is computed

Unit = TypeVar("Unit")
Result = TypeVar("Result")


class WorkerNotStarted(Exception):
    """The forkserver died, or the system has no room for another process."""


class _Pool(ProcessPoolExecutor):
    """Pool whose `submit` raises WorkerNotStarted where it cannot start a worker for the unit."""

    def _adjust_process_count(self) -> None:
        try:
            super()._adjust_process_count()
        except (OSError, EOFError) as error:  # the next start finds a dead forkserver and begins another one
            raise WorkerNotStarted(str(error)) from error


class ProcessPool:
    """Fills the port Executor.

    A dead worker breaks the whole pool: it is rebuilt, and the pending units run one at a time, so that only a unit
    that kills its worker by itself is counted. A worker that cannot be started costs a unit nothing: it waits for one.
    """

    def __init__(self, workers: int, preload: str, unit_s: float = UNIT_S) -> None:
        self._workers = workers
        self._unit_s = unit_s
        _keep_socket_path_short()
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([preload])
        self._pool = self._new_pool()
        self._running = 0  # units running side by side
        self._suspects = 0  # units waiting to run alone, or running so
        self._alone = asyncio.Lock()
        self._waiters: list[asyncio.Future[None]] = []
        self._closed = False

    @property
    def at_once(self) -> int:
        """Number of units that run side by side."""
        return self._workers

    async def warm_up(self) -> None:
        """Start the first worker, off the event loop, because its modules take a second to load."""
        with suppress(BrokenProcessPool, WorkerNotStarted):  # the first unit meets the same error
            future = await asyncio.to_thread(self._pool.submit, abs, 0)
            await asyncio.wrap_future(future)

    async def run(self, work: Callable[[Unit], Result], unit: Unit) -> Result:
        """Return the result of the work for the unit.

        Raises UnitLost when it kills three workers while it runs alone, and UnitTooLong when it takes too long three
        times.
        """
        for _ in range(MAX_DEATHS):
            with suppress(UnitTooLong):
                try:
                    return await self._run_shared(work, unit)
                except BrokenProcessPool:
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
                    with suppress(BrokenProcessPool, UnitTooLong):
                        return await self._submit(work, unit)
                raise UnitTooLong if time.monotonic() - began >= self._unit_s else UnitLost
        finally:
            self._suspects -= 1
            self._notify()

    async def _submit(self, work: Callable[[Unit], Result], unit: Unit) -> Result:
        while not self._closed:
            pool = self._pool
            try:
                return await _result(pool.submit(_timed, work, unit, self._unit_s))
            except BrokenProcessPool:
                if not self._closed:
                    self._replace(pool, "a worker died")
                    raise
            except WorkerNotStarted as error:
                self._replace(pool, f"a worker could not be started: {error}")
                await asyncio.sleep(RESTART_S)
        never: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        return await never  # closed: the caller is about to be cancelled

    def _replace(self, broken: ProcessPoolExecutor, why: str) -> None:
        if self._pool is broken:
            log.warning("%s, the pool is rebuilt", why)
            self._pool = self._new_pool()
            broken.shutdown(wait=False)

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

    def _new_pool(self) -> ProcessPoolExecutor:
        return _Pool(self._workers, mp_context=self._context, initializer=_begin_worker)

    def close(self) -> None:
        """End the workers at once; calls of `run` wait until they are cancelled."""
        self._closed = True
        processes = list((self._pool._processes or {}).values())  # noqa: SLF001 - no public way before Python 3.14
        self._pool.shutdown(wait=False)
        for process in processes:
            process.kill()  # breaks the pool, which ends all units that are still in it


def _keep_socket_path_short() -> None:
    """Set a short folder for the sockets of multiprocessing, because a Unix socket's path has at most 108 bytes."""
    if len(os.fsencode(tempfile.gettempdir())) > MAX_FOLDER_LENGTH:
        folder = tempfile.mkdtemp(prefix="daybook-", dir="/tmp")
        multiprocessing.current_process()._config["tempdir"] = folder  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


async def _result(future: Future[Result]) -> Result:
    """Wait for a future. When cancelled, take the unit out of the queue, or wait until its worker has stopped."""
    try:
        return await asyncio.wrap_future(future)
    except asyncio.CancelledError:
        if not future.cancel():
            await asyncio.wait([stopped := asyncio.wrap_future(future)])
            stopped.exception()  # retrieved, so that asyncio does not log it
        raise


def _timed(work: Callable[[Unit], Result], unit: Unit, unit_s: float) -> Result:
    """Run the work in a worker, whose main thread is interrupted after the limit and ended when it goes on."""
    with ended_after(unit_s + min(unit_s, GRACE_S)), interrupted_after(unit_s):
        return portable(work, unit)


def _begin_worker() -> None:
    """Lower the priority of a new worker, ignore interrupts, and end the worker when its parent dies."""
    os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - only worker processes run this

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent watch").start()
