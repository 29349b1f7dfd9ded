"""Service of saved reports over a workspace in memory, and the people who call it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from services.generation.accounts.authentication import Principal
from services.generation.timetracking.directory import Member, Workspace
from services.generation.timetracking.saved_report_service import SavedReportService
from services.generation.timetracking.time_store import SavedReport
from tests.builders.people import user
from tests.fakes.accounts import account_service
from tests.fakes.saved_reports import MemorySavedReports

NOW = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)  # in Berlin it is the 6th already
TOKEN = "0123456789abcdef" * 2
DETAILED = {"report_type": "detailed"}

BOSS = Member(1, "Boss", "boss@example.com", "admin")
ANN = Member(11, "Ann", "ann@example.com", "member", "Europe/Berlin")
BOB = Member(12, "Bob", "bob@example.com")
EVE = Member(13, "Eve", "eve@example.com", "admin", active=False)

BOSS_USER = user(id=1, login="Boss@Example.com")

BOSS_CALLS, ANN_CALLS, BOB_CALLS, EVE_CALLS, STRANGER_CALLS = (
    Principal(user(id=account, login=f"{name}@Example.com"))
    for account, name in ((1, "Boss"), (2, "Ann"), (3, "Bob"), (4, "Eve"), (5, "Mallory"))
)
OPERATOR = Principal(None, operator=True)


def saved(**changes: object) -> SavedReport:
    """Return Ann's private detailed report 1 of workspace 1; keywords change its fields."""
    plain = SavedReport(1, 1, ANN.id, "Mine", dict(DETAILED), token=TOKEN)
    return replace(plain, **changes)  # type: ignore[arg-type] # fields by name


class Office:
    """Fills the parts of Timesheets that saved reports use, beside the fake of SavedReports."""

    def __init__(
        self,
        reports: Sequence[SavedReport] = (),
        members: Sequence[Member] = (BOSS, ANN, BOB, EVE),
        *,
        there: bool = True,
    ) -> None:
        self.saved = MemorySavedReports(*reports)
        self.members = members
        self.there = there

    async def workspace(self, workspace_id: int) -> Workspace | None:
        return Workspace(1, "Studio", owner_id=1) if self.there and workspace_id == 1 else None

    async def member(self, workspace_id: int, *, email: str = "", user_id: int = 0) -> Member | None:
        found = (one for one in self.members if (one.email == email if email else one.id == user_id))
        return next(found, None) if workspace_id == 1 else None

    @property
    def reports(self) -> list[SavedReport]:
        """The reports that are not deleted."""
        return [one for one in self.saved.stored.values() if one.delete_time is None]

    @property
    def writes(self) -> int:
        """The number of calls that changed reports."""
        return self.saved.writes

    @property
    def book(self) -> SavedReportService:
        """The service over all this."""
        accounts = account_service(BOSS_USER)
        return SavedReportService(self.saved, self, accounts, lambda: NOW)  # type: ignore[arg-type] # the parts that are asked
