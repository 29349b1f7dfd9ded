"""Workspaces and their members as callers meet them: who may see which workspace, and as whom."""

from daybook.input.v1.workspace_pb2 import Member, Workspace

from services.generation.domain.paging import Page
from services.generation.inputs.input_store import InputFilter, InputStore
from services.generation.inputs.members import MEMBERS
from services.generation.inputs.workspaces import WORKSPACES
from services.runtime.identity import identity_key


class WorkspaceMembers:
    """Finds workspaces and members. An account is the member with its `member_id`."""

    def __init__(self, inputs: InputStore) -> None:
        self._inputs = inputs

    async def workspace(self, workspace_id: int) -> Workspace | None:
        """Return a workspace without its logo."""
        return (await self._inputs.some(WORKSPACES, None, [workspace_id])).get(workspace_id)

    async def member(self, workspace_id: int, *, email: str = "", user_id: int = 0) -> Member | None:
        """Return the member with an id, or with an email, compared by its `identity_key`."""
        which = {"email_key": identity_key(email)} if email else {"user_id": user_id}
        found = await self._inputs.page(MEMBERS, workspace_id, Page(1), InputFilter(values=which))
        return found[0] if found else None

    async def active_member(self, workspace_id: int, user_id: int) -> Member | None:
        """Return the member with an id unless the person has left."""
        found = await self.member(workspace_id, user_id=user_id) if user_id else None
        return None if found is None or found.inactive else found

    async def workspaces_of(self, user_id: int, role: Member.Role.ValueType | None = None) -> list[int]:
        """Return the ids of the workspaces that a person is an active member of, in a role, in ascending order."""
        values: dict[str, object] = {"user_id": user_id, "inactive": False}
        if role is not None:
            values["role"] = Member.Role.Name(role)
        return sorted(await self._inputs.owners_of(MEMBERS, values))
