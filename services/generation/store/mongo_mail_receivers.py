"""MongoDB adapters of the receivers of mails and of the counts of mails."""

import secrets
from collections.abc import Collection
from datetime import datetime

from pymongo import ReturnDocument
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.generation.schedules.schedule_store import MailReceiver
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo import Document, store_errors

KEY_BYTES = 32
MAIL_KEY = "mail"


class MongoMailReceivers:
    """Fills the port MailReceivers. The token of a receiver is known by its digest only."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._receivers = database.mail_receivers
        self._gone = RemovalGuard(database)

    async def remember(self, digest: bytes, receiver: MailReceiver) -> None:
        """See the port."""
        known = {
            "owner_id": receiver.owner_id,
            "schedule_id": receiver.schedule_id,
            "address": receiver.address,
            "from_all": False,
        }
        with store_errors():
            try:
                await self._receivers.update_one(
                    {"_id": digest}, {"$setOnInsert": known, "$currentDate": {"create_time": True}}, upsert=True
                )
            except DuplicateKeyError:  # another process stores the same at the same time
                return
        await self._gone.refuse("users", receiver.owner_id)

    async def by_digest(self, digest: bytes) -> MailReceiver | None:
        """See the port."""
        with store_errors():
            found = await self._receivers.find_one({"_id": digest})
        return None if found is None else _receiver(found)

    async def unsubscribe(self, digest: bytes, at: datetime, *, from_all: bool) -> None:
        """See the port."""
        wish: Document = {
            "unsubscribe_time": {"$ifNull": ["$unsubscribe_time", at]},
            "from_all": {"$or": ["$from_all", from_all]},
        }
        with store_errors():
            await self._receivers.update_one({"_id": digest}, [{"$set": wish}])

    async def unsubscribed(self, owner_ids: Collection[int], addresses: Collection[str]) -> list[MailReceiver]:
        """See the port."""
        query: Document = {
            "owner_id": {"$in": list(owner_ids)},
            "address": {"$in": list(addresses)},
            "unsubscribe_time": {"$exists": True},
        }
        with store_errors():
            return [_receiver(one) async for one in self._receivers.find(query)]


def _receiver(found: Document) -> MailReceiver:
    return MailReceiver(
        found["owner_id"],
        found["schedule_id"],
        found["address"],
        found.get("unsubscribe_time"),
        from_all=found["from_all"],
    )


class MongoMailCounts:
    """Fills the port MailCounts."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._counts = database.mail_counts
        self._keys = database.server_keys

    async def take(self, name: str, wanted: int, limit: int, expire_time: datetime) -> int:
        """See the port."""
        counted: list[Document] = [
            {"$set": {"before": {"$ifNull": ["$count", 0]}, "expire_time": expire_time}},
            {"$set": {"count": {"$min": [{"$add": ["$before", wanted]}, {"$max": ["$before", limit]}]}}},
        ]
        with store_errors():
            while True:
                try:
                    found = await self._counts.find_one_and_update(
                        {"_id": name}, counted, upsert=True, return_document=ReturnDocument.AFTER
                    )
                except DuplicateKeyError:  # another process counts the first at the same time
                    continue
                return 0 if found is None else int(found["count"] - found["before"])

    async def server_key(self) -> bytes:
        """See the port."""
        new = {"$setOnInsert": {"key": secrets.token_bytes(KEY_BYTES)}}
        with store_errors():
            while True:
                try:
                    found = await self._keys.find_one_and_update(
                        {"_id": MAIL_KEY}, new, upsert=True, return_document=ReturnDocument.AFTER
                    )
                except DuplicateKeyError:
                    continue
                return bytes(found["key"]) if found else b""
