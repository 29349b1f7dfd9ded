"""Claiming queued reports and making them, several at once, until told to stop."""

import asyncio
import logging
import secrets
from contextlib import suppress

from services.errors import StoreUnavailable
from services.generation.reporting.report_job import JobContext, ReportJob

log = logging.getLogger("daybook.jobs")

POLL_S = 1.0  # others may queue reports too, and their leases may run out
CLAIM_S = 2.0  # how long a claim under way is waited for at the end


class JobRunner:
    """A maker of reports: claims while it has room, looks again when woken or after a moment."""

    def __init__(self, workshop: JobContext, at_once: int) -> None:
        self._workshop = workshop
        self._at_once = at_once
        self._worker_id = secrets.token_hex(8)
        self._woken = asyncio.Event()
        self._running: dict[asyncio.Task[None], ReportJob] = {}
        self._claiming: asyncio.Task[bool] | None = None
        self._unheard = False  # whether a claim may have been done whose answer was lost

    def wake(self) -> None:
        """Say that there may be a report to claim."""
        self._woken.set()

    async def run(self) -> None:
        """Claim and make reports until cancelled; then hand the unfinished ones back."""
        try:
            while True:
                if len(self._running) >= self._at_once or not await self._claimed():
                    with suppress(TimeoutError):
                        async with asyncio.timeout(POLL_S):
                            await self._woken.wait()
                    self._woken.clear()
        finally:
            await self._hand_back()

    async def _claimed(self) -> bool:
        """Claim in a task of its own: a claim that is under way when all ends may have got a report."""
        self._claiming = asyncio.create_task(self._claim())
        return await asyncio.shield(self._claiming)

    async def _claim(self) -> bool:
        queue, running = self._workshop.queue, [making.report_id for making in self._running.values()]
        try:
            report = await queue.reclaim(self._worker_id, running) if self._unheard else None
            self._unheard = report is not None
            report = report or await queue.claim(self._worker_id, running)
        except StoreUnavailable:
            self._unheard = True
            return False
        except Exception:
            log.exception("claiming failed")  # the loop must outlive whatever the store answers
            return False
        if report is None:
            return False
        making = ReportJob(self._workshop, report, self._worker_id)
        task = asyncio.create_task(making.run())
        self._running[task] = making
        task.add_done_callback(self._ended)
        log.info("report claimed", extra={"report_id": report.id, "attempt": report.attempt})
        return True

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        if not task.cancelled() and (error := task.exception()):
            log.error("making ended unforeseen", exc_info=error)
        self.wake()

    async def _hand_back(self) -> None:
        if self._claiming is not None:
            await asyncio.wait([self._claiming], timeout=CLAIM_S)
        running = dict(self._running)
        for task in running:
            task.cancel()
        self._workshop.units.close()
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.gather(*(making.hand_back() for making in running.values()))
