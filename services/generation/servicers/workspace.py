"""Servicer of look-ups in workspaces, and of the deletion of time entries."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from daybook.workspace.v1 import workspace_service_pb2 as pb
from daybook.workspace.v1.workspace_service_pb2_grpc import WorkspaceServiceServicer
from grpc.aio import ServicerContext

from services.errors import InvalidParameters
from services.generation.accounts.authentication import Authenticator, Principal, account_of
from services.generation.servicers.owner_turns import list_turns
from services.generation.servicers.page_tokens import next_token, page_of
from services.generation.timetracking.entry_deletion import EntryDeletion
from services.generation.timetracking.lookups import LookupService, ProjectQuery, SeenProject, SeenWorkspace
from services.runtime import fair_threads
from services.runtime.channel import authorization_of, client_address_of
from services.runtime.codec import datetime_of
from services.runtime.tenants import tenant_of

Context = ServicerContext[Any, Any]
MAX_SKIP = 2**31 - 1


class Paged(Protocol):
    """A request for a page."""

    page_size: int
    page_token: str


class Part:
    """Part of a list that a request asks for: the token of a page says how many records came before it."""

    def __init__(self, request: Paged, skip: int = 0) -> None:
        """Read the part of a request. Raises InvalidParameters."""
        if not 0 <= skip <= MAX_SKIP:
            raise InvalidParameters.one("skip", f"must be 0 to {MAX_SKIP}")
        self._page = page_of(request, int)
        first = max(0, sum(self._page.after)) + (0 if self._page.after else skip)
        self.slice = slice(first, first + self._page.size)

    def token(self, shown: Sequence[Any]) -> str:
        """Return the token of the page after the one that is shown; empty on the last page."""
        return next_token(self._page, shown, self.slice.stop)


class WorkspaceServicer(WorkspaceServiceServicer):
    """Fills daybook.workspace.v1.WorkspaceService."""

    def __init__(self, lookups: LookupService, deletion: EntryDeletion, callers: Authenticator) -> None:
        self._lookups = lookups
        self._deletion = deletion
        self._callers = callers
        self._lists = list_turns()  # by account: a list reads all that is in a workspace, of projects all its time

    async def ListWorkspaces(self, request: pb.ListWorkspacesRequest, context: Context) -> pb.ListWorkspacesResponse:
        """See the contract."""
        caller, part = await self._caller(context), Part(request)
        async with self._turn(caller):
            shown = (await self._lookups.workspaces(caller))[part.slice]
        return pb.ListWorkspacesResponse(workspaces=map(_workspace, shown), next_page_token=part.token(shown))

    async def GetWorkspace(self, request: pb.GetWorkspaceRequest, context: Context) -> pb.GetWorkspaceResponse:
        """See the contract."""
        found = await self._lookups.workspace(request.workspace_id, await self._caller(context))
        return pb.GetWorkspaceResponse(workspace=_workspace(found))

    async def ListProjects(self, request: pb.ListProjectsRequest, context: Context) -> pb.ListProjectsResponse:
        """See the contract."""
        caller, part = await self._caller(context), Part(request, request.skip)
        wanted = _query(request)
        async with self._turn(caller):
            shown = await self._lookups.projects(request.workspace_id, caller, wanted, part.slice)
        return pb.ListProjectsResponse(projects=map(_project, shown), next_page_token=part.token(shown))

    async def ListClients(self, request: pb.ListClientsRequest, context: Context) -> pb.ListClientsResponse:
        """See the contract."""
        caller, part = await self._caller(context), Part(request)
        archived = _flag(request, "archived")
        async with self._turn(caller):
            shown = (await self._lookups.clients(request.workspace_id, caller, request.name, archived))[part.slice]
        return pb.ListClientsResponse(clients=shown, next_page_token=part.token(shown))

    async def ListTags(self, request: pb.ListTagsRequest, context: Context) -> pb.ListTagsResponse:
        """See the contract."""
        caller, part = await self._caller(context), Part(request, request.skip)
        async with self._turn(caller):
            found, owner_id = await self._lookups.tags(request.workspace_id, caller, request.name)
        shown = found[part.slice]
        return pb.ListTagsResponse(tags=shown, owner_user_id=owner_id, next_page_token=part.token(shown))

    async def ListMembers(self, request: pb.ListMembersRequest, context: Context) -> pb.ListMembersResponse:
        """See the contract."""
        caller, part = await self._caller(context), Part(request)
        async with self._turn(caller):
            found = await self._lookups.members(request.workspace_id, caller, active_only=request.active_only)
        shown = found[part.slice]
        return pb.ListMembersResponse(members=shown, next_page_token=part.token(shown))

    async def DeleteTimeEntries(
        self, request: pb.DeleteTimeEntriesRequest, context: Context
    ) -> pb.DeleteTimeEntriesResponse:
        """See the contract."""
        count = await self._deletion.delete(request.workspace_id, request.ids, await self._caller(context))
        return pb.DeleteTimeEntriesResponse(deleted_count=count)

    def _turn(self, caller: Principal | None) -> AbstractAsyncContextManager[None]:
        """Return the turn of the caller's account at lists, for which its threads compute; others have one of all."""
        account_id = account_of(caller)
        fair_threads.tenant.set(tenant_of(account_id) if account_id else "")
        return self._lists.slot(account_id)

    async def _caller(self, context: Context) -> Principal | None:
        return await self._callers.principal(authorization_of(context), client_address_of(context))


def _workspace(seen: SeenWorkspace) -> pb.SeenWorkspace:
    return pb.SeenWorkspace(workspace=seen.workspace, is_admin=seen.rights.is_admin)


def _project(seen: SeenProject) -> pb.SeenProject:
    return pb.SeenProject(
        project=seen.project,
        client_name=seen.client_name,
        actual_seconds=seen.actual_seconds,
        billable=seen.billable,
    )


def _query(request: pb.ListProjectsRequest) -> ProjectQuery:
    """Read the filters of projects. Raises InvalidParameters."""
    try:
        since = datetime_of(request.changed_since) if request.HasField("changed_since") else None
    except ValueError as error:
        raise InvalidParameters.one("changed_since", str(error)) from error
    return ProjectQuery(
        name=request.name,
        project_ids=frozenset(request.project_ids),
        client_ids=frozenset(request.client_ids),
        billable=_flag(request, "billable"),
        archived=_flag(request, "archived"),
        changed_since=since,
        descending=request.descending,
    )


def _flag(request: Any, name: str) -> bool | None:
    return getattr(request, name) if request.HasField(name) else None
