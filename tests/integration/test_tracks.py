"""The store of track points on a real MongoDB: whatever happens, it reads like one clean import."""

import asyncio
import multiprocessing
import random
from pathlib import Path

import numpy as np
import pytest
from pymongo import WriteConcern

from services.generation.domain.samples import Samples
from services.generation.inputs.points import POINTS
from services.generation.store.buckets import documents_of
from services.generation.store.mongo import opened
from services.generation.store.mongo_buckets import FAN
from services.generation.store.mongo_series import MongoSeries
from tests.builders.mongod import Mongod
from tests.builders.points import DAY_MS, MONDAY_MS, assert_same, cut, drive
from tests.builders.track_store import END_MS, Store, store_at


async def test_what_is_written_is_read(store: Store) -> None:
    """Points come back exactly, in time order, over days."""
    points = drive(3_000, step_ms=60_000, altitude_m=None)

    assert [3_000] == await store.add(points)
    assert_same(points, store.all())


async def test_a_period_is_half_open(store: Store) -> None:
    """The point at the start belongs to it, the one at the end does not; another tracker's never do."""
    await store.add(drive(10))
    await store.writer.add(POINTS, 2, drive(10, start_ms=MONDAY_MS + 5))

    assert_same(drive(10).take(slice(2, 5)), store.read(1, MONDAY_MS + 20_000, MONDAY_MS + 50_000))
    assert 0 == len(store.read(1, MONDAY_MS + 20_001, MONDAY_MS + 30_000))
    assert 0 == len(store.read(3, MONDAY_MS, END_MS))


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


async def test_which_point_stays_does_not_depend_on_the_columns_that_are_read(store: Store) -> None:
    """Two points of a moment are told apart by all that they know, also where their speeds alone are read."""
    poor, rich = drive(100, satellites=None, speed_kmh=np.full(100, 99.0)), drive(100)
    await store.add(poor, rich)

    moments, columns = store.reader.read(1, MONDAY_MS, END_MS, ["speed_kmh"])

    assert (rich.time_ms.tolist(), ["speed_kmh"]) == (moments.tolist(), [*columns])
    assert rich.column("speed_kmh").tolist() == columns["speed_kmh"].tolist()


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
    jumbled = Samples.join([points, points]).take(np.random.default_rng(0).permutation(100))

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
                await MongoSeries(database).add(POINTS, 1, part)

    asyncio.run(run())


async def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    """Mongod is killed the moment a write is answered. All points answered are there afterwards, stored or unchanged.

    Points are called unchanged that a hasty writer had not yet brought to disk itself.
    """
    mongod = Mongod(tmp_path).start()
    try:
        async with store_at(mongod.uri, "kill") as store:
            assert [1] * FAN == await store.add(*cut(drive(FAN), [1] * FAN))
            hasty = store.buckets.with_options(write_concern=WriteConcern(w=1, j=False))
            hasty.insert_many(documents_of(POINTS, 2, drive(50)))
            assert 0 == await store.writer.add(POINTS, 2, drive(50))
            mongod.kill()
            mongod.start()
            assert_same(drive(FAN), store.all())
            assert_same(drive(50), store.read(2, MONDAY_MS, END_MS))
    finally:
        mongod.kill()
