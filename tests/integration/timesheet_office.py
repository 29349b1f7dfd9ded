"""Service of inputs in memory, behind a real channel: the workspaces of an owner and what is in them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.input_service_pb2_grpc import InputServiceServicer, add_InputServiceServicer_to_server
from daybook.input.v1.workspace_pb2 import Client, Member, Project, ProjectTask, Tag, TimeEntry, Workspace
from daybook.workspace.v1.workspace_service_pb2 import DeleteTimeEntriesRequest, DeleteTimeEntriesResponse
from daybook.workspace.v1.workspace_service_pb2_grpc import (
    WorkspaceServiceServicer,
    add_WorkspaceServiceServicer_to_server,
)
from grpc.aio import Server, ServicerContext

from services.cli.client import Access
from services.errors import NotFound, Unavailable
from tests.integration.servers import serving

SERVICE = pb.DESCRIPTOR.services_by_name["InputService"].full_name
OWNER = "ann@example.com"
OWNERS_ZONE = "Europe/Berlin"
FIRST_ENTRY = 600
FIRST_IDS = {"workspaces": 100, "clients": 200, "projects": 300, "project_tasks": 400, "tags": 500}


@dataclass
class Office(InputServiceServicer, WorkspaceServiceServicer):
    """Keeps one owner's workspaces. Records with id 0 get one; pages have two records, so that there are several."""

    workspaces: list[Workspace] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    project_tasks: list[ProjectTask] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    entries: dict[str, TimeEntry] = field(default_factory=dict)  # by import key
    fails_after: int = -1  # batches of entries, or deletions, before the office is gone
    batches: list[int] = field(default_factory=list)
    refuses: str = ""  # a description that it does not take

    async def List(self, request: pb.ListRequest, _: ServicerContext) -> pb.ListResponse:  # noqa: N802  the contract's name
        if request.kind == "workspaces" and request.owner_login not in {"", OWNER}:
            raise NotFound(f"There is no login {request.owner_login!r}")
        found = self._between(request) if request.kind == "time_entries" else getattr(self, request.kind)
        begins = int(request.page_token or 0)
        answer = pb.ListResponse(next_page_token=str(begins + 2) if begins + 2 < len(found) else "")
        getattr(answer.batch, request.kind).items.extend(found[begins : begins + 2])
        return answer

    async def Upsert(  # noqa: N802  the contract's name
        self, requests: AsyncIterator[pb.UpsertRequest], _: ServicerContext
    ) -> pb.UpsertResponse:
        answer = pb.UpsertResponse()
        async for request in requests:
            kind = request.batch.WhichOneof("records") or ""
            records = getattr(request.batch, kind).items
            if kind == "time_entries":
                self._import(records, answer)
            elif kind == "members":
                answer.ids.extend(map(self._put_member, records))
            else:
                answer.ids.extend(self._add(kind, record, request.owner_login) for record in records)
        return answer

    def _between(self, request: pb.ListRequest) -> list[TimeEntry]:
        first = request.start_time.seconds
        last = request.end_time.seconds if request.HasField("end_time") else 1 << 40
        found = [one for one in self.entries.values() if first <= one.start_time.seconds < last]
        return sorted(found, key=lambda one: (one.start_time.seconds, one.id))

    async def DeleteTimeEntries(  # noqa: N802  the contract's name
        self, request: DeleteTimeEntriesRequest, _: ServicerContext
    ) -> DeleteTimeEntriesResponse:
        self._count_down()
        gone = {key for key, one in self.entries.items() if one.id in request.ids}
        assert len(gone) == len(request.ids)
        for key in gone:
            del self.entries[key]
        return DeleteTimeEntriesResponse(deleted_count=len(gone))

    def _count_down(self) -> None:
        if self.fails_after == 0:
            raise Unavailable
        self.fails_after -= 1

    def _import(self, entries: Any, answer: pb.UpsertResponse) -> None:
        self._count_down()
        self.batches.append(len(entries))
        for index, entry in enumerate(entries):
            if self.refuses and entry.description == self.refuses:
                answer.refusals.add(index=index, field="description", reason="is not liked")
                answer.refused_count += 1
            elif entry.import_key in self.entries and not entry.id:
                answer.unchanged_count += 1
            else:
                entry.id = (
                    entry.id or FIRST_ENTRY + max([0, *(one.id - FIRST_ENTRY for one in self.entries.values())]) + 1
                )
                self.entries[entry.import_key] = entry
                answer.stored_count += 1

    def _put_member(self, member: Member) -> int:
        if member.user_id:
            self.members = [one for one in self.members if one.user_id != member.user_id]
        member.user_id = member.user_id or len(self.members) + 1
        self.members.append(member)
        return member.user_id

    def _add(self, kind: str, record: Any, owner_login: str) -> int:
        assert not record.id, "records that exist are left as they are"
        known = getattr(self, kind)
        record.id = FIRST_IDS[kind] + len(known)
        known.append(record)
        if kind == "workspaces":
            record.owner_login = owner_login
            owner = Member(user_id=1, name=OWNER, email=OWNER, role=Member.ROLE_ADMIN, time_zone=OWNERS_ZONE)
            self.members.append(owner)
        return int(record.id)


@asynccontextmanager
async def open_to(office: Office) -> AsyncIterator[Access]:
    """Give the way to a running office."""

    def add(office: Office, server: Server) -> None:
        add_InputServiceServicer_to_server(office, server)
        add_WorkspaceServiceServicer_to_server(office, server)

    async with serving(partial(add, office), SERVICE) as running:
        yield Access(running.address, "", "token")
