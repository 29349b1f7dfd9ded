"""The one place where real adapters are chosen."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import grpc
from daybook.account.v1.account_service_pb2_grpc import add_AccountServiceServicer_to_server
from daybook.generation.v1.generation_service_pb2_grpc import add_GenerationServiceServicer_to_server
from daybook.input.v1.input_service_pb2_grpc import add_InputServiceServicer_to_server
from daybook.input.v1.track_service_pb2_grpc import add_TrackServiceServicer_to_server
from daybook.maintenance.v1.maintenance_service_pb2_grpc import add_MaintenanceServiceServicer_to_server
from daybook.savedreport.v1.saved_report_service_pb2_grpc import add_SavedReportServiceServicer_to_server
from daybook.schedule.v1.delivery_service_pb2_grpc import add_DeliveryServiceServicer_to_server
from daybook.schedule.v1.schedule_service_pb2_grpc import add_ScheduleServiceServicer_to_server
from daybook.workspace.v1.workspace_service_pb2_grpc import add_WorkspaceServiceServicer_to_server
from pymongo.asynchronous.database import AsyncDatabase

from services.errors import StoreUnavailable
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Access, Authenticator
from services.generation.accounts.credentials import Argon2Passwords
from services.generation.accounts.delivery_token import DeliveryTokenCheck
from services.generation.accounts.login_limit import WINDOW, LoginLimit
from services.generation.accounts.orphans import OrphanService
from services.generation.accounts.removal import RemovalService
from services.generation.accounts.user import User
from services.generation.executors import track_worker, worker
from services.generation.executors.process_pool import MAX_DEATHS, PRELOAD, ProcessPool
from services.generation.inputs.input_rules import rules_of
from services.generation.inputs.input_service import InputService
from services.generation.inputs.parking_settings import ParkingSettings
from services.generation.inputs.projects import PROJECTS
from services.generation.inputs.series_service import SeriesService
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.reporting.caller_profile import AccountLimits, Profiles
from services.generation.reporting.executor import Executor
from services.generation.reporting.job_runner import JobRunner
from services.generation.reporting.kept_reports import drop_excess
from services.generation.reporting.metrics import STORE_UP, watch_queue
from services.generation.reporting.report_job import JobContext
from services.generation.reporting.report_request import Limits
from services.generation.reporting.report_service import ReportService
from services.generation.reporting.request_checks import RequestChecks
from services.generation.reporting.units import WorkerSettings
from services.generation.reporting.watch import Watchers
from services.generation.schedules.assembly import (
    ScheduledReports,
    ScheduleParts,
    SchedulePorts,
    scheduled_reports,
)
from services.generation.schedules.delivery_links import ReportDeliveryLinks
from services.generation.schedules.delivery_metrics import watch_deliveries
from services.generation.schedules.delivery_service import DeliveryService
from services.generation.schedules.mailed_reports import ScheduledMembers
from services.generation.schedules.report_sources import ReportSources
from services.generation.schedules.schedule import ScheduleLimits
from services.generation.schedules.schedule_service import ScheduleService
from services.generation.servicers.account import AccountServicer
from services.generation.servicers.deliveries import DeliveryServicer
from services.generation.servicers.generation import GenerationServicer
from services.generation.servicers.input import InputServicer
from services.generation.servicers.input_owners import InputOwners
from services.generation.servicers.maintenance import MaintenanceServicer
from services.generation.servicers.part_streams import PartStreams
from services.generation.servicers.report_callers import ReportCallers
from services.generation.servicers.saved_report import SavedReportServicer
from services.generation.servicers.schedules import ScheduleServicer
from services.generation.servicers.spooled_stream import SpooledStreams
from services.generation.servicers.time_sources import TimeSources
from services.generation.servicers.track import TrackServicer
from services.generation.servicers.workspace import WorkspaceServicer
from services.generation.settings import ScheduleSettings, Settings
from services.generation.sharing.link_access import LinkAccess, LinkSources
from services.generation.sharing.link_service import LinkService
from services.generation.store.identity_migration import migrate_identities
from services.generation.store.indexes import create_indexes
from services.generation.store.mongo import Document, opened, store_errors
from services.generation.store.mongo_erasure import MongoErasure
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_kept_reports import MongoKeptReports
from services.generation.store.mongo_login_attempts import MongoLoginAttempts
from services.generation.store.mongo_mail_receivers import MongoMailCounts, MongoMailReceivers
from services.generation.store.mongo_orphans import MongoOrphans
from services.generation.store.mongo_persons import MongoPersons
from services.generation.store.mongo_queue import MongoQueue
from services.generation.store.mongo_report_links import MongoReportLinks
from services.generation.store.mongo_reports import MongoReports
from services.generation.store.mongo_saved_reports import MongoSavedReports
from services.generation.store.mongo_schedule_runs import MongoScheduleRuns
from services.generation.store.mongo_schedules import MongoSchedules
from services.generation.store.mongo_series import MongoSeries
from services.generation.store.mongo_time_entries import MongoTimeEntries
from services.generation.store.recent_credentials import RecentCredentials
from services.generation.store.server_clock import ServerClock
from services.generation.timetracking.detachment import ProjectRules
from services.generation.timetracking.entry_deletion import EntryDeletion
from services.generation.timetracking.lookups import LookupService
from services.generation.timetracking.memberships import Memberships
from services.generation.timetracking.saved_report_service import SavedReportService
from services.generation.timetracking.time_report_service import Limits as TimeReportLimits
from services.generation.timetracking.time_report_service import Stores, TimeReportService
from services.generation.tracks.track_reader import TrackReader
from services.generation.tracks.track_service import TrackLimits, TrackService
from services.runtime.serve import CannotServe, Health

log = logging.getLogger("daybook.generation")

SERVICES = (
    "daybook.schedule.v1.ScheduleService",
    "daybook.schedule.v1.DeliveryService",
    "daybook.generation.v1.GenerationService",
    "daybook.account.v1.AccountService",
    "daybook.input.v1.InputService",
    "daybook.input.v1.TrackService",
    "daybook.savedreport.v1.SavedReportService",
    "daybook.maintenance.v1.MaintenanceService",
    "daybook.workspace.v1.WorkspaceService",
)
LOOK_EVERY_S = 1.0
LINK_MISSES_WINDOW = timedelta(minutes=1)


def now() -> datetime:
    """Return the present moment, to the millisecond that MongoDB keeps."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


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
        clock = ServerClock()
        scheduled = _add_servicers(settings, server, Parts(database, passwords, jobs, readers, clock))
        prepared, kept = asyncio.Event(), MongoKeptReports(database, settings.keep_reports)
        tasks = [asyncio.create_task(_watch_over(database, clock, health, prepared))]
        tasks.append(asyncio.create_task(_end_waits(health, scheduled.deliveries)))
        works = (_make_reports(executor, jobs), drop_excess(kept), scheduled.run())
        tasks += [asyncio.create_task(_once(prepared, work)) for work in works]
        if settings.metrics_listen:
            tasks.append(asyncio.create_task(watch_queue(_queue(settings, database))))
            tasks.append(asyncio.create_task(watch_deliveries(MongoScheduleRuns(database), clock.now)))
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


