"""Series in MongoDB, the writing side."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from services.generation.domain.samples import Samples
from services.generation.inputs.series import Series
from services.generation.inputs.series_store import Recorded
from services.generation.store.mongo import BULK_SECONDS, Document, store_errors
from services.generation.store.mongo_buckets import MongoBuckets
from services.generation.store.sample_counts import recorded
from services.generation.store.sample_deletion import delete_samples


class MongoSeries:
    """Fills the port SeriesStore."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database

    async def add(self, series: Series, entity: Any, samples: Samples) -> int:
        """Store the samples that are new or replace those stored of their moments; return how many they are."""
        return await self._buckets(series, entity).add(samples)

    async def remove(self, series: Series, entity: Any) -> None:
        """Delete all samples of an entity."""
        with store_errors(BULK_SECONDS):
            await self._database[series.collection].delete_many({series.entity_field: entity})

    async def clear(self, series: Series, entity: Any, start_ms: int, end_ms: int) -> int:
        """Delete the samples of an interval; return how many moments they had."""
        return await delete_samples(self._buckets(series, entity), start_ms, end_ms)

    async def recorded(self, series: Series, entity: Any) -> Recorded:
        """Return how many moments of an entity have samples, and the first and the last of them."""
        return await recorded(self._buckets(series, entity))

    async def merge(self, series: Series, entity: Any, days: Collection[datetime]) -> None:
        """Merge waiting buckets until fewer than FAN of a day and tier are left."""
        await self._buckets(series, entity).merge_days(days)

    def _buckets(self, series: Series, entity: Any) -> MongoBuckets:
        return MongoBuckets(self._database[series.collection], series, entity)
