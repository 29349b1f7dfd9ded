"""Making one claimed report: its sheets as units of work, its lease, its progress, its end."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from services.errors import DaybookError, StoreUnavailable
from services.generation.kinds import find_kind
from services.generation.reporting.executor import Executor
from services.generation.reporting.metrics import CELLS_MADE, LEASES_LOST, REPORTS_MAKING, count_end, unit_measured
from services.generation.reporting.report import Report, ReportResult
from services.generation.reporting.report_store import Queue
from services.generation.reporting.units import Abandoned, SheetMade, SheetUnit, SummaryUnit, UnitLost, WorkerSettings
from services.runtime import tracing
from services.runtime.limits import DynamicSemaphore
from services.runtime.logs import request_id
from services.runtime.tracing import Span

log = logging.getLogger("daybook.jobs")

Result = TypeVar("Result")
Unit = TypeVar("Unit")

MAX_TRIES = 3
WRITE_EVERY_S = 0.25
PAUSE_S = 0.5
UNFORESEEN = "The report could not be made"


@dataclass(frozen=True, slots=True)
class JobContext:
    """What every report is made with."""

    queue: Queue
    units: Executor
    make_sheet: Callable[[SheetUnit], SheetMade]
    make_summary: Callable[[SummaryUnit], SheetMade]
    settings: WorkerSettings
    lease_s: float
    heartbeat_s: float


class ReportJob:
    """One report in the hands of one maker."""

    def __init__(self, workshop: JobContext, report: Report, worker_id: str) -> None:
        self._workshop = workshop
        self._queue = workshop.queue
        self._report = report
        self._worker_id = worker_id
        self._done = 0
        self._written_at = 0.0

    @property
    def report_id(self) -> int:
        """The report that is made."""
        return self._report.id

    async def run(self) -> None:
        """Make the report and declare it finished or failed, unless it is deleted, lost or the task is cancelled."""
        request_id.set(f"report-{self._report.id}")
        attributes = {"daybook.report_id": self._report.id, "daybook.attempt": self._report.attempt}
        parent = self._report.trace_parent
        with REPORTS_MAKING.track_inprogress(), tracing.span("make report", attributes, parent=parent) as span:
            await self._run(span)

    async def _run(self, span: Span) -> None:
        work = asyncio.create_task(self._make())
        hold = asyncio.create_task(self._hold())
        try:
            await asyncio.wait({work, hold}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _end(hold, work)
        if not await _outcome(work, hold):
            LEASES_LOST.inc()
            span.fail("lost")
            log.warning("report lost", extra={"report_id": self._report.id, "attempt": self._report.attempt})
            await self._persist(lambda: self._queue.hand_back(self._report, self._worker_id))
            await self._persist(lambda: self._queue.clear_parts(self._report))

    async def hand_back(self) -> None:
        """Queue the report again for others; call it after `run` was cancelled."""
        with suppress(StoreUnavailable):
            await self._queue.hand_back(self._report, self._worker_id)

    async def _hold(self) -> None:
        """Renew the lease until it is lost."""
        held_at = time.monotonic()
        while time.monotonic() - held_at < self._workshop.lease_s:
            await asyncio.sleep(self._workshop.heartbeat_s)
            asked_at = time.monotonic()
            try:
                if not await self._queue.prolong(self._report, self._worker_id):
                    return
                held_at = asked_at
            except StoreUnavailable:
                log.warning("lease not renewed", extra={"report_id": self._report.id})

    async def _make(self) -> bool:
        """Make all sheets and declare the end; False when the report is no longer ours."""
        began = time.monotonic()
        try:
            await self._persist(lambda: self._queue.clear_parts(self._report))
            made = await self._sheets()
        except Abandoned:
            return False
        except DaybookError as error:
            return await self._fail(str(error), error, began)
        except Exception as error:  # noqa: BLE001 - whatever a kind of report raises fails its report, not the service
            return await self._fail(UNFORESEEN, error, began)
        ours = await self._persist(lambda: self._queue.finish(self._report, self._worker_id, made))
        if ours and self._report.attempt > 1:  # a worker that was out of sight may have written for an earlier attempt
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
        if report.tries > MAX_TRIES:
            raise UnitLost
        kind = find_kind(report.plugin_id)
        options = kind.Options.model_validate(report.options)
        entities = kind.entity_ids(options, report.tracker_ids, report.employee_ids)
        units = self._workshop.units
        room = DynamicSemaphore(lambda: units.at_once)

        async def one(place: int, entity_id: int) -> SheetMade:
            async with room:
                unit = SheetUnit(self._settings(), report, entity_id, place + 1, len(entities) == 1)
                made = await self._unit("sheet", self._workshop.make_sheet, unit)
            await self._advance(len(entities))
            return made

        made = await _all([one(place, entity) for place, entity in enumerate(entities)])
        if options.has_summary(len(entities)):
            rows = tuple(sheet.summary_row for sheet in made if sheet.summary_row is not None)
            summary = SummaryUnit(self._settings(), report, rows)
            made.insert(0, await self._unit("summary", self._workshop.make_summary, summary))
        return _total(made)

    def _settings(self) -> WorkerSettings:
        """Return the workers' settings, with how many of them there are now."""
        return replace(self._workshop.settings, workers=self._workshop.units.at_once)

    async def _unit(self, kind: str, work: Callable[[Unit], SheetMade], unit: Unit) -> SheetMade:
        async def run() -> SheetMade:
            with unit_measured(kind):
                return await self._workshop.units.run(work, unit)

        made = await self._persist(run)
        CELLS_MADE.inc(made.cell_count)
        return made

    async def _advance(self, total: int) -> None:
        self._done += 1
        now = time.monotonic()
        if self._done < total and now - self._written_at < WRITE_EVERY_S:
            return
        self._written_at = now
        percent = 99 * self._done // total
        if not await self._persist(lambda: self._queue.progress(self._report, self._worker_id, percent)):
            raise Abandoned

    async def _persist(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Try again while the store cannot be reached; losing the lease ends it from outside."""
        while True:
            try:
                return await work()
            except StoreUnavailable:
                await asyncio.sleep(PAUSE_S)


def _total(made: Sequence[SheetMade]) -> ReportResult:
    kept = [sheet for sheet in made if sheet.header is not None]
    return ReportResult(
        tuple(sheet.header or "" for sheet in kept),
        sum(sheet.part_count for sheet in kept),
        sum(sheet.cell_count for sheet in kept),
    )


async def _all(works: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """Return all results in order; the first failure cancels the others and is raised as it is."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        return await asyncio.gather(*tasks)
    finally:
        await _end(*tasks)


async def _outcome(work: asyncio.Task[bool], hold: asyncio.Task[None]) -> bool:
    """Return whether the work came to its end. Raises what was unforeseen: the lease runs out then, the try counts."""
    if not work.cancelled():
        return await work
    if not hold.cancelled():
        await hold
    return False


async def _end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait for their end. A second cancellation would end their own waiting for what they started."""
    for task in tasks:
        if not task.cancelling():
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
