"""Servicer of AccountService."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import asdict, fields
from typing import Any

from daybook.account.v1 import account_service_pb2 as pb
from daybook.account.v1.account_service_pb2_grpc import AccountServiceServicer
from grpc.aio import ServicerContext

from services.errors import NotAuthenticated
from services.generation.accounts.account_service import AccountService, NewUser
from services.generation.accounts.authentication import Access, Authenticator
from services.generation.accounts.removal import Removal, RemovalService
from services.generation.accounts.user import User
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.servicers.page_tokens import next_token, page_of
from services.generation.servicers.timestamps import timestamp
from services.generation.words.language import Locale
from services.runtime.channel import authorization_of, client_address_of

LOCALE_FIELDS = [field.name for field in fields(Locale)]

Context = ServicerContext[Any, Any]


class AccountServicer(AccountServiceServicer):
    """Answers calls about accounts, keys and sessions."""

    def __init__(
        self,
        accounts: AccountService,
        removals: RemovalService,
        access: Access,
        authenticator: Authenticator,
        members: WorkspaceMembers,
    ) -> None:
        self._accounts = accounts
        self._authenticator = authenticator
        self._members = members
        self._removals = removals
        self._access = access

    async def CreateUser(self, request: pb.CreateUserRequest, context: Context) -> pb.CreateUserResponse:
        """See the contract."""
        await self._access.require_operator(authorization_of(context))
        chosen = {name: getattr(request, name) for name in LOCALE_FIELDS if getattr(request, name)}
        new = NewUser(
            request.login, request.password, Locale(**chosen), request.demo, request.master_login, request.rights
        )
        return pb.CreateUserResponse(user_id=await self._accounts.create(new))

    async def ListUsers(self, request: pb.ListUsersRequest, context: Context) -> pb.ListUsersResponse:
        """See the contract."""
        await self._access.require_operator(authorization_of(context))
        page = page_of(request, int)
        users = await self._accounts.page(page)
        token = next_token(page, users, users[-1].id if users else 0)
        return pb.ListUsersResponse(users=map(_message, users), next_page_token=token)

    async def CreateApiKey(self, request: pb.CreateApiKeyRequest, context: Context) -> pb.CreateApiKeyResponse:
        """See the contract."""
        await self._access.require_operator(authorization_of(context))
        return pb.CreateApiKeyResponse(hash=await self._accounts.create_key(request.login))

    async def RevokeApiKey(self, request: pb.RevokeApiKeyRequest, context: Context) -> pb.RevokeApiKeyResponse:
        """See the contract."""
        await self._access.require_operator(authorization_of(context))
        await self._accounts.revoke(request.hash)
        return pb.RevokeApiKeyResponse()

    async def LogIn(self, request: pb.LogInRequest, context: Context) -> pb.LogInResponse:
        """See the contract."""
        session = await self._accounts.log_in(request.login, request.password, client_address_of(context))
        return pb.LogInResponse(hash=session)

    async def LogOut(self, request: pb.LogOutRequest, context: Context) -> pb.LogOutResponse:
        """See the contract."""
        del request  # has no fields
        authorization = authorization_of(context)
        await self._accounts.log_out(await self._access.user(authorization), authorization)
        return pb.LogOutResponse()

    async def DeleteUser(
        self, request: pb.DeleteUserRequest, context: Context
    ) -> AsyncGenerator[pb.DeleteUserResponse, None]:
        """See the contract."""
        await self._access.require_operator(authorization_of(context))
        async with aclosing(self._removals.remove(request.login)) as steps:
            async for removal in steps:
                yield _progress(removal)

    async def GetProfile(self, request: pb.GetProfileRequest, context: Context) -> pb.GetProfileResponse:  # noqa: ARG002 - it is empty
        """See the contract."""
        caller = await self._authenticator.principal(authorization_of(context), client_address_of(context))
        if caller is None or caller.user is None:
            raise NotAuthenticated("An operator has no profile")
        user, workspaces = caller.user, await self._members.workspaces_of(caller.email)
        member = await self._members.member(workspaces[0], email=user.login) if workspaces else None
        return pb.GetProfileResponse(
            user_id=member.user_id if member else user.id,
            account_id=user.id,
            email=user.login,
            name=member.name if member else user.login,
            time_zone=member.time_zone if member else user.locale.time_zone,
            default_workspace_id=workspaces[0] if workspaces else 0,
            create_time=timestamp(user.create_time),
        )


def _progress(removal: Removal) -> pb.DeleteUserResponse:
    return pb.DeleteUserResponse(
        erased=_counts(removal.erased),
        kept=_counts(removal.kept),
        total_count=removal.total,
        done=removal.done,
        left=_counts(removal.left),
    )


def _counts(counts: Mapping[str, int]) -> list[pb.KindCount]:
    return [pb.KindCount(kind=kind, count=count) for kind, count in sorted(counts.items())]


def _message(user: User) -> pb.User:
    return pb.User(
        id=user.id,
        login=user.login,
        **asdict(user.locale),
        demo=user.demo,
        master_id=user.master_id or 0,
        rights=sorted(user.rights),
        create_time=timestamp(user.create_time),
    )
