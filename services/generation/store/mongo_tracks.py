"""Track points in MongoDB, the writing side."""

import logging
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

import numpy as np
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from services.errors import StoreUnavailable
from services.generation.domain.columns import Flags
from services.generation.domain.points import Points, merged, supersedes
from services.generation.domain.tracks import MS_PER_DAY
from services.generation.store.buckets import PACKED, date_of, documents_of, overlapping, points_of
from services.generation.store.mongo import BULK_SECONDS, Document, store_errors

log = logging.getLogger("daybook.tracks")

FAN = 16  # so many waiting buckets of a day and tier are merged
DUPLICATE_KEY = 11000
READERS_MS = 3_600_000  # how long superseded buckets stay for those who are reading them
SUPERSEDE: list[Document] = [
    {"$set": {"superseded": "$$NOW", "expire_time": {"$add": ["$$NOW", READERS_MS]}}},
    {"$unset": "tier"},
]


class MongoTracks:
    """Fills the port TrackStore: insert-only buckets, the small ones merged as they become many (design §4).

    A bucket never changes; it is superseded once others hold all its points. So a writer or merger that dies, or meets
    another, leaves at worst points that are stored twice, which every reader merges.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._buckets = database.track_buckets

    async def add(self, tracker_id: int, points: Points) -> int:
        """Store the points that are new, or better than what is stored of their moment; return how many they are."""
        points = merged(points)
        if not len(points):
            return 0
        with store_errors():
            new = points.take(await self._is_new(tracker_id, points))
            documents = documents_of(tracker_id, new)
            stored = await self._insert(documents)
            if not stored:
                await self._settle()
        waiting = {document["day"] for document in documents if "tier" in document}
        if waiting:
            await self._merge_or_leave(tracker_id, waiting)
        return stored

    async def remove(self, tracker_id: int) -> None:
        """Delete all points of a tracker."""
        with store_errors(BULK_SECONDS):
            await self._buckets.delete_many({"tracker_id": tracker_id})

    async def _is_new(self, tracker_id: int, points: Points) -> Flags:
        """Say of points in time order which are not stored, or only poorer."""
        is_new = np.ones(len(points), np.bool_)
        days = [date_of(day) for day in np.unique(points.time_ms // MS_PER_DAY) * MS_PER_DAY]
        wanted = overlapping(tracker_id, int(points.time_ms[0]), int(points.time_ms[-1]) + 1)
        if len(days) > 1:
            wanted["day"] = {"$in": days}
        async for document in self._buckets.find(wanted, PACKED):
            stored = points_of([document])
            place = np.searchsorted(points.time_ms, stored.time_ms).clip(max=len(points) - 1)
            met = points.time_ms[place] == stored.time_ms
            place = place[met]
            is_new[place] &= supersedes(points.take(place), stored.take(met))
        return is_new

    async def _insert(self, documents: Sequence[Document]) -> int:
        """Insert buckets and return how many points were not there; a bucket that another writer inserted is there."""
        if not documents:
            return 0
        there = set[int]()
        try:
            now = datetime.now(UTC)
            await self._buckets.insert_many([one | {"create_time": now} for one in documents], ordered=False)
        except BulkWriteError as error:
            failures = error.details["writeErrors"]
            if error.details["writeConcernErrors"] or any(one["code"] != DUPLICATE_KEY for one in failures):
                raise
            there = {one["index"] for one in failures}
        return sum(document["count"] for place, document in enumerate(documents) if place not in there)

    async def _settle(self) -> None:
        """Bring to disk what was seen: points may be there that their writer has not yet brought to disk itself."""
        await self._buckets.update_one({"_id": None}, {"$unset": {"nothing": 1}})

    async def _merge_or_leave(self, tracker_id: int, days: Collection[datetime]) -> None:
        """Merge what is ripe on these days. A failure leaves it to the next writer: the points are on disk by now."""
        try:
            await self.merge(tracker_id, days)
        except StoreUnavailable:
            log.warning("merging was left to the next writer", extra={"tracker_id": tracker_id})

    async def merge(self, tracker_id: int, days: Collection[datetime]) -> None:
        """Merge waiting buckets until fewer than FAN of a day and tier are left.

        A point is written once more for each tier and a merge of tier 2 fills buckets, so bytes written stay linear.
        """
        ripe: list[Document] = [
            {"$match": {"tracker_id": tracker_id, "day": {"$in": list(days)}, "tier": {"$gte": 0}}},
            {"$group": {"_id": {"day": "$day", "tier": "$tier"}, "count": {"$sum": 1}}},
            {"$match": {"count": {"$gte": FAN}}},
        ]
        with store_errors():
            while found := await (await self._buckets.aggregate(ripe)).to_list():
                for group in found:
                    await self._merge({"tracker_id": tracker_id, **group["_id"]})

    async def _merge(self, group: Document) -> None:
        """Merge FAN buckets of one tracker, day and tier. Others who do the same meanwhile insert the same buckets."""
        cursor = self._buckets.find(group, PACKED).sort("_id").limit(FAN)
        sources = await cursor.to_list()
        if len(sources) < FAN:
            return
        documents = documents_of(group["tracker_id"], merged(points_of(sources)), group["tier"] + 1)
        await self._insert(documents)  # first; only then may the sources go
        ids = [source["_id"] for source in sources]
        await self._buckets.update_many({"_id": {"$in": ids}, "superseded": None}, SUPERSEDE)
