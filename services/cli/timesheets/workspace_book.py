"""Members, clients, projects, tasks and tags of a workspace by name, over gRPC."""

from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from daybook.input.v1.workspace_pb2 import Client as ClientMessage
from daybook.input.v1.workspace_pb2 import Member, ProjectTask, Tag, Workspace
from daybook.input.v1.workspace_pb2 import Project as ProjectMessage
from google.protobuf.message import Message
from grpc.aio import Channel

from services.cli.client import Access
from services.cli.records import Owner, Records
from services.cli.timesheets.lines import Person, Project
from services.cli.timesheets.rates import Pricing
from services.runtime.identity import identity_key

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Priced:
    """An hourly rate in cents, None for none, and its currency, "" when it is open."""

    rate_cents: int | None
    currency: str

    def over(self, other: "Priced") -> "Priced":
        """Return this with the other's where it leaves something open."""
        rate = other.rate_cents if self.rate_cents is None else self.rate_cents
        return Priced(rate, self.currency or other.currency)


DEFAULT_CURRENCY = "USD"


def price_of(workspace: Workspace) -> Priced:
    """Return the price of what has none of its own."""
    rate = workspace.hourly_rate_cents if workspace.HasField("hourly_rate_cents") else None
    return Priced(rate, workspace.currency_code or DEFAULT_CURRENCY)


class WorkspaceBook:
    """Finds and creates the records of a workspace. Of those that exist only members that are put are changed.

    A dry one makes up ids, below 0, for what is missing and creates nothing; its workspace may be one without an id.
    """

    def __init__(self, channel: Channel, access: Access, workspace: Workspace, *, dry: bool = False) -> None:
        self.workspace = workspace
        self.records = Records(channel, access, Owner(workspace_id=workspace.id))
        self._dry = dry
        self._made_up: list[Member] = []

    async def members(self) -> dict[Person, Member]:
        """Return all members by what they are known by; by name also those with an email, where no other is meant."""
        found = [*self._made_up, *[one async for one in self._all("members") if isinstance(one, Member)]]
        named: dict[Person, Member] = {}
        for member in sorted(found, key=lambda one: (bool(one.email), one.user_id)):
            named.setdefault(("", member.name), member)
        return named | {(identity_key(member.email), ""): member for member in found if member.email}

    async def put_members(self, members: Sequence[Member]) -> None:
        """Store members."""
        if self._dry:
            for number, member in enumerate(members, 1):
                member.user_id = member.user_id or -number
            self._made_up.extend(members)
            return
        await self.records.upsert("members", members)

    async def clients(self, names: Iterable[str]) -> tuple[dict[str, int], int]:
        """Return the ids of clients by name, and how many are new."""
        known, new = await self._settled("clients", lambda one: one.name, [ClientMessage(name=name) for name in names])
        return {name: client.id for name, client in known.items()}, new

    async def projects(
        self, wanted: Mapping[Project, tuple[int, Pricing]]
    ) -> tuple[dict[Project, tuple[int, Priced]], int]:
        """Return ids and prices of projects, which come with the id of their client, and how many are new."""
        records = [_new_project(name, *wanted[name]) for name in wanted]
        known, new = await self._settled("projects", lambda one: (one.client_id, one.name), records)
        found = {name: known[client_id, name[1]] for name, (client_id, _) in wanted.items()}
        return {name: (one.id, _priced(one)) for name, one in found.items()}, new

    async def tasks(self, wanted: Mapping[tuple[Project, str], int]) -> tuple[dict[tuple[Project, str], int], int]:
        """Return the ids of tasks, which come with the id of their project, and how many are new."""
        records = [ProjectTask(name=name, project_id=project_id) for (_, name), project_id in wanted.items()]
        known, new = await self._settled("project_tasks", lambda one: (one.project_id, one.name), records)
        return {key: known[project_id, key[1]].id for key, project_id in wanted.items()}, new

    async def tags(self, names: Iterable[str]) -> tuple[dict[str, int], int]:
        """Return the ids of tags by name, and how many are new."""
        known, new = await self._settled("tags", lambda one: one.name, [Tag(name=name) for name in names])
        return {name: tag.id for name, tag in known.items()}, new

    async def prices(self) -> dict[int, Priced]:
        """Return the prices of all projects, the workspace's for what they leave open and under 0."""
        own = price_of(self.workspace)
        found = [one async for one in self._all("projects") if isinstance(one, ProjectMessage)]
        return {0: own} | {one.id: _priced(one).over(own) for one in found}

    async def _all(self, kind: str) -> AsyncIterator[Message]:
        """Yield all records of a kind; a workspace without an id has none."""
        if self.workspace.id:
            async for one in self.records.all(kind):
                yield one

    async def _settled(
        self, kind: str, key: Callable[[Any], Key], wanted: Sequence[Message]
    ) -> tuple[dict[Key, Any], int]:
        """Return all records of a kind by key, those wanted created where they are missing, and how many these are."""
        known: dict[Key, Any] = {key(one): one async for one in self._all(kind)}
        missing = {key(one): one for one in wanted if key(one) not in known}
        if missing:
            made_up = range(-1, -len(missing) - 1, -1)
            ids = made_up if self._dry else await self.records.upsert(kind, list(missing.values()))
            for one, id_ in zip(missing.values(), ids, strict=True):
                one.id = id_  # type: ignore[attr-defined] # all these kinds have ids
        return known | missing, len(missing)


def _new_project(name: Project, client_id: int, pricing: Pricing) -> ProjectMessage:
    rate_cents, currency = pricing.of_project()
    return ProjectMessage(name=name[1], client_id=client_id, hourly_rate_cents=rate_cents, currency_code=currency)


def _priced(project: ProjectMessage) -> Priced:
    rate = project.hourly_rate_cents if project.HasField("hourly_rate_cents") else None
    return Priced(rate, project.currency_code)
