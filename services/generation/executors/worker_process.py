"""Worker process that runs one unit of work at a time, and is started off the event loop."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from typing import TypeVar

START_S = 60.0  # then the forkserver hangs, and is killed
FORKSERVER_END_S = 0.5  # its pipes may be closed a moment before it has ended
LOOK_S = 0.01
NICENESS = 5  # of workers: calls are answered before the next sheet is computed

Result = TypeVar("Result")


class WorkerDied(Exception):
    """The worker ended while it ran the unit."""


class WorkerLost(Exception):
    """The worker could not be started, was dead before the unit began, or its forkserver died: not the unit's fault."""


class WorkerProcess:
    """A process that is started by its first unit, and started again by the next one after its death."""

    def __init__(self, context: ForkServerContext) -> None:
        self._context = context
        self._starting: asyncio.Task[None] | None = None
        self._executor: ProcessPoolExecutor | None = None
        self._process: BaseProcess | None = None
        self._forkserver_pid = 0
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The id of the process, None when it was not started or its death is known."""
        return self._process.pid if self._process is not None else None

    async def start(self) -> None:
        """Start the process unless it runs. Raises WorkerLost."""
        if self._executor is not None:
            return
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(self._end_starting)
        await asyncio.shield(self._starting)  # it goes on when this call is cancelled, for the next one

    async def run(self, work: Callable[..., Result], *arguments: object) -> Result:
        """Return the result of the work. Errors of the work are raised as they are.

        Raises WorkerDied and WorkerLost. A cancelled call returns after the work has ended.
        """
        await self.start()
        if self._executor is None:
            raise WorkerLost("it is closed")
        try:
            future = self._executor.submit(work, *arguments)
        except BrokenProcessPool as error:
            self._discard()
            raise WorkerLost("it died before its unit came") from error
        try:
            return await result_of(future)
        except BrokenProcessPool as error:
            is_platforms_fault = await _ends_soon(self._forkserver_pid)
            self._discard()
            if is_platforms_fault:
                raise WorkerLost("the forkserver died") from error
            raise WorkerDied from error

    def close(self) -> None:
        """Kill the process, and one that is still being started as soon as it is there."""
        self._closed = True
        self._discard()

    async def _start(self) -> None:
        """Start a process. A forkserver that was killed meanwhile, or has no room for it, is told by an OSError."""
        executor = ProcessPoolExecutor(1, mp_context=self._context, initializer=_begin_worker)
        starting = asyncio.ensure_future(_in_thread(lambda: executor.submit(os.getppid).result()))
        try:
            await asyncio.wait({starting}, timeout=START_S)
            if not starting.done():
                _kill_forkserver()
            self._forkserver_pid = await starting
        except (OSError, EOFError, BrokenProcessPool) as error:
            executor.shutdown(wait=False)
            raise WorkerLost(f"it could not be started: {type(error).__name__}: {error}") from error
        self._executor = executor
        self._process = next(iter(executor._processes.values()), None)  # noqa: SLF001 - no public way before Python 3.14
        if self._closed:
            self._discard()

    def _end_starting(self, starting: asyncio.Task[None]) -> None:
        self._starting = None
        if not starting.cancelled():
            starting.exception()  # retrieved, so that asyncio does not log it

    def _discard(self) -> None:
        executor, self._executor = self._executor, None
        process, self._process = self._process, None
        if executor is not None:
            executor.shutdown(wait=False)
        if process is not None and process.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)


async def result_of(future: Future[Result]) -> Result:
    """Wait for a future. When cancelled, take the unit out of the queue, or wait until its worker has stopped."""
    try:
        return await asyncio.wrap_future(future)
    except asyncio.CancelledError:
        if not future.cancel():
            await asyncio.wait([stopped := asyncio.wrap_future(future)])
            stopped.exception()  # retrieved, so that asyncio does not log it
        raise


async def _in_thread(work: Callable[[], Result]) -> Result:
    """Run work in a thread that does not keep the program from ending: a forkserver may hang for ever."""
    done: Future[Result] = Future()
    done.set_running_or_notify_cancel()  # a result that is no longer awaited can be set, too

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised by the caller
            done.set_exception(error)

    threading.Thread(target=run, daemon=True, name="worker start").start()
    return await asyncio.wrap_future(done)


async def _ends_soon(pid: int) -> bool:
    """Return whether a child process has ended, or does so within a moment."""
    for _ in range(round(FORKSERVER_END_S / LOOK_S)):
        if _has_ended(pid):
            return True
        await asyncio.sleep(LOOK_S)
    return False


def _has_ended(pid: int) -> bool:
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:  # multiprocessing has noticed, and started another one
        return True


def _kill_forkserver() -> None:
    pid = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


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
