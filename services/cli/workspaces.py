"""Finding workspaces by the names people know."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol, TypeVar

from daybook.timesheet.v1.timesheet_pb2 import Workspace
from daybook.timesheet.v1.timesheet_service_pb2 import ListWorkspacesRequest, ListWorkspacesResponse
from daybook.timesheet.v1.timesheet_service_pb2_grpc import TimesheetServiceStub
from grpc.aio import Channel

from services.cli.client import DEADLINE_S, Access
from services.cli.errors import CommandFailed

PAGE_SIZE = 1000


class Paged(Protocol):
    """A page of a list."""

    next_page_token: str


Page = TypeVar("Page", bound=Paged)


async def pages(ask: Callable[[str], Awaitable[Page]]) -> AsyncIterator[Page]:
    """Give all pages of a list; `ask` gets one by its token."""
    token = ""
    while True:
        page = await ask(token)
        yield page
        token = page.next_page_token
        if not token:
            return


async def workspaces_named(channel: Channel, access: Access, name: str, owner: str) -> list[Workspace]:
    """Return the workspaces of a name that an owner has, or anybody for owner ""."""
    stub = TimesheetServiceStub(channel)

    def ask(token: str) -> Awaitable[ListWorkspacesResponse]:
        request = ListWorkspacesRequest(page_size=PAGE_SIZE, page_token=token, owner_login=owner)
        return stub.ListWorkspaces(request, metadata=access.as_operator(), timeout=DEADLINE_S)

    return [found async for page in pages(ask) for found in page.workspaces if found.name == name]


async def workspace_of(channel: Channel, access: Access, name: str, login: str) -> Workspace:
    """Return the workspace of a name that somebody owns, else the only one of that name.

    Raises CommandFailed when there is none, or more than one of others.
    """
    found = await workspaces_named(channel, access, name, login)
    found = found or await workspaces_named(channel, access, name, "")
    if not found:
        raise CommandFailed(f"there is no workspace {name!r}")
    if len(found) > 1:
        raise CommandFailed(f"several workspaces are called {name!r}, and none of them is of {login!r}")
    return found[0]
