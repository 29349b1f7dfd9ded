"""Authentication of calls by their `authorization` metadata: NVX credentials, Basic logins and the operator token."""

import asyncio
import base64
import binascii
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from services.errors import (
    DemoAccount,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    SessionEnded,
    WrongCredentials,
    WrongLogin,
)
from services.generation.accounts.account_service import MAX_TEXT, AccountService
from services.generation.accounts.account_store import Accounts, Credential
from services.generation.accounts.audit import audited, used_credential
from services.generation.accounts.credentials import digest_in
from services.generation.accounts.login_limit import LoginLimit
from services.generation.accounts.operator_token import OperatorToken
from services.generation.accounts.sessions import LONGEST, Sessions
from services.generation.accounts.user import User

OPERATOR_TOKEN = "the operator token"  # noqa: S105 - names the kind
USER_CREDENTIALS = "a session or an API key"
KEY_PASSWORD = "api_token"  # noqa: S105 - says that the user name is an API key (reference section 2)
USE_STEP = timedelta(hours=1)  # the last use of a session or key is written at most this often
REMEMBERED_S = 60.0
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller: an account, or an operator."""

    user: User | None
    operator: bool = False
    by_key: bool = field(default=False, compare=False)  # whether an API key was shown, and no session or password

    @property
    def user_id(self) -> int | None:
        """The id of the account; None for an operator, who may see those of all."""
        return self.user.id if self.user else None

    @property
    def member_id(self) -> int:
        """The id of the caller as a member of workspaces; 0 for an operator."""
        return self.user.member_id if self.user else 0

    @property
    def audit_fields(self) -> dict[str, object]:
        """The caller as audit lines name it."""
        return {"operator": True} if self.user is None else {"user_id": self.user.id}


class Access:
    """Authentication of accounts by session or API key, and of operators (design §6)."""

    def __init__(
        self,
        accounts: Accounts,
        operator_token: str,
        now: Callable[[], datetime],
        limit: LoginLimit | None = None,
        *,
        longest_session: timedelta = LONGEST,
    ) -> None:
        self._accounts = accounts
        self._sessions = Sessions(accounts, now, longest_session)
        self._operator = OperatorToken(operator_token, limit)
        self._now = now

    async def require_operator(self, authorization: str | None) -> None:
        """Raise NotAuthenticated unless the header holds the operator token, WrongCredentials for those of a user.

        Raises TooMuch after too many wrong tokens.
        """
        if await self.is_operator(authorization):
            return
        with suppress(NotAuthenticated):
            await self.user(authorization)
            raise WrongCredentials(OPERATOR_TOKEN)
        raise NotAuthenticated("The operator token is missing or wrong")

    async def caller(self, authorization: str | None, right: str) -> Principal:
        """Return the operator, or the user of a session or API key; raises what `user` raises."""
        if await self.is_operator(authorization):
            return Principal(None, operator=True)
        return Principal(await self.user(authorization, right))

    async def is_operator(self, authorization: str | None) -> bool:
        """Return whether the header holds the operator token.

        Raises NotAuthenticated for another token, and TooMuch after too many of them from the client's address.
        """
        return await self._operator.is_shown(authorization)

    async def user(self, authorization: str | None, right: str | None = None) -> User:
        """Return the account of the session or API key in an `NVX` header.

        Raises:
            NotAuthenticated: The header is missing or has another form.
            SessionEnded: The credential is unknown, revoked or expired.
            NotPermitted: The user lacks the right.
            WrongCredentials: The header holds the operator token.

        """
        if await self.is_operator(authorization):
            raise WrongCredentials(USER_CREDENTIALS)
        user, _ = await self.known(authorization)
        if right is not None and not user.may(right):
            raise NotPermitted(right=right)
        return user

    async def known(self, authorization: str | None) -> tuple[User, Credential]:
        """Return the account of the session or API key in an `NVX` header, and the session or key.

        Raises NotAuthenticated and SessionEnded.
        """
        digest = digest_in(authorization)
        found = await self._accounts.user_of(digest)
        if found is None or (not found[1].is_key and self._sessions.is_over(found[1])):
            raise SessionEnded
        user, credential = found
        used_credential.set({"key_id" if credential.is_key else "session_id": credential.id})
        now, last_used_time = self._now(), credential.last_used_time
        if last_used_time is None or now - last_used_time >= USE_STEP:
            expire_time = None if credential.is_key else self._sessions.expiry(credential.create_time)
            await self._accounts.record_use(digest, now, expire_time)
        return user, credential


class Authenticator:
    """Authentication of every form of credentials (reference section 2, design §6).

    A correct login and password are remembered for a minute under a keyed digest; wrong ones never are. Concurrent
    calls with the same pair wait for a single check, so that a busy client does not reach the limit of attempts.
    """

    def __init__(self, access: Access, accounts: AccountService, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._access = access
        self._accounts = accounts
        self._clock_s = clock_s
        self._secret = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, tuple[float, User]] = OrderedDict()  # with the end of validity, oldest first
        self._checks: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    async def principal(self, authorization: str | None, address: str) -> Principal | None:
        """Return the caller, None without credentials; failed passwords count against `address`.

        Raises NotAuthenticated for credentials that cannot be read, WrongLogin and SessionEnded for wrong ones, and
        TooMuch after too many failures.
        """
        if not authorization:
            return None
        if await self._access.is_operator(authorization):
            return Principal(None, operator=True)
        scheme, _, rest = authorization.partition(" ")
        if scheme.lower() == "basic":
            return await self._by_basic(rest.strip(), address)
        user, credential = await self._access.known(authorization)
        return Principal(user, by_key=credential.is_key)

    async def _by_basic(self, encoded: str, address: str) -> Principal:
        login, password = _decoded(encoded)
        if password == KEY_PASSWORD:
            return await self._by_key(login)
        digest = hmac.digest(self._secret, encoded.encode(), "sha256")
        check = self._checks.setdefault(digest, asyncio.Lock())
        async with check:
            user = await self._remembered(digest)
            if user is None:
                with audited("log_in_basic", login=login[:MAX_TEXT], address=address) as known:
                    user = await self._accounts.verify(login, password, address)
                    known["user_id"] = user.id
                self._remember(digest, user)
        return Principal(user)

    async def _by_key(self, key: str) -> Principal:
        try:
            user, credential = await self._access.known(f"NVX {key}")
            return Principal(user, by_key=credential.is_key)
        except NotAuthenticated as error:
            raise WrongLogin from error

    async def _remembered(self, digest: bytes) -> User | None:
        """Return the present account of a remembered login and password; None when they must be checked."""
        until_s, user = self._known.get(digest, (0.0, None))
        if user is None or self._clock_s() >= until_s:
            return None
        try:
            present = await self._accounts.by_id(user.id)
        except NotFound:
            return None
        return present if present.password_version == user.password_version else None

    def _remember(self, digest: bytes, user: User) -> None:
        self._known[digest] = (self._clock_s() + REMEMBERED_S, user)
        self._known.move_to_end(digest)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def account_of(principal: Principal | None) -> int | None:
    """Return the account of a caller, None without one and for an operator."""
    return principal.user.account_id if principal and principal.user else None


def forbid_demo(user: User) -> None:
    """Raise DemoAccount for a demo account, which cannot delete."""
    if user.demo:
        raise DemoAccount


def _decoded(encoded: str) -> tuple[str, str]:
    """Return login and password. Raises NotAuthenticated."""
    try:
        decoded = base64.b64decode(encoded.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotAuthenticated from error
    try:
        text = decoded.decode()
    except UnicodeDecodeError:
        text = decoded.decode("latin-1")
    login, colon, password = text.partition(":")
    if not colon:
        raise NotAuthenticated
    return login, password
