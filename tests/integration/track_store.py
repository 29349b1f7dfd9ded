"""The store of track points as tests see it: both sides, and the buckets themselves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from services.generation.domain.points import Points
from services.generation.store.indexes import INDEXES
from services.generation.store.mongo import connect_worker, journalled_worker, opened
from services.generation.store.mongo_track_reader import MongoTrackReader
from services.generation.store.mongo_tracks import MongoTracks
from tests.builders.points import DAY_MS, MONDAY_MS

END_MS = MONDAY_MS + 400 * DAY_MS


@dataclass(frozen=True)
class Store:
    """Both sides of a database, and a plain view of its buckets."""

    writer: MongoTracks
    reader: MongoTrackReader
    buckets: Any

    async def add(self, *parts: Points) -> list[int]:
        return [await self.writer.add(1, part) for part in parts]

    def all(self) -> Any:
        return self.reader.read(1, MONDAY_MS - DAY_MS, END_MS)

    def waiting(self) -> list[int]:
        return sorted(bucket["tier"] for bucket in self.buckets.find({"tier": {"$exists": True}}))


@asynccontextmanager
async def store_at(uri: str, name: str) -> AsyncIterator[Store]:
    with connect_worker(uri) as client:
        reading = journalled_worker(client, name)
        async with opened(uri, name) as database:
            await database.track_buckets.create_indexes(INDEXES["track_buckets"])
            yield Store(MongoTracks(database), MongoTrackReader(reading), reading.track_buckets)


@pytest.fixture
async def store(mongodb_uri: str, database: str) -> AsyncIterator[Store]:
    async with store_at(mongodb_uri, database) as made:
        yield made
