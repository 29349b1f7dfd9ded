"""The store of track points on a real MongoDB: whatever happens, it reads like one clean import."""

import asyncio
import multiprocessing
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pymongo import MongoClient, WriteConcern

from services.errors import StoreUnavailable
from services.generation.adapters import mongo_track_reader
from services.generation.adapters.buckets import documents_of, overlapping
from services.generation.adapters.indexes import INDEXES
from services.generation.adapters.mongo import connect_worker, journalled_worker, opened
from services.generation.adapters.mongo_track_reader import MongoTrackReader
from services.generation.adapters.mongo_tracks import FAN, MongoTracks
from services.generation.domain.points import Points
from tests.builders_points import DAY_MS, MONDAY_MS, assert_same, cut, drive
from tests.integration.mongo import Mongod

END_MS = MONDAY_MS + 400 * DAY_MS
MAX_TIME_EXPIRED = 50  # not repeated by the driver


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


async def test_what_is_written_is_read(store: Store) -> None:
    """Points come back exactly, in time order, over days."""
    points = drive(3_000, step_ms=60_000, altitude_m=None)

    assert [3_000] == await store.add(points)
    assert_same(points, store.all())


async def test_a_period_is_half_open(store: Store) -> None:
    """The point at the start belongs to it, the one at the end does not; another tracker's never do."""
    await store.add(drive(10))
    await store.writer.add(2, drive(10, start_ms=MONDAY_MS + 5))

    assert_same(drive(10).take(slice(2, 5)), store.reader.read(1, MONDAY_MS + 20_000, MONDAY_MS + 50_000))
    assert 0 == len(store.reader.read(1, MONDAY_MS + 20_001, MONDAY_MS + 30_000))
    assert 0 == len(store.reader.read(3, MONDAY_MS, END_MS))


async def test_the_span_reaches_from_the_first_to_the_last_point(store: Store) -> None:
    """Buckets that overlap do not mislead it."""
    assert store.reader.span(1) is None
    await store.add(
        drive(3, start_ms=MONDAY_MS + 500), drive(2, step_ms=5 * DAY_MS), drive(1, start_ms=MONDAY_MS + 900)
    )

    assert (MONDAY_MS, MONDAY_MS + 5 * DAY_MS) == store.reader.span(1)


async def test_writing_again_changes_nothing(store: Store) -> None:
    """Not a document is added, whole or in parts."""
    points = drive(5_000)
    await store.add(points)
    before = store.buckets.count_documents({})

    assert [0] * 4 == await store.add(points, *cut(points, [10, 700]))
    assert before == store.buckets.count_documents({})


async def test_a_better_point_replaces_a_poorer_one(store: Store) -> None:
    """One that knows more counts as stored, one that knows less as unchanged."""
    poor, rich = drive(100, odometer_km=None), drive(100)

    assert [100, 100, 0] == await store.add(poor, rich, poor)
    assert_same(rich, store.all())


@pytest.mark.parametrize("seed", range(3))
async def test_late_repeated_and_shuffled_imports_read_like_a_clean_one(store: Store, seed: int) -> None:
    """Order, repetition and batch size leave no trace, nor do poorer points of the same moments."""
    chance = random.Random(seed)
    points = drive(4_000, step_ms=45_000)
    poorer = drive(4_000, step_ms=45_000, satellites=None, speed_kmh=np.full(4_000, 99.0))
    parts = cut(points, [chance.randint(1, 150) for _ in range(50)])
    parts += chance.sample(parts, 10) + cut(poorer, [chance.randint(1, 900) for _ in range(5)])
    chance.shuffle(parts)
    await store.add(*parts)

    assert_same(points, store.all())


async def test_a_batch_may_be_unordered_and_repeat_itself(store: Store) -> None:
    """The store brings order."""
    points = drive(50)
    jumbled = Points.join([points, points]).take(np.random.default_rng(0).permutation(100))

    assert [50] == await store.add(jumbled)
    assert_same(points, store.all())


async def test_two_writers_at_once_lose_nothing(store: Store) -> None:
    """Tasks that write the same and different points together leave what one would have."""
    points = drive(2_600)
    halves = [cut(points.take(slice(first, first + 1_600)), [37] * 45) for first in (0, 1_000)]
    await asyncio.gather(*(store.add(*parts) for parts in [*halves, *halves]))

    assert_same(points, store.all())


async def test_two_processes_at_once_lose_nothing(store: Store, mongodb_uri: str, database: str) -> None:
    """The same between processes."""
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=import_part, args=(mongodb_uri, database, first)) for first in (0, 800)]
    for writer in writers:
        writer.start()
    for writer in writers:
        await asyncio.to_thread(writer.join)

    assert [0, 0] == [writer.exitcode for writer in writers]
    assert_same(drive(2_000), store.all())


def import_part(uri: str, name: str, first: int) -> None:
    """Import some points: what a process of the test above does."""

    async def run() -> None:
        async with opened(uri, name) as database:
            for part in cut(drive(2_000).take(slice(first, first + 1_200)), [29] * 60):
                await MongoTracks(database).add(1, part)

    asyncio.run(run())


async def test_small_buckets_are_merged(store: Store) -> None:
    """Point by point, a day never has FAN buckets of a tier; what was merged goes by itself."""
    await store.add(*cut(drive(FAN * FAN + 3), [1] * (FAN * FAN + 2)))

    assert [0, 0, 0, 2] == store.waiting()
    assert store.buckets.count_documents({"superseded": None}) == 4
    assert not list(store.buckets.find({"superseded": {"$ne": None}, "expire_time": None}))
    assert_same(drive(FAN * FAN + 3), store.all())


