"""Links over reports, saved reports and accounts in memory, with a clock that tests set."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from daybook.input.v1.workspace_pb2 import Workspace

from services.generation.accounts.account_service import AccountService
from services.generation.accounts.user import User
from services.generation.inputs.members import MEMBERS
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.inputs.workspaces import WORKSPACES
from services.generation.reporting.report import Report
from services.generation.sharing.link_access import LinkAccess, LinkSources
from services.generation.sharing.link_service import LinkService
from services.generation.timetracking.saved_report_service import SavedReportService
from services.generation.timetracking.time_store import SavedReport
from tests.builders.people import NOON, report, user
from tests.builders.report_service import report_service
from tests.builders.saved_report_service import ANN, BOSS
from tests.fakes.accounts import FakeAccounts, FakeLoginAttempts, PlainPasswords
from tests.fakes.inputs import FakeInputs
from tests.fakes.report_links import FakeReportLinks
from tests.fakes.reports import FakeReports
from tests.fakes.saved_reports import FakeMailedReports, MemorySavedReports

OWNER = user(id=1, login="owner")
SUB = user(id=2, login="sub", master_id=1, rights=frozenset({"reports"}))
EXPIRES = NOON + timedelta(days=30)
FINISHED = report(id=7, state="finished", percent=100, expire_time=EXPIRES)


@dataclass
class Clock:
    """Clock that a test sets, in seconds after noon."""

    seconds: float = 0.0

    def __call__(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)


@dataclass
class LinkWorld:
    """A finished report 7 of the owner, one of the sub-user, and saved reports of Ann."""

    clock: Clock = field(default_factory=Clock)
    reports: FakeReports = field(default_factory=lambda: FakeReports(FINISHED, of_sub()))
    saved: MemorySavedReports = field(default_factory=MemorySavedReports)

    def __post_init__(self) -> None:
        self.accounts = FakeAccounts(OWNER, SUB, now=self.clock)
        self.links, self.misses = FakeReportLinks(self.clock), FakeLoginAttempts()
        self.service = LinkService(self.links, report_service(self.reports), self.clock)
        inputs = FakeInputs()
        inputs.add(MEMBERS, 1, ANN, BOSS)
        inputs.add(WORKSPACES, 1, Workspace(id=1, name="Studio"))
        book = AccountService(self.accounts, PlainPasswords(), FakeLoginAttempts(), self.clock)
        saved = SavedReportService(self.saved, FakeMailedReports(), WorkspaceMembers(inputs), book, self.clock)
        self.access = LinkAccess(self.links, LinkSources(self.reports, saved, book), self.misses, self.clock)

    def change(self, who: User, **changes: object) -> None:
        """Change fields of an account."""
        self.accounts.users[who.id] = replace(who, **changes)  # type: ignore[arg-type] # fields by name

    def save(self, report: SavedReport) -> None:
        """Store a saved report."""
        self.saved.stored[report.id] = report


def of_sub() -> Report:
    """Return a finished report of the sub-user."""
    return report(id=8, owner_id=2, state="finished", percent=100, expire_time=EXPIRES)
