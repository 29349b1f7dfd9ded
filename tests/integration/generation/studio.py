"""A studio with people, projects and time entries in the running service."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from daybook.account.v1.account_service_pb2 import CreateApiKeyRequest, CreateUserRequest
from daybook.input.v1.input_service_pb2 import UpsertResponse
from daybook.input.v1.workspace_pb2 import Client as InputClient
from daybook.input.v1.workspace_pb2 import Member, Project, TimeEntry, Workspace
from daybook.savedreport.v1 import saved_report_service_pb2 as saved
from daybook.savedreport.v1.saved_report_pb2 import SavedReport, SavedReportChange
from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceStub
from daybook.savedreport.v1.time_report_pb2 import Source, WorkspaceSource
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
        self.saved: Any = SavedReportServiceStub(self.client.channel)
        self.generation: Any = self.client.generation

    async def furnish(self) -> None:
        """Make the people and things."""
        for login, zone in ((OWNER, "Europe/Berlin"), (MEMBER, "UTC"), (STRANGER, "UTC")):
            asked = CreateUserRequest(login=login, password="secret", time_zone=zone)
            await self.client.accounts.CreateUser(asked, metadata=OPERATOR)
        workspace = Workspace(name="Studio", currency_code="USD", logo_url="https://a/l.png")
        (self.id,) = (await self.client.upsert(OWNER, workspaces=[workspace])).ids
        (self.ids["ann"],) = (one.user_id for one in await self.listed("members"))
        (self.ids["bob"],) = (await self.put(members=[Member(name="Bob", email=MEMBER, time_zone="UTC")])).ids
        (acme,) = (await self.put(clients=[InputClient(name="Acme")])).ids
        site = Project(name="Site", client_id=acme, color="#0b83d9", hourly_rate_cents=5000, currency_code="EUR")
        (self.ids["site"],) = (await self.put(projects=[site])).ids

    async def put(self, who: Metadata | None = OPERATOR, **records: Sequence[Any]) -> UpsertResponse:
        """Store records of the workspace."""
        return await self.client.upsert(self.id, who, **records)

    async def listed(self, kind: str, who: Metadata | None = OPERATOR, **more: Any) -> list[Any]:
        """Return records of the workspace."""
        return await self.client.listed(who, kind, **{"workspace_id": self.id} | more)

    async def work(self, start: str, seconds: int = 3600, *, who: str = "ann", **more: Any) -> int:
        """Store a time entry of a member and return its id."""
        entry = TimeEntry(user_id=self.ids[who], seconds=seconds, **more)
        entry.start_time.FromDatetime(datetime.fromisoformat(start).astimezone(UTC))
        (id_,) = (await self.put(time_entries=[entry])).ids
        return int(id_)

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
        of = WorkspaceSource(workspace_id=self.id, report_type=f"TIME_REPORT_TYPE_{report_type.upper()}")
        source = Source(workspace=of, params=struct(JANUARY | params))
        return self.saved.RunReport(saved.RunReportRequest(source=source), metadata=who)

    async def key(self, login: str) -> str:
        """Return a new API key of somebody."""
        made = await self.client.accounts.CreateApiKey(CreateApiKeyRequest(login=login), metadata=OPERATOR)
        return str(made.hash)
