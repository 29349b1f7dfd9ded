"""Stores and use cases that several groups of services share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import grpc
from pymongo.asynchronous.database import AsyncDatabase

from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Access, Authenticator
from services.generation.accounts.credentials import Argon2Passwords
from services.generation.accounts.login_limit import WINDOW, LoginLimit
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.reporting.executor import Executor
from services.generation.reporting.job_runner import JobRunner
from services.generation.reporting.report_request import Limits
from services.generation.reporting.report_service import ReportService
from services.generation.reporting.request_checks import RequestChecks
from services.generation.schedules.assembly import ScheduledReports, ScheduleParts, SchedulePorts, scheduled_reports
from services.generation.schedules.delivery_links import ReportDeliveryLinks
from services.generation.schedules.mailed_reports import ScheduledMembers
from services.generation.schedules.replanning import Replanning
from services.generation.schedules.report_sources import ReportSources
from services.generation.schedules.schedule import ScheduleLimits
from services.generation.servicers.input_owners import InputOwners
from services.generation.servicers.report_callers import ReportCallers
from services.generation.servicers.time_sources import TimeSources
from services.generation.settings import ScheduleSettings, Settings
from services.generation.sharing.link_access import LinkAccess, LinkSources
from services.generation.sharing.link_service import LinkService
from services.generation.store.mongo import Document
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_login_attempts import MongoLoginAttempts
from services.generation.store.mongo_mail_receivers import MongoMailCounts, MongoMailReceivers
from services.generation.store.mongo_report_links import MongoReportLinks
from services.generation.store.mongo_reports import MongoReports
from services.generation.store.mongo_saved_reports import MongoSavedReports
from services.generation.store.mongo_schedule_runs import MongoScheduleRuns
from services.generation.store.mongo_schedules import MongoSchedules
from services.generation.store.mongo_time_entries import MongoTimeEntries
from services.generation.store.recent_credentials import RecentCredentials
from services.generation.store.server_clock import ServerClock, now
from services.generation.timetracking.saved_report_service import SavedReportService
from services.generation.timetracking.time_report_service import Limits as TimeReportLimits
from services.generation.timetracking.time_report_service import Stores, TimeReportService

LINK_MISSES_WINDOW = timedelta(minutes=1)


@dataclass(frozen=True)
class Components:
    """Parts of the process, and what is made of them: each is made once, when it is first asked for."""

    settings: Settings
    database: AsyncDatabase[Document]
    clock: ServerClock
    passwords: Argon2Passwords
    jobs: JobRunner
    track_readers: Executor

    @cached_property
    def credentials(self) -> RecentCredentials:
        """Accounts, and their credentials as they were a moment ago."""
        return RecentCredentials(self.database)

    @cached_property
    def login_limit(self) -> LoginLimit:
        """The limit of wrong logins and tokens."""
        return LoginLimit(self._login_attempts)

    @property
    def _login_attempts(self) -> MongoLoginAttempts:
        return MongoLoginAttempts(self.database, WINDOW)

    @property
    def _longest_session(self) -> timedelta:
        return timedelta(days=self.settings.session_max_days)

    @cached_property
    def access(self) -> Access:
        """The check of credentials."""
        token = self.settings.operator_token.get_secret_value()
        return Access(self.credentials, token, now, self.login_limit, longest_session=self._longest_session)

    @cached_property
    def accounts(self) -> AccountService:
        """Use cases around accounts; schedules follow the zones of their owners."""
        return AccountService(
            self.credentials,
            self.passwords,
            self._login_attempts,
            now,
            self._longest_session,
            locale_changed=Replanning(self._schedule_store, self.clock.now).owner_changed,
        )

    @cached_property
    def authenticator(self) -> Authenticator:
        """Callers by key, session or password."""
        return Authenticator(self.access, self.accounts)

    @cached_property
    def inputs(self) -> MongoInputs:
        """Records of all kinds."""
        return MongoInputs(self.database)

    @cached_property
    def entries(self) -> MongoTimeEntries:
        """Time entries."""
        return MongoTimeEntries(self.database)

    @cached_property
    def members(self) -> WorkspaceMembers:
        """Workspaces and their members."""
        return WorkspaceMembers(self.inputs)

    @cached_property
    def input_owners(self) -> InputOwners:
        """Owners of inputs."""
        return InputOwners(self.accounts, self.members, self.authenticator)

    @cached_property
    def report_store(self) -> MongoReports:
        """Stored reports."""
        one = self.settings
        keep = timedelta(days=one.keep_days)
        return MongoReports(self.database, one.reports_at_once, one.reports_at_once_per_account, keep)

    @cached_property
    def request_checks(self) -> RequestChecks:
        """The check of requests for reports."""
        return RequestChecks(self.inputs, Limits(self.settings.max_time_span, self.settings.max_trackers), now)

    @cached_property
    def reports(self) -> ReportService:
        """Use cases around reports."""
        return ReportService(self.report_store, self.request_checks)

    @cached_property
    def saved_reports(self) -> SavedReportService:
        """Use cases around saved reports."""
        store, mailed = MongoSavedReports(self.database), ScheduledMembers(self._schedule_store)
        return SavedReportService(store, mailed, self.members, self.accounts, now)

    @cached_property
    def time_reports(self) -> TimeReportService:
        """Use cases around time reports."""
        limits = TimeReportLimits(self.settings.max_report_entries, self.settings.runs_at_once)
        return TimeReportService(Stores(self.saved_reports, self.accounts, self.inputs, self.entries), limits, now)

    @cached_property
    def _link_store(self) -> MongoReportLinks:
        return MongoReportLinks(self.database)

    @cached_property
    def links(self) -> LinkService:
        """Use cases around links to reports."""
        return LinkService(self._link_store, self.reports, now)

    @cached_property
    def link_access(self) -> LinkAccess:
        """Reports by their links."""
        sources = LinkSources(self.report_store, self.saved_reports, self.accounts)
        return LinkAccess(self._link_store, sources, MongoLoginAttempts(self.database, LINK_MISSES_WINDOW), now)

    @cached_property
    def report_callers(self) -> ReportCallers:
        """Callers of the services of reports."""
        return ReportCallers(self.access, self.accounts, self.link_access)

    @cached_property
    def time_sources(self) -> TimeSources:
        """Time reports by the sources that requests name."""
        return TimeSources(self.authenticator, self.link_access)

    @cached_property
    def _schedule_store(self) -> MongoSchedules:
        return MongoSchedules(self.database)

    @cached_property
    def scheduled(self) -> ScheduledReports:
        """Use cases around scheduled reports, and the work behind them."""
        ports = SchedulePorts(
            self._schedule_store,
            MongoScheduleRuns(self.database),
            MongoMailReceivers(self.database),
            MongoMailCounts(self.database),
            ReportDeliveryLinks(self.links),
        )
        parts = ScheduleParts(
            self.accounts,
            self.members,
            self.request_checks,
            ReportSources(self.reports, self.inputs, self.saved_reports, self.time_reports, self.jobs.wake),
            _schedule_limits(self.settings.schedules),
            self.clock.now,
            self.settings.delivery_token.get_secret_value(),
        )
        return scheduled_reports(ports, parts)


def _schedule_limits(settings: ScheduleSettings) -> ScheduleLimits:
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


@dataclass(frozen=True, slots=True)
class ServicerGroup:
    """Services by their full names, and how their servicers are added to a server."""

    services: tuple[str, ...]
    add: Callable[[grpc.aio.Server, Components], None]
