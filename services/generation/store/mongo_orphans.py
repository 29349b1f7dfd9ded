"""Orphans in MongoDB: documents whose owner is gone, found by the server, an index at a time."""

from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from services.generation.accounts.orphans import Orphans
from services.generation.store.cascade_delete import BATCH
from services.generation.store.mongo import BULK_SECONDS, CURSOR_SECONDS, Document, store_errors
from services.generation.store.mongo_persons import MongoPersons
from services.generation.store.ownership import BY_OBJECT_ID, CREATED, Ownership, owners, ownerships

YOUNG_MS = 3_600_000
IDS_AT_ONCE = 1_000
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # when what does not say when it was stored was stored


class MongoOrphans:
    """Fills the port OrphanStore. What belongs to an orphan is an orphan as well, found and deleted in the same run."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database
        self._people = MongoPersons(database)
        self._looked_at = [one for one in ownerships() if one.owner != "people"]  # who has no email is not there
        self.kind_count = len(self._looked_at) + 2

    def find(self) -> AsyncGenerator[Orphans, None]:
        """Yield the orphans of each kind."""
        return self._look(delete=False)

    def delete(self) -> AsyncGenerator[Orphans, None]:
        """Delete the orphans of each kind and yield what was deleted."""
        return self._look(delete=True)

    async def _look(self, *, delete: bool) -> AsyncGenerator[Orphans, None]:
        gone: dict[str, set[Any]] = defaultdict(set)  # orphans that others belong to
        for one in self._looked_at:
            found = Orphans(one.collection, one.owner)
            async for ids in _batches(self._missing(one, gone[one.owner])):
                wanted = {one.field: {"$in": ids}, **_old(one.stored)}
                found = await self._add(found, wanted, one.stored)
                if one.collection in owners():
                    gone[one.collection].update(await self._ids(one.collection, wanted))
                if delete:
                    await self._delete(one.collection, wanted)
            yield found
        yield await self._stale_sheets(delete=delete)
        yield await self._unreferenced_persons(gone, delete=delete)

    async def _missing(self, one: Ownership, gone: Collection[Any]) -> AsyncIterator[Any]:
        """Yield the ids that documents of a kind name and that no document has, or only an orphan."""
        for owner_id in gone:
            yield owner_id
        pipeline: list[Document] = [
            {"$sort": {one.field: 1}},
            {"$group": {"_id": f"${one.field}"}},  # after the sort it skips from one to the next on the index
            {"$match": {"_id": {"$nin": [None, *gone]}}},
            *_without(one.owner, "_id", "_id"),
        ]
        async for found in self._pipeline(one.collection, pipeline):
            yield found["_id"]

    async def _stale_sheets(self, *, delete: bool) -> Orphans:
        """Return the parts of attempts that a later attempt of the same report has replaced."""
        owner: Document = {"from": "reports", "localField": "_id.report", "foreignField": "_id", "as": "report"}
        pipeline: list[Document] = [
            {"$group": {"_id": {"report": "$report_id", "attempt": "$attempt"}}},
            {"$lookup": owner | {"pipeline": [{"$project": {"attempt": 1}}]}},
            {"$match": {"$expr": {"$lt": ["$_id.attempt", {"$max": "$report.attempt"}]}}},
        ]
        found = Orphans("report_sheets", "attempts")
        async for some in _batches(self._pipeline("report_sheets", pipeline)):
            stale = [{"report_id": one["_id"]["report"], "attempt": one["_id"]["attempt"]} for one in some]
            wanted = {"$or": stale, **_old(BY_OBJECT_ID)}
            found = await self._add(found, wanted, BY_OBJECT_ID)
            if delete:
                await self._delete("report_sheets", wanted)
        return found

    async def _unreferenced_persons(self, gone: Mapping[str, Collection[Any]], *, delete: bool) -> Orphans:
        """Return the people who are in no workspace and have no account, or only in those that are orphans."""
        pipeline = [
            {"$match": _old(CREATED)},
            *_without("members", "_id", "user_id", {"workspace_id": {"$nin": list(gone["workspaces"])}}),
            *_without("users", "_id", "person_id", {"_id": {"$nin": list(gone["users"])}}),
        ]
        found = Orphans("people", "members")
        async for some in _batches(self._pipeline("people", pipeline)):
            ids = [one["_id"] for one in some]
            found = await self._add(found, {"_id": {"$in": ids}}, CREATED)
            if delete:
                with store_errors(BULK_SECONDS):
                    await self._people.forget_unreferenced(ids)
        return found

    async def _add(self, found: Orphans, wanted: Document, stored: str | Document) -> Orphans:
        """Return the orphans with the documents of a query added."""
        sums: Document = {
            "_id": None,
            "count": {"$sum": 1},
            "size": {"$sum": {"$bsonSize": "$$ROOT"}},
            "oldest": {"$min": stored},
        }
        async for more in self._pipeline(found.kind, [{"$match": wanted}, {"$group": sums}]):
            times = [moment for moment in (found.oldest_time, more["oldest"]) if moment is not None]
            found = replace(
                found,
                count=found.count + more["count"],
                size_bytes=found.size_bytes + more["size"],
                oldest_time=min(times, default=None),
            )
        return found

    async def _delete(self, kind: str, wanted: Document) -> None:
        while ids := await self._ids(kind, wanted, BATCH):
            with store_errors(BULK_SECONDS):
                await self._database[kind].delete_many({"_id": {"$in": ids}})

    async def _ids(self, kind: str, wanted: Document, limit: int = 0) -> list[Any]:
        with store_errors(CURSOR_SECONDS):
            return [found["_id"] async for found in self._database[kind].find(wanted, {"_id": 1}).limit(limit)]

    async def _pipeline(self, kind: str, pipeline: list[Document]) -> AsyncIterator[Document]:
        with store_errors(CURSOR_SECONDS):
            cursor = await self._database[kind].aggregate(pipeline)
        async with cursor:
            while True:
                with store_errors(CURSOR_SECONDS):
                    found = await anext(cursor, None)
                if found is None:
                    return
                yield found


async def _batches(items: AsyncIterator[Any]) -> AsyncIterator[list[Any]]:
    batch: list[Any] = []
    async for one in items:
        batch.append(one)
        if len(batch) == IDS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _without(owner: str, field: str, owners_field: str, which: Document | None = None) -> list[Document]:
    """Return the steps that keep documents whose field nothing in another collection, or nothing of some there, has."""
    one: list[Document] = [{"$match": which or {}}, {"$limit": 1}, {"$project": {"_id": 1}}]
    lookup = {"from": owner, "localField": field, "foreignField": owners_field, "pipeline": one, "as": "owner"}
    return [{"$lookup": lookup}, {"$match": {"owner": []}}]


def _old(stored: str | Document) -> Document:
    """Return the query of what was stored more than an hour ago, by the server's clock."""
    moment: Document = {"$ifNull": [stored, LONG_AGO]}
    return {"$expr": {"$lt": [moment, {"$subtract": ["$$NOW", YOUNG_MS]}]}}
