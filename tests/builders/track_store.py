"""The store of track points as tests see it: both sides, and the buckets themselves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from services.generation.domain.samples import Samples
from services.generation.inputs.points import POINTS
from services.generation.store.buckets import bucket_indexes
from services.generation.store.mongo import connect_worker, journalled_worker, opened
from services.generation.store.mongo_series import MongoSeries
from services.generation.store.series_reader import MongoSeriesReader
from tests.builders.points import DAY_MS, MONDAY_MS

END_MS = MONDAY_MS + 400 * DAY_MS


@dataclass(frozen=True)
class Store:
    """Both sides of a database, and a plain view of its buckets."""

    writer: MongoSeries
    reader: MongoSeriesReader
    buckets: Any

    async def add(self, *parts: Samples) -> list[int]:
        return [await self.writer.add(POINTS, 1, part) for part in parts]

    def all(self) -> Any:
        return self.read(1, MONDAY_MS - DAY_MS, END_MS)

    def read(self, tracker_id: int, start_ms: int, end_ms: int) -> Samples:
        return self.reader.samples(tracker_id, start_ms, end_ms)

    def waiting(self) -> list[int]:
        return sorted(bucket["tier"] for bucket in self.buckets.find({"tier": {"$exists": True}}))


@asynccontextmanager
async def store_at(uri: str, name: str) -> AsyncIterator[Store]:
    with connect_worker(uri) as client:
        reading = journalled_worker(client, name)
        async with opened(uri, name) as database:
            await database.track_buckets.create_indexes(list(bucket_indexes(POINTS)))
            yield Store(MongoSeries(database), MongoSeriesReader(reading, POINTS), reading.track_buckets)


@pytest.fixture
async def store(mongodb_uri: str, database: str) -> AsyncIterator[Store]:
    async with store_at(mongodb_uri, database) as made:
        yield made
