"""Accounts, login attempts, passwords, removal and orphans in memory."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from services.errors import AlreadyExists, NotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.account_store import Credential, CredentialFilter
from services.generation.accounts.orphans import Orphans
from services.generation.accounts.removal import AccountData, Counted
from services.generation.accounts.user import User
from services.generation.domain.paging import Page
from services.runtime.identity import identity_key
from tests.builders.people import NOON


class FakeAccounts:
    """Fills the port Accounts. Users are given with their id; each has its login for password hash."""

    def __init__(self, *users: User, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.users = {user.id: user for user in users}
        self.hashes = {user.id: user.login for user in users}
        self.credentials: dict[bytes, Credential] = {}
        self.removing: set[int] = set()
        self._last_id = max(self.users, default=0)
        self._last_credential = 0
        self._now = now

    async def add(self, user: User, password_hash: str) -> int:
        if any(_is_called(one, user.login) for one in self.users.values()):
            raise AlreadyExists
        if user.master_id is not None:
            self._require(user.master_id)
        self._last_id += 1
        self.users[self._last_id] = replace(user, id=self._last_id, person_id=self._last_id)
        self.hashes[self._last_id] = password_hash
        return self._last_id

    async def by_login(self, login: str) -> tuple[User, str] | None:
        found = (user for user in self._present() if _is_called(user, login))
        return next(((user, self.hashes[user.id]) for user in found), None)

    async def by_id(self, user_id: int) -> User | None:
        return next((user for user in self._present() if user.id == user_id), None)

    async def by_ids(self, user_ids: Collection[int]) -> dict[int, User]:
        return {id_: user for id_ in user_ids if (user := await self.by_id(id_)) is not None}

    async def by_person(self, person_id: int) -> User | None:
        return next((user for user in self._present() if user.member_id == person_id), None)

    async def page(self, page: Page) -> list[User]:
        after = page.after[0] if page.after else 0
        return [user for id_, user in sorted(self.users.items()) if id_ > after][: page.size]

    async def change(self, user_id: int, values: Mapping[str, Any]) -> User | None:
        user = await self.by_id(user_id)
        if user is None:
            return None
        locale = {name.removeprefix("locale."): value for name, value in values.items() if name.startswith("locale.")}
        others = {name: value for name, value in values.items() if not name.startswith("locale.")}
        others |= {"rights": frozenset(others["rights"])} if "rights" in others else {}
        self.users[user_id] = replace(user, locale=replace(user.locale, **locale), **others)
        return self.users[user_id]

    async def set_password(self, user_id: int, password_hash: str) -> bool:
        user = await self.by_id(user_id)
        if user is not None:
            self.hashes[user_id] = password_hash
            self.users[user_id] = replace(user, password_version=user.password_version + 1)
        return user is not None

    async def add_session(self, digest: bytes, user_id: int, expire_time: datetime) -> int:
        self._require(user_id)
        now = self._now()
        return self._add(digest, Credential(0, user_id, False, now, now, expire_time))

    async def add_key(
        self, digest: bytes, user_id: int, limit: int, name: str = "", expire_time: datetime | None = None
    ) -> int | None:
        self._require(user_id)
        keys = [one for one in self.credentials.values() if one.user_id == user_id and one.is_key]
        if len(keys) >= limit:
            return None
        return self._add(digest, Credential(0, user_id, True, self._now(), None, expire_time, name))

    def _add(self, digest: bytes, credential: Credential) -> int:
        self._last_credential += 1
        self.credentials[digest] = replace(credential, id=self._last_credential)
        return self._last_credential

    async def user_of(self, digest: bytes) -> tuple[User, Credential] | None:
        known = self.credentials.get(digest)
        user = await self.by_id(known.user_id) if known else None
        return None if known is None or user is None or self._has_expired(known) else (user, known)

    def _has_expired(self, credential: Credential) -> bool:
        return credential.expire_time is not None and credential.expire_time <= self._now()

    async def credentials_of(self, user_id: int) -> list[Credential]:
        found = (one for one in self.credentials.values() if one.user_id == user_id and not self._has_expired(one))
        return sorted(found, key=lambda one: one.id)

    async def record_use(self, digest: bytes, last_used_time: datetime, expire_time: datetime | None) -> None:
        if digest in self.credentials:
            known = self.credentials[digest]
            expires = expire_time or known.expire_time
            self.credentials[digest] = replace(known, last_used_time=last_used_time, expire_time=expires)

    async def remove_credential(self, digest: bytes) -> Credential | None:
        return self.credentials.pop(digest, None)

    async def remove_credentials(self, wanted: CredentialFilter) -> list[Credential]:
        digests = [
            digest
            for digest, one in self.credentials.items()
            if one.is_key == wanted.is_key
            and wanted.user_id in {None, one.user_id}
            and (wanted.ids is None or one.id in wanted.ids)
        ]
        return [self.credentials.pop(digest) for digest in digests]

    async def end_session(self, digest: bytes) -> None:
        if digest in self.credentials and not self.credentials[digest].is_key:
            del self.credentials[digest]

    def _present(self) -> Iterable[User]:
        return (user for user in self.users.values() if user.id not in self.removing)

    def _require(self, user_id: int) -> None:
        if user_id in self.removing or user_id not in self.users:
            raise NotFound


class FakeLoginAttempts:
    """Fills the port LoginAttempts; no attempt is forgotten by itself."""

    def __init__(self) -> None:
        self._attempts: dict[str, set[str]] = {}

    async def count(self, name: str, attempt_id: str, limit: int) -> float | None:
        counted = self._attempts.setdefault(name, set())
        if len(counted) >= limit:
            return 900.0
        counted.add(attempt_id)
        return None

    async def forget(self, name: str, attempt_id: str) -> None:
        self._attempts.get(name, set()).discard(attempt_id)

    async def forget_all(self, name: str) -> None:
        self._attempts.pop(name, None)


class PlainPasswords:
    """Fills the port Passwords without hashing: a hash is the password. Counts its checks."""

    def __init__(self) -> None:
        self.checked = 0

    def turn(self, address: str) -> AbstractAsyncContextManager[None]:
        del address
        return nullcontext()

    async def hash(self, password: str) -> str:
        return password

    async def matches(self, password: str, hashed: str) -> bool:
        self.checked += 1
        await asyncio.sleep(0)  # other calls run meanwhile, as beside a real hash
        return bool(hashed) and password == hashed


def _is_called(user: User, login: str) -> bool:
    return identity_key(user.login) == identity_key(login)


def api_key(user_id: int) -> Credential:
    """Return an API key of an account that does not expire."""
    return Credential(1, user_id, True, NOON)


def session(user_id: int, expire_time: datetime) -> Credential:
    """Return a session of an account that was never used."""
    return Credential(1, user_id, False, NOON, None, expire_time)


def account_service(*users: User, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> AccountService:
    """Return the use cases of accounts over these users, whose passwords are their logins."""
    return AccountService(FakeAccounts(*users, now=now), PlainPasswords(), FakeLoginAttempts(), now)


class FakeErasure:
    """Fills the port Erasure over accounts that own credentials only."""

    def __init__(self, accounts: FakeAccounts) -> None:
        self._accounts = accounts

    async def begin(self, login: str) -> AccountData | None:
        ids = [user.id for user in self._accounts.users.values() if _is_called(user, login)]
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
