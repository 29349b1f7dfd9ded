"""The one place where real adapters are chosen."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import grpc
from daybook.account.v1.account_service_pb2_grpc import add_AccountServiceServicer_to_server
from daybook.generation.v1.generation_service_pb2_grpc import add_GenerationServiceServicer_to_server
from daybook.input.v1.input_service_pb2_grpc import add_InputServiceServicer_to_server
from daybook.maintenance.v1.maintenance_service_pb2_grpc import add_MaintenanceServiceServicer_to_server
from daybook.savedreport.v1.saved_report_service_pb2_grpc import add_SavedReportServiceServicer_to_server
from pymongo.asynchronous.database import AsyncDatabase

from services.errors import StoreUnavailable
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Access, Authenticator
from services.generation.accounts.credentials import Argon2Passwords
from services.generation.accounts.login_limit import WINDOW
from services.generation.accounts.orphans import OrphanService
from services.generation.accounts.removal import RemovalService
from services.generation.executors import worker
from services.generation.executors.process_pool import PRELOAD, ProcessPool
from services.generation.inputs.input_rules import rules_of
from services.generation.inputs.input_service import InputService
from services.generation.inputs.series_service import SeriesService
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.reporting.executor import Executor
from services.generation.reporting.job_runner import JobRunner
from services.generation.reporting.metrics import STORE_UP, watch_queue
from services.generation.reporting.report_job import JobContext
from services.generation.reporting.report_service import Limits, ReportService
from services.generation.reporting.units import WorkerSettings
from services.generation.reporting.watch import Watchers
from services.generation.servicers.account import AccountServicer
from services.generation.servicers.generation import GenerationServicer
from services.generation.servicers.input import InputServicer
from services.generation.servicers.input_owners import InputOwners
from services.generation.servicers.maintenance import MaintenanceServicer
from services.generation.servicers.part_streams import PartStreams
from services.generation.servicers.saved_report import SavedReportServicer
from services.generation.settings import Settings
from services.generation.store.indexes import create_indexes
from services.generation.store.mongo import Document, opened, store_errors
from services.generation.store.mongo_erasure import MongoErasure
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_login_attempts import MongoLoginAttempts
from services.generation.store.mongo_orphans import MongoOrphans
from services.generation.store.mongo_persons import MongoPersons
from services.generation.store.mongo_queue import MongoQueue
from services.generation.store.mongo_reports import MongoReports
from services.generation.store.mongo_saved_reports import MongoSavedReports
from services.generation.store.mongo_series import MongoSeries
from services.generation.store.mongo_time_entries import MongoTimeEntries
from services.generation.store.recent_credentials import RecentCredentials
from services.generation.timetracking.saved_report_service import SavedReportService
from services.generation.timetracking.time_report_service import Limits as TimeReportLimits
from services.generation.timetracking.time_report_service import Stores, TimeReportService
from services.runtime.serve import Health

log = logging.getLogger("daybook.generation")

SERVICES = (
    "daybook.generation.v1.GenerationService",
    "daybook.account.v1.AccountService",
    "daybook.input.v1.InputService",
    "daybook.savedreport.v1.SavedReportService",
    "daybook.maintenance.v1.MaintenanceService",
)
LOOK_EVERY_S = 1.0


def now() -> datetime:
    """Return the present moment, to the millisecond that MongoDB keeps."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@asynccontextmanager
async def assembled(settings: Settings, server: grpc.aio.Server, health: Health) -> AsyncIterator[None]:
    """Add all servicers to the server, and make reports and watch over MongoDB until the end of the block."""
    async with opened(settings.mongodb_uri, settings.mongodb_database) as database, _executor(settings) as executor:
        passwords = Argon2Passwords()
        jobs = JobRunner(_job_context(settings, database, executor), settings.jobs_at_once)
        _add_servicers(settings, server, Parts(database, passwords, jobs))
        tasks = [asyncio.create_task(_watch_over(database, health)), asyncio.create_task(_make_reports(executor, jobs))]
        if settings.metrics_listen:
            tasks.append(asyncio.create_task(watch_queue(_queue(settings, database))))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            passwords.close()


