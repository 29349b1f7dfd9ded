"""Worker of deliveries: claims runs from generation, a few at a time, until the process stops."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from daybook.schedule.v1.delivery_service_pb2 import Claim
from grpc.aio import AioRpcError

from services.errors import DaybookError, NotAuthenticated, Unavailable
from services.rendering.delivery.claim_job import Channels, ClaimJob
from services.rendering.delivery.delivery_metrics import CLAIMS_HELD
from services.rendering.delivery.delivery_queue import DeliveryQueue

log = logging.getLogger("daybook.delivery")

CLAIM_WAIT_S = 15.0  # in generation, for the next claim
AWAY_S = 1.0  # until generation is asked again
FAULT_S = 5.0
REFUSED_S = 30.0


class DeliveryWorker:
    """Worker that has at most `at_once` claims."""

    def __init__(self, queue: DeliveryQueue, channels: Channels, at_once: int) -> None:
        self._queue, self._channels, self._at_once = queue, channels, at_once

    @asynccontextmanager
    async def running(self, stopping: asyncio.Event, grace_s: float) -> AsyncIterator[None]:
        """Work while the context lasts and nothing is stopping; begun deliveries may then take as long as the grace."""
        working = asyncio.create_task(self.run(stopping, grace_s))
        try:
            yield
        finally:
            stopping.set()
            await working

    async def run(self, stopping: asyncio.Event, grace_s: float) -> None:
        """Claim and deliver until stopping."""
        jobs: set[asyncio.Task[None]] = set()
        stopped = asyncio.create_task(stopping.wait())
        while not stopping.is_set():
            if len(jobs) >= self._at_once:
                await asyncio.wait([*jobs, stopped], return_when=asyncio.FIRST_COMPLETED)
            elif (claim := await self._next(stopped)) is not None:
                jobs.add(asyncio.create_task(ClaimJob(claim, self._queue, self._channels, stopping).run()))
            jobs = {job for job in jobs if not job.done()}
            CLAIMS_HELD.set(len(jobs))
        if jobs:
            _, late = await asyncio.wait(jobs, timeout=grace_s)
            for job in late:
                job.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        CLAIMS_HELD.set(0)

    async def _next(self, stopped: asyncio.Task[bool]) -> Claim | None:
        """Return the next claim, None without one after a while."""
        claiming = asyncio.ensure_future(self._queue.claim(CLAIM_WAIT_S))
        await asyncio.wait([claiming, stopped], return_when=asyncio.FIRST_COMPLETED)
        if not claiming.done():
            claiming.cancel()
            await asyncio.wait([claiming])
            return None
        try:
            return claiming.result()
        except NotAuthenticated:
            log.error("generation refuses DELIVERY_TOKEN: nothing is delivered")  # noqa: TRY400 - no trace says more
            await _pause(stopped, REFUSED_S)
        except Unavailable:
            await _pause(stopped, AWAY_S)
        except (DaybookError, AioRpcError) as error:
            log.warning("deliveries cannot be claimed", extra={"cause": str(error)})
            await _pause(stopped, FAULT_S)
        except Exception:
            log.exception("claiming deliveries failed")  # the worker must outlive any fault of a claim
            await _pause(stopped, FAULT_S)
        return None


async def _pause(stopped: asyncio.Task[bool], seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.shield(stopped)
