"""Accounts, sessions and keys in MongoDB."""

from contextlib import suppress
from dataclasses import asdict, fields
from datetime import UTC, datetime

from bson.binary import Binary
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.errors import AlreadyExists
from services.generation.adapters.mongo import Document, Ids, store_errors
from services.generation.records import Locale, Page, User


class MongoAccounts:
    """Fills the port Accounts: `users` by id, `credentials` by the digest of the hash."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._users = database.users
        self._credentials = database.credentials
        self._ids = Ids(database, "user")

    async def add(self, user: User, password_hash: str) -> int:
        """Store a new account and return its id. Raises AlreadyExists when the login is taken."""
        with store_errors():
            user_id = await self._ids.take()
            try:
                await self._users.insert_one({"_id": user_id, "password_hash": password_hash, **_document(user)})
            except DuplicateKeyError as error:
                raise AlreadyExists(f"The login {user.login!r} is taken") from error
        return user_id

    async def by_login(self, login: str) -> tuple[User, str] | None:
        """Return an account and its password hash."""
        with store_errors():
            found = await self._users.find_one({"login": login})
        return None if found is None else (_user(found), found["password_hash"])

    async def page(self, page: Page) -> list[User]:
        """Return accounts by id."""
        with store_errors():
            after = {"_id": {"$gt": page.after[0]}} if page.after else {}
            return [_user(found) async for found in self._users.find(after).sort("_id").limit(page.size)]

    async def add_session(self, digest: bytes, user_id: int, expire_time: datetime) -> None:
        """Store a session."""
        with store_errors():
            await self._credentials.insert_one(_credential(digest, user_id) | {"expire_time": expire_time})

    async def add_key(self, digest: bytes, user_id: int, most: int) -> bool:
        """Store an API key; False when the account has as many as it may. Each holds a slot under a unique index."""
        with store_errors():
            held = self._credentials.find({"user_id": user_id, "slot": {"$exists": True}}, {"slot": 1})
            taken = {found["slot"] async for found in held}
            for slot in range(most):
                if slot in taken:
                    continue
                with suppress(DuplicateKeyError):  # taken a moment ago
                    await self._credentials.insert_one(_credential(digest, user_id) | {"slot": slot})
                    return True
        return False

    async def remove_credential(self, digest: bytes) -> bool:
        """Remove a session or key; say whether there was one."""
        with store_errors():
            return bool((await self._credentials.delete_one({"_id": Binary(digest)})).deleted_count)

    async def end_session(self, digest: bytes) -> None:
        """Remove a session; a key stays."""
        with store_errors():
            await self._credentials.delete_one({"_id": Binary(digest), "expire_time": {"$exists": True}})

    async def user_of(self, digest: bytes) -> tuple[User, datetime | None] | None:
        """Return whose live session or key it is, and when it expires: one round trip."""
        join = {"from": "users", "localField": "user_id", "foreignField": "_id", "as": "user"}
        with store_errors():
            cursor = await self._credentials.aggregate([{"$match": {"_id": Binary(digest)}}, {"$lookup": join}])
            async for found in cursor:
                expires = found.get("expire_time")
                if found["user"] and (expires is None or expires > datetime.now(UTC)):
                    return _user(found["user"][0]), expires
        return None

    async def prolong(self, digest: bytes, expire_time: datetime) -> None:
        """Let a session expire later."""
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
