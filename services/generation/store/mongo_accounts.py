"""Accounts, sessions and API keys in MongoDB."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import UTC, datetime

from bson.binary import Binary
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.errors import AlreadyExists, NotFound
from services.generation.accounts.user import User
from services.generation.domain.paging import Page
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo import Document, Ids, store_errors
from services.generation.words.language import Locale


class MongoAccounts:
    """Fills the port Accounts: `users` by id, `credentials` by the digest of the hash."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._users = database.users
        self._credentials = database.credentials
        self._guard = RemovalGuard(database)
        self._ids = Ids(database, "user")

    async def add(self, user: User, password_hash: str) -> int:
        """Store a new account and return its id. Raises AlreadyExists and NotFound."""
        with store_errors():
            user_id = await self._ids.take()
            try:
                await self._users.insert_one({"_id": user_id, "password_hash": password_hash, **_document(user)})
            except DuplicateKeyError as error:
                raise AlreadyExists(f"The login {user.login!r} is taken") from error
        if user.master_id is not None:
            await self._require_master(user.master_id, user_id)
        return user_id

    async def _require_master(self, master_id: int, user_id: int) -> None:
        """Withdraw a new sub-user, and raise NotFound, when its master account is being removed."""
        try:
            await self._guard.refuse("users", master_id)
        except NotFound:
            with store_errors():
                await self._users.delete_one({"_id": user_id})
            raise

    async def by_login(self, login: str) -> tuple[User, str] | None:
        """Return an account and its password hash."""
        with store_errors():
            found = await self._users.find_one({"login": login, "removing": None})
        return None if found is None else (_user(found), found["password_hash"])

    async def by_id(self, user_id: int) -> User | None:
        """Return an account."""
        with store_errors():
            found = await self._users.find_one({"_id": user_id, "removing": None})
        return None if found is None else _user(found)

    async def page(self, page: Page) -> list[User]:
        """Return accounts by ascending id."""
        with store_errors():
            after = {"_id": {"$gt": page.after[0]}} if page.after else {}
            return [_user(found) async for found in self._users.find(after).sort("_id").limit(page.size)]

    async def add_session(self, digest: bytes, user_id: int, expire_time: datetime) -> None:
        """Store a session. Raises NotFound."""
        with store_errors():
            await self._credentials.insert_one(_credential(digest, user_id) | {"expire_time": expire_time})
        await self._guard.refuse("users", user_id)

    async def add_key(self, digest: bytes, user_id: int, limit: int) -> bool:
        """Store an API key; return False when the account has `limit` keys. Raises NotFound."""
        stored = await self._add_key(digest, user_id, limit)
        await self._guard.refuse("users", user_id)
        return stored

    async def _add_key(self, digest: bytes, user_id: int, limit: int) -> bool:
        """Store a key in a free slot; a unique index on slots keeps the limit between concurrent calls."""
        with store_errors():
            used = self._credentials.find({"user_id": user_id, "slot": {"$exists": True}}, {"slot": 1})
            taken = {found["slot"] async for found in used}
            for slot in range(limit):
                if slot in taken:
                    continue
                with suppress(DuplicateKeyError):  # taken a moment ago
                    await self._credentials.insert_one(_credential(digest, user_id) | {"slot": slot})
                    return True
        return False

    async def remove_credential(self, digest: bytes) -> bool:
        """Remove a session or key; return whether there was one."""
        with store_errors():
            return bool((await self._credentials.delete_one({"_id": Binary(digest)})).deleted_count)

    async def end_session(self, digest: bytes) -> None:
        """Remove a session."""
        with store_errors():
            await self._credentials.delete_one({"_id": Binary(digest), "expire_time": {"$exists": True}})

    async def user_of(self, digest: bytes) -> tuple[User, datetime | None] | None:
        """Return the account of a session or key, and the session's expiry."""
        return (await self.users_of([digest])).get(digest)

    async def users_of(self, digests: Iterable[bytes]) -> dict[bytes, tuple[User, datetime | None]]:
        """Return the answers of `user_of` for several digests in one round trip, without unknown and expired ones."""
        wanted = {"$match": {"_id": {"$in": [Binary(digest) for digest in digests]}}}
        join = {"$lookup": {"from": "users", "localField": "user_id", "foreignField": "_id", "as": "user"}}
        known, now = {}, datetime.now(UTC)
        with store_errors():
            for found in await (await self._credentials.aggregate([wanted, join])).to_list():
                expires, users = found.get("expire_time"), found["user"]
                if users and "removing" not in users[0] and (expires is None or expires > now):
                    known[found["_id"]] = (_user(users[0]), expires)
        return known

    async def extend_session(self, digest: bytes, expire_time: datetime) -> None:
        """Set the expiry of a session."""
        with store_errors():
            await self._credentials.update_one({"_id": Binary(digest)}, {"$set": {"expire_time": expire_time}})


def _credential(digest: bytes, user_id: int) -> Document:
    return {"_id": Binary(digest), "user_id": user_id, "create_time": datetime.now(UTC)}


def _document(user: User) -> Document:
    document = asdict(user)
    del document["id"]
    document["rights"] = sorted(user.rights)
    return document


def _user(found: Document) -> User:
    values = {field.name: found[field.name] for field in fields(User) if field.name in found}
    values |= {"id": found["_id"], "locale": Locale(**found["locale"]), "rights": frozenset(found["rights"])}
    return User(**values)
