"""Service of inputs in memory, behind a real channel: the workspaces of an owner and what is in them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.input_service_pb2_grpc import InputServiceServicer, add_InputServiceServicer_to_server
from daybook.input.v1.workspace_pb2 import Client, Member, Project, ProjectTask, Tag, TimeEntry, Workspace
from grpc.aio import ServicerContext

from services.cli.client import Access
from services.errors import NotFound
from tests.integration.servers import serving

SERVICE = pb.DESCRIPTOR.services_by_name["InputService"].full_name
OWNER = "ann@example.com"
OWNERS_ZONE = "Europe/Berlin"
FIRST_IDS = {"workspaces": 100, "clients": 200, "projects": 300, "project_tasks": 400, "tags": 500}


@dataclass
class Office(InputServiceServicer):
    """Keeps one owner's workspaces. Records with id 0 get one; pages have two records, so that there are several."""

    workspaces: list[Workspace] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    project_tasks: list[ProjectTask] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    entries: dict[str, TimeEntry] = field(default_factory=dict)  # by import key
    batches: list[int] = field(default_factory=list)
    refuses: str = ""  # a description that it does not take

    async def List(self, request: pb.ListRequest, _: ServicerContext) -> pb.ListResponse:  # noqa: N802  the contract's name
        if request.kind == "workspaces" and request.owner_login not in {"", OWNER}:
            raise NotFound(f"There is no login {request.owner_login!r}")
        found = getattr(self, request.kind)
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

    def _import(self, entries: Any, answer: pb.UpsertResponse) -> None:
        self.batches.append(len(entries))
        for index, entry in enumerate(entries):
            if self.refuses and entry.description == self.refuses:
                answer.refusals.add(index=index, field="description", reason="is not liked")
                answer.refused_count += 1
            elif entry.import_key in self.entries:
                answer.unchanged_count += 1
            else:
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
    async with serving(partial(add_InputServiceServicer_to_server, office), SERVICE) as running:
        yield Access(running.address, "", "token")
