"""Runner of report jobs: claims queued reports and runs several at once, until told to stop."""

import asyncio
import logging
import secrets
from contextlib import suppress

from services.errors import StoreUnavailable
from services.generation.reporting.report_job import JobContext, ReportJob

log = logging.getLogger("daybook.jobs")

POLL_S = 1.0  # other processes queue reports too, and their leases may end
CLAIM_S = 2.0  # longest wait at the end for a claim under way


class JobRunner:
    """Worker that claims reports while it has capacity, and looks again when woken or after a moment."""

    def __init__(self, context: JobContext, at_once: int) -> None:
        self._context = context
        self._at_once = at_once
        self._worker_id = secrets.token_hex(8)
        self._woken = asyncio.Event()
        self._running: dict[asyncio.Task[None], ReportJob] = {}
        self._claiming: asyncio.Task[bool] | None = None
        self._answer_lost = False  # a claim may have been done without its answer

    def wake(self) -> None:
        """Look for a report to claim at once."""
        self._woken.set()

    async def run(self) -> None:
        """Claim and run reports until cancelled; then hand the unfinished ones back."""
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
        """Claim in a task of its own: a claim that is under way when this one is cancelled may get a report."""
        self._claiming = asyncio.create_task(self._claim())
        return await asyncio.shield(self._claiming)

    async def _claim(self) -> bool:
        queue, running = self._context.queue, [job.report_id for job in self._running.values()]
        try:
            report = await queue.reclaim(self._worker_id, running) if self._answer_lost else None
            self._answer_lost = report is not None
            report = report or await queue.claim(self._worker_id, running)
        except StoreUnavailable:
            self._answer_lost = True
            return False
        except Exception:
            log.exception("claiming failed")  # the loop must outlive any answer of the store
            return False
        if report is None:
            return False
        job = ReportJob(self._context, report, self._worker_id)
        task = asyncio.create_task(job.run())
        self._running[task] = job
        task.add_done_callback(self._ended)
        log.info("report claimed", extra={"report_id": report.id, "attempt": report.attempt})
        return True

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        if not task.cancelled() and (error := task.exception()):
            log.error("job ended unexpectedly", exc_info=error)
        self.wake()

    async def _hand_back(self) -> None:
        if self._claiming is not None:
            await asyncio.wait([self._claiming], timeout=CLAIM_S)
        running = dict(self._running)
        for task in running:
            task.cancel()
        self._context.executor.close()
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.gather(*(job.hand_back() for job in running.values()))
