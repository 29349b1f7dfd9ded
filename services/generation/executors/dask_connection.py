"""Connection to a Dask scheduler that is opened again whenever it breaks (design §5)."""

import asyncio
import logging
import time
from collections.abc import Callable
from logging import INFO, WARNING
from typing import Any

from distributed import Client

from services.generation.executors.dask_worker import BEGUN_TOPIC
from services.generation.reporting.units import ClusterAway

log = logging.getLogger("daybook.dask")

CHECK_S = 1.0
CONNECT_S = 5.0  # also how long the scheduler may take to answer
CLOSE_S = 3.0


class DaskConnection:
    """Client of a scheduler. A cluster without running workers counts as absent."""

    def __init__(self, address: str, wait_s: float, on_begun: Callable[[str], None]) -> None:
        self._address = address
        self._wait_s = wait_s
        self._on_begun = on_begun
        self._client: Client | None = None
        self._closing: asyncio.Future[None] | None = None
        self._usable = asyncio.Event()
        self._lost_at = time.monotonic()
        self.threads = 0

    async def client(self) -> Client:
        """Return a client of a working cluster. Raises ClusterAway when there is none in time."""
        try:
            async with asyncio.timeout(self._wait_s):
                while True:
                    await self._usable.wait()
                    if self._client is not None and self._client.status == "running":
                        return self._client
                    await asyncio.sleep(CHECK_S / 10)
        except TimeoutError:
            raise ClusterAway from None

    def has(self, client: Client) -> bool:
        """Return whether this client is the current one. Raises ClusterAway when the cluster is away for too long."""
        if not self._usable.is_set() and time.monotonic() - self._lost_at > self._wait_s:
            raise ClusterAway
        return self._client is client

    async def keep(self) -> None:
        """Open the connection, and open it again when it breaks, until cancelled."""
        try:
            while True:
                try:
                    async with asyncio.timeout(2 * CONNECT_S):
                        await self._check()
                except Exception as error:  # noqa: BLE001 - any failure of a cluster may pass
                    await self._lose(error)
                await asyncio.sleep(CHECK_S)
        finally:
            await self._close()

    async def _check(self) -> None:
        if self._client is None:
            self._client = Client(self._address, asynchronous=True, set_as_default=False, timeout=CONNECT_S)
            await self._client
            log.info("connected to the cluster", extra={"address": self._address})
        if self._client.status != "running":
            raise ConnectionError("the scheduler is gone")
        self._client.subscribe_topic(BEGUN_TOPIC, lambda event: self._on_begun(event[1]))
        self.threads, failures = await _prepared(self._client)
        if failures:
            log.warning("the scheduler repeated units by itself (allowed-failures %d), which is turned off", failures)
        if self.threads:
            self._usable.set()
        else:
            self._stop_using()

    async def _lose(self, error: Exception) -> None:
        log.log(WARNING if self._usable.is_set() else INFO, "the cluster is away: %s: %s", type(error).__name__, error)
        await self._close()

    def _stop_using(self) -> None:
        if self._usable.is_set():
            self._usable.clear()
            self._lost_at = time.monotonic()

    async def _close(self) -> None:
        client, self._client = self._client, None
        self._stop_using()
        self.threads = 0
        if client is not None:
            self._closing = asyncio.ensure_future(client.close())  # in a task of its own: it swallows cancellation
        if self._closing is not None:
            await asyncio.wait({self._closing}, timeout=CLOSE_S)


async def _prepared(client: Client) -> tuple[int, int]:
    """Return the number of worker threads, and the scheduler's own repetitions of failed units, which are turned off.

    The function is pickled by value, so the scheduler does not need this package. Repeated calls do no harm.
    """

    def prepare(dask_scheduler: Any = None) -> tuple[int, int]:
        before, dask_scheduler.allowed_failures = dask_scheduler.allowed_failures, 0
        return sum(worker.nthreads for worker in dask_scheduler.running), before

    threads, failures = await client.run_on_scheduler(prepare)
    return threads, failures
