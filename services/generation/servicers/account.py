"""Servicer of AccountService."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import datetime
from typing import Any

from daybook.account.v1 import account_service_pb2 as pb
from daybook.account.v1.account_service_pb2_grpc import AccountServiceServicer
from grpc.aio import ServicerContext

from services.errors import InvalidParameters, NotAuthenticated, NotPermitted, Violation, WrongCredentials
from services.generation.accounts.account_service import CHANGEABLE, LOCALE_FIELDS, AccountService, NewUser
from services.generation.accounts.authentication import USER_CREDENTIALS, Access, Authenticator, Principal, forbid_demo
from services.generation.accounts.removal import Removal, RemovalService
from services.generation.accounts.user import User
from services.generation.reporting.caller_profile import Profiles
from services.generation.servicers.locale_messages import locale_text, locale_values
from services.generation.servicers.page_tokens import next_token, page_of
from services.generation.servicers.profile_messages import profile_message
from services.generation.servicers.record_messages import message_of
from services.generation.words.language import Locale
from services.runtime.channel import authorization_of, client_address_of
from services.runtime.codec import datetime_of
from services.runtime.enum_words import numbers_of, read_word
from services.runtime.identity import identity_key

Context = ServicerContext[Any, Any]


class AccountServicer(AccountServiceServicer):
    """Answers calls about accounts, keys and sessions."""

    def __init__(
        self,
        accounts: AccountService,
        removals: RemovalService,
        access: Access,
        authenticator: Authenticator,
        profiles: Profiles,
    ) -> None:
        self._accounts = accounts
        self._authenticator = authenticator
        self._profiles = profiles
        self._removals = removals
        self._access = access

    async def CreateUser(self, request: pb.CreateUserRequest, context: Context) -> pb.CreateUserResponse:
        """See the contract."""
        await self._access.require_operator(authorization_of(context))
        locale = Locale(**{name: _value(request, name) for name in LOCALE_FIELDS})
        rights = _value(request, "rights")
        new = NewUser(request.login, request.password, locale, request.demo, request.master_login, rights)
        return pb.CreateUserResponse(user_id=await self._accounts.create(new))

    async def ListUsers(self, request: pb.ListUsersRequest, context: Context) -> pb.ListUsersResponse:
        """See the contract."""
        await self._access.require_operator(authorization_of(context))
        page = page_of(request, int)
        users = await self._accounts.page(page)
        token = next_token(page, users, users[-1].id if users else 0)
        return pb.ListUsersResponse(users=map(_message, users), next_page_token=token)

    async def GetUser(self, request: pb.GetUserRequest, context: Context) -> pb.GetUserResponse:
        """See the contract."""
        _, user = await self._owner(request.login, context)
        return pb.GetUserResponse(user=_message(user))

    async def UpdateUser(self, request: pb.UpdateUserRequest, context: Context) -> pb.UpdateUserResponse:
        """See the contract."""
        await self._access.require_operator(authorization_of(context))
        paths = request.update_mask.paths
        if not paths or set(paths) - set(CHANGEABLE):
            raise InvalidParameters.one("update_mask", f"must name some of {', '.join(CHANGEABLE)}")
        changes = {path: _value(request.user, path) for path in paths}
        return pb.UpdateUserResponse(user=_message(await self._accounts.update(request.login, changes)))

    async def SetPassword(self, request: pb.SetPasswordRequest, context: Context) -> pb.SetPasswordResponse:
        """See the contract."""
        caller, user = await self._owner(request.login, context)
        if not caller.operator:
            forbid_demo(user)
            user = await self._accounts.verify(user.login, request.old_password, client_address_of(context))
        ended, revoked = await self._accounts.set_password(user, request.password, revoke_keys=request.revoke_keys)
        return pb.SetPasswordResponse(ended_session_count=ended, revoked_key_count=revoked)

    async def CreateApiKey(self, request: pb.CreateApiKeyRequest, context: Context) -> pb.CreateApiKeyResponse:
        """See the contract."""
        caller, user = await self._owner(request.login, context, changes=True)
        if caller.by_key:
            raise NotPermitted("An API key does not make API keys")
        key = await self._accounts.keys.create(user, request.name, _expire_time(request))
        return pb.CreateApiKeyResponse(hash=key.hash, id=key.id)

    async def ListApiKeys(self, request: pb.ListApiKeysRequest, context: Context) -> pb.ListApiKeysResponse:
        """See the contract."""
        _, user = await self._owner(request.login, context)
        keys = await self._accounts.keys.of(user)
        return pb.ListApiKeysResponse(keys=[message_of(pb.ApiKey, one) for one in keys])

    async def RevokeApiKey(self, request: pb.RevokeApiKeyRequest, context: Context) -> pb.RevokeApiKeyResponse:
        """See the contract."""
        caller = await self._caller(context)
        if caller.user is not None:
            forbid_demo(caller.user)
        if request.WhichOneof("key") == "id":
            await self._accounts.keys.revoke(request.id, caller.user)
        elif request.hash:
            await self._accounts.keys.revoke_text(request.hash, caller.user)
        else:
            raise InvalidParameters.one("id", "must name a key")
        return pb.RevokeApiKeyResponse()

    async def ListSessions(self, request: pb.ListSessionsRequest, context: Context) -> pb.ListSessionsResponse:
        """See the contract."""
        _, user = await self._owner(request.login, context)
        sessions = await self._accounts.sessions.of(user)
        return pb.ListSessionsResponse(sessions=[message_of(pb.Session, one) for one in sessions])

    async def EndSessions(self, request: pb.EndSessionsRequest, context: Context) -> pb.EndSessionsResponse:
        """See the contract."""
        _, user = await self._owner(request.login, context, changes=True)
        if request.all:
            return pb.EndSessionsResponse(ended_count=await self._accounts.sessions.end_all(user))
        if request.WhichOneof("which") != "session_id":
            raise InvalidParameters.one("session_id", "must name a session, where `all` is not true")
        await self._accounts.sessions.end(user, request.session_id)
        return pb.EndSessionsResponse(ended_count=1)

    async def _owner(self, login: str, context: Context, *, changes: bool = False) -> tuple[Principal, User]:
        """Return the caller, and the account that a call is about: the caller's own, or that which an operator names.

        Raises NotAuthenticated, InvalidParameters, NotFound, and DemoAccount where the call changes something.
        """
        caller = await self._caller(context)
        if caller.user is None:
            if not login:
                raise InvalidParameters.one("login", "must name an account")
            return caller, await self._accounts.by_login(login)
        if login and identity_key(login) != identity_key(caller.user.login):
            raise InvalidParameters.one("login", "is for operators; others have their own account only")
        if changes:
            forbid_demo(caller.user)
        return caller, caller.user

    async def _caller(self, context: Context) -> Principal:
        caller = await self._authenticator.principal(authorization_of(context), client_address_of(context))
        if caller is None:
            raise NotAuthenticated
        return caller

    async def LogIn(self, request: pb.LogInRequest, context: Context) -> pb.LogInResponse:
        """See the contract."""
        session = await self._accounts.log_in(request.login, request.password, client_address_of(context))
        return pb.LogInResponse(hash=session)

    async def LogOut(self, request: pb.LogOutRequest, context: Context) -> pb.LogOutResponse:
        """See the contract."""
        del request  # has no fields
        authorization = authorization_of(context)
        await self._accounts.sessions.log_out(await self._access.user(authorization), authorization)
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
        user = (await self._caller(context)).user
        if user is None:
            raise WrongCredentials(USER_CREDENTIALS)
        return profile_message(await self._profiles.of(user))


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
    rights = [numbers_of(pb.Right.DESCRIPTOR)[one] for one in sorted(user.rights)]
    return message_of(pb.User, user, **locale_values(user.locale), rights=rights)


def _expire_time(request: pb.CreateApiKeyRequest) -> datetime | None:
    if not request.HasField("expire_time"):
        return None
    try:
        return datetime_of(request.expire_time)
    except (ValueError, OverflowError) as error:
        raise InvalidParameters.one("expire_time", "must be a moment up to the year 9999") from error


def _value(message: pb.User | pb.CreateUserRequest, name: str) -> Any:
    """Return the value that a message gives to a field of an account; an empty one stands for the default.

    Raises InvalidParameters for what is no value of an enum.
    """
    found: list[Violation] = []
    if name == "rights":
        value: Any = sorted({read_word(pb.Right.DESCRIPTOR, one, name, found) for one in message.rights})
    else:
        value = locale_text(message, name, found) if name in LOCALE_FIELDS else getattr(message, name)
    if found:
        raise InvalidParameters(found)
    return value