@asynccontextmanager
async def _executor(settings: Settings) -> AsyncIterator[Executor]:
    """Open the executor of units of work, and close it at the end of the block."""
    if settings.executor == "processes":
        pool = ProcessPool(settings.workers, PRELOAD, settings.unit_seconds)
        try:
            yield pool
        finally:
            pool.close()
        return
    from services.generation.executors.dask_cluster import DaskCluster  # noqa: PLC0415 - 40 MB that others need not have

    address = settings.executor.removeprefix("dask://")
    times = {"unit_s": settings.unit_seconds, "wait_s": settings.cluster_wait_seconds}
    async with DaskCluster(address, **times, log_level=settings.log_level).connected() as cluster:
        yield cluster


async def _make_reports(executor: Executor, jobs: JobRunner) -> None:
    await executor.warm_up()
    await jobs.run()


@dataclass(frozen=True, slots=True)
class Parts:
    """Objects that the servicers share with the rest of the process."""

    database: AsyncDatabase[Document]
    passwords: Argon2Passwords
    jobs: JobRunner


def _add_servicers(settings: Settings, server: grpc.aio.Server, parts: Parts) -> None:
    database, jobs = parts.database, parts.jobs
    accounts, inputs = RecentCredentials(database), MongoInputs(database)
    reports = MongoReports(database, settings.reports_at_once)
    access = Access(accounts, settings.operator_token.get_secret_value(), now)
    book = AccountService(accounts, parts.passwords, MongoLoginAttempts(database, WINDOW), now)
    limits = Limits(settings.max_time_span, settings.max_trackers, settings.default_geocoder)
    service = ReportService(reports, inputs, limits, now)
    series = SeriesService(MongoSeries(database), inputs, now)
    authenticator, members = Authenticator(access, book), WorkspaceMembers(inputs)
    account = AccountServicer(book, RemovalService(MongoErasure(database)), access, authenticator, members)
    add_AccountServiceServicer_to_server(account, server)
    add_MaintenanceServiceServicer_to_server(MaintenanceServicer(OrphanService(MongoOrphans(database)), access), server)
    owners = InputOwners(book, members, authenticator)
    records = InputService(inputs, rules_of(inputs, MongoPersons(database), book))
    add_InputServiceServicer_to_server(InputServicer(records, series, owners), server)
    time_reports = _add_saved_reports(settings, server, database, book, authenticator)
    streams = PartStreams(service, time_reports, authenticator, now)
    generation = GenerationServicer(service, streams, Watchers(reports), access, jobs.wake)
    add_GenerationServiceServicer_to_server(generation, server)


def _add_saved_reports(
    settings: Settings,
    server: grpc.aio.Server,
    database: AsyncDatabase[Document],
    accounts: AccountService,
    callers: Authenticator,
) -> TimeReportService:
    inputs = MongoInputs(database)
    saved = SavedReportService(MongoSavedReports(database), WorkspaceMembers(inputs), accounts, now)
    limits = TimeReportLimits(settings.max_report_entries, settings.runs_at_once)
    time_reports = TimeReportService(Stores(saved, accounts, inputs, MongoTimeEntries(database)), limits, now)
    add_SavedReportServiceServicer_to_server(SavedReportServicer(saved, time_reports, callers), server)
    return time_reports


def _job_context(settings: Settings, database: AsyncDatabase[Document], executor: Executor) -> JobContext:
    shared = {name: getattr(settings, name) for name in WorkerSettings.__slots__ if hasattr(settings, name)}
    return JobContext(
        queue=_queue(settings, database),
        executor=executor,
        make_sheet=worker.make_sheet,
        make_summary=worker.make_summary,
        settings=WorkerSettings(**shared, gap_s=settings.gap_minutes * 60, jump_kmh=settings.jump_speed_kmh),
        lease_s=settings.lease_seconds,
        heartbeat_s=settings.heartbeat_seconds,
    )


def _queue(settings: Settings, database: AsyncDatabase[Document]) -> MongoQueue:
    lease, keep = timedelta(seconds=settings.lease_seconds), timedelta(days=settings.keep_days)
    return MongoQueue(database, lease, keep)


async def _watch_over(database: AsyncDatabase[Document], health: Health) -> None:
    """Make the indexes, then say SERVING while MongoDB answers and NOT_SERVING while it does not."""
    indexed = False
    while True:
        try:
            if not indexed:
                await create_indexes(database)
                indexed = True
            with store_errors(at_most_s=2 * LOOK_EVERY_S):
                await database.command("ping")
            serving = True
        except StoreUnavailable:
            serving = False
        except Exception:
            log.exception("MongoDB cannot be used")  # such as an index that cannot be made: it is tried again
            serving = False
        STORE_UP.set(serving)
        await health.set_serving(serving)
        await asyncio.sleep(LOOK_EVERY_S)
