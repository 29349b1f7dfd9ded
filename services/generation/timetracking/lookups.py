"""Look-ups in a workspace: what is in it, by name, as a member sees it."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

import numpy as np
from daybook.input.v1.workspace_pb2 import Client, Member, Project, Tag, Workspace

from services.errors import NotAuthenticated, WrongCredentials
from services.errors.workspaces import WorkspaceNotFound
from services.generation.accounts.authentication import USER_CREDENTIALS, Principal
from services.generation.inputs.clients import CLIENTS
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.input_store import InputStore
from services.generation.inputs.member_rights import MemberRights, rights_of
from services.generation.inputs.members import MEMBERS
from services.generation.inputs.projects import PROJECTS
from services.generation.inputs.tags import TAGS
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.timetracking.directory import project_color
from services.generation.timetracking.filters import Choice, Filter
from services.generation.timetracking.memberships import Memberships
from services.generation.timetracking.periods import ALL_TIME_S, Span
from services.generation.timetracking.time_store import TimeEntries
from services.generation.words.collation import Collate, collation
from services.generation.words.locales import DEFAULT_LOCALE
from services.runtime.codec import datetime_of


class Named(Protocol):
    """Record with a name."""

    @property
    def name(self) -> str:
        """The name."""


N = TypeVar("N", bound=Named)


@dataclass(frozen=True, slots=True)
class SeenWorkspace:
    """Workspace as a member with some rights sees it."""

    workspace: Workspace
    rights: MemberRights


@dataclass(frozen=True, slots=True)
class SeenProject:
    """Project as a member sees it, archived where its client is, and the seconds that the member sees of it."""

    project: Project
    client_name: str
    actual_seconds: int
    billable: bool


@dataclass(frozen=True, slots=True)
class ProjectQuery:
    """Filters of projects, which all must keep one; None and empty ones keep all."""

    name: str = ""
    project_ids: frozenset[int] = frozenset()
    client_ids: frozenset[int] = frozenset()
    billable: bool | None = None
    archived: bool | None = None
    changed_since: datetime | None = None
    descending: bool = False


class LookupService:
    """Shows workspaces to their active members; an operator is the owner of the one that is named."""

    def __init__(self, inputs: InputStore, memberships: Memberships, entries: TimeEntries) -> None:
        self._inputs = inputs
        self._members = WorkspaceMembers(inputs)
        self._memberships = memberships
        self._entries = entries

    async def workspaces(self, caller: Principal | None) -> list[SeenWorkspace]:
        """Return the workspaces of an account. Raises NotAuthenticated, and WrongCredentials for an operator."""
        if caller is None:
            raise NotAuthenticated
        if caller.operator:
            raise WrongCredentials(USER_CREDENTIALS)
        ids = await self._members.workspaces_of(caller.member_id) if caller.member_id else []
        seen = []
        for one in ids:
            with suppress(WorkspaceNotFound):  # it is being removed
                seen.append(await self.workspace(one, caller))
        collate = _collation_of(caller)
        return sorted(seen, key=lambda one: (collate(one.workspace.name), one.workspace.id))

    async def workspace(self, workspace_id: int, caller: Principal | None) -> SeenWorkspace:
        """Return a workspace, without its rate for those who do not see amounts.

        Raises NotAuthenticated without a caller, and WorkspaceNotFound for one that is no active member.
        """
        member = await self._memberships.of(workspace_id, caller)
        workspace = await self._members.workspace(workspace_id)
        if workspace is None:
            raise WorkspaceNotFound
        rights = rights_of(member, workspace)
        if not rights.amounts:
            workspace.ClearField("hourly_rate_cents")
        return SeenWorkspace(workspace, rights)

    async def clients(
        self, workspace_id: int, caller: Principal | None, name: str, archived: bool | None
    ) -> Sequence[Client]:
        """Return clients with a part of a name. Raises what `workspace` raises."""
        await self.workspace(workspace_id, caller)
        found = _named(await self._all(CLIENTS, workspace_id), name, caller)
        return [one for one in found if archived in (None, one.archived)]

    async def tags(self, workspace_id: int, caller: Principal | None, name: str) -> tuple[Sequence[Tag], int]:
        """Return tags with a part of a name, and the member who owns the workspace. Raises what `workspace` raises."""
        await self.workspace(workspace_id, caller)
        owner = await self._memberships.owner(workspace_id)
        return _named(await self._all(TAGS, workspace_id), name, caller), owner.user_id

    async def members(self, workspace_id: int, caller: Principal | None, *, active_only: bool) -> Sequence[Member]:
        """Return members, of the caller only where others are not seen. Raises what `workspace` raises."""
        rights = (await self.workspace(workspace_id, caller)).rights
        found = _named(await self._all(MEMBERS, workspace_id), "", caller)
        seen = [one for one in found if rights.others or one.user_id == rights.user_id]
        return [one for one in seen if not (active_only and one.inactive)]

    async def projects(
        self, workspace_id: int, caller: Principal | None, query: ProjectQuery, part: slice
    ) -> list[SeenProject]:
        """Return the part of the projects that is shown, each with its time. Raises what `workspace` raises."""
        seen = await self.workspace(workspace_id, caller)
        projects, clients = await asyncio.gather(
            self._all(PROJECTS, workspace_id), self._inputs.all(CLIENTS, workspace_id)
        )
        for project in projects:
            project.archived = project.archived or (
                project.client_id in clients and clients[project.client_id].archived
            )
        found = [one for one in _named(projects, query.name, caller) if _keeps(query, one)]
        shown = (found[::-1] if query.descending else found)[part]
        seconds = await self._seconds(workspace_id, seen.rights, [one.id for one in shown])
        return [
            SeenProject(
                project=_seen(project, seen),
                client_name=clients[project.client_id].name if project.client_id in clients else "",
                actual_seconds=seconds.get(project.id, 0),
                billable=is_billable,
            )
            for project, is_billable in [(one, one.HasField("hourly_rate_cents")) for one in shown]
        ]

    async def _all(self, kind: InputKind[Any], workspace_id: int) -> list[Any]:
        return list((await self._inputs.all(kind, workspace_id)).values())

    async def _seconds(self, workspace_id: int, rights: MemberRights, project_ids: Sequence[int]) -> Mapping[int, int]:
        """Return the seconds tracked on projects by all members, or by the one who sees its own time only."""
        members = [rights.user_id] if not rights.others else await self._inputs.all(MEMBERS, workspace_id)
        if not project_ids or not members:
            return {}
        wanted = Filter(
            workspace_id,
            (Span(tuple(members), *ALL_TIME_S),),
            all_members=rights.others,
            projects=Choice(frozenset(project_ids)),
        )
        sums: dict[int, int] = {}
        async with aclosing(self._entries.read(wanted, columns={"project_id", "seconds"})) as runs:
            async for run in runs:
                ids, places = np.unique(run.project_id, return_inverse=True)
                seconds = np.zeros(len(ids), np.int64)
                np.add.at(seconds, places, run.seconds)
                for one, some in zip(ids.tolist(), seconds.tolist(), strict=True):
                    sums[one] = sums.get(one, 0) + some
        return sums


def _named(records: Iterable[N], part: str, caller: Principal | None) -> list[N]:
    """Return the records whose names have a part, in the order of names and of ids, in which they come."""
    collate = _collation_of(caller)
    found = [one for one in records if part.casefold() in one.name.casefold()]
    return sorted(found, key=lambda one: collate(one.name))


def _collation_of(caller: Principal | None) -> Collate:
    """Return the order of names in the caller's language, in English for an operator."""
    user = caller.user if caller else None
    return collation(user.locale.locale if user else DEFAULT_LOCALE)


def _keeps(query: ProjectQuery, project: Project) -> bool:
    return (
        (not query.project_ids or project.id in query.project_ids)
        and (not query.client_ids or project.client_id in query.client_ids)
        and query.billable in (None, project.HasField("hourly_rate_cents"))
        and query.archived in (None, project.archived)
        and (query.changed_since is None or datetime_of(project.update_time) >= query.changed_since)
    )


def _seen(project: Project, seen: SeenWorkspace) -> Project:
    """Return a project with its colour and currency, without its money where amounts are hidden."""
    project.color = project_color(project)
    project.currency_code = project.currency_code or seen.workspace.currency_code
    if not seen.rights.amounts:
        for name in PROJECTS.money:
            project.ClearField(name)  # type: ignore[arg-type] # a field's name
    return project
