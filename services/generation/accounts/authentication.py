"""Who calls on the timesheet side: people with Basic or NVX credentials, and operators."""

import asyncio
import base64
import binascii
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakValueDictionary

from services.errors import NotAuthenticated, NotFound, WrongLogin
from services.generation.accounts.access import Access
from services.generation.accounts.account_service import MAX_TEXT, AccountService
from services.generation.accounts.audit import audited
from services.generation.accounts.user import User

KEY_PASSWORD = "api_token"  # noqa: S105 - says that the user name is an API key (reference section 2)
REMEMBERED_S = 60.0
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: an account, or an operator."""

    user: User | None
    operator: bool = False

    @property
    def email(self) -> str:
        """What a member's email is compared with; empty for an operator."""
        return self.user.login.casefold() if self.user else ""


class Authenticator:
    """Reads the `authorization` metadata of calls (reference section 2, design §6).

    A login and password that were right are remembered for a minute under a keyed digest; wrong ones never are. Calls
    that bring the same ones at once wait for one check, so that a busy client is not taken for somebody who guesses.
    """

    def __init__(self, access: Access, accounts: AccountService, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._access = access
        self._accounts = accounts
        self._clock_s = clock_s
        self._secret = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, tuple[float, User]] = OrderedDict()  # until when, oldest first
        self._checks: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    async def caller(self, authorization: str | None, address: str) -> Principal | None:
        """Return who calls from an address, None when no credentials came at all.

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
        """Return whose login and password it is, as the account is now; None when that is to be checked."""
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
