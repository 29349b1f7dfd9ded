"""Memberships: the members of workspaces as whom callers act."""

from contextlib import suppress
from dataclasses import replace

from daybook.input.v1.workspace_pb2 import Member

from services.errors import InvalidParameters, NotAuthenticated, NotFound
from services.errors.workspaces import WorkspaceNotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Principal
from services.generation.inputs.member_rights import MemberRights, rights_of
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.words.language import Locale
from services.runtime.identity import identity_key


async def locale_of(accounts: AccountService, member: Member) -> Locale:
    """Return the locale of a member's account, if there is one, with the member's own time zone."""
    locale = Locale()
    with suppress(NotFound):
        locale = (await accounts.by_person(member.user_id)).locale
    return replace(locale, time_zone=member.time_zone)


class Memberships:
    """Finds members by their accounts; only operators name members by email."""

    def __init__(self, members: WorkspaceMembers, accounts: AccountService) -> None:
        self._members = members
        self._accounts = accounts

    async def of(self, workspace_id: int, caller: Principal | None) -> Member:
        """Return the caller as an active member of a workspace; an operator is its owner, and an admin.

        Raises NotAuthenticated without a caller, and WorkspaceNotFound for one that is no active member.
        """
        if caller is None:
            raise NotAuthenticated
        if caller.operator:
            return await self.owner(workspace_id)
        found = await self._members.active_member(workspace_id, caller.member_id)
        if found is None:
            raise WorkspaceNotFound
        return found

    async def rights(self, workspace_id: int, caller: Principal | None) -> tuple[Member, MemberRights]:
        """Return the caller as an active member, and what that member sees. Raises like `of`."""
        member = await self.of(workspace_id, caller)
        workspace = await self._members.workspace(workspace_id)
        if workspace is None:
            raise WorkspaceNotFound
        return member, rights_of(member, workspace)

    async def named(self, workspace_id: int, caller: Principal | None, owner_login: str) -> tuple[Member, Member]:
        """Return the caller and the owner of what it saves, which is itself unless an operator names another member.

        Raises like `of`, and InvalidParameters for a login that is no active member's or was not to be named.
        """
        member = await self.of(workspace_id, caller)
        if not owner_login or identity_key(owner_login) == identity_key(member.email):
            return member, member
        if caller is None or not caller.operator:
            raise InvalidParameters.one("owner_login", "is for operators; others own what they save")
        found = await self._members.member(workspace_id, email=owner_login)
        if found is None or found.inactive:
            raise InvalidParameters.one("owner_login", "must be the login of an active member of the workspace")
        return member, found

    async def owner(self, workspace_id: int) -> Member:
        """Return the member who owns a workspace, always an active admin. Raises WorkspaceNotFound."""
        workspace = await self._members.workspace(workspace_id)
        if workspace is None:
            raise WorkspaceNotFound
        account = await self._accounts.by_id(workspace.owner_id)
        login, zone = account.login, account.locale.time_zone
        found = await self._members.member(workspace_id, user_id=account.member_id)
        owner = found or Member(user_id=account.member_id, name=login, email=login, time_zone=zone)
        owner.role, owner.inactive = Member.ROLE_ADMIN, False
        return owner
