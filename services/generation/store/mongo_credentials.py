"""Sessions and API keys in MongoDB, known by the digests of their hashes."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime

from bson.binary import Binary
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.generation.accounts.account_store import Credential, CredentialFilter
from services.generation.accounts.user import User
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo import Document, Ids, store_errors
from services.generation.words.language import Locale

Known = tuple[User, Credential]


class MongoCredentials:
    """The part of the port Accounts about sessions and keys; a key has a slot, a session has none."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._credentials = database.credentials
        self._owners = RemovalGuard(database)
        self._numbers = Ids(database, "credential")

    async def add_session(self, digest: bytes, user_id: int, expire_time: datetime) -> int:
        """Store a session, used now, and return its id. Raises NotFound."""
        with store_errors():
            document = await self._new(digest, user_id) | {"expire_time": expire_time}
            await self._credentials.insert_one(document | {"last_used_time": document["create_time"]})
        await self._owners.refuse("users", user_id)
        return int(document["number"])

    async def add_key(
        self, digest: bytes, user_id: int, limit: int, name: str = "", expire_time: datetime | None = None
    ) -> int | None:
        """Store an API key and return its id; return None when the account has `limit` keys. Raises NotFound."""
        facts: Document = {"name": name} | ({"expire_time": expire_time} if expire_time else {})
        stored = await self._add_key(digest, user_id, limit, facts)
        await self._owners.refuse("users", user_id)
        return stored

    async def _add_key(self, digest: bytes, user_id: int, limit: int, facts: Document) -> int | None:
        """Store a key in a free slot; a unique index on slots keeps the limit between concurrent calls."""
        with store_errors():
            used = self._credentials.find({"user_id": user_id, "slot": {"$exists": True}}, {"slot": 1})
            free = sorted(set(range(limit)) - {found["slot"] async for found in used})
            document = (await self._new(digest, user_id) | facts) if free else {}
            for slot in free:
                with suppress(DuplicateKeyError):  # taken a moment ago
                    await self._credentials.insert_one(document | {"slot": slot})
                    return int(document["number"])
        return None

    async def _new(self, digest: bytes, user_id: int) -> Document:
        number = await self._numbers.take()
        return {"_id": Binary(digest), "user_id": user_id, "number": number, "create_time": datetime.now(UTC)}

    async def user_of(self, digest: bytes) -> Known | None:
        """Return the account of a session or key, and the session or key."""
        return (await self.users_of([digest])).get(digest)

    async def users_of(self, digests: Iterable[bytes]) -> dict[bytes, Known]:
        """Return the answers of `user_of` for several digests in one round trip, without unknown and expired ones."""
        wanted = {"$match": {"_id": {"$in": [Binary(digest) for digest in digests]}, **_valid()}}
        join = {"$lookup": {"from": "users", "localField": "user_id", "foreignField": "_id", "as": "user"}}
        known = {}
        with store_errors():
            for found in await (await self._credentials.aggregate([wanted, join])).to_list():
                users = found["user"]
                if users and "removing" not in users[0]:
                    known[found["_id"]] = (user_in(users[0]), _credential_in(found))
        return known

    async def credentials_of(self, user_id: int) -> list[Credential]:
        """Return the sessions and keys of an account by ascending id, without expired ones."""
        with store_errors():
            found = self._credentials.find({"user_id": user_id, **_valid()}).sort("number")
            return [_credential_in(one) async for one in found]

    async def record_use(self, digest: bytes, last_used_time: datetime, expire_time: datetime | None) -> None:
        """Set the last use of a session or key, and its expiry."""
        values = {"last_used_time": last_used_time} | ({"expire_time": expire_time} if expire_time else {})
        with store_errors():
            await self._credentials.update_one({"_id": Binary(digest)}, {"$set": values})

    async def remove_credential(self, digest: bytes) -> Credential | None:
        """Remove a session or key and return it."""
        with store_errors():
            found = await self._credentials.find_one_and_delete({"_id": Binary(digest)})
        return None if found is None else _credential_in(found)

    async def remove_credentials(self, wanted: CredentialFilter) -> list[Credential]:
        """Remove the sessions and keys that match and return them."""
        query: Document = {"slot": {"$exists": wanted.is_key}}
        query |= {} if wanted.user_id is None else {"user_id": wanted.user_id}
        query |= {} if wanted.ids is None else {"number": {"$in": list(wanted.ids)}}
        with store_errors():
            found = await self._credentials.find(query).to_list()
            await self._credentials.delete_many({"_id": {"$in": [one["_id"] for one in found]}})
        return [_credential_in(one) for one in found]

    async def end_session(self, digest: bytes) -> None:
        """Remove a session."""
        with store_errors():
            await self._credentials.delete_one({"_id": Binary(digest), "slot": {"$exists": False}})


def user_in(found: Document) -> User:
    """Return the account that a document of `users` holds."""
    values = {field.name: found[field.name] for field in fields(User) if field.name in found}
    values |= {"id": found["_id"], "locale": Locale(**found["locale"]), "rights": frozenset(found["rights"])}
    return User(**values)


def _valid() -> Document:
    """Return the query of what has not expired, which the store deletes a little later."""
    return {"$or": [{"expire_time": None}, {"expire_time": {"$gt": datetime.now(UTC)}}]}


def _credential_in(found: Document) -> Credential:
    values = {field.name: found[field.name] for field in fields(Credential) if field.name in found}
    return Credential(**values | {"id": found["number"], "is_key": "slot" in found})
