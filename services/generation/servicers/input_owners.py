"""Owners of inputs: whose records a call may write or read."""

from typing import Any

from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.workspace_pb2 import Member
from grpc.aio import ServicerContext

from services.errors import InvalidParameters, NotAuthenticated, WrongCredentials
from services.errors.workspaces import WorkspaceNotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import OPERATOR_TOKEN, USER_CREDENTIALS, Authenticator, Principal
from services.generation.accounts.user import User
from services.generation.inputs.input_kind import InputKind, Owner
from services.generation.inputs.input_scope import Scope
from services.generation.inputs.member_rights import rights_of
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.runtime.channel import authorization_of, client_address_of

Context = ServicerContext[Any, Any]
Reading = pb.GetRequest | pb.ListRequest
Request = pb.UpsertRequest | pb.UpdateRequest | pb.DeleteRequest | Reading


class InputOwners:
    """Operators name the owner; accounts read their own records, members those of their workspaces."""

    def __init__(self, accounts: AccountService, members: WorkspaceMembers, callers: Authenticator) -> None:
        self._accounts = accounts
        self._members = members
        self._callers = callers

    async def require_operator(self, context: Context) -> None:
        """Raise NotAuthenticated unless an operator calls, WrongCredentials when a user does."""
        if not (await self.caller(context)).operator:
            raise WrongCredentials(OPERATOR_TOKEN)

    async def written(self, kind: InputKind[Any], request: Request) -> int:
        """Return the id of the owner that an operator names. Raises NotFound and InvalidParameters."""
        _require_empty(request, "workspace_id" if kind.owner is Owner.ACCOUNT else "owner_login", kind)
        if kind.owner is Owner.ACCOUNT:
            return await self.account(request.owner_login)
        if await self._members.workspace(request.workspace_id) is None:
            raise WorkspaceNotFound(f"There is no workspace {request.workspace_id}")
        return request.workspace_id

    async def changed(self, kind: InputKind[Any], request: Request) -> int | None:
        """Return the id of the owner whose record an operator changes, None for those of all, of a global kind.

        Raises NotFound and InvalidParameters.
        """
        if kind.is_global and kind.owner is Owner.ACCOUNT and not request.owner_login:
            _require_empty(request, "workspace_id", kind)
            return None
        return await self.written(kind, request)

    async def account(self, login: str) -> int:
        """Return the id of the account that an operator names. Raises NotFound and InvalidParameters."""
        if not login:
            raise InvalidParameters.one("owner_login", "must name an account")
        return (await self._accounts.by_login(login)).account_id

    async def read(self, kind: InputKind[Any], request: Reading, caller: Principal) -> Scope:
        """Return which records the caller may see. Raises NotFound and InvalidParameters."""
        if caller.operator:
            return Scope(await self.changed(kind, request))
        if request.owner_login:
            raise InvalidParameters.one("owner_login", "is for operators")
        if kind.owner is Owner.ACCOUNT:
            own = self._own(kind, request, caller)
            return await self._shared(caller) if kind.is_shared else own
        member = await self._members.active_member(request.workspace_id, caller.member_id)
        workspace = await self._members.workspace(request.workspace_id) if member else None
        if member is None or workspace is None:
            raise WorkspaceNotFound(f"There is no workspace {request.workspace_id}")
        rights = rights_of(member, workspace)
        return Scope(
            workspace.id,
            only_user_id=0 if rights.others else rights.user_id,
            hides_money=lambda _: not rights.amounts,
        )

    async def _shared(self, caller: Principal) -> Scope:
        """Return the workspaces of a member; the rates of those whose amounts the member does not see are hidden."""
        everywhere = await self._members.workspaces_of(caller.member_id)
        as_admin = set(await self._members.workspaces_of(caller.member_id, Member.ROLE_ADMIN))
        return Scope(
            None,
            frozenset(everywhere),
            hides_money=lambda one: one.id not in as_admin and not one.members_see_amounts,
        )

    @staticmethod
    def _own(kind: InputKind[Any], request: Reading, caller: Principal) -> Scope:
        _require_empty(request, "workspace_id", kind)
        if caller.user is None:
            raise NotAuthenticated
        return Scope(caller.user.account_id)

    async def user(self, context: Context) -> User:
        """Return the account, or the sub-user, that calls. Raises NotAuthenticated, WrongCredentials for operators."""
        user = (await self.caller(context)).user
        if user is None:
            raise WrongCredentials(USER_CREDENTIALS)
        return user

    async def caller(self, context: Context) -> Principal:
        """Return who calls. Raises NotAuthenticated."""
        caller = await self._callers.principal(authorization_of(context), client_address_of(context))
        if caller is None:
            raise NotAuthenticated
        return caller


def owner_of(request: pb.UpsertRequest | pb.ListRequest) -> str:
    """Return a name of the owner that an operator's request is about, the same for all that name none."""
    return request.owner_login or str(request.workspace_id)


def _require_empty(request: Request, field: str, kind: InputKind[Any]) -> None:
    if getattr(request, field):
        raise InvalidParameters.one(field, f"must be empty: {kind.name} belong to the {kind.owner.name.lower()}")