@dataclass(frozen=True, slots=True)
class Parts:
    """Objects that the servicers share with the rest of the process."""

    database: AsyncDatabase[Document]
    passwords: Argon2Passwords
    jobs: JobRunner
    readers: Executor
    clock: ServerClock


def _add_servicers(settings: Settings, server: grpc.aio.Server, parts: Parts) -> ScheduledReports:
    database, jobs = parts.database, parts.jobs
    accounts, inputs = RecentCredentials(database), MongoInputs(database)
    keep = timedelta(days=settings.keep_days)
    reports = MongoReports(database, settings.reports_at_once, settings.reports_at_once_per_account, keep)
    attempts, longest = MongoLoginAttempts(database, WINDOW), timedelta(days=settings.session_max_days)
    token = settings.operator_token.get_secret_value()
    access = Access(accounts, token, now, LoginLimit(attempts), longest_session=longest)
    schedules: list[ScheduleService] = []  # which needs the accounts itself

    async def locale_changed(user: User) -> None:
        for one in schedules:
            await one.owner_changed(user)

    book = AccountService(accounts, parts.passwords, attempts, now, longest, locale_changed=locale_changed)
    limits = Limits(settings.max_time_span, settings.max_trackers)
    checks = RequestChecks(inputs, limits, now)
    service = ReportService(reports, checks)
    series = SeriesService(MongoSeries(database), inputs, now)
    authenticator, members = Authenticator(access, book), WorkspaceMembers(inputs)
    removals = RemovalService(MongoErasure(database), accounts.forget)
    account = AccountServicer(book, removals, access, authenticator, Profiles(inputs, _account_limits(settings), book))
    add_AccountServiceServicer_to_server(account, server)
    add_MaintenanceServiceServicer_to_server(MaintenanceServicer(OrphanService(MongoOrphans(database)), access), server)
    owners = InputOwners(book, members, authenticator)
    entries = MongoTimeEntries(database)
    rules = {**rules_of(inputs, MongoPersons(database), book), PROJECTS.name: ProjectRules(inputs, entries)}
    records = InputService(inputs, rules)
    add_InputServiceServicer_to_server(InputServicer(records, series, ParkingSettings(records), owners), server)
    time_reports = _time_reports(settings, database, book)
    spools, links = SpooledStreams(), MongoReportLinks(database)
    saved_reports = _saved_reports(database, book)
    link_misses = MongoLoginAttempts(database, LINK_MISSES_WINDOW)
    link_access = LinkAccess(links, LinkSources(reports, saved_reports, book), link_misses, now)
    time_sources = TimeSources(authenticator, link_access)
    saved = SavedReportServicer(saved_reports, time_reports, time_sources, spools)
    add_SavedReportServiceServicer_to_server(saved, server)
    memberships = Memberships(members, book)
    lookups, deletion = LookupService(inputs, memberships, entries), EntryDeletion(memberships, records)
    add_WorkspaceServiceServicer_to_server(WorkspaceServicer(lookups, deletion, authenticator), server)
    streams = PartStreams(
        service, time_reports, time_sources, spools, toggl_file_names=settings.time_file_names == "toggl"
    )
    watchers = Watchers(reports, settings.watchers_at_once)
    callers, link_service = ReportCallers(access, book, link_access), LinkService(links, service, now)
    generation = GenerationServicer(service, streams, watchers, callers, links=link_service, wake=jobs.wake)
    add_GenerationServiceServicer_to_server(generation, server)
    tracks = TrackServicer(_tracks(settings, inputs, parts.readers), service, owners, callers)
    add_TrackServiceServicer_to_server(tracks, server)
    sources = ReportSources(service, inputs, saved_reports, time_reports, jobs.wake)
    schedule_parts = ScheduleParts(
        book,
        members,
        checks,
        sources,
        schedule_limits(settings.schedules),
        parts.clock.now,
        settings.delivery_token.get_secret_value(),
    )
    scheduled = scheduled_reports(_schedule_ports(database, link_service), schedule_parts)
    schedules.append(scheduled.schedules)
    add_ScheduleServiceServicer_to_server(ScheduleServicer(scheduled, authenticator, access), server)
    workers = DeliveryTokenCheck(schedule_parts.secret, LoginLimit(attempts))
    add_DeliveryServiceServicer_to_server(DeliveryServicer(scheduled.deliveries, workers), server)
    return scheduled


