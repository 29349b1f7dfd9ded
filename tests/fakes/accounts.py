"""Accounts, login attempts, passwords, removal and orphans in memory."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from services.errors import AlreadyExists, NotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.orphans import Orphans
from services.generation.accounts.removal import AccountData, Counted
from services.generation.accounts.user import User
from services.generation.domain.paging import Page


@dataclass
class Credential:
    """A session, or an API key, which has no expiry."""

    user_id: int
    expire_time: datetime | None = None


class FakeAccounts:
    """Fills the port Accounts. Users are given with their id; each has its login for password hash."""

    def __init__(self, *users: User, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.users = {user.id: user for user in users}
        self.hashes = {user.id: user.login for user in users}
        self.credentials: dict[bytes, Credential] = {}
        self.removing: set[int] = set()
        self._last_id = max(self.users, default=0)
        self._now = now

    async def add(self, user: User, password_hash: str) -> int:
        if any(user.login == one.login for one in self.users.values()):
            raise AlreadyExists
        if user.master_id is not None:
            self._require(user.master_id)
        self._last_id += 1
        self.users[self._last_id] = replace(user, id=self._last_id)
        self.hashes[self._last_id] = password_hash
        return self._last_id

    async def by_login(self, login: str) -> tuple[User, str] | None:
        found = (user for user in self._present() if user.login == login)
        return next(((user, self.hashes[user.id]) for user in found), None)

    async def by_id(self, user_id: int) -> User | None:
        return next((user for user in self._present() if user.id == user_id), None)

    async def page(self, page: Page) -> list[User]:
        after = page.after[0] if page.after else 0
        return [user for id_, user in sorted(self.users.items()) if id_ > after][: page.size]

    async def add_session(self, digest: bytes, user_id: int, expire_time: datetime) -> None:
        self._require(user_id)
        self.credentials[digest] = Credential(user_id, expire_time)

    async def add_key(self, digest: bytes, user_id: int, limit: int) -> bool:
        self._require(user_id)
        keys = [one for one in self.credentials.values() if one == Credential(user_id)]
        if len(keys) >= limit:
            return False
        self.credentials[digest] = Credential(user_id)
        return True

    async def remove_credential(self, digest: bytes) -> bool:
        return self.credentials.pop(digest, None) is not None

    async def end_session(self, digest: bytes) -> None:
        if digest in self.credentials and self.credentials[digest].expire_time is not None:
            del self.credentials[digest]

    async def user_of(self, digest: bytes) -> tuple[User, datetime | None] | None:
        known = self.credentials.get(digest)
        user = await self.by_id(known.user_id) if known else None
        if known is None or user is None or (known.expire_time is not None and known.expire_time <= self._now()):
            return None
        return user, known.expire_time

    async def extend_session(self, digest: bytes, expire_time: datetime) -> None:
        if digest in self.credentials:
            self.credentials[digest].expire_time = expire_time

    def _present(self) -> Iterable[User]:
        return (user for user in self.users.values() if user.id not in self.removing)

    def _require(self, user_id: int) -> None:
        if user_id in self.removing or user_id not in self.users:
            raise NotFound


class FakeLoginAttempts:
    """Fills the port LoginAttempts; no attempt is forgotten by itself."""

    def __init__(self) -> None:
        self._attempts: dict[str, set[str]] = {}

    async def count(self, name: str, attempt_id: str, limit: int) -> bool:
        counted = self._attempts.setdefault(name, set())
        if len(counted) >= limit:
            return False
        counted.add(attempt_id)
        return True

    async def forget(self, name: str, attempt_id: str) -> None:
        self._attempts.get(name, set()).discard(attempt_id)

    async def forget_all(self, name: str) -> None:
        self._attempts.pop(name, None)


class PlainPasswords:
    """Fills the port Passwords without hashing: a hash is the password. Counts its checks."""

    def __init__(self) -> None:
        self.checked = 0

    async def hash(self, password: str) -> str:
        return password

    async def matches(self, password: str, hashed: str) -> bool:
        self.checked += 1
        await asyncio.sleep(0)  # other calls run meanwhile, as beside a real hash
        return bool(hashed) and password == hashed


def account_service(*users: User, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> AccountService:
    """Return the use cases of accounts over these users, whose passwords are their logins."""
    return AccountService(FakeAccounts(*users, now=now), PlainPasswords(), FakeLoginAttempts(), now)


class FakeErasure:
    """Fills the port Erasure over accounts that own credentials only."""

    def __init__(self, accounts: FakeAccounts) -> None:
        self._accounts = accounts

    async def begin(self, login: str) -> AccountData | None:
        ids = [user.id for user in self._accounts.users.values() if user.login == login]
        return await self.renewed(AccountData(login, (ids[0],))) if ids else None

    async def renewed(self, data: AccountData) -> AccountData:
        master = data.user_ids[0]
        subs = [user.id for user in self._accounts.users.values() if user.master_id == master]
        self._accounts.removing |= {master, *subs}
        return replace(data, user_ids=(master, *subs))

    async def count(self, data: AccountData) -> dict[str, int]:
        return {"credentials": len(self._credentials(data))}

    async def erase(self, data: AccountData) -> AsyncGenerator[Counted, None]:
        digests = self._credentials(data)
        for digest in digests:
            del self._accounts.credentials[digest]
        yield "credentials", len(digests)

    async def leave_workspaces(self, _data: AccountData) -> AsyncGenerator[Counted, None]:
        for counted in ():
            yield counted

    async def end(self, data: AccountData) -> int:
        return sum(self._accounts.users.pop(user_id, None) is not None for user_id in data.user_ids)

    def _credentials(self, data: AccountData) -> list[bytes]:
        return [digest for digest, one in self._accounts.credentials.items() if one.user_id in data.user_ids]


class FakeOrphans:
    """Fills the port OrphanStore over credentials whose account is gone."""

    kind_count = 1

    def __init__(self, accounts: FakeAccounts) -> None:
        self._accounts = accounts

    async def find(self) -> AsyncGenerator[Orphans, None]:
        yield Orphans("credentials", "users", len(self._lost()))

    async def delete(self) -> AsyncGenerator[Orphans, None]:
        lost = self._lost()
        for digest in lost:
            del self._accounts.credentials[digest]
        yield Orphans("credentials", "users", len(lost))

    def _lost(self) -> list[bytes]:
        known = self._accounts.credentials.items()
        return [digest for digest, one in known if one.user_id not in self._accounts.users]
