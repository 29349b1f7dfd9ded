"""Owners of inputs: whose records a call may write or read."""

from typing import Any

from daybook.input.v1 import input_service_pb2 as pb
from grpc.aio import ServicerContext

from services.errors import InvalidParameters, NotAuthenticated, WorkspaceNotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Authenticator, Principal
from services.generation.inputs.kind import InputKind, Owner
from services.generation.timetracking.time_store import Timesheets
from services.runtime.channel import authorization_of, client_address_of

Context = ServicerContext[Any, Any]
Request = pb.UpsertRequest | pb.ListRequest | pb.DeleteRequest


class InputOwners:
    """Operators name the owner; accounts read their own records, members those of their workspaces."""

    def __init__(self, accounts: AccountService, timesheets: Timesheets, callers: Authenticator) -> None:
        self._accounts = accounts
        self._timesheets = timesheets
        self._callers = callers

    async def require_operator(self, context: Context) -> None:
        """Raise NotAuthenticated unless an operator calls."""
        if not (await self.caller(context)).operator:
            raise NotAuthenticated("The operator token is missing")

    async def written(self, kind: InputKind[Any], request: Request) -> int:
        """Return the id of the owner that an operator names. Raises NotFound and InvalidParameters."""
        _require_empty(request, "workspace_id" if kind.owner is Owner.ACCOUNT else "owner_login", kind)
        if kind.owner is Owner.ACCOUNT:
            return await self.account(request.owner_login)
        if await self._timesheets.workspace(request.workspace_id) is None:
            raise WorkspaceNotFound(f"There is no workspace {request.workspace_id}")
        return request.workspace_id

    async def account(self, login: str) -> int:
        """Return the id of the account that an operator names. Raises NotFound and InvalidParameters."""
        if not login:
            raise InvalidParameters.one("owner_login", "must name an account")
        return (await self._accounts.by_login(login)).account_id

    async def read(self, kind: InputKind[Any], request: pb.ListRequest, caller: Principal) -> int:
        """Return the id of the owner whose records the caller asks for. Raises NotFound and InvalidParameters."""
        if caller.operator:
            return await self.written(kind, request)
        if request.owner_login:
            raise InvalidParameters.one("owner_login", "is for operators")
        if kind.owner is Owner.ACCOUNT:
            return self._own(kind, request, caller)
        member = await self._timesheets.member(request.workspace_id, email=caller.email)
        if member is None or not member.active:
            raise WorkspaceNotFound(f"There is no workspace {request.workspace_id}")
        return request.workspace_id

    @staticmethod
    def _own(kind: InputKind[Any], request: pb.ListRequest, caller: Principal) -> int:
        _require_empty(request, "workspace_id", kind)
        if caller.user is None:
            raise NotAuthenticated
        return caller.user.account_id

    async def caller(self, context: Context) -> Principal:
        """Return who calls. Raises NotAuthenticated."""
        caller = await self._callers.principal(authorization_of(context), client_address_of(context))
        if caller is None:
            raise NotAuthenticated
        return caller


def _require_empty(request: Request, field: str, kind: InputKind[Any]) -> None:
    if getattr(request, field):
        raise InvalidParameters.one(field, f"must be empty: {kind.name} belong to the {kind.owner.name.lower()}")
