"""Schedules and runs for tests, and scheduled reports over stores in memory."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Principal
from services.generation.accounts.user import User
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.reporting.report_request import Limits
from services.generation.reporting.report_service import ReportService
from services.generation.reporting.request_checks import RequestChecks
from services.generation.schedules.assembly import ScheduledReports, ScheduleParts, SchedulePorts, scheduled_reports
from services.generation.schedules.due import Rule, Window
from services.generation.schedules.mailed_reports import ScheduledMembers
from services.generation.schedules.report_sources import ReportSources
from services.generation.schedules.run import Run
from services.generation.schedules.schedule import Recipient, Schedule, ScheduleLimits, ScheduleSpec
from services.generation.schedules.schedule_checks import ScheduleDraft
from services.generation.timetracking.saved_report_service import SavedReportService
from services.generation.timetracking.time_report_service import Limits as TimeLimits
from services.generation.timetracking.time_report_service import Stores, TimeReportService
from services.generation.words.language import Locale
from tests.builders.people import ask, user
from tests.builders.report_service import fleet
from tests.fakes.accounts import FakeAccounts, FakeLoginAttempts, PlainPasswords
from tests.fakes.inputs import FakeInputs
from tests.fakes.reports import FakeReports
from tests.fakes.saved_reports import MemorySavedReports
from tests.fakes.schedules import (
    MemoryDeliveryLinks,
    MemoryMailCounts,
    MemoryMailReceivers,
    MemoryRuns,
    MemorySchedules,
)
from tests.fakes.time_entries import MemoryTimeEntries

MONDAY = datetime(2026, 6, 1, 4, tzinfo=UTC)  # 06:00 in Berlin
REQUEST = ask(period_start="", period_end="", title="Trips of the week", type="user")
SPEC = ScheduleSpec(
    report=REQUEST,
    period="1w",
    rule=Rule(weekdays=(1,)),
    sending_time=time(6),
    enabled=True,
    recipients=(Recipient("bob@example.org"),),
)
SCHEDULE = Schedule(1, 1, SPEC, create_time=MONDAY, update_time=MONDAY, zone="Europe/Berlin")
RUN = Run(
    schedule_id=1,
    owner_id=1,
    account_id=1,
    kind="scheduled",
    due=MONDAY,
    due_civil=datetime(2026, 6, 1, 6),  # noqa: DTZ001 - on the clock of its zone
    zone="Europe/Berlin",
    create_time=MONDAY,
    window=Window(datetime(2026, 5, 25, tzinfo=UTC).date(), datetime(2026, 5, 31, tzinfo=UTC).date()),
    step_time=MONDAY,
)
BERLIN = Locale(time_zone="Europe/Berlin")


def draft(sending_time: str = "06:00", **changes: Any) -> ScheduleDraft:
    """Return wishes for a trips report of a week, every Monday to bob@example.org; keywords change fields."""
    return ScheduleDraft(replace(SPEC, **changes), sending_time)


@dataclass
class Clock:
    """Clock that tests set."""

    moment: datetime = MONDAY

    def __call__(self) -> datetime:
        """Return the present moment."""
        return self.moment

    def pass_by(self, **span: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**span)


class ScheduledOffice:
    """Scheduled reports of account 1, Ann in Berlin, whose fleet has trackers 7 and 8, over stores in memory."""

    def __init__(self, limits: ScheduleLimits | None = None, owner: User | None = None, **stores: Any) -> None:
        self.now = stores.get("now") or Clock()
        self.owner = owner or user(id=1, login="ann@example.com", locale=BERLIN)
        self.inputs: FakeInputs = stores.get("inputs") or fleet()
        self.reports = FakeReports()
        self.people = FakeAccounts()
        self.saved = MemorySavedReports()
        self.schedules = stores.get("schedules") or MemorySchedules()
        self.runs = stores.get("runs") or MemoryRuns()
        self.receivers, self.counts, self.links = MemoryMailReceivers(), MemoryMailCounts(), MemoryDeliveryLinks()
        self.put(self.owner)
        self.accounts = AccountService(self.people, PlainPasswords(), FakeLoginAttempts(), self.now)
        self.all = self._assembled(limits or ScheduleLimits())
        self.caller = Principal(self.owner)

    def put(self, owner: User) -> None:
        """Store an account as it is now."""
        self.people.users[owner.id] = owner
        self.owner, self.caller = owner, Principal(owner)

    def _assembled(self, limits: ScheduleLimits) -> ScheduledReports:
        members = WorkspaceMembers(self.inputs)
        checks = RequestChecks(self.inputs, Limits(timedelta(days=90), 10), self.now)
        saved = SavedReportService(self.saved, ScheduledMembers(self.schedules), members, self.accounts, self.now)
        entries = MemoryTimeEntries()
        time_reports = TimeReportService(
            Stores(saved, self.accounts, self.inputs, entries), TimeLimits(1_000, 4), self.now
        )
        sources = ReportSources(ReportService(self.reports, checks), self.inputs, saved, time_reports)
        ports = SchedulePorts(self.schedules, self.runs, self.receivers, self.counts, self.links)
        return scheduled_reports(ports, ScheduleParts(self.accounts, members, checks, sources, limits, self.now))
