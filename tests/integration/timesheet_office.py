"""A timesheet service in memory, behind a real channel: what was sent to it, by name."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from daybook.timesheet.v1 import timesheet_service_pb2 as calls
from daybook.timesheet.v1.timesheet_pb2 import Client, Member, Project, Tag, Task, TimeEntry, Workspace
from daybook.timesheet.v1.timesheet_service_pb2_grpc import (
    TimesheetServiceServicer,
    add_TimesheetServiceServicer_to_server,
)
from grpc.aio import ServicerContext

from services.cli.client import Access
from services.errors import InvalidParameters, NotFound, Violation
from tests.integration.servers import serving

SERVICE = calls.DESCRIPTOR.services_by_name["TimesheetService"].full_name
OWNER = "ann@example.com"
OWNERS_ZONE = "Europe/Berlin"
Page = Any  # any of the lists' answers


@dataclass
class Office(TimesheetServiceServicer):
    """Keeps one owner's workspaces. Things with id 0 get one; pages have two things, so that there are several."""

    workspaces: list[Workspace] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    entries: dict[str, TimeEntry] = field(default_factory=dict)  # by import key
    batches: list[int] = field(default_factory=list)
    refuses: str = ""  # a description that it does not take

    async def ListWorkspaces(  # noqa: N802  the contract's name
        self, request: calls.ListWorkspacesRequest, _: ServicerContext
    ) -> calls.ListWorkspacesResponse:
        if request.owner_login not in {"", OWNER}:
            raise NotFound(f"There is no login {request.owner_login!r}")
        return _page(calls.ListWorkspacesResponse(), "workspaces", self.workspaces, request.page_token)

    async def UpsertWorkspace(  # noqa: N802  the contract's name
        self, request: calls.UpsertWorkspaceRequest, _: ServicerContext
    ) -> calls.UpsertWorkspaceResponse:
        (id_,) = _added(self.workspaces, [request.workspace], first=100)
        owner = Member(user_id=1, name=OWNER, email=OWNER, role=Member.ROLE_ADMIN, time_zone=OWNERS_ZONE)
        self.members.append(owner)
        return calls.UpsertWorkspaceResponse(workspace_id=id_, owner_user_id=1)

    async def ListMembers(  # noqa: N802  the contract's name
        self, request: calls.ListMembersRequest, _: ServicerContext
    ) -> calls.ListMembersResponse:
        return _page(calls.ListMembersResponse(), "members", self.members, request.page_token)

    async def UpsertMembers(  # noqa: N802  the contract's name
        self, request: calls.UpsertMembersRequest, _: ServicerContext
    ) -> calls.UpsertMembersResponse:
        for member in request.members:
            if member.user_id:
                self.members = [one for one in self.members if one.user_id != member.user_id]
            member.user_id = member.user_id or len(self.members) + 1
            self.members.append(member)
        return calls.UpsertMembersResponse(user_ids=[member.user_id for member in request.members])

    async def ListClients(  # noqa: N802  the contract's name
        self, request: calls.ListClientsRequest, _: ServicerContext
    ) -> calls.ListClientsResponse:
        return _page(calls.ListClientsResponse(), "clients", self.clients, request.page_token)

    async def UpsertClients(  # noqa: N802  the contract's name
        self, request: calls.UpsertClientsRequest, _: ServicerContext
    ) -> calls.UpsertClientsResponse:
        return calls.UpsertClientsResponse(client_ids=_added(self.clients, request.clients, first=200))

    async def ListProjects(  # noqa: N802  the contract's name
        self, request: calls.ListProjectsRequest, _: ServicerContext
    ) -> calls.ListProjectsResponse:
        return _page(calls.ListProjectsResponse(), "projects", self.projects, request.page_token)

    async def UpsertProjects(  # noqa: N802  the contract's name
        self, request: calls.UpsertProjectsRequest, _: ServicerContext
    ) -> calls.UpsertProjectsResponse:
        return calls.UpsertProjectsResponse(project_ids=_added(self.projects, request.projects, first=300))

    async def ListTasks(  # noqa: N802  the contract's name
        self, request: calls.ListTasksRequest, _: ServicerContext
    ) -> calls.ListTasksResponse:
        return _page(calls.ListTasksResponse(), "tasks", self.tasks, request.page_token)

    async def UpsertTasks(  # noqa: N802  the contract's name
        self, request: calls.UpsertTasksRequest, _: ServicerContext
    ) -> calls.UpsertTasksResponse:
        return calls.UpsertTasksResponse(task_ids=_added(self.tasks, request.tasks, first=400))

    async def ListTags(  # noqa: N802  the contract's name
        self, request: calls.ListTagsRequest, _: ServicerContext
    ) -> calls.ListTagsResponse:
        return _page(calls.ListTagsResponse(), "tags", self.tags, request.page_token)

    async def UpsertTags(  # noqa: N802  the contract's name
        self, request: calls.UpsertTagsRequest, _: ServicerContext
    ) -> calls.UpsertTagsResponse:
        return calls.UpsertTagsResponse(tag_ids=_added(self.tags, request.tags, first=500))

    async def ImportTimeEntries(  # noqa: N802  the contract's name
        self, requests: AsyncIterator[calls.ImportTimeEntriesRequest], _: ServicerContext
    ) -> calls.ImportTimeEntriesResponse:
        received, before = 0, len(self.entries)
        async for request in requests:
            received += len(request.time_entries)
            self.batches.append(len(request.time_entries))
            for entry in request.time_entries:
                if self.refuses and entry.description == self.refuses:
                    raise InvalidParameters([Violation("time_entries[0].description", "is not liked")])
                self.entries.setdefault(entry.import_key, entry)
        return calls.ImportTimeEntriesResponse(received_count=received, created_count=len(self.entries) - before)


def _added(known: list[Any], things: Iterable[Any], first: int) -> list[int]:
    """Add things that have a name and an id, and return their ids."""
    ids = []
    for thing in things:
        assert not thing.id, "what exists is left as it is"
        thing.id = first + len(known)
        known.append(thing)
        ids.append(thing.id)
    return ids


def _page(answer: Page, name: str, things: list[Any], token: str) -> Page:
    begins = int(token or 0)
    getattr(answer, name).extend(things[begins : begins + 2])
    if begins + 2 < len(things):
        answer.next_page_token = str(begins + 2)
    return answer


@asynccontextmanager
async def open_to(office: Office) -> AsyncIterator[Access]:
    """Give the way to a running office."""
    async with serving(partial(add_TimesheetServiceServicer_to_server, office), SERVICE) as running:
        yield Access(running.address, "", "token")
