"""A workspace's people, clients, projects, tasks and tags by name, over gRPC."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from daybook.timesheet.v1 import timesheet_service_pb2 as calls
from daybook.timesheet.v1.timesheet_pb2 import Client as ClientMessage
from daybook.timesheet.v1.timesheet_pb2 import Member, Tag, Task, Workspace
from daybook.timesheet.v1.timesheet_pb2 import Project as ProjectMessage
from daybook.timesheet.v1.timesheet_service_pb2_grpc import TimesheetServiceStub
from grpc.aio import Channel

from services.cli.client import DEADLINE_S, Access, Metadata
from services.cli.timesheets.lines import Person, Project
from services.cli.timesheets.rates import Pricing
from services.cli.workspaces import PAGE_SIZE, pages

Thing = TypeVar("Thing")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Priced:
    """An hourly rate in cents, None for none, and its currency, "" when it is open."""

    rate_cents: int | None
    currency: str

    def over(self, other: "Priced") -> "Priced":
        """Return this with the other's where it leaves something open."""
        rate = other.rate_cents if self.rate_cents is None else self.rate_cents
        return Priced(rate, self.currency or other.currency)


class WorkspaceBook:
    """Finds and creates what a workspace has. What exists is never changed, but for members that are put."""

    def __init__(self, channel: Channel, access: Access, workspace: Workspace) -> None:
        self.workspace = workspace
        self._stub = TimesheetServiceStub(channel)
        self._operator: Metadata = access.as_operator()

    async def members(self) -> dict[Person, Member]:
        """Return all members by what they are known by; by name also those with an email, where no other is meant."""
        found: list[Member] = []
        async for page in pages(self._asker(calls.ListMembersRequest, self._stub.ListMembers)):
            found.extend(page.members)
        named: dict[Person, Member] = {}
        for member in sorted(found, key=lambda one: (bool(one.email), one.user_id)):
            named.setdefault(("", member.name), member)
        return named | {(member.email.casefold(), ""): member for member in found if member.email}

    async def put_members(self, members: Sequence[Member]) -> None:
        """Store members."""
        for some in _chunks(members):
            request = calls.UpsertMembersRequest(workspace_id=self.workspace.id, members=some)
            await self._stub.UpsertMembers(request, metadata=self._operator, timeout=DEADLINE_S)

    async def clients(self, names: Iterable[str]) -> tuple[dict[str, int], int]:
        """Return the ids of clients by name, and how many are new."""
        known: dict[str, int] = {}
        async for page in pages(self._asker(calls.ListClientsRequest, self._stub.ListClients)):
            known |= {client.name: client.id for client in page.clients}
        missing = [name for name in names if name not in known]
        for some in _chunks(missing):
            things = [ClientMessage(name=name) for name in some]
            request = calls.UpsertClientsRequest(workspace_id=self.workspace.id, clients=things)
            answer = await self._stub.UpsertClients(request, metadata=self._operator, timeout=DEADLINE_S)
            known |= zip(some, answer.client_ids, strict=True)
        return known, len(missing)

    async def projects(
        self, wanted: Mapping[Project, tuple[int, Pricing]]
    ) -> tuple[dict[Project, tuple[int, Priced]], int]:
        """Return ids and prices of projects, which come with the id of their client, and how many are new."""
        known: dict[tuple[int, str], tuple[int, Priced]] = {}
        async for page in pages(self._asker(calls.ListProjectsRequest, self._stub.ListProjects)):
            known |= {(one.client_id, one.name): (one.id, _priced(one)) for one in page.projects}
        missing = [name for name, (client_id, _) in wanted.items() if (client_id, name[1]) not in known]
        for some in _chunks(missing):
            things = [_new_project(name, *wanted[name]) for name in some]
            request = calls.UpsertProjectsRequest(workspace_id=self.workspace.id, projects=things)
            answer = await self._stub.UpsertProjects(request, metadata=self._operator, timeout=DEADLINE_S)
            for thing, id_ in zip(things, answer.project_ids, strict=True):
                known[thing.client_id, thing.name] = (id_, _priced(thing))
        return {name: known[client_id, name[1]] for name, (client_id, _) in wanted.items()}, len(missing)

    async def tasks(self, wanted: Mapping[tuple[Project, str], int]) -> tuple[dict[tuple[Project, str], int], int]:
        """Return the ids of tasks, which come with the id of their project, and how many are new."""
        known: dict[tuple[int, str], int] = {}
        async for page in pages(self._asker(calls.ListTasksRequest, self._stub.ListTasks)):
            known |= {(task.project_id, task.name): task.id for task in page.tasks}
        missing = [key for key, project_id in wanted.items() if (project_id, key[1]) not in known]
        for some in _chunks(missing):
            things = [Task(name=key[1], project_id=wanted[key]) for key in some]
            request = calls.UpsertTasksRequest(workspace_id=self.workspace.id, tasks=things)
            answer = await self._stub.UpsertTasks(request, metadata=self._operator, timeout=DEADLINE_S)
            for thing, id_ in zip(things, answer.task_ids, strict=True):
                known[thing.project_id, thing.name] = id_
        return {key: known[project_id, key[1]] for key, project_id in wanted.items()}, len(missing)

    async def tags(self, names: Iterable[str]) -> tuple[dict[str, int], int]:
        """Return the ids of tags by name, and how many are new."""
        known: dict[str, int] = {}
        async for page in pages(self._asker(calls.ListTagsRequest, self._stub.ListTags)):
            known |= {tag.name: tag.id for tag in page.tags}
        missing = [name for name in names if name not in known]
        for some in _chunks(missing):
            request = calls.UpsertTagsRequest(workspace_id=self.workspace.id, tags=[Tag(name=name) for name in some])
            answer = await self._stub.UpsertTags(request, metadata=self._operator, timeout=DEADLINE_S)
            known |= zip(some, answer.tag_ids, strict=True)
        return known, len(missing)

    def _asker(
        self, request: Callable[..., Thing], call: Callable[..., Awaitable[Answer]]
    ) -> Callable[[str], Awaitable[Answer]]:
        """Return what asks for a page of a list of this workspace by its token."""

        def ask(token: str) -> Awaitable[Answer]:
            wanted = request(workspace_id=self.workspace.id, page_size=PAGE_SIZE, page_token=token)
            return call(wanted, metadata=self._operator, timeout=DEADLINE_S)

        return ask


def _new_project(name: Project, client_id: int, pricing: Pricing) -> ProjectMessage:
    rate_cents, currency = pricing.of_project()
    return ProjectMessage(name=name[1], client_id=client_id, hourly_rate_cents=rate_cents, currency_code=currency)


def _priced(project: ProjectMessage) -> Priced:
    rate = project.hourly_rate_cents if project.HasField("hourly_rate_cents") else None
    return Priced(rate, project.currency_code)


def _chunks(things: Sequence[Thing]) -> Iterator[list[Thing]]:
    """Cut into what one call takes."""
    source = iter(things)
    while some := list(islice(source, PAGE_SIZE)):
        yield some
