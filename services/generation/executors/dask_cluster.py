"""Executor of units of work on a Dask cluster (design §5)."""

import asyncio
import itertools
import pickle
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from distributed import Client, Future, KilledWorker

from services.generation.executors.dask_connection import DaskConnection
from services.generation.executors.dask_worker import NotBegun, RemoteUnit, run_unit
from services.generation.reporting.units import ClusterAway, UnitLost, UnitTooLong, contract

MAX_DEATHS = 3
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 60.0  # after a run that was lost without the unit's fault; it doubles
POLL_S = 0.5

Unit = TypeVar("Unit")
Result = TypeVar("Result")


@dataclass(slots=True)
class _Run:
    """Submission of a unit: how often workers reported its beginning, and the moment of the first report."""

    number: int
    begun: int = 0
    begun_at: float = 0.0


class _Lost(Exception):
    """The cluster has lost the run, or runs it twice."""


class DaskCluster:
    """Fills the port Executor.

    Workers report the beginning of a unit, so that only deaths of workers that ran it count. Every run of a unit has a
    larger number than its earlier runs, which keeps an abandoned worker from replacing the parts of a later run.
    """

    def __init__(self, address: str, *, unit_s: float, wait_s: float, log_level: str = "INFO") -> None:
        self._connection = DaskConnection(address, wait_s, self._on_begun)
        self._unit_s = unit_s
        self._log_level = log_level
        self._name = secrets.token_hex(4)
        self._numbers = itertools.count(1)
        self._runs: dict[str, _Run] = {}
        self._closed = asyncio.Event()

    @asynccontextmanager
    async def connected(self) -> AsyncIterator["DaskCluster"]:
        """Keep the connection during the block, which begins whether the cluster is there or not."""
        keeper = asyncio.create_task(self._connection.keep())
        try:
            yield self
        finally:
            self.close()
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper

    @property
    def at_once(self) -> int:
        """Number of units that run side by side, as far as known."""
        return max(1, self._connection.threads)

    async def warm_up(self) -> None:
        """Do nothing, because workers start on their own."""

    async def run(self, work: Callable[[Unit], Result], unit: Unit) -> Result:
        """Return the result of the work for the unit.

        Raises UnitLost when it kills three workers, UnitTooLong when the last of them died of its time limit, and
        ClusterAway when the cluster is absent for too long. Runs that the cluster loses, or that no worker begins, cost
        a unit nothing.
        """
        content = pickle.dumps((work, unit))
        deaths, pause_s = 0, FIRST_PAUSE_S
        while True:
            run = _Run(next(self._numbers))
            try:
                result: Result = await self._run_once(run, content)
            except (KilledWorker, _Lost, NotBegun) as error:
                deaths += isinstance(error, KilledWorker) and run.begun > 0
            else:
                return result
            if deaths == MAX_DEATHS:
                too_long = time.monotonic() - run.begun_at >= self._unit_s
                raise UnitTooLong if too_long else UnitLost
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def close(self) -> None:
        """Withdraw all units from the cluster; calls of `run` wait until they are cancelled."""
        self._closed.set()

    async def _run_once(self, run: _Run, content: bytes) -> Any:
        client = await self._connection.client()
        run_id = f"{self._name}-{run.number}"
        remote = RemoteUnit(run_id, run.number, contract(), self._unit_s, self._log_level, content)
        self._runs[run_id] = run
        future = client.submit(run_unit, remote, pure=False, retries=0)
        waiting = asyncio.ensure_future(future.result())
        try:
            await self._until_over(client, run, waiting)
            return await _result_of(future, waiting)
        finally:
            del self._runs[run_id]
            future.release()
            await _end(waiting)

    async def _until_over(self, client: Client, run: _Run, waiting: asyncio.Future[Any]) -> None:
        """Wait for the end of a run; when cancelled, too, if a worker has begun it."""
        try:
            while not waiting.done():
                await self._poll(client, run, waiting)
        except asyncio.CancelledError:
            with suppress(_Lost, ClusterAway):
                while run.begun and not waiting.done() and not self._closed.is_set():
                    await self._poll(client, run, waiting)
            raise
        if run.begun > 1:
            raise _Lost  # the scheduler gave it to a second worker, and the first may still write under this number

    async def _poll(self, client: Client, run: _Run, waiting: asyncio.Future[Any]) -> None:
        if self._closed.is_set():
            await asyncio.get_running_loop().create_future()
        await asyncio.wait({waiting}, timeout=POLL_S)
        if not waiting.done() and (run.begun > 1 or not self._connection.has(client)):
            raise _Lost

    def _on_begun(self, run_id: str) -> None:
        run = self._runs.get(run_id)
        if run is not None:
            run.begun += 1
            run.begun_at = run.begun_at or time.monotonic()


async def _result_of(future: "Future[Any]", waiting: asyncio.Future[Any]) -> Any:
    if waiting.cancelled() or future.status == "cancelled":
        raise _Lost
    return await waiting


async def _end(waiting: asyncio.Future[Any]) -> None:
    waiting.cancel()
    await asyncio.wait({waiting})
    if not waiting.cancelled():
        waiting.exception()  # retrieved, so that asyncio does not log it
