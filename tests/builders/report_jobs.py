"""Job runners for tests: a real queue, and work in threads instead of processes."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from daybook.input.v1.fleet_pb2 import Tracker

from services.errors import StoreUnavailable
from services.generation.executors import worker
from services.generation.inputs.trackers import TRACKERS
from services.generation.reporting.job_runner import JobRunner
from services.generation.reporting.report import UNFINISHED, Report
from services.generation.reporting.report_job import JobContext
from services.generation.reporting.units import SheetResult, SheetUnit, SummaryUnit
from services.generation.store.mongo_queue import MongoQueue
from services.generation.store.mongo_reports import MongoReports
from tests.builders.inputs import put
from tests.builders.people import report
from tests.builders.worker_settings import worker_settings
from tests.fakes.executor import FakeExecutor

HEARTBEAT_S = 0.2


class Gate:
    """A sheet's work that begins when it is let through, and is then the worker's own or one that is given."""

    def __init__(self, make_sheet: Callable[[SheetUnit], SheetResult] = worker.make_sheet) -> None:
        self._make_sheet = make_sheet
        self._passes = threading.Semaphore(0)
        self.begun: list[int] = []

    def open(self, count: int = 1_000) -> None:
        self._passes.release(count)

    def __call__(self, unit: SheetUnit) -> SheetResult:
        self.begun.append(unit.entity_id)
        assert self._passes.acquire(timeout=120)
        return self._make_sheet(unit)


@dataclass
class Factory:
    """Queue, store and executor of a database, from which job runners are made."""

    db: Any
    uri: str
    make_sheet: Callable[[SheetUnit], SheetResult] = worker.make_sheet
    make_summary: Callable[[SummaryUnit], SheetResult] = worker.make_summary
    queue: MongoQueue = field(init=False)
    reports: MongoReports = field(init=False)
    executor: Any = field(default_factory=FakeExecutor)
    lease_s: float = 60.0  # none ends while a test runs, unless the test ends it

    def __post_init__(self) -> None:
        self.queue = MongoQueue(self.db, timedelta(seconds=self.lease_s), timedelta(days=30))
        self.reports = MongoReports(self.db, 5, 100)

    def jobs(self, at_once: int = 4, name: str = "") -> JobRunner:
        """Return another runner of this database's jobs."""
        settings = worker_settings(self.uri, self.db.name, workers=2)
        make = (self.queue, self.executor, self.make_sheet, self.make_summary)
        context = JobContext(*make, settings, lease_s=self.lease_s, heartbeat_s=HEARTBEAT_S)
        return JobRunner(context, at_once, name)

    async def ask(self, trackers: int, **changes: object) -> int:
        """Queue a trips report over so many trackers, each without points."""
        ids = range(1, trackers + 1)
        await put(self.db, TRACKERS, 1, *(Tracker(id=one, label=f"Car {one}") for one in ids))
        return await self.reports.queue(report(tracker_ids=tuple(ids), **changes))

    async def stands(self, report_id: int) -> Report:
        """Return the report as it stands."""
        found = await self.reports.find(1, report_id)
        assert found is not None
        return found

    async def ended(self, report_id: int, within_s: float = 120) -> Report:
        """Return the report when it is finished or failed; a store that is away is asked again."""
        async with asyncio.timeout(within_s):
            while True:
                with suppress(StoreUnavailable):
                    found = await self.stands(report_id)
                    if found.state not in UNFINISHED:
                        return found
                await asyncio.sleep(0.02)

    async def parts(self, report_id: int) -> int:
        """Count what is stored of a report's sheets."""
        count: int = await self.db.report_sheets.count_documents({"report_id": report_id})
        return count


@asynccontextmanager
async def working(jobs: JobRunner) -> AsyncIterator[asyncio.Task[None]]:
    """Let a runner work during the block, then stop it as SIGTERM does."""
    task = asyncio.create_task(jobs.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(claim: Callable[[], Any], within_s: float = 120) -> None:
    """Wait until a claim holds."""
    async with asyncio.timeout(within_s):
        while not claim():  # noqa: ASYNC110 - what it looks at knows nothing of the loop
            await asyncio.sleep(0.01)


def no_sheet(unit: SheetUnit) -> SheetResult:
    """Make nothing, quickly."""
    return SheetResult(f"Car {unit.entity_id}", unit.sheet_index, summary_row={})


def no_summary(_: object) -> SheetResult:
    """Make no summary either."""
    return SheetResult("Summary")


def quick(factory: Factory) -> Factory:
    """Return the same factory with work that takes no time."""
    factory.make_sheet, factory.make_summary = no_sheet, no_summary
    return factory
