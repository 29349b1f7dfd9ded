"""Buckets of samples in MongoDB: inserted, merged and superseded."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError

from services.errors import Unavailable
from services.generation.domain.samples import Samples, merged, newer, replacing
from services.generation.domain.tracks import MS_PER_DAY
from services.generation.inputs.series import Series
from services.generation.store.buckets import PACKED, date_of, documents_of, overlapping, samples_of
from services.generation.store.mongo import Document, settle, store_errors
from services.generation.store.mongo_ids import duplicates_of
from services.runtime.fair_threads import in_thread

log = logging.getLogger("daybook.series")

FAN = 16  # so many waiting buckets of a day and tier are merged
READERS_MS = 3_600_000  # how long superseded buckets stay for those who are reading them
SUPERSEDE: list[Document] = [
    {"$set": {"superseded": "$$NOW", "expire_time": {"$add": ["$$NOW", READERS_MS]}}},
    {"$unset": "tier"},
]
REVIVE: Document = {"$unset": {"superseded": "", "expire_time": "", "cleared": ""}}


@dataclass(frozen=True, slots=True)
class MongoBuckets:
    """Buckets of one entity: insert-only, the small ones merged as they become many (design §4).

    A bucket never changes; it is superseded once others hold all its samples that count. So a writer or merger that
    dies, or meets another, leaves at worst samples that are stored twice, which every reader merges.
    """

    collection: AsyncCollection[Document]
    series: Series
    entity: Any

    async def add(self, samples: Samples) -> int:
        """Store the samples that are new or replace those stored of their moments; return how many they are."""
        if not len(samples):
            return 0
        with store_errors():
            documents, replaced = await in_thread(self._new, samples, await self._stored(samples))
            count = replaced + await self.insert(documents)
            if not documents:
                await settle(self.collection)
        waiting = {document["day"] for document in documents if "tier" in document}
        if waiting:
            await self._merge_or_leave(waiting)
        return count

    def _new(self, samples: Samples, stored: list[Samples]) -> tuple[list[Document], int]:
        """Return buckets of what is new in samples, and how many were new that later ones of the batch replace."""
        before = merged(Samples.join(stored))
        if self.series.replaces:
            new, count = replacing(samples, before)
        else:
            new = newer(samples, before)
            count = len(new)
        return documents_of(self.series, self.entity, new), count - len(new)

    def _of_moments(self, document: Document, moments: NDArray[np.int64]) -> Samples:
        stored = samples_of(self.series, [document])
        return stored.take(np.isin(stored.time_ms, moments))

    async def _stored(self, samples: Samples) -> list[Samples]:
        """Return what is stored of the moments of samples, in any order."""
        moments = np.unique(samples.time_ms)
        days = [date_of(day) for day in np.unique(moments // MS_PER_DAY) * MS_PER_DAY]
        wanted = overlapping(self.series, self.entity, int(moments[0]), int(moments[-1]) + 1)
        if len(days) > 1:
            wanted["day"] = {"$in": days}
        stored = self.collection.find(wanted, PACKED)
        found = [await in_thread(self._of_moments, document, moments) async for document in stored]
        return [self.series.samples(()), *found]

    async def insert(self, documents: Sequence[Document]) -> int:
        """Insert buckets and return how many samples were new; a bucket that another writer inserted is there."""
        if not documents:
            return 0
        waiting, new = list(documents), 0
        while waiting:
            there: list[Document] = []
            try:
                now = datetime.now(UTC)
                await self.collection.insert_many([one | {"create_time": now} for one in waiting], ordered=False)
            except BulkWriteError as error:
                there = [waiting[place] for place in duplicates_of(error)]
            revived, gone = await self._revive(there)
            new += sum(one["count"] for one in waiting) - sum(one["count"] for one in there) + revived
            waiting = gone
        return new

    async def _revive(self, documents: Sequence[Document]) -> tuple[int, list[Document]]:
        """Let stored buckets be live again; return the samples of those that were superseded, and those that are gone.

        A bucket may come back: what it holds was merged into another one of which only it was left by a deletion.
        """
        if not documents:
            return 0, []
        dead = {"superseded": {"$ne": None}}
        revived = 0
        for one in documents:
            tier = {"$set": {"tier": one["tier"]}} if "tier" in one else {}
            result = await self.collection.update_one({"_id": one["_id"]} | dead, REVIVE | tier)
            revived += one["count"] * result.modified_count
        ids = [one["_id"] for one in documents]
        live = {one["_id"] async for one in self.collection.find({"_id": {"$in": ids}}, {"_id": 1})}
        gone = [one for one in documents if one["_id"] not in live]
        return revived, gone

    async def _merge_or_leave(self, days: Collection[datetime]) -> None:
        """Merge the ripe buckets of these days. A failure leaves it to the next writer: the samples are on disk."""
        try:
            await self.merge_days(days)
        except Unavailable:
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

    def _together(self, sources: Sequence[Document], tier: int) -> list[Document]:
        return documents_of(self.series, self.entity, merged(samples_of(self.series, sources)), tier)

    async def _merge(self, group: Document) -> None:
        """Merge FAN buckets of a day and tier. Others who do the same meanwhile insert the same buckets."""
        sources = await self.collection.find(group, PACKED).sort("_id").limit(FAN).to_list()
        if len(sources) < FAN:
            return
        documents = await in_thread(self._together, sources, group["tier"] + 1)
        await self.insert(documents)  # first; only then may the sources go
        ids = [source["_id"] for source in sources]
        if await self.collection.count_documents({"_id": {"$in": ids}, "cleared": None}) < len(ids):
            merged_ids = [document["_id"] for document in documents]  # with samples that were deleted meanwhile
            await self.collection.delete_many({"_id": {"$in": merged_ids}})
            return
        await self.collection.update_many({"_id": {"$in": ids}, "superseded": None}, SUPERSEDE)
