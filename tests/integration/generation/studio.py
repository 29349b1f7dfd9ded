"""A studio with people, projects and time entries in the running service."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from daybook.account.v1.account_service_pb2 import CreateApiKeyRequest, CreateUserRequest
from daybook.savedreport.v1 import saved_report_service_pb2 as saved
from daybook.savedreport.v1.saved_report_pb2 import SavedReport, SavedReportChange
from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceStub
from daybook.savedreport.v1.time_report_pb2 import Source, WorkspaceSource
from daybook.timesheet.v1 import timesheet_pb2 as timesheet
from daybook.timesheet.v1 import timesheet_service_pb2 as service
from daybook.timesheet.v1.timesheet_service_pb2_grpc import TimesheetServiceStub
from google.protobuf.struct_pb2 import Struct

from tests.integration.generation.services import OPERATOR, Client, Metadata

JANUARY = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
OWNER, MEMBER, STRANGER = "ann@example.com", "bob@example.com", "eve@example.com"


def basic(login: str, password: str = "secret") -> Metadata:
    """Return the metadata of somebody's calls with Basic credentials."""
    return (("authorization", "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()),)


def struct(values: Mapping[str, Any]) -> Struct:
    """Return parameters as a message."""
    made = Struct()
    made.update(values)
    return made


@dataclass
class Studio:
    """Ann's workspace: Bob is a member, Eve is none. Site belongs to Acme and costs 50 EUR an hour."""

    client: Client
    id: int = 0
    ids: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.timesheets: Any = TimesheetServiceStub(self.client.channel)
        self.saved: Any = SavedReportServiceStub(self.client.channel)
        self.generation: Any = self.client.generation

    async def furnish(self) -> None:
        """Make the people and things."""
        for login, zone in ((OWNER, "Europe/Berlin"), (MEMBER, "UTC"), (STRANGER, "UTC")):
            asked = CreateUserRequest(login=login, password="secret", time_zone=zone)
            await self.client.accounts.CreateUser(asked, metadata=OPERATOR)
        workspace = timesheet.Workspace(
            name="Studio", owner_login=OWNER, currency_code="USD", logo_url="https://a/l.png"
        )
        made = await self.timesheets.UpsertWorkspace(
            service.UpsertWorkspaceRequest(workspace=workspace), metadata=OPERATOR
        )
        self.id, self.ids["ann"] = made.workspace_id, made.owner_user_id
        (self.ids["bob"],) = (
            await self.put_members(timesheet.Member(name="Bob", email=MEMBER, time_zone="UTC"))
        ).user_ids
        await self._furnish_project()

    async def put_members(self, *members: timesheet.Member) -> Any:
        """Store members."""
        asked = service.UpsertMembersRequest(workspace_id=self.id, members=members)
        return await self.timesheets.UpsertMembers(asked, metadata=OPERATOR)

    async def _furnish_project(self) -> None:
        clients = service.UpsertClientsRequest(workspace_id=self.id, clients=[timesheet.Client(name="Acme")])
        acme = (await self.timesheets.UpsertClients(clients, metadata=OPERATOR)).client_ids[0]
        site = timesheet.Project(
            name="Site", client_id=acme, color="#0b83d9", hourly_rate_cents=5000, currency_code="EUR"
        )
        projects = service.UpsertProjectsRequest(workspace_id=self.id, projects=[site])
        self.ids["site"] = (await self.timesheets.UpsertProjects(projects, metadata=OPERATOR)).project_ids[0]

    async def work(self, start: str, seconds: int = 3600, *, who: str = "ann", **more: Any) -> int:
        """Store a time entry of somebody and return its id."""
        entry = timesheet.TimeEntry(user_id=self.ids[who], seconds=seconds, **more)
        entry.start_time.FromDatetime(datetime.fromisoformat(start).astimezone(UTC))
        asked = service.UpsertTimeEntriesRequest(workspace_id=self.id, time_entries=[entry])
        stored = await self.timesheets.UpsertTimeEntries(asked, metadata=OPERATOR)
        return int(stored.time_entry_ids[0])

    async def save(self, who: Metadata | None, report_type: str = "detailed", **more: Any) -> SavedReport:
        """Save a report over January."""
        change = SavedReportChange(name="Hours", params=struct({"report_type": report_type, **JANUARY}))
        change.MergeFrom(SavedReportChange(**more))
        asked = saved.CreateSavedReportRequest(workspace_id=self.id, report=change)
        return (await self.saved.CreateSavedReport(asked, metadata=who)).report

    def run(self, token: str, who: Metadata | None = None, **params: Any) -> Any:
        """Run a saved report."""
        source = Source(token=token, params=struct(params))
        return self.saved.RunReport(saved.RunReportRequest(source=source), metadata=who)

    def of_workspace(self, who: Metadata | None, report_type: str = "detailed", **params: Any) -> Any:
        """Run a report over the workspace."""
        of = WorkspaceSource(workspace_id=self.id, report_type=report_type)
        source = Source(workspace=of, params=struct(JANUARY | params))
        return self.saved.RunReport(saved.RunReportRequest(source=source), metadata=who)

    async def key(self, login: str) -> str:
        """Return a new API key of somebody."""
        made = await self.client.accounts.CreateApiKey(CreateApiKeyRequest(login=login), metadata=OPERATOR)
        return str(made.hash)
