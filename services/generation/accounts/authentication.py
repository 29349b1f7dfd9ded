"""Authentication of calls by their `authorization` metadata: NVX credentials, Basic logins and the operator token."""

import asyncio
import base64
import binascii
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from services.errors import DemoAccount, NotAuthenticated, NotFound, NotPermitted, SessionEnded, WrongLogin
from services.generation.accounts.account_service import MAX_TEXT, AccountService
from services.generation.accounts.account_store import Accounts
from services.generation.accounts.audit import audited
from services.generation.accounts.credentials import SESSION_LIFE, digest_in
from services.generation.accounts.user import User

KEY_PASSWORD = "api_token"  # noqa: S105 - says that the user name is an API key (reference section 2)
SESSION_STEP = timedelta(hours=1)  # a session's last use is written at most this often
REMEMBERED_S = 60.0
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller: an account, or an operator."""

    user: User | None
    operator: bool = False

    @property
    def email(self) -> str:
        """The text to compare with a member's email; empty for an operator."""
        return self.user.login.casefold() if self.user else ""


class Access:
    """Authentication of accounts by session or API key, and of operators (design §6)."""

    def __init__(self, accounts: Accounts, operator_token: str, now: Callable[[], datetime]) -> None:
        self._accounts = accounts
        self._operator = f"Bearer {operator_token}".encode()
        self._now = now

    async def require_operator(self, authorization: str | None) -> None:
        """Raise NotAuthenticated unless the header holds the operator token."""
        if not self.is_operator(authorization):
            raise NotAuthenticated("The operator token is missing or wrong")

    def is_operator(self, authorization: str | None) -> bool:
        """Return whether the header holds the operator token."""
        return hmac.compare_digest((authorization or "").encode(), self._operator)

    async def user(self, authorization: str | None, right: str | None = None) -> User:
        """Return the account of the session or API key in an `NVX` header.

        Raises:
            NotAuthenticated: The header is missing or has another form.
            SessionEnded: The credential is unknown, revoked or expired.
            NotPermitted: The user lacks the right.

        """
        digest = digest_in(authorization)
        found = await self._accounts.user_of(digest)
        if found is None:
            raise SessionEnded
        user, expire_time = found
        if right is not None and not user.may(right):
            raise NotPermitted(right=right)
        if expire_time is not None and expire_time < self._now() + SESSION_LIFE - SESSION_STEP:
            await self._accounts.extend_session(digest, self._now() + SESSION_LIFE)
        return user


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
        if self._access.is_operator(authorization):
            return Principal(None, operator=True)
        scheme, _, rest = authorization.partition(" ")
        if scheme.lower() == "basic":
            return Principal(await self._by_basic(rest.strip(), address))
        return Principal(await self._access.user(authorization))

    async def _by_basic(self, encoded: str, address: str) -> User:
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
        return user

    async def _by_key(self, key: str) -> User:
        try:
            return await self._access.user(f"NVX {key}")
        except NotAuthenticated as error:
            raise WrongLogin from error

    async def _remembered(self, digest: bytes) -> User | None:
        """Return the present account of a remembered login and password; None when they must be checked."""
        until_s, user = self._known.get(digest, (0.0, None))
        if user is None or self._clock_s() >= until_s:
            return None
        try:
            return await self._accounts.by_id(user.id)
        except NotFound:
            return None

    def _remember(self, digest: bytes, user: User) -> None:
        self._known[digest] = (self._clock_s() + REMEMBERED_S, user)
        self._known.move_to_end(digest)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


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
