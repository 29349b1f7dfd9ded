"""Deletion of documents with everything that belongs to them, in batches and from the leaves up: it can be repeated.

A writer for an account, a workspace or a person asks the RemovalGuard after its write whether the owner is being
removed; a removal marks the owner there before it deletes. So one of the two sees the other, and nothing stays.
"""

from collections.abc import AsyncGenerator, Collection, Iterable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import UpdateOne
from pymongo.asynchronous.database import AsyncDatabase

from services.errors import NotFound
from services.generation.accounts.removal import Counted
from services.generation.inputs import registry
from services.generation.store.indexes import UNFINISHED
from services.generation.store.mongo import BULK_SECONDS, Document, store_errors
from services.generation.store.mongo_persons import MongoPersons
from services.generation.store.mongo_queue import RELEASED
from services.generation.store.ownership import owned_by, owners

BATCH = 500  # documents; of full buckets of points that is a million points
REMEMBERED = timedelta(days=1)  # longer than any call lasts
CANCELLED = "The account was removed"
ANNOUNCED = frozenset({"users", "workspaces", "people"})  # the others are found by their owners


class RemovalGuard:
    """Accounts, workspaces and people that were removed lately. Their ids are never given out again."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database
        self._removals = database.removals

    async def announce(self, kind: str, ids: Iterable[Any]) -> None:
        """Mark owners as removed for every writer from now on."""
        expires = {"$set": {"expire_time": datetime.now(UTC) + REMEMBERED}}
        writes = [UpdateOne({"_id": {"of": kind, "id": one}}, expires, upsert=True) for one in ids]
        if writes:
            await self._removals.bulk_write(writes, ordered=False)

    async def refuse(self, kind: str, id_: int) -> None:
        """Take back what was written for an owner that is being removed, and raise NotFound; else do nothing."""
        if await self.taken_back(kind, [id_]):
            raise NotFound

    async def taken_back(self, kind: str, ids: Iterable[int]) -> set[int]:
        """Take back what was written for those owners that are being removed, and return their ids."""
        wanted = {"_id": {"$in": [{"of": kind, "id": one} for one in ids]}}
        with store_errors():
            marked = {found["_id"]["id"] async for found in self._removals.find(wanted)}
        if marked:
            async with aclosing(CascadeDelete(self._database).erase(kind, marked)) as steps:
                async for _ in steps:
                    pass
        return marked


class CascadeDelete:
    """Deletes documents with everything that belongs to them, directly or not."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database
        self._guard = RemovalGuard(database)
        self._people = MongoPersons(database)

    async def erase(self, owner: str, ids: Collection[Any]) -> AsyncGenerator[Counted, None]:
        """Delete what belongs to documents of a collection, but not those, and yield each batch. Accounts stay."""
        for one in owned_by(owner):
            if one.collection != "users":
                wanted = {one.field: {"$in": list(ids)}}
                async with aclosing(self.delete(one.collection, wanted)) as steps:
                    async for step in steps:
                        yield step

    async def delete(self, kind: str, wanted: Document, size: int = BATCH) -> AsyncGenerator[Counted, None]:
        """Delete documents of a collection with everything that belongs to them, and yield each batch."""
        collection = self._database[kind]
        while True:
            with store_errors(BULK_SECONDS):
                batch = [one async for one in collection.find(wanted, {"_id": 1, "user_id": 1}).limit(size)]
            if not batch:
                return
            ids = [one["_id"] for one in batch]
            if kind in owners():
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
        """Stop writes for documents about to be deleted: a writer learns of it at the latest after its write."""
        if kind in ANNOUNCED:
            await self._guard.announce(kind, ids)
        wanted: Document = {"_id": {"$in": list(ids)}}
        if kind == "users" or kind in {series.kind for series in registry.SERIES}:
            await self._database[kind].update_many(wanted, {"$set": {"removing": True}})
        if kind == "reports":  # its worker loses it, and deletes the parts that are still written
            cancelled = {"$set": {"state": "failed", "failure": CANCELLED}, "$inc": {"attempt": 1}}
            released = {"$unset": dict.fromkeys(RELEASED, "")}
            await self._database.reports.update_many(wanted | UNFINISHED, cancelled | released)
