"""Runner of report jobs: claims queued reports and runs several at once, until told to stop."""

import asyncio
import logging
import secrets
import time
from contextlib import suppress

from services.errors import StoreUnavailable
from services.generation.reporting.fair_semaphore import FairSemaphore
from services.generation.reporting.report import Report
from services.generation.reporting.report_job import JobContext, ReportJob

log = logging.getLogger("daybook.jobs")

POLL_S = 1.0  # other processes queue reports too, and their leases may end
CLAIM_S = 2.0  # longest wait at the end for a claim under way
MOST_JOBS = 64  # also of accounts that have no other report in the making
DRAIN_AFTER_S = 60.0  # of work on other reports while one that has to run alone is due


class JobRunner:
    """Worker that claims reports while it has capacity, and looks again when woken or after a moment.

    Past `at_once` it claims a report only for an account that has none in the making. A worker with a name ends the
    leases of its predecessors of the same name, which are dead when it starts.
    """

    def __init__(self, context: JobContext, at_once: int, name: str = "") -> None:
        self._context = context
        self._at_once = at_once
        self._name = name
        self._worker_id = f"{name}:{secrets.token_hex(8)}" if name else secrets.token_hex(8)
        self._places = FairSemaphore(lambda: context.executor.at_once)
        self._woken = asyncio.Event()
        self._running: dict[asyncio.Task[None], ReportJob] = {}
        self._claiming: asyncio.Task[bool] | None = None
        self._answer_lost = False  # a claim may have been done without its answer
        self._released = not name
        self._idle_at = time.monotonic()

    def wake(self) -> None:
        """Look for a report to claim at once."""
        self._woken.set()

    async def run(self) -> None:
        """Claim and run reports until cancelled; then hand the unfinished ones back."""
        try:
            while True:
                if not await self._claimed():
                    with suppress(TimeoutError):
                        async with asyncio.timeout(POLL_S):
                            await self._woken.wait()
                    self._woken.clear()
        finally:
            await self._hand_back()

    async def _claimed(self) -> bool:
        """Claim in a task of its own: a claim that is under way when this one is cancelled may get a report."""
        if len(self._running) >= MOST_JOBS or any(job.runs_alone for job in self._running.values()):
            return False
        self._claiming = asyncio.create_task(self._claim())
        return await asyncio.shield(self._claiming)

    async def _claim(self) -> bool:
        queue = self._context.queue
        try:
            if not self._released:
                await queue.release(self._name)
                self._released = True
            report = await queue.reclaim(self._worker_id, self._running_ids()) if self._answer_lost else None
            self._answer_lost = report is not None
            report = report or await self._next()
        except StoreUnavailable:
            self._answer_lost = True
            return False
        except Exception:
            log.exception("claiming failed")  # the loop must outlive any answer of the store
            return False
        if report is None:
            return False
        job = ReportJob(self._context, report, self._worker_id, self._places)
        task = asyncio.create_task(job.run())
        self._running[task] = job
        task.add_done_callback(self._ended)
        log.info("report claimed", extra={"report_id": report.id, "attempt": report.attempt, "losses": report.losses})
        return True

    async def _next(self) -> Report | None:
        """Claim a report; one that has to run alone when there is no other, or when it has been due for long."""
        queue, running = self._context.queue, self._running_ids()
        is_late = time.monotonic() - self._idle_at >= DRAIN_AFTER_S
        if running:
            if is_late and await queue.waits_alone():
                return None
            return await queue.claim(self._worker_id, running, new_accounts_only=len(running) >= self._at_once)
        self._idle_at = time.monotonic()
        if is_late and (report := await queue.claim_alone(self._worker_id)):
            return report
        return await queue.claim(self._worker_id) or await queue.claim_alone(self._worker_id)

    def _running_ids(self) -> list[int]:
        return [job.report_id for job in self._running.values()]

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
