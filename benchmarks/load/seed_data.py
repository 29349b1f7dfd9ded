"""Seed data of a load: fleets that drove some days, and a workspace with tracked time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from daybook.account.v1.account_service_pb2 import CreateApiKeyRequest, CreateUserRequest
from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.input.v1.workspace_pb2 import TimeEntry, Workspace
from daybook.savedreport.v1.saved_report_pb2 import SavedReportChange
from daybook.savedreport.v1.saved_report_service_pb2 import CreateSavedReportRequest
from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceStub
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp

from benchmarks.operator import Operator, operator_of
from benchmarks.stack import Stack
from benchmarks.van import FIRST_DAY, month
from services.generation.inputs.points import POINTS
from services.generation.inputs.trackers import TRACKERS as TRACKER_KIND
from services.generation.store.buckets import documents_of
from services.generation.store.input_documents import stored_document

ACCOUNTS, TRACKERS, DAYS = 40, 5, 4  # trackers of each account; days that each drove
VANS = 10  # that differ
FIRST_TRACKER = 1_001
LOGIN = "load{}@example.com"
ENTRIES = 2_000
FIRST_ENTRY_S = 1_767_603_600  # 2026-01-05T09:00:00Z
EVERY_S = 1_200  # from one entry to the next
DATES = {"start_date": "2026-01-05", "end_date": "2026-02-01"}
SAVED = (
    {"report_type": "detailed", **DATES},
    {"report_type": "summary", **DATES, "grouping": "users"},
    {"report_type": "weekly", "start_date": DATES["start_date"], "end_date": "2026-01-11"},
)


@dataclass(frozen=True, slots=True)
class Fleet:
    """An account: its key and its trackers."""

    hash: str
    trackers: list[int]


@dataclass(frozen=True, slots=True)
class SeedData:
    """The fleets, on how many days each drove, and the tokens of public saved reports."""

    fleets: list[Fleet]
    first_day: str
    days: int
    saved: list[str]


async def seed(stack: Stack, count: int = ACCOUNTS) -> SeedData:
    """Store everything, with so many accounts."""
    async with operator_of(stack) as way:
        operator = _Operator(way)
        accounts = [await operator.account(LOGIN.format(one)) for one in range(count)]  # few passwords may wait
        tokens = await operator.workspace(LOGIN.format(0))
    fleets = []
    for number, (user_id, key) in enumerate(accounts):
        first = FIRST_TRACKER + number * TRACKERS
        fleets.append(Fleet(key, list(range(first, first + TRACKERS))))
        _drive(stack, user_id, fleets[-1].trackers)
    return SeedData(fleets, FIRST_DAY.date().isoformat(), DAYS, tokens)


def _drive(stack: Stack, owner_id: int, tracker_ids: list[int]) -> None:
    """Store the trackers of an account with their points, as whole buckets."""
    made = {"owner_id": owner_id, "create_time": FIRST_DAY - timedelta(days=1)}
    trackers = [TRACKER_KIND.document(Tracker(id=one, label=f"Van {one}")) for one in tracker_ids]
    with stack.database() as database:
        database.trackers.insert_many([stored_document(TRACKER_KIND, one) | made for one in trackers])
        for one in tracker_ids:
            database.track_buckets.insert_many(documents_of(POINTS, one, month(one % VANS, DAYS)))


@dataclass(frozen=True, slots=True)
class _Operator:
    """Operator who makes accounts and workspaces."""

    way: Operator

    async def account(self, login: str) -> tuple[int, str]:
        """Add an account; return its id and its key."""
        accounts = AccountServiceStub(self.way.channel)
        user = await accounts.CreateUser(CreateUserRequest(login=login, password="secret"), metadata=self.way.metadata)  # noqa: S106  # of a stack that is thrown away
        key = await accounts.CreateApiKey(CreateApiKeyRequest(login=login), metadata=self.way.metadata)
        return user.user_id, key.hash

    async def workspace(self, owner: str) -> list[str]:
        """Add a workspace with tracked time; return the tokens of its saved reports."""
        (workspace_id,) = await self.way.upsert(owner, "workspaces", [Workspace(name="Agency")])
        user_id = await self.way.owner_of(workspace_id)
        await self.way.upsert(workspace_id, "time_entries", [_entry(user_id, number) for number in range(ENTRIES)])
        return [await self._saved(workspace_id, owner, params) for params in SAVED]

    async def _saved(self, workspace_id: int, owner: str, params: Mapping[str, Any]) -> str:
        kept = Struct()
        kept.update(params)
        report = SavedReportChange(name=f"Kept {params['report_type']}", public=True, params=kept)
        wanted = CreateSavedReportRequest(workspace_id=workspace_id, report=report, owner_login=owner)
        saved = await SavedReportServiceStub(self.way.channel).CreateSavedReport(wanted, metadata=self.way.metadata)
        return str(saved.report.token)


def _entry(user_id: int, number: int) -> TimeEntry:
    """Return a time entry of a quarter of an hour."""
    start = Timestamp(seconds=FIRST_ENTRY_S + number * EVERY_S)
    return TimeEntry(user_id=user_id, description=f"Work item {number % 100}", start_time=start, seconds=900)
