"""Deletion of time entries by those who may: the admins of their workspace, and operators."""

from collections.abc import Sequence
from dataclasses import dataclass

from daybook.input.v1.workspace_pb2 import Member

from services.errors import DemoAccount
from services.errors.workspaces import AdminNeeded
from services.generation.accounts.audit import audited
from services.generation.accounts.authentication import Principal
from services.generation.inputs.input_service import InputService
from services.generation.inputs.time_entries import TIME_ENTRIES
from services.generation.timetracking.memberships import Memberships


@dataclass(frozen=True, slots=True)
class EntryDeletion:
    """Deletes entries of a workspace, and leaves an audit line of it."""

    memberships: Memberships
    inputs: InputService

    async def delete(self, workspace_id: int, ids: Sequence[int], caller: Principal | None) -> int:
        """Delete entries, all or none, and return how many.

        Raises what `Memberships.of` raises, AdminNeeded, DemoAccount, NotFound and InvalidParameters.
        """
        member = await self.memberships.of(workspace_id, caller)
        user_id = None if caller is None or caller.operator else member.user_id
        with audited("delete_time_entries", workspace_id=workspace_id, member_id=user_id) as known:
            if member.role != Member.ROLE_ADMIN:
                raise AdminNeeded
            if caller and caller.user and caller.user.demo:
                raise DemoAccount
            known["count"] = count = await self.inputs.delete(TIME_ENTRIES, workspace_id, list(dict.fromkeys(ids)), ())
        return count
