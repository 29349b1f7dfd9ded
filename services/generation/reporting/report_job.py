"""Job of one claimed report: its sheets as units of work, its lease, its progress, its end."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from services.errors import DaybookError, StoreUnavailable
from services.generation.kinds import find_kind
from services.generation.reporting.executor import Executor
from services.generation.reporting.fair_semaphore import FairSemaphore
from services.generation.reporting.metrics import CELLS_MADE, LEASES_LOST, REPORTS_MAKING, count_end, unit_measured
from services.generation.reporting.report import LOSSES_ALONE, Report, ReportResult
from services.generation.reporting.report_store import Queue
from services.generation.reporting.units import Abandoned, SheetResult, SheetUnit, SummaryUnit, WorkerSettings
from services.runtime import tracing
from services.runtime.logs import request_id
from services.runtime.tracer import Span

log = logging.getLogger("daybook.jobs")

Result = TypeVar("Result")
Unit = TypeVar("Unit")

WRITE_EVERY_S = 0.25
PAUSE_S = 0.5
UNFORESEEN = "The report could not be made"


@dataclass(frozen=True, slots=True)
class JobContext:
    """Surroundings that all jobs share: the queue, the executor and the work of units, the settings of workers."""

    queue: Queue
    executor: Executor
    make_sheet: Callable[[SheetUnit], SheetResult]
    make_summary: Callable[[SummaryUnit], SheetResult]
    settings: WorkerSettings
    lease_s: float
    heartbeat_s: float


class ReportJob:
    """Job of one report, run by one worker. Its units wait for `places`, which all jobs of the process share."""

    def __init__(self, context: JobContext, report: Report, worker_id: str, places: FairSemaphore) -> None:
        self._context = context
        self._queue = context.queue
        self._report = report
        self._worker_id = worker_id
        self._places = places
        self._done = 0
        self._written_at = 0.0

    @property
    def report_id(self) -> int:
        """The id of the report."""
        return self._report.id

    @property
    def runs_alone(self) -> bool:
        """Return whether no other report may run beside it."""
        return self._report.losses >= LOSSES_ALONE

    async def run(self) -> None:
        """Make the report and declare it finished or failed, unless it is deleted, lost or the task is cancelled."""
        request_id.set(f"report-{self._report.id}")
        attributes = {"daybook.report_id": self._report.id, "daybook.attempt": self._report.attempt}
        parent = self._report.trace_parent
        with REPORTS_MAKING.track_inprogress(), tracing.span("make report", attributes, parent=parent) as span:
            await self._run(span)

    async def _run(self, span: Span) -> None:
        work = asyncio.create_task(self._work())
        heartbeat = asyncio.create_task(self._heartbeat())
        try:
            await asyncio.wait({work, heartbeat}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _end(heartbeat, work)
        if not await _outcome(work, heartbeat):
            LEASES_LOST.inc()
            span.fail("lost")
            log.warning("report lost", extra={"report_id": self._report.id, "attempt": self._report.attempt})
            await self._persist(lambda: self._queue.hand_back(self._report, self._worker_id))
            await self._persist(lambda: self._queue.clear_parts(self._report))

    async def hand_back(self) -> None:
        """Queue the report again for other workers; call it after `run` was cancelled."""
        with suppress(StoreUnavailable):
            await self._queue.hand_back(self._report, self._worker_id)

    async def _heartbeat(self) -> None:
        """Renew the lease until it is lost."""
        renewed_at = time.monotonic()
        while time.monotonic() - renewed_at < self._context.lease_s:
            await asyncio.sleep(self._context.heartbeat_s)
            asked_at = time.monotonic()
            try:
                if not await self._queue.renew(self._report, self._worker_id):
                    return
                renewed_at = asked_at
            except StoreUnavailable:
                log.warning("lease not renewed", extra={"report_id": self._report.id})

    async def _work(self) -> bool:
        """Make all sheets and declare the end; False when the report is no longer this worker's."""
        began = time.monotonic()
        repeated = self._report.attempt > 1  # an earlier worker may have written parts, and may go on
        try:
            if repeated:
                await self._persist(lambda: self._queue.clear_parts(self._report))
            result = await self._sheets()
            ours = await self._persist(lambda: self._queue.finish(self._report, self._worker_id, result))
        except Abandoned:
            return False
        except DaybookError as error:
            return await self._fail(str(error), error, began)
        except Exception as error:  # noqa: BLE001 - any error of a kind of report fails its report, not the service
            return await self._fail(UNFORESEEN, error, began)
        if ours and repeated:
            await self._persist(lambda: self._queue.clear_parts(self._report))
        seconds = time.monotonic() - began
        log.info("report finished", extra={"report_id": self._report.id, "seconds": round(seconds, 3), "ours": ours})
        if ours:
            count_end("finished", seconds)
        return ours

    async def _fail(self, failure: str, error: Exception, began: float) -> bool:
        log.error("report failed", extra={"report_id": self._report.id}, exc_info=error)
        ours = await self._persist(lambda: self._queue.fail(self._report, self._worker_id, failure))
        if ours:
            count_end("failed", time.monotonic() - began)
        return ours

    async def _sheets(self) -> ReportResult:
        report = replace(self._report, trace_parent=tracing.trace_parent())
        kind = find_kind(report.plugin_id)
        options = kind.Options.model_validate(report.options)
        entities = kind.entity_ids(options, report.tracker_ids, report.employee_ids)
        with_summary = options.has_summary(len(entities))

        async def sheet(place: int, entity_id: int) -> SheetResult:
            async with self._place():
                unit = SheetUnit(self._settings(), report, entity_id, place + 1, len(entities) == 1)
                result = await self._unit("sheet", self._context.make_sheet, unit)
            await self._advance(len(entities), end_follows=not with_summary)
            return result

        results = await _all([sheet(place, entity) for place, entity in enumerate(entities)])
        if with_summary:
            rows = tuple(result.summary_row for result in results if result.summary_row is not None)
            async with self._place():
                summary = SummaryUnit(self._settings(), report, rows)
                results.insert(0, await self._unit("summary", self._context.make_summary, summary))
        return _total(results)

    def _place(self) -> AbstractAsyncContextManager[None]:
        return self._places.place(self._report.account_id, self._report.id)

    def _settings(self) -> WorkerSettings:
        """Return the workers' settings, with their number now."""
        return replace(self._context.settings, workers=self._context.executor.at_once)

    async def _unit(self, kind: str, work: Callable[[Unit], SheetResult], unit: Unit) -> SheetResult:
        async def run() -> SheetResult:
            with unit_measured(kind):
                return await self._context.executor.run(work, unit)

        result = await self._persist(run)
        CELLS_MADE.inc(result.cell_count)
        return result

    async def _advance(self, total: int, *, end_follows: bool) -> None:
        """Write the percentage, unless it was written a moment ago or is about to be 100."""
        self._done += 1
        now = time.monotonic()
        if self._done == total and end_follows:
            return
        if self._done < total and now - self._written_at < WRITE_EVERY_S:
            return
        self._written_at = now
        percent = 99 * self._done // total
        if not await self._persist(lambda: self._queue.advance(self._report, self._worker_id, percent)):
            raise Abandoned

    async def _persist(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Repeat the work while the store cannot be reached; a lost lease ends that from outside."""
        while True:
            try:
                return await work()
            except StoreUnavailable:
                await asyncio.sleep(PAUSE_S)


def _total(results: Sequence[SheetResult]) -> ReportResult:
    kept = [sheet for sheet in results if sheet.header is not None]
    return ReportResult(
        sheet_headers=tuple(sheet.header or "" for sheet in kept),
        sheet_numbers=tuple(sheet.sheet_index for sheet in kept),
        part_count=sum(sheet.part_count for sheet in kept),
        cell_count=sum(sheet.cell_count for sheet in kept),
        outlines=tuple(sheet.outline for sheet in kept),
        has_rows=any(sheet.has_rows for sheet in results),
    )


async def _all(works: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """Return all results in order; the first failure cancels the others and is raised as it is."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        return await asyncio.gather(*tasks)
    finally:
        await _end(*tasks)


async def _outcome(work: asyncio.Task[bool], heartbeat: asyncio.Task[None]) -> bool:
    """Return whether the work came to its end.

    Raises unexpected errors: the lease ends then.
    """
    if not work.cancelled():
        return await work
    if not heartbeat.cancelled():
        await heartbeat
    return False


async def _end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait for their end. A second cancellation would end their waiting for what they started."""
    for task in tasks:
        if not task.cancelling():
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
