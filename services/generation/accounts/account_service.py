"""Use cases around accounts: creation, lookup, API keys, sessions and passwords."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from services.errors import InvalidParameters, NotFound, StoreUnavailable, TooMuch, Violation, WrongLogin
from services.generation.accounts.account_store import Accounts, LoginAttempts, Passwords
from services.generation.accounts.audit import audited
from services.generation.accounts.credentials import SESSION_LIFE, digest_in, digest_of, new_credential
from services.generation.accounts.login_limit import LoginLimit
from services.generation.accounts.user import REPORTS_RIGHT, User
from services.generation.domain.paging import Page
from services.generation.words.language import Locale

MAX_KEYS = 20
MAX_TEXT = 255
RIGHTS = frozenset({REPORTS_RIGHT})


@dataclass(frozen=True, slots=True)
class NewUser:
    """A request for an account, or for a sub-user of the account `master_login`."""

    login: str
    password: str
    locale: Locale
    demo: bool = False
    master_login: str = ""
    rights: Sequence[str] = ()


class AccountService:
    """The use cases around accounts."""

    def __init__(
        self, accounts: Accounts, passwords: Passwords, attempts: LoginAttempts, now: Callable[[], datetime]
    ) -> None:
        self._accounts = accounts
        self._passwords = passwords
        self._now = now
        self._limit = LoginLimit(attempts)

    async def create(self, new: NewUser) -> int:
        """Store a new account and return its id.

        Raises InvalidParameters, AlreadyExists for a taken login, NotFound for an unknown master account.
        """
        violations = [*_login_violations(new), *_locale_violations(new.locale)]
        if violations:
            raise InvalidParameters(violations)
        with audited("create_user", login=new.login) as known:
            known["user_id"] = user_id = await self._create(new)
        return user_id

    async def _create(self, new: NewUser) -> int:
        user = User(0, new.login, new.locale, self._now(), new.demo, rights=frozenset(new.rights))
        if new.master_login:
            master = await self.by_login(new.master_login)
            if master.master_id is not None:
                raise InvalidParameters.one("master_login", "must name an account of its own, not a sub-user")
            user = replace(user, master_id=master.id)
        return await self._accounts.add(user, await self._passwords.hash(new.password))

    async def by_login(self, login: str) -> User:
        """Return an account. Raises NotFound."""
        found = await self._accounts.by_login(login)
        if found is None:
            raise NotFound(f"There is no login {login!r}")
        return found[0]

    async def by_id(self, user_id: int) -> User:
        """Return an account. Raises NotFound."""
        found = await self._accounts.by_id(user_id)
        if found is None:
            raise NotFound(f"There is no account {user_id}")
        return found

    async def page(self, page: Page) -> list[User]:
        """Return accounts by ascending id."""
        return await self._accounts.page(page)

    async def create_key(self, login: str) -> str:
        """Create an API key and return its 32 hex digits. Raises NotFound, and TooMuch at the 21st."""
        with audited("create_key", login=login[:MAX_TEXT]) as known:
            user = await self.by_login(login)
            known["user_id"] = user.id
            key = new_credential()
            if not await self._accounts.add_key(digest_of(key), user.id, MAX_KEYS):
                raise TooMuch(f"An account has at most {MAX_KEYS} API keys")
        return key

    async def revoke(self, credential: str) -> None:
        """Revoke an API key or session. Raises NotFound."""
        with audited("revoke_key"):
            if not await self._accounts.remove_credential(digest_of(credential)):
                raise NotFound("There is no such key")

    async def log_in(self, login: str, password: str, address: str) -> str:
        """Begin a session and return its 32 hex digits. Raises WrongLogin, and TooMuch after too many failures."""
        with audited("log_in", login=login[:MAX_TEXT], address=address) as known:
            user = await self.verify(login, password, address)
            known["user_id"] = user.id
            session = new_credential()
            try:
                await self._accounts.add_session(digest_of(session), user.id, self._now() + SESSION_LIFE)
            except NotFound as error:  # removed while its password was compared
                raise WrongLogin from error
        return session

    async def verify(self, login: str, password: str, address: str) -> User:
        """Return the account with this login and password. Raises WrongLogin, and TooMuch after too many failures."""
        if max(len(login), len(password)) > MAX_TEXT:
            raise WrongLogin
        attempt = await self._limit.begin(login, address)
        try:
            found = await self._accounts.by_login(login)
            matches = await self._passwords.matches(password, found[1] if found else "")
        except StoreUnavailable:  # the store could not forget the attempt either
            raise
        except BaseException:
            with suppress(StoreUnavailable):
                await self._limit.take_back(attempt)
            raise
        if found is None or not matches:
            raise WrongLogin
        await self._limit.succeeded(attempt)
        return found[0]

    async def log_out(self, user: User, authorization: str | None) -> None:
        """End the session in an `NVX` header; an API key stays, because only operators revoke keys."""
        with audited("log_out", user_id=user.id):
            await self._accounts.end_session(digest_in(authorization))


def _login_violations(new: NewUser) -> list[Violation]:
    found = []
    if not 1 <= len(new.login) <= MAX_TEXT or not new.login.isprintable():
        found.append(Violation("login", f"must have 1 to {MAX_TEXT} printable characters"))
    if not 1 <= len(new.password) <= MAX_TEXT:
        found.append(Violation("password", f"must have 1 to {MAX_TEXT} characters"))
    if set(new.rights) - RIGHTS:
        found.append(Violation("rights", f"must be of {sorted(RIGHTS)}"))
    if new.rights and not new.master_login:
        found.append(Violation("rights", "belong to a sub-user; an account of its own has all"))
    return found


def _locale_violations(locale: Locale) -> list[Violation]:
    return [Violation(name, wanted) for name, wanted in locale.faults().items()]
