"""Use cases around accounts: creation, lookup, change, passwords and signing in."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from services.errors import InvalidParameters, NotFound, Unavailable, Violation, WrongLogin
from services.generation.accounts.account_store import Accounts, CredentialFilter, LoginAttempts, Passwords
from services.generation.accounts.api_keys import ApiKeys
from services.generation.accounts.audit import audited
from services.generation.accounts.login_limit import LoginLimit
from services.generation.accounts.sessions import LONGEST, Sessions
from services.generation.accounts.user import RIGHTS, User
from services.generation.domain.paging import Page
from services.generation.words.language import Locale
from services.runtime.channel import client_is_proxy
from services.runtime.identity import identity_key, is_identity

MAX_TEXT = 255
LOCALE_FIELDS = tuple(field.name for field in fields(Locale))
CHANGEABLE = (*LOCALE_FIELDS, "demo", "rights")


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
    """The use cases around accounts; `sessions` and `keys` have those around sessions and API keys.

    `locale_changed` is called with each account whose zone, language or week is another.
    """

    def __init__(
        self,
        accounts: Accounts,
        passwords: Passwords,
        attempts: LoginAttempts,
        now: Callable[[], datetime],
        longest_session: timedelta = LONGEST,
        *,
        locale_changed: Callable[[User], Awaitable[None]] | None = None,
    ) -> None:
        self._accounts = accounts
        self._passwords = passwords
        self._now = now
        self._limit = LoginLimit(attempts)
        self._locale_changed = locale_changed
        self.sessions = Sessions(accounts, now, longest_session)
        self.keys = ApiKeys(accounts, now)

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
        user = User(0, new.login.strip(), new.locale, self._now(), new.demo, rights=frozenset(new.rights))
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

    async def by_person(self, person_id: int) -> User:
        """Return the account that a member of workspaces has. Raises NotFound."""
        found = await self._accounts.by_person(person_id)
        if found is None:
            raise NotFound(f"The person {person_id} has no account")
        return found

    async def by_id(self, user_id: int) -> User:
        """Return an account. Raises NotFound."""
        found = await self._accounts.by_id(user_id)
        if found is None:
            raise NotFound(f"There is no account {user_id}")
        return found

    async def by_ids(self, user_ids: Collection[int]) -> dict[int, User]:
        """Return those accounts that are known, by id."""
        return await self._accounts.by_ids(user_ids)

    async def page(self, page: Page) -> list[User]:
        """Return accounts by ascending id."""
        return await self._accounts.page(page)

    async def update(self, login: str, changes: Mapping[str, Any]) -> User:
        """Change some of CHANGEABLE fields of an account and return it after that.

        Raises NotFound, and InvalidParameters for a wrong value.
        """
        with audited("update_user", login=login[:MAX_TEXT], fields=sorted(changes)) as known:
            user = await self.by_login(login)
            known["user_id"] = user.id
            locale = replace(user.locale, **{name: changes[name] for name in changes.keys() & set(LOCALE_FIELDS)})
            rights = changes.get("rights", user.rights)
            violations = [*_locale_violations(locale), *_rights_violations(rights, is_sub=user.master_id is not None)]
            if violations:
                raise InvalidParameters(violations)
            values = {f"locale.{name}" if name in LOCALE_FIELDS else name: value for name, value in changes.items()}
            changed = await self._accounts.change(user.id, values)
            if changed is None:
                raise NotFound(f"There is no login {login!r}")
            if changed.locale != user.locale and self._locale_changed is not None:
                await self._locale_changed(changed)
        return changed

    async def set_password(self, user: User, password: str, *, revoke_keys: bool = False) -> tuple[int, int]:
        """Give an account another password, and return how many sessions that ended, and how many keys it revoked.

        Raises InvalidParameters for a password that is not allowed, and NotFound.
        """
        violations = _password_violations(password)
        if violations:
            raise InvalidParameters(violations)
        with audited("set_password", login=user.login, user_id=user.id) as known:
            if not await self._accounts.set_password(user.id, await self._passwords.hash(password)):
                raise NotFound(f"There is no login {user.login!r}")
            ended = await self._accounts.remove_credentials(CredentialFilter(is_key=False, user_id=user.id))
            keys = CredentialFilter(is_key=True, user_id=user.id)
            revoked = await self._accounts.remove_credentials(keys) if revoke_keys else []
            known |= {"ended_sessions": len(ended), "revoked_key_ids": [one.id for one in revoked]}
        return len(ended), len(revoked)

    async def log_in(self, login: str, password: str, address: str) -> str:
        """Begin a session and return its 32 hex digits. Raises WrongLogin, and TooMuch after too many failures."""
        with audited("log_in", login=login[:MAX_TEXT], address=address) as known:
            user = await self.verify(login, password, address)
            known["user_id"] = user.id
            return await self.sessions.begin(user)

    async def verify(self, login: str, password: str, address: str) -> User:
        """Return the account with this login and password.

        Raises WrongLogin, and TooMuch after too many failures or while too many passwords are compared.
        """
        if max(len(login), len(password)) > MAX_TEXT:
            raise WrongLogin
        found = await self._accounts.by_login(login)
        async with self._passwords.turn(address):  # an attempt that waits does not count yet
            attempt = await self._limit.begin(identity_key(login), address, is_proxy=client_is_proxy.get())
            try:
                matches = await self._passwords.matches(password, found[1] if found else "")
            except BaseException:
                with suppress(Unavailable):
                    await self._limit.take_back(attempt)
                raise
        if found is None or not matches:
            raise WrongLogin
        await self._limit.succeeded(attempt)
        return found[0]


def _login_violations(new: NewUser) -> list[Violation]:
    found = []
    if len(new.login) > MAX_TEXT or not is_identity(new.login):
        found.append(Violation("login", f"must have 1 to {MAX_TEXT} printable characters"))
    found += _password_violations(new.password)
    return [*found, *_rights_violations(new.rights, is_sub=bool(new.master_login))]


def _password_violations(password: str) -> list[Violation]:
    if 1 <= len(password) <= MAX_TEXT:
        return []
    return [Violation("password", f"must have 1 to {MAX_TEXT} characters")]


def _rights_violations(rights: Collection[str], *, is_sub: bool) -> list[Violation]:
    found = []
    if set(rights) - RIGHTS:
        found.append(Violation("rights", f"must be of {sorted(RIGHTS)}"))
    if rights and not is_sub:
        found.append(Violation("rights", "belong to a sub-user; an account of its own has all"))
    return found


def _locale_violations(locale: Locale) -> list[Violation]:
    return [Violation(name, wanted) for name, wanted in locale.faults().items()]