async def test_merged_buckets_are_full_in_the_end(store: Store) -> None:
    """FAN buckets that are nearly half full give full ones, which are left alone."""
    await store.add(*cut(drive(FAN * 900, step_ms=5_000), [900] * (FAN - 1)))

    assert [] == store.waiting()
    assert {1_800} == {bucket["count"] for bucket in store.buckets.find({"superseded": None})}


async def test_a_merge_that_gives_one_of_its_sources_loses_nothing(store: Store) -> None:
    """A bucket with better points of all the others stays what it was, but is another."""
    poor, rich = drive(FAN - 1, speed_kmh=None), drive(FAN - 1)
    await store.add(*cut(poor, [1] * (FAN - 2)), rich)

    assert [1] == store.waiting()
    assert_same(rich, store.all())


async def test_bytes_written_stay_linear(store: Store, mongo_client: MongoClient[dict[str, Any]]) -> None:
    """Four times as many single points cost four times the journal, not sixteen times."""

    async def journal_bytes(tracker_id: int, count: int) -> int:
        before = logged(mongo_client)
        for point in cut(drive(count), [1] * (count - 1)):
            await store.writer.add(tracker_id, point)
        return logged(mongo_client) - before

    once, fourfold = await journal_bytes(1, 100), await journal_bytes(2, 400)

    assert fourfold < 4.6 * once
    assert fourfold < 400 * 3_000


def logged(client: MongoClient[dict[str, Any]]) -> int:
    count: int = client.admin.command("serverStatus")["wiredTiger"]["log"]["log bytes of payload data"]
    return count


async def test_a_reader_never_misses_a_point_while_buckets_are_merged(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every point that was acknowledged before a read began is in it, though buckets move under the cursor."""
    monkeypatch.setattr(mongo_track_reader, "BATCH", 2)
    written, reads = 0, 0

    async def write() -> None:
        nonlocal written
        for point in cut(drive(300), [1] * 299):
            await store.add(point)
            written += 1

    writing = asyncio.create_task(write())
    while not writing.done():
        known = written
        found = await asyncio.to_thread(store.all)
        assert known <= len(found) <= written + 1
        assert_same(drive(len(found)), found)
        reads += 1
    await writing

    assert reads > 20


async def test_a_cursor_that_is_open_during_a_merge_sees_every_point(store: Store) -> None:
    """It began before: what is superseded meanwhile is still its own."""
    points = cut(drive(FAN), [1] * FAN)
    await store.add(*points[:-1])
    query, by_time = overlapping(1, MONDAY_MS, END_MS), {"tracker_id": 1, "to_ms": 1, "from_ms": 1}
    cursor = store.buckets.find(query, batch_size=2).sort("to_ms").hint(by_time)  # a plan that is chosen reads ahead
    first = next(cursor)
    await store.add(points[-1])

    assert 1 == len(store.waiting())
    assert FAN - 1 <= len([first, *cursor])


@contextmanager
def failing(client: MongoClient[dict[str, Any]], command: str) -> Iterator[None]:
    """Let the server fail the next command of a kind: it hangs up on a write, and finds a read too slow."""
    fault = {"closeConnection": True} if command in {"insert", "update"} else {"errorCode": MAX_TIME_EXPIRED}
    data = {"failCommands": [command], "appName": "daybook", **fault}
    client.admin.command("configureFailPoint", "failCommand", mode={"times": 1}, data=data)
    try:
        yield
    finally:
        client.admin.command("configureFailPoint", "failCommand", mode="off")


@pytest.mark.parametrize("command", ["aggregate", "find", "insert", "update"])
async def test_a_merge_that_dies_at_any_step_costs_nothing(
    store: Store, mongo_client: MongoClient[dict[str, Any]], command: str
) -> None:
    """Nothing is lost or read twice, and the next merge tidies up."""
    points = cut(drive(FAN), [1] * FAN)
    documents = [document for point in points for document in documents_of(1, point)]
    store.buckets.insert_many(documents)
    monday = {document["day"] for document in documents}
    with failing(mongo_client, command), pytest.raises(StoreUnavailable):
        await store.writer.merge(1, monday)

    assert_same(drive(FAN), store.all())
    await store.writer.merge(1, monday)
    assert [1] == store.waiting()
    assert_same(drive(FAN), store.all())


async def test_a_failing_merge_does_not_fail_the_write(store: Store, mongo_client: MongoClient[dict[str, Any]]) -> None:
    """The points were on disk before."""
    points = cut(drive(FAN), [1] * FAN)
    await store.add(*points[:-1])
    with failing(mongo_client, "update"):
        assert [1] == await store.add(points[-1])

    assert_same(drive(FAN), store.all())


async def test_a_store_that_is_gone_is_said_to_be_unavailable(
    store: Store, mongo_client: MongoClient[dict[str, Any]]
) -> None:
    """Nothing is answered as done."""
    with failing(mongo_client, "insert"), pytest.raises(StoreUnavailable):
        await store.add(drive(1))
    with failing(mongo_client, "find"), pytest.raises(StoreUnavailable):
        store.all()

    assert 0 == len(store.all())


async def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    """Mongod is killed the moment a write is answered. All points answered are there afterwards, stored or unchanged.

    Points are called unchanged that a hasty writer had not yet brought to disk itself.
    """
    mongod = Mongod(tmp_path).start()
    try:
        async with store_at(mongod.uri, "kill") as store:
            assert [1] * FAN == await store.add(*cut(drive(FAN), [1] * FAN))
            hasty = store.buckets.with_options(write_concern=WriteConcern(w=1, j=False))
            hasty.insert_many(documents_of(2, drive(50)))
            assert 0 == await store.writer.add(2, drive(50))
            mongod.kill()
            mongod.start()
            assert_same(drive(FAN), store.all())
            assert_same(drive(50), store.reader.read(2, MONDAY_MS, END_MS))
    finally:
        mongod.kill()
