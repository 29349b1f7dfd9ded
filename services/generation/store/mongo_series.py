"""Series in MongoDB, the writing side."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from services.errors import StoreUnavailable
from services.generation.domain.columns import Flags
from services.generation.domain.samples import Samples, merged, supersedes
from services.generation.domain.tracks import MS_PER_DAY
from services.generation.inputs.series import Series
from services.generation.store.buckets import PACKED, date_of, documents_of, overlapping, samples_of
from services.generation.store.mongo import BULK_SECONDS, Document, settle, store_errors
from services.generation.store.mongo_ids import duplicates_of

log = logging.getLogger("daybook.series")

FAN = 16  # so many waiting buckets of a day and tier are merged
READERS_MS = 3_600_000  # how long superseded buckets stay for those who are reading them
SUPERSEDE: list[Document] = [
    {"$set": {"superseded": "$$NOW", "expire_time": {"$add": ["$$NOW", READERS_MS]}}},
    {"$unset": "tier"},
]


class MongoSeries:
    """Fills the port SeriesStore: insert-only buckets, the small ones merged as they become many (design §4).

    A bucket never changes; it is superseded once others hold all its samples. So a writer or merger that dies, or meets
    another, leaves at worst samples that are stored twice, which every reader merges.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database

    async def add(self, series: Series, entity: Any, samples: Samples) -> int:
        """Store the samples that are new, or better than those stored of their moments; return how many they are."""
        return await _Buckets(self._database[series.collection], series, entity).add(merged(samples))

    async def remove(self, series: Series, entity: Any) -> None:
        """Delete all samples of an entity."""
        with store_errors(BULK_SECONDS):
            await self._database[series.collection].delete_many({series.entity_field: entity})

    async def merge(self, series: Series, entity: Any, days: Collection[datetime]) -> None:
        """Merge waiting buckets until fewer than FAN of a day and tier are left."""
        await _Buckets(self._database[series.collection], series, entity).merge_days(days)


@dataclass(frozen=True, slots=True)
class _Buckets:
    """Buckets of one entity."""

    collection: AsyncCollection[Document]
    series: Series
    entity: Any

    async def add(self, samples: Samples) -> int:
        if not len(samples):
            return 0
        with store_errors():
            new = samples.take(await self._is_new(samples))
            documents = documents_of(self.series, self.entity, new)
            stored = await self._insert(documents)
            if not stored:
                await settle(self.collection)
        waiting = {document["day"] for document in documents if "tier" in document}
        if waiting:
            await self._merge_or_leave(waiting)
        return stored

    async def _is_new(self, samples: Samples) -> Flags:
        """Return of samples in time order which are not stored, or only poorer."""
        is_new = np.ones(len(samples), np.bool_)
        days = [date_of(day) for day in np.unique(samples.time_ms // MS_PER_DAY) * MS_PER_DAY]
        wanted = overlapping(self.series, self.entity, int(samples.time_ms[0]), int(samples.time_ms[-1]) + 1)
        if len(days) > 1:
            wanted["day"] = {"$in": days}
        async for document in self.collection.find(wanted, PACKED):
            stored = samples_of(self.series, [document])
            place = np.searchsorted(samples.time_ms, stored.time_ms).clip(max=len(samples) - 1)
            met = samples.time_ms[place] == stored.time_ms
            place = place[met]
            is_new[place] &= supersedes(samples.take(place), stored.take(met))
        return is_new

    async def _insert(self, documents: Sequence[Document]) -> int:
        """Insert buckets and return how many samples were new; a bucket that another writer inserted is there."""
        if not documents:
            return 0
        there = set[int]()
        try:
            now = datetime.now(UTC)
            await self.collection.insert_many([one | {"create_time": now} for one in documents], ordered=False)
        except BulkWriteError as error:
            there = set(duplicates_of(error))
        return sum(document["count"] for place, document in enumerate(documents) if place not in there)

    async def _merge_or_leave(self, days: Collection[datetime]) -> None:
        """Merge the ripe buckets of these days. A failure leaves it to the next writer: the samples are on disk."""
        try:
            await self.merge_days(days)
        except StoreUnavailable:
            log.warning("merging was left to the next writer", extra={self.series.entity_field: str(self.entity)})

    async def merge_days(self, days: Collection[datetime]) -> None:
        """Merge waiting buckets until fewer than FAN of a day and tier are left.

        A sample is written once more for each tier and a merge of tier 2 fills buckets, so bytes written stay linear.
        """
        mine = {self.series.entity_field: self.entity}
        ripe: list[Document] = [
            {"$match": {**mine, "day": {"$in": list(days)}, "tier": {"$gte": 0}}},
            {"$group": {"_id": {"day": "$day", "tier": "$tier"}, "count": {"$sum": 1}}},
            {"$match": {"count": {"$gte": FAN}}},
        ]
        with store_errors():
            while found := await (await self.collection.aggregate(ripe)).to_list():
                for group in found:
                    await self._merge(mine | group["_id"])

    async def _merge(self, group: Document) -> None:
        """Merge FAN buckets of a day and tier. Others who do the same meanwhile insert the same buckets."""
        sources = await self.collection.find(group, PACKED).sort("_id").limit(FAN).to_list()
        if len(sources) < FAN:
            return
        together = merged(samples_of(self.series, sources))
        documents = documents_of(self.series, self.entity, together, group["tier"] + 1)
        await self._insert(documents)  # first; only then may the sources go
        ids = [source["_id"] for source in sources]
        await self.collection.update_many({"_id": {"$in": ids}, "superseded": None}, SUPERSEDE)
