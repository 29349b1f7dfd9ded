"""Generation as a process: its connection, its workers, its services, and the work behind them."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import grpc
from pymongo.asynchronous.database import AsyncDatabase

from services.generation.accounts.credentials import Argon2Passwords
from services.generation.bootstrap.account_servicers import ACCOUNTS
from services.generation.bootstrap.components import Components
from services.generation.bootstrap.input_servicers import INPUTS
from services.generation.bootstrap.report_servicers import REPORTS
from services.generation.bootstrap.schedule_servicers import SCHEDULES
from services.generation.bootstrap.store_watch import watch_store
from services.generation.executors import worker
from services.generation.executors.process_pool import MAX_DEATHS, PRELOAD, ProcessPool
from services.generation.reporting.executor import Executor
from services.generation.reporting.job_runner import JobRunner
from services.generation.reporting.kept_reports import drop_excess
from services.generation.reporting.metrics import watch_queue
from services.generation.reporting.report_job import JobContext
from services.generation.reporting.units import WorkerSettings
from services.generation.schedules.delivery_metrics import watch_deliveries
from services.generation.schedules.delivery_service import DeliveryService
from services.generation.settings import Settings
from services.generation.store.mongo import Document, opened
from services.generation.store.mongo_kept_reports import MongoKeptReports
from services.generation.store.mongo_queue import MongoQueue
from services.generation.store.mongo_schedule_runs import MongoScheduleRuns
from services.generation.store.server_clock import ServerClock
from services.runtime.serve import Health

GROUPS = (SCHEDULES, REPORTS, ACCOUNTS, INPUTS)
SERVICES = tuple(service for group in GROUPS for service in group.services)


@asynccontextmanager
async def assembled(settings: Settings, server: grpc.aio.Server, health: Health) -> AsyncIterator[None]:
    """Add all servicers to the server, and make reports and watch over MongoDB until the end of the block."""
    async with (
        opened(settings.mongodb_uri, settings.mongodb_database) as database,
        _executor(settings) as executor,
        _pool(settings.track_workers, settings.track_seconds, tries=1) as readers,
    ):
        passwords = Argon2Passwords(settings.password_checks_waiting)
        jobs = JobRunner(_job_context(settings, database, executor), settings.jobs_at_once, settings.worker_name)
        components = Components(settings, database, ServerClock(), passwords, jobs, readers)
        for group in GROUPS:
            group.add(server, components)
        tasks = [asyncio.create_task(one) for one in _background(components, executor, health)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            passwords.close()


def _background(components: Components, executor: Executor, health: Health) -> Iterator[Coroutine[None, None, None]]:
    """Give the work that goes on behind the services."""
    settings, database, scheduled = components.settings, components.database, components.scheduled
    prepared = asyncio.Event()
    yield watch_store(database, components.clock, health, prepared)
    yield _end_waits(health, scheduled.deliveries)
    for work in (
        _make_reports(executor, components.jobs),
        drop_excess(MongoKeptReports(database, settings.keep_reports)),
        scheduled.run(),
    ):
        yield _once(prepared, work)
    if settings.metrics_listen:
        yield watch_queue(_queue(settings, database))
        yield watch_deliveries(MongoScheduleRuns(database), components.clock.now)


@asynccontextmanager
async def _executor(settings: Settings) -> AsyncIterator[Executor]:
    """Open the executor of units of work, and close it at the end of the block."""
    if settings.executor == "processes":
        async with _pool(settings.workers, settings.unit_seconds) as pool:
            yield pool
        return
    from services.generation.executors.dask_cluster import DaskCluster  # noqa: PLC0415 - 40 MB that others need not have

    address = settings.executor.removeprefix("dask://")
    times = {"unit_s": settings.unit_seconds, "wait_s": settings.cluster_wait_seconds}
    async with DaskCluster(address, **times, log_level=settings.log_level).connected() as cluster:
        yield cluster


@asynccontextmanager
async def _pool(workers: int, unit_s: float, tries: int = MAX_DEATHS) -> AsyncIterator[ProcessPool]:
    """Open a pool of processes of this machine, which it starts as they are needed, and end them with the block."""
    pool = ProcessPool(workers, PRELOAD, unit_s, tries)
    try:
        yield pool
    finally:
        pool.close()


async def _end_waits(health: Health, deliveries: DeliveryService) -> None:
    """Let calls that wait for deliveries end when the server is told to stop."""
    await health.stopping.wait()
    deliveries.close()


async def _once(prepared: asyncio.Event, work: Coroutine[None, None, None]) -> None:
    """Do work that needs the store's indexes as soon as they are there."""
    try:
        await prepared.wait()
    except asyncio.CancelledError:
        work.close()
        raise
    await work


async def _make_reports(executor: Executor, jobs: JobRunner) -> None:
    """Claim reports at once: those of a process that was killed have waited for long enough."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(executor.warm_up())
        tasks.create_task(jobs.run())


def _job_context(settings: Settings, database: AsyncDatabase[Document], executor: Executor) -> JobContext:
    return JobContext(
        queue=_queue(settings, database),
        executor=executor,
        make_sheet=worker.make_sheet,
        make_summary=worker.make_summary,
        settings=WorkerSettings.of(settings),
        lease_s=settings.lease_seconds,
        heartbeat_s=settings.heartbeat_seconds,
    )


def _queue(settings: Settings, database: AsyncDatabase[Document]) -> MongoQueue:
    lease, keep = timedelta(seconds=settings.lease_seconds), timedelta(days=settings.keep_days)
    return MongoQueue(database, lease, keep)
