"""Seed data of a chaos test: fleets that drove, a workspace with tracked time, and places to write to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import grpc
from daybook.account.v1.account_service_pb2 import CreateApiKeyRequest, CreateUserRequest
from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub
from daybook.input.v1.fleet_pb2 import Parking, Tracker
from daybook.input.v1.input_service_pb2 import (
    Batch,
    ListRequest,
    TimeEntryList,
    TrackerList,
    UpsertRequest,
    UpsertResponse,
    WorkspaceList,
)
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from daybook.input.v1.points_pb2 import Points
from daybook.input.v1.workspace_pb2 import TimeEntry, Workspace
from daybook.savedreport.v1.saved_report_pb2 import SavedReportChange
from daybook.savedreport.v1.saved_report_service_pb2 import CreateSavedReportRequest
from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceStub
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp

from tests.builders.tracks import worked_example_track
from tests.chaos.ledger import Ask

Metadata = tuple[tuple[str, str], ...]

LOGIN = "fleet{}@example.com"
OWNER = LOGIN.format(0)
OWNERS = 3
TRACKERS = 30
WRITABLE_TRACKER = 1 + OWNERS * TRACKERS
SMALL_TRACKER = WRITABLE_TRACKER + 1
FIRST_ENTRY_S = 1_767_603_600  # 2026-01-05T09:00:00Z
ENTRIES = 200
DAY = {"from": "2020-10-06 00:00:00", "to": "2020-10-06 23:59:59"}
WEEK = {"start_date": "2026-01-05", "end_date": "2026-01-18"}
SAVED = ({"report_type": "detailed", **WEEK}, {"report_type": "summary", **WEEK, "grouping": "users"})


@dataclass(frozen=True, slots=True)
class SeedData:
    """The reports to ask for, and a small one of another account; saved reports by path with what they answer.

    The rest is where to write.
    """

    asks: tuple[Ask, ...]
    small: Ask
    runs: Mapping[str, bytes]
    tracker_id: int
    workspace_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator's way to the services."""

    channel: grpc.aio.Channel
    metadata: Metadata

    async def seed(self) -> SeedData:
        """Store everything. How reports look is not known yet."""
        asks: list[Ask] = []
        for owner in range(OWNERS):
            asks += await self._fleet(LOGIN.format(owner), 1 + owner * TRACKERS)
        quiet, busy = await self._workspace("Quiet"), await self._workspace("Busy")
        entries = [entry(quiet[1], FIRST_ENTRY_S + 3600 * place, f"Work {place}") for place in range(ENTRIES)]
        await self._upsert(UpsertRequest(workspace_id=quiet[0], batch=Batch(time_entries=TimeEntryList(items=entries))))
        tokens = [await self._saved(quiet[0], params) for params in SAVED]
        runs = dict.fromkeys([f"{token}{suffix}" for token in tokens for suffix in ("", ".csv")], b"")
        (small,) = await self._fleet("small@example.com", SMALL_TRACKER, 1)
        return SeedData(tuple(asks), small, runs, await self._writable(), *busy)

    async def _fleet(self, login: str, first_id: int, trackers: int = TRACKERS) -> list[Ask]:
        """Add an account whose every tracker drove the published example; return what it asks for."""
        accounts = AccountServiceStub(self.channel)
        user = CreateUserRequest(login=login, password="secret", time_zone="Europe/Moscow")
        await accounts.CreateUser(user, metadata=self.metadata)
        key = (await accounts.CreateApiKey(CreateApiKeyRequest(login=login), metadata=self.metadata)).hash
        ids = list(range(first_id, first_id + trackers))
        await self._trackers(login, ids)
        drive = worked_example_track()
        names = ("time_ms", "lat", "lng", "speed_kmh")
        columns = {name: getattr(drive, name).tolist() for name in names}
        batches = (UpsertRequest(batch=Batch(points=Points(tracker_id=one, **columns))) for one in ids)
        await InputServiceStub(self.channel).Upsert(batches, metadata=self.metadata)
        some, plugins = ([ids, ids[:3]], [4, 6]) if trackers > 1 else ([ids], [4])
        return [
            Ask(key, {"trackers": one, "plugin": {"plugin_id": plugin}, **DAY}) for one in some for plugin in plugins
        ]

    async def _trackers(self, login: str, ids: list[int]) -> None:
        trackers = [Tracker(id=one, label=f"Car {one}", parking=Parking(min_idle_minutes=3)) for one in ids]
        await self._upsert(UpsertRequest(owner_login=login, batch=Batch(trackers=TrackerList(items=trackers))))

    async def _upsert(self, asked: UpsertRequest) -> UpsertResponse:
        return await InputServiceStub(self.channel).Upsert(iter([asked]), metadata=self.metadata)

    async def _writable(self) -> int:
        """Add a tracker that no report is about."""
        tracker_id = WRITABLE_TRACKER
        await self._trackers(OWNER, [tracker_id])
        return tracker_id

    async def _workspace(self, name: str) -> tuple[int, int]:
        """Add a workspace; return its id and its owner's among the members."""
        batch = Batch(workspaces=WorkspaceList(items=[Workspace(name=name)]))
        (workspace_id,) = (await self._upsert(UpsertRequest(owner_login=OWNER, batch=batch))).ids
        request = ListRequest(kind="members", workspace_id=workspace_id)
        (owner,) = (await InputServiceStub(self.channel).List(request, metadata=self.metadata)).batch.members.items
        return workspace_id, owner.user_id

    async def _saved(self, workspace_id: int, params: Mapping[str, Any]) -> str:
        """Save a public report and return its token."""
        kept = Struct()
        kept.update(params)
        report = SavedReportChange(name="Kept", public=True, params=kept)
        wanted = CreateSavedReportRequest(workspace_id=workspace_id, report=report, owner_login=OWNER)
        saved = await SavedReportServiceStub(self.channel).CreateSavedReport(wanted, metadata=self.metadata)
        return str(saved.report.token)


def entry(user_id: int, start_s: int, description: str, import_key: str = "") -> TimeEntry:
    """Return a time entry of half an hour."""
    start = Timestamp(seconds=start_s)
    return TimeEntry(user_id=user_id, description=description, start_time=start, seconds=1800, import_key=import_key)


def seen(ask: Ask, sheets: Any, csv: bytes) -> Ask:
    """Return what is asked for together with how it looks."""
    return replace(ask, sheets=sheets, csv=csv)
