"""Accounts with something of every kind in the store, and ways to look through all of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Any

from daybook.input.v1.fleet_pb2 import Employee, Tracker, Vehicle
from daybook.input.v1.workspace_pb2 import Client, Group, Member, Project, ProjectTask, Tag, TimeEntry, Workspace
from pymongo import MongoClient

from services.generation.accounts.account_service import AccountService
from services.generation.inputs.assignments import ASSIGNMENTS
from services.generation.inputs.clients import CLIENTS
from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.input_rules import rules_of
from services.generation.inputs.input_service import InputService
from services.generation.inputs.member_groups import GROUPS
from services.generation.inputs.members import MEMBERS
from services.generation.inputs.points import POINTS
from services.generation.inputs.project_tasks import PROJECT_TASKS
from services.generation.inputs.projects import PROJECTS
from services.generation.inputs.tags import TAGS
from services.generation.inputs.time_entries import TIME_ENTRIES
from services.generation.inputs.trackers import TRACKERS
from services.generation.inputs.vehicles import VEHICLES
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.inputs.workspaces import WORKSPACES
from services.generation.reporting.report import ReportResult
from services.generation.schedules.schedule_store import MailReceiver
from services.generation.sharing.report_link import ReportLink
from services.generation.store.mongo import journalled_worker
from services.generation.store.mongo_accounts import MongoAccounts
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_mail_receivers import MongoMailReceivers
from services.generation.store.mongo_parts import PartStore
from services.generation.store.mongo_persons import MongoPersons
from services.generation.store.mongo_queue import MongoQueue
from services.generation.store.mongo_report_links import MongoReportLinks
from services.generation.store.mongo_reports import MongoReports
from services.generation.store.mongo_saved_reports import MongoSavedReports
from services.generation.store.mongo_schedule_runs import MongoScheduleRuns
from services.generation.store.mongo_schedules import MongoSchedules
from services.generation.store.mongo_series import MongoSeries
from services.generation.timetracking.time_report import SavedWindow
from services.generation.timetracking.time_store import SavedReport
from services.runtime.codec import timestamp_of
from tests.builders.inputs import assigned
from tests.builders.parts import with_json
from tests.builders.people import NOON, report, user
from tests.builders.points import drive
from tests.builders.scheduled_reports import RUN, SCHEDULE
from tests.builders.sheets import trips_report
from tests.fakes.accounts import FakeLoginAttempts, PlainPasswords

MONTH = timedelta(days=30)
FIRST_USER_ID = 7_100_000  # an unusual number, which is found again
Dump = dict[str, dict[Any, Any]]


@dataclass
class FilledWorkspace:
    """Workspace with its owner and a project."""

    owner_id: int
    workspace_id: int
    project_id: int


class AccountDataBuilder:
    """Builder of accounts in a database, with data of every kind."""

    def __init__(self, db: Any, client: MongoClient[Any]) -> None:
        self.db = db
        self._sheets = journalled_worker(client, db.name)
        self.accounts, self.inputs, self.tracks = MongoAccounts(db), MongoInputs(db), MongoSeries(db)
        self.reports, self.queue = MongoReports(db, 5, 10), MongoQueue(db, timedelta(hours=1), MONTH)
        self.saved, self.links = MongoSavedReports(db), MongoReportLinks(db)
        self.schedules, self.runs, self.receivers = MongoSchedules(db), MongoScheduleRuns(db), MongoMailReceivers(db)
        accounts = AccountService(self.accounts, PlainPasswords(), FakeLoginAttempts(), lambda: NOON)
        self.members = WorkspaceMembers(self.inputs)
        self.records = InputService(self.inputs, rules_of(self.inputs, MongoPersons(db), accounts))

    async def number(self) -> None:
        """Let ids of people begin where no other number lies."""
        await self.db.counters.insert_one({"_id": "user", "last": FIRST_USER_ID})

    async def account(self, login: str, master_id: int | None = None) -> int:
        """Make an account with a key and a session."""
        user_id = await self.accounts.add(user(login=login, master_id=master_id), "hash")
        await self.accounts.add_key(b"key of " + login.encode(), user_id, 20)
        await self.accounts.add_session(b"session of " + login.encode(), user_id, datetime.now(UTC) + MONTH)
        return user_id

    async def fleet_of(self, user_id: int) -> int:
        """Give an account a tracker with points, a vehicle and a driver, and return the tracker."""
        (tracker_id,) = await self.put(TRACKERS, user_id, Tracker(label="Van"))
        await self.put(VEHICLES, user_id, Vehicle(id=1, label="Vito", tracker_id=tracker_id))
        await self.put(EMPLOYEES, user_id, Employee(id=1, first_name="Max", tracker_id=tracker_id))
        await self.put(ASSIGNMENTS, user_id, assigned(tracker_id, NOON, 1))
        await self.tracks.add(POINTS, tracker_id, drive(3_000))
        return tracker_id

    async def put(self, kind: InputKind[Any], owner_id: int, *records: Any) -> list[int]:
        """Store records and return their ids."""
        return [one.id for one in await self.records.put(kind, owner_id, records)]

    async def reports_of(self, user_id: int, tracker_id: int) -> None:
        """Let a user have a finished report and one in the making."""
        await self.reports.queue(report(owner_id=user_id, tracker_ids=(tracker_id,), request_id="first"))
        claimed = await self.queue.claim("me")
        assert claimed is not None
        sheet = trips_report(rows=10, sheets=1)[1][0].sheet
        count = PartStore(self._sheets, claimed, MONTH).put(0, with_json(sheet, 0))
        assert await self.queue.finish(claimed, "me", ReportResult(("Van",), (0,), count, 10))
        await self.links_to(user_id, report_id=claimed.id)
        await self.reports.queue(report(owner_id=user_id, tracker_ids=(tracker_id,)))
        assert await self.queue.claim("me") is not None

    async def office(self, owner_id: int, *emails: str) -> FilledWorkspace:
        """Make a workspace with one thing of each kind, and members who worked an hour each."""
        (workspace,) = await self.put(WORKSPACES, owner_id, Workspace(name="Agency"))
        (client,) = await self.put(CLIENTS, workspace, Client(name="Acme"))
        (project,) = await self.put(PROJECTS, workspace, Project(name="Site", client_id=client))
        await self.put(PROJECT_TASKS, workspace, ProjectTask(name="Draft", project_id=project))
        await self.put(TAGS, workspace, Tag(name="ui"))
        office = FilledWorkspace(owner_id, workspace, project)
        for email in emails:
            await self.joins(office, email)
        await self.put(GROUPS, workspace, Group(name="All"))
        await self.saves(office, owner_id)
        return office

    async def joins(self, office: FilledWorkspace, email: str, *, works: bool = True) -> int:
        """Let a person become a member, and work; return the person's id."""
        member = Member(name=f"name of {email}", email=email, avatar_url=f"https://pictures/{email}")
        (person,) = await self.put(MEMBERS, office.workspace_id, member)
        if works:
            start = timestamp_of(NOON)
            entry = TimeEntry(user_id=person, start_time=start, seconds=3600, project_id=office.project_id)
            await self.put(TIME_ENTRIES, office.workspace_id, entry)
        return person

    async def saves(self, office: FilledWorkspace, person: int) -> None:
        """Let a member save a report."""
        token = f"{office.workspace_id:016x}{person:016x}"
        saved = SavedReport(0, office.workspace_id, person, "Hours", {}, token=token, create_time=NOON)
        stored = await self.saved.add(saved)
        window = SavedWindow(office.workspace_id, stored.id, NOON.date(), NOON.date())
        await self.links_to(office.owner_id, window=window, purpose="mailed")

    async def links_to(self, owner_id: int, **target: Any) -> None:
        """Make a link to a report of an account."""
        expire_time = datetime.now(UTC) + MONTH
        await self.links.add(ReportLink(owner_id, NOON, expire_time, **target), token_bytes(32), 20)

    async def schedules_of(self, user_id: int) -> None:
        """Let a user have a schedule with a run, and a receiver of its mails."""
        new = replace(SCHEDULE, owner_id=user_id, account_id=user_id, create_time=NOON)
        schedule = await self.schedules.add(new, 100)
        assert schedule is not None
        await self.runs.add(replace(RUN, owner_id=user_id, schedule_id=schedule.id, create_time=datetime.now(UTC)))
        await self.receivers.remember(token_bytes(32), MailReceiver(user_id, schedule.id, "eve@example.org"))

    async def everything(self, login: str) -> int:
        """Give an account something of every kind, sub-user included, and return its id."""
        user_id = await self.account(login)
        tracker_id = await self.fleet_of(user_id)
        await self.reports_of(user_id, tracker_id)
        sub = await self.account(f"sub of {login}", user_id)
        await self.reports_of(sub, tracker_id)
        await self.schedules_of(user_id)
        await self.schedules_of(sub)
        await self.office(user_id, login, f"worker of {login}")
        return user_id

    async def dump(self) -> Dump:
        """Return all documents of all collections, counters and what is remembered of removals aside."""
        names = sorted(set(await self.db.list_collection_names()) - {"counters", "removals"})
        found = {name: {_key(one): one async for one in self.db[name].find()} for name in names}
        return {name: documents for name, documents in found.items() if documents}


def _key(document: dict[str, Any]) -> Any:
    return document["_id"] if not isinstance(document["_id"], dict) else str(document["_id"])


def values(document: Any) -> Iterator[Any]:
    """Give all values in a document."""
    if isinstance(document, dict):
        for value in document.values():
            yield from values(value)
    elif isinstance(document, list):
        for value in document:
            yield from values(value)
    else:
        yield document


def holding(dump: Dump, *words: str | int) -> list[tuple[str, Any]]:
    """Return which documents hold a number, or a text in any letters' case or in bytes."""
    texts = [word.casefold() for word in words if isinstance(word, str)]
    numbers = {word for word in words if isinstance(word, int)}

    def is_held(value: Any) -> bool:
        if isinstance(value, bytes):
            value = value.decode("latin-1")
        if isinstance(value, str):
            return any(text in value.casefold() for text in texts) or any(str(one) in value for one in numbers)
        return isinstance(value, int) and value in numbers

    return [
        (name, key)
        for name, documents in dump.items()
        for key, document in documents.items()
        if any(is_held(value) for value in values(document))
    ]
