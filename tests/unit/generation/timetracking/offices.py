"""A book of saved reports over a workspace in memory, and the people who call."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from services.generation.accounts.authentication import Principal
from services.generation.domain.paging import Page
from services.generation.timetracking.computation.directory import Member, Workspace
from services.generation.timetracking.saved_report_service import SavedReportService
from services.generation.timetracking.time_store import SavedReport, SavedReportQuery
from tests.builders.people import user
from tests.fakes.accounts import account_service

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


@dataclass
class Office:
    """Fills the parts of Timesheets and SavedReports that saved reports use."""

    reports: list[SavedReport] = field(default_factory=list)
    members: list[Member] = field(default_factory=lambda: [BOSS, ANN, BOB, EVE])
    there: bool = True
    writes: int = 0

    async def workspace(self, workspace_id: int) -> Workspace | None:
        return Workspace(1, "Studio", owner_id=1) if self.there and workspace_id == 1 else None

    async def member(self, workspace_id: int, *, email: str = "", user_id: int = 0) -> Member | None:
        found = (one for one in self.members if (one.email == email if email else one.id == user_id))
        return next(found, None) if workspace_id == 1 else None

    async def add(self, report: SavedReport) -> SavedReport:
        self.reports.append(replace(report, id=len(self.reports) + 1))
        return self.reports[-1]

    async def by_token(self, token: str) -> SavedReport | None:
        return next((one for one in self.reports if one.token == token), None)

    async def by_ids(self, workspace_id: int, ids: Collection[int]) -> dict[int, SavedReport]:
        return {one.id: one for one in self.reports if one.workspace_id == workspace_id and one.id in ids}

    async def change(self, changes: Sequence[tuple[SavedReport, SavedReport]]) -> None:
        self.writes += 1
        new = {after.id: after for _, after in changes}
        self.reports = [new.get(one.id, one) for one in self.reports]

    async def delete(self, ids: Collection[int], at: datetime) -> None:
        assert at == NOW
        self.writes += 1
        self.reports = [one for one in self.reports if one.id not in ids]

    async def page(self, wanted: SavedReportQuery, page: Page) -> list[SavedReport]:
        return [one for one in self.reports if wanted.user_id in (None, one.user_id)][: page.size]

    @property
    def book(self) -> SavedReportService:
        """The book over all this."""
        accounts = account_service(BOSS_USER)
        return SavedReportService(self, self, accounts, lambda: NOW)  # type: ignore[arg-type] # the parts that are asked
