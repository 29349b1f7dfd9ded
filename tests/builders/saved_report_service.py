"""Service of saved reports over a workspace in memory, and the people who call it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from daybook.input.v1.workspace_pb2 import Member, Workspace

from services.generation.accounts.authentication import Principal
from services.generation.inputs.members import MEMBERS
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.inputs.workspaces import WORKSPACES
from services.generation.timetracking.saved_report_service import SavedReportService
from services.generation.timetracking.time_store import SavedReport
from tests.builders.people import user
from tests.builders.time_entries import member
from tests.fakes.accounts import account_service
from tests.fakes.inputs import FakeInputs
from tests.fakes.saved_reports import FakeMailedReports, MemorySavedReports

NOW = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)  # in Berlin it is the 6th already
TOKEN = "0123456789abcdef" * 2
DETAILED = {"report_type": "detailed"}

BOSS = member(1, "Boss", "boss@example.com", "admin")
ANN = member(11, "Ann", "ann@example.com", "member", "Europe/Berlin")
BOB = member(12, "Bob", "bob@example.com")
EVE = member(13, "Eve", "eve@example.com", "admin", inactive=True)

BOSS_USER = user(id=1, login="Boss@Example.com")
PERSONS = {member.name: member.user_id for member in (BOSS, ANN, BOB, EVE)}  # known before they had accounts

BOSS_CALLS, ANN_CALLS, BOB_CALLS, EVE_CALLS, STRANGER_CALLS = (
    Principal(user(id=account, login=f"{name}@Example.com", person_id=PERSONS.get(name, 0)))
    for account, name in ((1, "Boss"), (2, "Ann"), (3, "Bob"), (4, "Eve"), (5, "Mallory"))
)
OPERATOR = Principal(None, operator=True)


def saved(**changes: object) -> SavedReport:
    """Return Ann's private detailed report 1 of workspace 1; keywords change its fields."""
    plain = SavedReport(1, 1, ANN.user_id, "Mine", dict(DETAILED), token=TOKEN)
    return replace(plain, **changes)  # type: ignore[arg-type] # fields by name


class StoredReports:
    """Members of a workspace and their saved reports."""

    def __init__(
        self,
        reports: Sequence[SavedReport] = (),
        members: Sequence[Member] = (BOSS, ANN, BOB, EVE),
        *,
        there: bool = True,
    ) -> None:
        self.saved = MemorySavedReports(*reports)
        self.schedules = FakeMailedReports()
        self.members = members
        self.there = there

    @property
    def reports(self) -> list[SavedReport]:
        """The reports that are not deleted."""
        return [one for one in self.saved.stored.values() if one.delete_time is None]

    @property
    def writes(self) -> int:
        """The number of calls that changed reports."""
        return self.saved.writes

    @property
    def service(self) -> SavedReportService:
        """The service over all this."""
        inputs = FakeInputs()
        inputs.add(MEMBERS, 1, *self.members)
        if self.there:
            inputs.add(WORKSPACES, 1, Workspace(id=1, name="Studio"))
        members = WorkspaceMembers(inputs)
        return SavedReportService(self.saved, self.schedules, members, account_service(BOSS_USER), lambda: NOW)
