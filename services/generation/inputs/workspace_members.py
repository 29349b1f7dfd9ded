"""Workspaces and their members as callers meet them: who may see which workspace, and as whom."""

from daybook.input.v1.workspace_pb2 import Member, Workspace

from services.generation.domain.paging import Page
from services.generation.inputs.input_store import InputFilter, InputStore
from services.generation.inputs.members import MEMBERS, email_key
from services.generation.inputs.workspaces import WORKSPACES


class WorkspaceMembers:
    """Finds workspaces and members. An account is the member whose email is its login, letter case aside."""

    def __init__(self, inputs: InputStore) -> None:
        self._inputs = inputs

    async def workspace(self, workspace_id: int) -> Workspace | None:
        """Return a workspace without its logo."""
        return (await self._inputs.some(WORKSPACES, None, [workspace_id])).get(workspace_id)

    async def member(self, workspace_id: int, *, email: str = "", user_id: int = 0) -> Member | None:
        """Return the member with an email, letter case aside, or with an id."""
        which = {"email_key": email_key(email)} if email else {"user_id": user_id}
        found = await self._inputs.page(MEMBERS, workspace_id, Page(1), InputFilter(values=which))
        return found[0] if found else None

    async def active_member(self, workspace_id: int, email: str) -> Member | None:
        """Return the member with an email unless the person has left."""
        found = await self.member(workspace_id, email=email) if email else None
        return None if found is None or found.inactive else found

    async def workspaces_of(self, email: str) -> list[int]:
        """Return the ids of the workspaces with an active member of an email, in ascending order."""
        return sorted(await self._inputs.owners_of(MEMBERS, {"email_key": email_key(email), "inactive": False}))
