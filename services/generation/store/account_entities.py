"""Things with an integer id that belong to an account, one collection a kind."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from pymongo import UpdateOne
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from services.errors import AlreadyExists
from services.generation.domain.paging import Page
from services.generation.inputs.records import Employee, Tracker, Vehicle
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo import Document, store_errors
from services.generation.store.mongo_ids import FreeIds, duplicates_of

Kind = TypeVar("Kind", Tracker, Vehicle, Employee)


class AccountEntities(Generic[Kind]):
    """One collection. Ids are chosen by its users, or given out in ascending order around those."""

    def __init__(self, database: AsyncDatabase[Document], name: str, read: Callable[[Document], Kind]) -> None:
        self._collection = database[name]
        self._ids = FreeIds(database, name)
        self._gone = RemovalGuard(database)
        self._read: Callable[[Document], Kind] = read
        self._noun = name.removesuffix("s")

    async def put(self, account_id: int, entities: Sequence[Kind]) -> list[int]:
        """Store entities; those with id 0 get one.

        Raises AlreadyExists on another account's id, before storing, and NotFound when the account is being removed.
        """
        with store_errors():
            given = [entity for entity in entities if entity.id]
            while not await self._change(account_id, given):
                pass
            added = iter(await self._add(account_id, [entity for entity in entities if not entity.id]))
        await self._gone.refuse("users", account_id)
        return [entity.id or next(added) for entity in entities]

    async def _change(self, account_id: int, entities: Sequence[Kind]) -> bool:
        """Store entities under their ids; False when somebody else was storing one of them at this moment."""
        ids = [entity.id for entity in entities]
        foreign = await self._collection.find_one({"_id": {"$in": ids}, "owner_id": {"$ne": account_id}})
        if foreign:
            raise AlreadyExists(f"The {self._noun} {foreign['_id']} belongs to another account")
        created = {"$setOnInsert": {"create_time": datetime.now(UTC)}}
        writes = [  # the owner stands in the filter: what has become another account's is a duplicate key
            UpdateOne({"_id": one.id, "owner_id": account_id}, {"$set": _values(one), **created}, upsert=True)
            for one in entities
        ]
        try:
            if writes:
                await self._collection.bulk_write(writes)
        except BulkWriteError as error:
            duplicates_of(error)
            return False
        return True

    async def _add(self, account_id: int, entities: Sequence[Kind]) -> list[int]:
        """Store entities under new ids and return those."""
        common = {"owner_id": account_id, "create_time": datetime.now(UTC)}
        ids: list[int] = []
        while waiting := entities[len(ids) :]:
            free = await self._ids.take(len(waiting))
            documents = [{"_id": new, **_values(one), **common} for new, one in zip(free, waiting, strict=True)]
            stored = len(documents)
            try:
                await self._collection.insert_many(documents)
            except BulkWriteError as error:  # an id was chosen by hand a moment ago
                duplicates_of(error)
                stored = error.details["nInserted"]
            ids += free[:stored]
        return ids

    async def some(self, account_id: int, ids: Collection[int]) -> dict[int, Kind]:
        """Return those of the ids that are the account's."""
        with store_errors():
            cursor = self._collection.find({"_id": {"$in": list(ids)}, "owner_id": account_id})
            return {found["_id"]: self._read(found) async for found in cursor}

    async def known(self, ids: Collection[int]) -> set[int]:
        """Return those of the ids that exist and are not being removed."""
        with store_errors():
            cursor = self._collection.find({"_id": {"$in": list(ids)}, "removing": None}, {"_id": 1})
            return {found["_id"] async for found in cursor}

    async def page(self, account_id: int, page: Page) -> list[Kind]:
        """Return the account's entities by id."""
        wanted: Document = {"owner_id": account_id}
        if page.after:
            wanted["_id"] = {"$gt": page.after[0]}
        with store_errors():
            cursor = self._collection.find(wanted).sort("_id").limit(page.size)
            return [self._read(found) async for found in cursor]


def _values(entity: Tracker | Vehicle | Employee) -> dict[str, Any]:
    document = asdict(entity)
    del document["id"]
    document.pop("create_time", None)
    return document
