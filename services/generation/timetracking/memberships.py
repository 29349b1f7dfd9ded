"""Memberships: the members of workspaces as whom callers act."""

from dataclasses import replace

from services.errors import InvalidParameters, NotAuthenticated, WorkspaceNotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Principal
from services.generation.timetracking.directory import Member
from services.generation.timetracking.time_store import Timesheets


class Memberships:
    """Finds members by their accounts: an account is the member whose email is its login, letters' case apart."""

    def __init__(self, timesheets: Timesheets, accounts: AccountService) -> None:
        self._timesheets = timesheets
        self._accounts = accounts

    async def of(self, workspace_id: int, caller: Principal | None) -> Member:
        """Return the caller as an active member of a workspace; an operator is its owner, and an admin.

        Raises NotAuthenticated without a caller, and WorkspaceNotFound for one that is no active member.
        """
        if caller is None:
            raise NotAuthenticated
        if caller.operator:
            return await self._owner(workspace_id)
        found = await self._timesheets.member(workspace_id, email=caller.email)
        if found is None or not found.active:
            raise WorkspaceNotFound
        return found

    async def named(self, workspace_id: int, caller: Principal | None, owner_login: str) -> tuple[Member, Member]:
        """Return the caller and the owner of what it saves, which is itself unless an operator names another member.

        Raises like `of`, and InvalidParameters for a login that is no active member's or was not to be named.
        """
        member = await self.of(workspace_id, caller)
        if not owner_login or owner_login.casefold() == member.email.casefold():
            return member, member
        if caller is None or not caller.operator:
            raise InvalidParameters.one("owner_login", "is for operators; others own what they save")
        found = await self._timesheets.member(workspace_id, email=owner_login.casefold())
        if found is None or not found.active:
            raise InvalidParameters.one("owner_login", "must be the login of an active member of the workspace")
        return member, found

    async def _owner(self, workspace_id: int) -> Member:
        workspace = await self._timesheets.workspace(workspace_id)
        if workspace is None:
            raise WorkspaceNotFound
        account = await self._accounts.by_id(workspace.owner_id)
        found = await self._timesheets.member(workspace_id, email=account.login.casefold())
        person = found or Member(account.id, account.login, account.login, time_zone=account.locale.time_zone)
        return replace(person, role="admin", active=True)
