"""Workspaces by the names that people know."""

from daybook.input.v1.workspace_pb2 import Workspace
from grpc.aio import Channel

from services.cli.client import Access
from services.cli.errors import CommandFailed
from services.cli.records import Owner, Records


async def workspaces_named(channel: Channel, access: Access, name: str, owner: str) -> list[Workspace]:
    """Return the workspaces of a name that an account owns, or any account for owner ""."""
    records = Records(channel, access, Owner(owner))
    return [found async for found in records.all("workspaces") if isinstance(found, Workspace) and found.name == name]


async def workspace_of(channel: Channel, access: Access, name: str, login: str) -> Workspace:
    """Return the workspace of a name that an account owns, else the only one of that name.

    Raises CommandFailed when there is none, or more than one of other accounts.
    """
    found = await workspaces_named(channel, access, name, login)
    found = found or await workspaces_named(channel, access, name, "")
    if not found:
        raise CommandFailed(f"there is no workspace {name!r}")
    if len(found) > 1:
        raise CommandFailed(f"several workspaces are called {name!r}, and none of them is of {login!r}")
    return found[0]
