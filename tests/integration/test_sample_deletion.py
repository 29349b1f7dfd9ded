"""Deletion of samples on a real MongoDB: what is deleted is gone, what is not stays, whatever is merged meanwhile."""

import asyncio
import random
from typing import Any

import numpy as np
import pytest

from services.generation.domain.samples import Samples
from services.generation.inputs.points import POINTS
from services.generation.store.buckets import overlapping
from services.generation.store.mongo_buckets import FAN
from tests.builders.points import DAY_MS, MONDAY_MS, assert_same, cut, drive
from tests.builders.track_store import END_MS, Store

STEP_MS = 10_000


async def clear(store: Store, start_ms: int, end_ms: int) -> int:
    return await store.writer.clear(POINTS, 1, start_ms, end_ms)


async def count(store: Store) -> int:
    return (await store.writer.recorded(POINTS, 1)).count


async def test_an_interval_is_deleted_across_days_and_buckets(store: Store) -> None:
    """Half-open; the last reading and the span are of what is left."""
    points = drive(6000, step_ms=60_000)
    await store.add(*cut(points, [1900, 1900]))
    start, end = MONDAY_MS + DAY_MS // 2, MONDAY_MS + 3 * DAY_MS
    goes = (points.time_ms >= start) & (points.time_ms < end)

    assert (int(goes.sum()), 0) == (await clear(store, start, end), await clear(store, start, end))
    assert_same(points.take(~goes), store.all())
    assert await count(store) == int((~goes).sum())
    last = int(points.time_ms[-1])
    await clear(store, start, last + 1)
    assert store.reader.span(1) == (MONDAY_MS, start - 60_000)
    interval = store.reader.last_with("ignition", 1, END_MS)
    assert interval is not None
    assert interval[1] <= start


async def test_what_was_deleted_can_be_stored_again(store: Store) -> None:
    """Piece by piece, so that buckets come back that others have superseded."""
    points = drive(4, step_ms=STEP_MS)
    await store.add(points)
    for place in (0, 2, 1, 3):
        await clear(store, int(points.time_ms[place]), int(points.time_ms[place]) + 1)
    assert 0 == await count(store)

    assert [4] == await store.add(points)
    assert_same(points, store.all())


async def test_a_reader_that_has_begun_misses_no_sample_that_stays(store: Store) -> None:
    """The bucket that was cut is still there for it."""
    points = drive(100, step_ms=STEP_MS)
    await store.add(points)
    old = store.buckets.find_one({})
    await clear(store, MONDAY_MS, MONDAY_MS + 10 * STEP_MS)

    assert store.buckets.find_one({"_id": old["_id"], "expire_time": {"$ne": None}})
    assert 1 == store.buckets.count_documents(overlapping(POINTS, 1, MONDAY_MS, END_MS))


@pytest.mark.parametrize("seed", range(4))
async def test_any_order_of_writes_and_deletions_leaves_what_a_set_would(store: Store, seed: int) -> None:
    """With merges between them."""
    chosen = random.Random(seed)
    points, model = drive(300, step_ms=STEP_MS), set[int]()
    for _ in range(60):
        first = chosen.randrange(300)
        some = slice(first, first + chosen.choice([1, 2, 40]))
        times = points.time_ms[some].tolist()
        if chosen.random() < 0.75:
            assert [len(set(times) - model)] == await store.add(points.take(some))
            model |= set(times)
        else:
            assert len(model & set(times)) == await clear(store, times[0], times[-1] + 1)
            model -= set(times)
        assert len(model) == await count(store)
    assert_same(points.take(np.isin(points.time_ms, sorted(model))), store.all())


async def test_a_merge_under_way_brings_nothing_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has read its sources when they are deleted, and inserts what it made of them afterwards."""
    from services.generation.store import mongo_buckets  # noqa: PLC0415 - patched

    points = drive(FAN, step_ms=STEP_MS)
    reached, go_on = asyncio.Event(), asyncio.Event()
    insert = mongo_buckets.MongoBuckets.insert

    async def late(self: Any, documents: Any) -> int:
        if any(one.get("tier") == 1 for one in documents):
            reached.set()
            await go_on.wait()
        return await insert(self, documents)

    monkeypatch.setattr(mongo_buckets.MongoBuckets, "insert", late)
    writing = asyncio.create_task(store.add(*cut(points, [1] * (FAN - 1))))
    await reached.wait()
    assert 5 == await clear(store, MONDAY_MS, MONDAY_MS + 5 * STEP_MS)
    go_on.set()
    await writing

    assert_same(points.take(slice(5, None)), store.all())
    assert FAN - 5 == await count(store)


async def test_moments_that_several_buckets_have_count_once(store: Store) -> None:
    """Better points of the same moments are stored beside the old ones."""
    poor, rich = drive(50, speed_kmh=None), drive(50)
    await store.add(poor, rich, Samples.join([rich, drive(10, start_ms=MONDAY_MS + DAY_MS)]))

    assert 60 == await count(store)
    assert 50 == await clear(store, 0, MONDAY_MS + DAY_MS)