def _schedule_ports(database: AsyncDatabase[Document], links: LinkService) -> SchedulePorts:
    return SchedulePorts(
        MongoSchedules(database),
        MongoScheduleRuns(database),
        MongoMailReceivers(database),
        MongoMailCounts(database),
        ReportDeliveryLinks(links),
    )


def schedule_limits(settings: ScheduleSettings) -> ScheduleLimits:
    """Return the limits of schedules that the settings say."""
    return ScheduleLimits(
        per_account=settings.schedules_per_account,
        recipients=settings.max_recipients,
        mails_per_day=settings.mails_per_day,
        mails_per_minute=settings.smtp_per_minute,
        domains=frozenset(filter(None, settings.mail_domains.split(","))),
        catch_up=timedelta(hours=settings.schedule_catch_up_hours),
        in_doubt=settings.mail_in_doubt,
        http_webhooks=settings.webhook_allow_private,
    )


def _tracks(settings: Settings, inputs: MongoInputs, readers: Executor) -> TrackService:
    limits = TrackLimits(settings.max_time_span, settings.max_stats_time_span, settings.max_stats_trackers)
    reader = TrackReader(readers, track_worker.WORK, WorkerSettings.of(settings))
    return TrackService(inputs, reader, limits, now)


def _account_limits(settings: Settings) -> AccountLimits:
    return AccountLimits(
        settings.max_time_span,
        settings.max_trackers,
        settings.reports_at_once,
        settings.keep_days,
        settings.default_geocoder,
        settings.max_stats_time_span,
    )


def _saved_reports(database: AsyncDatabase[Document], accounts: AccountService) -> SavedReportService:
    mailed, members = ScheduledMembers(MongoSchedules(database)), WorkspaceMembers(MongoInputs(database))
    return SavedReportService(MongoSavedReports(database), mailed, members, accounts, now)


def _time_reports(settings: Settings, database: AsyncDatabase[Document], accounts: AccountService) -> TimeReportService:
    saved, inputs = _saved_reports(database, accounts), MongoInputs(database)
    limits = TimeReportLimits(settings.max_report_entries, settings.runs_at_once)
    return TimeReportService(Stores(saved, accounts, inputs, MongoTimeEntries(database)), limits, now)


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


async def _watch_over(
    database: AsyncDatabase[Document], clock: ServerClock, health: Health, prepared: asyncio.Event
) -> None:
    """Make the indexes and set `prepared`, then say SERVING while MongoDB answers and NOT_SERVING while it does not."""
    while True:
        try:
            if not prepared.is_set():
                await migrate_identities(database)
                await create_indexes(database)
                prepared.set()
            with store_errors(at_most_s=2 * LOOK_EVERY_S):
                await clock.synchronize(database)
            serving = True
        except StoreUnavailable:
            serving = False
        except CannotServe as error:
            log.critical("cannot serve", extra={"reason": str(error)})
            health.fail(error)
            return
        except Exception:
            log.exception("MongoDB cannot be used")  # such as an index that cannot be made: it is tried again
            serving = False
        STORE_UP.set(serving)
        await health.set_serving(serving)
        await asyncio.sleep(LOOK_EVERY_S)
