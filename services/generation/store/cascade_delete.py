"""Deleting what belongs to somebody, in batches and from the leaves up, so that it can be begun again at any point.

Whoever writes for an account, a workspace or a person looks afterwards whether that is being removed: `Gone` tells, and
is told before the removal deletes. So of the two one always sees what the other did, and nothing stays.
"""

from collections.abc import AsyncGenerator, Collection, Iterable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import UpdateOne
from pymongo.asynchronous.database import AsyncDatabase

from services.errors import NotFound
from services.generation.accounts.removal import Counted
from services.generation.store.indexes import UNFINISHED
from services.generation.store.mongo import BULK_SECONDS, Document, store_errors
from services.generation.store.mongo_queue import RELEASED
from services.generation.store.ownership import OWNERS, belongings_of
from services.generation.store.persons import Persons

BATCH = 500  # documents; of full buckets of points that is a million points
REMEMBERED = timedelta(days=1)  # longer than any call lasts
CANCELLED = "The account was removed"
TOLD = frozenset({"users", "workspaces", "people"})  # of the rest, what they belong to tells


class RemovalGuard:
    """Which accounts, workspaces and people have been removed lately. Their ids are never given out again."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database
        self._removals = database.removals

    async def tell(self, kind: str, ids: Iterable[Any]) -> None:
        """Let all who write from now on know."""
        expires = {"$set": {"expire_time": datetime.now(UTC) + REMEMBERED}}
        writes = [UpdateOne({"_id": {"of": kind, "id": one}}, expires, upsert=True) for one in ids]
        if writes:
            await self._removals.bulk_write(writes, ordered=False)

    async def refuse(self, kind: str, id_: int) -> None:
        """Take back what was written for something that is being removed, and raise NotFound; else do nothing."""
        with store_errors():
            told = await self._removals.find_one({"_id": {"of": kind, "id": id_}})
        if told is None:
            return
        async with aclosing(CascadeDelete(self._database).erase(kind, [id_])) as steps:
            async for _ in steps:
                pass
        raise NotFound


class CascadeDelete:
    """Deletes all that belongs to something, directly or not."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database
        self._gone = RemovalGuard(database)
        self._people = Persons(database)

    async def erase(self, owner: str, ids: Collection[Any]) -> AsyncGenerator[Counted, None]:
        """Delete what belongs to documents of a collection, but not those, and tell each batch. Accounts stay."""
        for belonging in belongings_of(owner):
            if belonging.kind != "users":
                wanted = {belonging.field: {"$in": list(ids)}}
                async with aclosing(self.delete(belonging.kind, wanted)) as steps:
                    async for step in steps:
                        yield step

    async def delete(self, kind: str, wanted: Document) -> AsyncGenerator[Counted, None]:
        """Delete documents of a collection with all that belongs to them, and tell each batch."""
        collection = self._database[kind]
        while True:
            with store_errors(BULK_SECONDS):
                batch = [one async for one in collection.find(wanted, {"_id": 1, "user_id": 1}).limit(BATCH)]
            if not batch:
                return
            ids = [one["_id"] for one in batch]
            if kind in OWNERS:
                with store_errors(BULK_SECONDS):
                    await self.close(kind, ids)
                async with aclosing(self.erase(kind, ids)) as steps:
                    async for step in steps:
                        yield step
            with store_errors(BULK_SECONDS):
                deleted = await collection.delete_many({"_id": {"$in": ids}})
                if kind == "members":
                    await self._people.forget_unreferenced([one["user_id"] for one in batch])
            yield kind, deleted.deleted_count

    async def close(self, kind: str, ids: Collection[Any]) -> None:
        """Let nobody write for what is about to go: those who do find out, at the latest when they have written."""
        if kind in TOLD:
            await self._gone.tell(kind, ids)
        wanted: Document = {"_id": {"$in": list(ids)}}
        if kind in {"users", "trackers"}:
            await self._database[kind].update_many(wanted, {"$set": {"removing": True}})
        if kind == "reports":  # its worker loses it, and deletes the parts that are still written
            cancelled = {"$set": {"state": "failed", "failure": CANCELLED}, "$inc": {"attempt": 1}}
            released = {"$unset": dict.fromkeys(RELEASED, "")}
            await self._database.reports.update_many(wanted | UNFINISHED, cancelled | released)
