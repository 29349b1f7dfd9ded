"""TimesheetService: messages in, use cases, messages out."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import datetime
from typing import Any, Protocol

from daybook.timesheet.v1 import timesheet_service_pb2 as pb
from daybook.timesheet.v1.timesheet_service_pb2_grpc import TimesheetServiceServicer
from grpc.aio import ServicerContext

from services.errors import InvalidParameters, NotAuthenticated, WorkspaceNotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Authenticator, Principal
from services.generation.accounts.user import User
from services.generation.domain.paging import Page
from services.generation.servicers import timesheet_messages as messages
from services.generation.servicers.page_tokens import next_token, page_of
from services.generation.servicers.timestamps import timestamp
from services.generation.timetracking.directory import Client, Group, Project, Tag, Task
from services.generation.timetracking.entries import TimeEntry
from services.generation.timetracking.time_store import Kind, TimeEntries, Timesheets
from services.generation.timetracking.timesheet_service import TimesheetService
from services.runtime.channel import authorization_of, client_address_of

Context = ServicerContext[Any, Any]


class Listing(Protocol):
    """A request for a page of a workspace's things."""

    workspace_id: int
    page_size: int
    page_token: str


class TimesheetServicer(TimesheetServiceServicer):
    """Fills daybook.timesheet.v1.TimesheetService: operators write, operators and members read."""

    def __init__(
        self,
        book: TimesheetService,
        timesheets: Timesheets,
        entries: TimeEntries,
        accounts: AccountService,
        callers: Authenticator,
    ) -> None:
        self._book = book
        self._timesheets = timesheets
        self._entries = entries
        self._accounts = accounts
        self._callers = callers

    async def UpsertWorkspace(self, request: pb.UpsertWorkspaceRequest, context: Context) -> pb.UpsertWorkspaceResponse:
        """See the contract."""
        await self._operator(context)
        login = request.workspace.owner_login
        if not login:
            raise InvalidParameters.one("workspace.owner_login", "must name an account")
        owner = await self._accounts.by_login(login)
        workspace_id = await self._book.put_workspace(messages.workspace_of(request.workspace, owner.id))
        member = await self._timesheets.member(workspace_id, email=login)
        return pb.UpsertWorkspaceResponse(workspace_id=workspace_id, owner_user_id=member.id if member else 0)

    async def ListWorkspaces(self, request: pb.ListWorkspacesRequest, context: Context) -> pb.ListWorkspacesResponse:
        """See the contract."""
        caller = await self._caller(context)
        page = page_of(request, int)
        if caller.operator:
            owner = await self._accounts.by_login(request.owner_login) if request.owner_login else None
            found = await self._timesheets.workspace_page(page, owner_id=owner.id if owner else None, email=None)
        elif request.owner_login:
            raise InvalidParameters.one("owner_login", "is for operators")
        else:
            found = await self._timesheets.workspace_page(page, owner_id=None, email=caller.email)
        logins = {
            owner_id: (await self._accounts.by_id(owner_id)).login for owner_id in {one.owner_id for one in found}
        }
        return pb.ListWorkspacesResponse(
            workspaces=[messages.workspace_message(one, logins[one.owner_id]) for one in found],
            next_page_token=next_token(page, found, found[-1].id if found else 0),
        )

    async def GetProfile(self, request: pb.GetProfileRequest, context: Context) -> pb.GetProfileResponse:  # noqa: ARG002 - it is empty
        """See the contract."""
        caller = await self._caller(context)
        if caller.user is None:
            raise NotAuthenticated("An operator has no profile")
        return await self._profile(caller.user)

    async def _profile(self, user: User) -> pb.GetProfileResponse:
        first = await self._timesheets.workspace_page(Page(1), owner_id=None, email=user.login)
        member = await self._timesheets.member(first[0].id, email=user.login) if first else None
        return pb.GetProfileResponse(
            user_id=member.id if member else user.id,
            account_id=user.id,
            email=user.login,
            name=member.name if member else user.login,
            time_zone=member.time_zone if member else user.locale.time_zone,
            default_workspace_id=first[0].id if first else 0,
            create_time=timestamp(user.create_time),
        )

    async def UpsertMembers(self, request: pb.UpsertMembersRequest, context: Context) -> pb.UpsertMembersResponse:
        """See the contract."""
        await self._operator(context)
        members = [messages.member_of(index, one) for index, one in enumerate(request.members)]
        return pb.UpsertMembersResponse(user_ids=await self._book.put_members(request.workspace_id, members))

    async def ListMembers(self, request: pb.ListMembersRequest, context: Context) -> pb.ListMembersResponse:
        """See the contract."""
        page = await self._listing(request, context)
        found = await self._timesheets.member_page(request.workspace_id, page)
        token = next_token(page, found, found[-1].id if found else 0)
        return pb.ListMembersResponse(members=map(messages.member_message, found), next_page_token=token)

    async def UpsertClients(self, request: pb.UpsertClientsRequest, context: Context) -> pb.UpsertClientsResponse:
        """See the contract."""
        await self._operator(context)
        clients = [messages.client_of(one) for one in request.clients]
        return pb.UpsertClientsResponse(client_ids=await self._book.put(request.workspace_id, Client, clients))

    async def ListClients(self, request: pb.ListClientsRequest, context: Context) -> pb.ListClientsResponse:
        """See the contract."""
        found, token = await self._things(request, context, Client)
        return pb.ListClientsResponse(clients=map(messages.client_message, found), next_page_token=token)

    async def UpsertProjects(self, request: pb.UpsertProjectsRequest, context: Context) -> pb.UpsertProjectsResponse:
        """See the contract."""
        await self._operator(context)
        projects = [messages.project_of(index, one) for index, one in enumerate(request.projects)]
        return pb.UpsertProjectsResponse(project_ids=await self._book.put(request.workspace_id, Project, projects))

    async def ListProjects(self, request: pb.ListProjectsRequest, context: Context) -> pb.ListProjectsResponse:
        """See the contract."""
        found, token = await self._things(request, context, Project)
        return pb.ListProjectsResponse(projects=map(messages.project_message, found), next_page_token=token)

    async def UpsertTasks(self, request: pb.UpsertTasksRequest, context: Context) -> pb.UpsertTasksResponse:
        """See the contract."""
        await self._operator(context)
        tasks = [messages.task_of(one) for one in request.tasks]
        return pb.UpsertTasksResponse(task_ids=await self._book.put(request.workspace_id, Task, tasks))

    async def ListTasks(self, request: pb.ListTasksRequest, context: Context) -> pb.ListTasksResponse:
        """See the contract."""
        found, token = await self._things(request, context, Task)
        return pb.ListTasksResponse(tasks=map(messages.task_message, found), next_page_token=token)

    async def UpsertTags(self, request: pb.UpsertTagsRequest, context: Context) -> pb.UpsertTagsResponse:
        """See the contract."""
        await self._operator(context)
        tags = [messages.tag_of(one) for one in request.tags]
        return pb.UpsertTagsResponse(tag_ids=await self._book.put(request.workspace_id, Tag, tags))

    async def ListTags(self, request: pb.ListTagsRequest, context: Context) -> pb.ListTagsResponse:
        """See the contract."""
        found, token = await self._things(request, context, Tag)
        return pb.ListTagsResponse(tags=map(messages.tag_message, found), next_page_token=token)

    async def UpsertGroups(self, request: pb.UpsertGroupsRequest, context: Context) -> pb.UpsertGroupsResponse:
        """See the contract."""
        await self._operator(context)
        groups = [messages.group_of(one) for one in request.groups]
        return pb.UpsertGroupsResponse(group_ids=await self._book.put(request.workspace_id, Group, groups))

    async def ListGroups(self, request: pb.ListGroupsRequest, context: Context) -> pb.ListGroupsResponse:
        """See the contract."""
        found, token = await self._things(request, context, Group)
        return pb.ListGroupsResponse(groups=map(messages.group_message, found), next_page_token=token)

    async def UpsertTimeEntries(
        self, request: pb.UpsertTimeEntriesRequest, context: Context
    ) -> pb.UpsertTimeEntriesResponse:
        """See the contract."""
        await self._operator(context)
        ids, created = await self._book.put_entries(request.workspace_id, _entries(request))
        return pb.UpsertTimeEntriesResponse(time_entry_ids=ids, created_count=created)

    async def ImportTimeEntries(
        self, request_iterator: AsyncIterator[pb.ImportTimeEntriesRequest], context: Context
    ) -> pb.ImportTimeEntriesResponse:
        """See the contract."""
        await self._operator(context)
        async with aclosing(_batches(request_iterator)) as batches:
            imported = await self._book.import_entries(batches)
        return pb.ImportTimeEntriesResponse(received_count=imported.received, created_count=imported.created)

    async def ListTimeEntries(self, request: pb.ListTimeEntriesRequest, context: Context) -> pb.ListTimeEntriesResponse:
        """See the contract."""
        page = await self._listing(request, context, datetime, int)
        found = await self._entries.page(request.workspace_id, page)
        token = next_token(page, found, found[-1].start, found[-1].id) if found else ""
        return pb.ListTimeEntriesResponse(time_entries=map(messages.entry_message, found), next_page_token=token)

    async def DeleteTimeEntries(
        self, request: pb.DeleteTimeEntriesRequest, context: Context
    ) -> pb.DeleteTimeEntriesResponse:
        """See the contract."""
        await self._operator(context)
        count = await self._book.delete_entries(request.workspace_id, request.time_entry_ids)
        return pb.DeleteTimeEntriesResponse(deleted_count=count)

    async def _things(self, request: Listing, context: Context, kind: type[Kind]) -> tuple[list[Kind], str]:
        """Return a page of a workspace's things and the token of the next."""
        page = await self._listing(request, context)
        found = await self._timesheets.page(request.workspace_id, kind, page)
        return found, next_token(page, found, found[-1].id if found else 0)

    async def _listing(self, request: Listing, context: Context, *key: type) -> Page:
        """Return the page asked for by somebody who may see the workspace."""
        caller = await self._caller(context)
        workspace = request.workspace_id
        if caller.operator:
            known = await self._timesheets.workspace(workspace) is not None
        else:
            member = await self._timesheets.member(workspace, email=caller.email)
            known = member is not None and member.active
        if not known:
            raise WorkspaceNotFound(f"There is no workspace {workspace}")
        return page_of(request, *(key or (int,)))

    async def _operator(self, context: Context) -> None:
        if not (await self._caller(context)).operator:
            raise NotAuthenticated("The operator token is missing")

    async def _caller(self, context: Context) -> Principal:
        caller = await self._callers.principal(authorization_of(context), client_address_of(context))
        if caller is None:
            raise NotAuthenticated
        return caller


def _entries(request: pb.UpsertTimeEntriesRequest | pb.ImportTimeEntriesRequest) -> list[TimeEntry]:
    return [messages.entry_of(index, one) for index, one in enumerate(request.time_entries)]


async def _batches(
    requests: AsyncIterator[pb.ImportTimeEntriesRequest],
) -> AsyncGenerator[tuple[int, list[TimeEntry]], None]:
    async for request in requests:
        yield request.workspace_id, _entries(request)
