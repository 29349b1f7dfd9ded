"""Merging small buckets on a real MongoDB: bytes stay linear, readers and crashes notice nothing."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pymongo import MongoClient

from services.errors import StoreUnavailable
from services.generation.inputs.points import POINTS
from services.generation.store import series_reader
from services.generation.store.buckets import documents_of, overlapping
from services.generation.store.mongo_buckets import FAN
from tests.builders import mongod
from tests.builders.points import MONDAY_MS, assert_same, cut, drive
from tests.builders.track_store import END_MS, Store

mongodb_uri, mongo_client = mongod.own_mongodb_uri, mongod.own_mongo_client  # tests here break the server

MAX_TIME_EXPIRED = 50  # not repeated by the driver


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
    """Four times as many single points cost about four times the journal, one more merge included, not sixteen."""

    async def journal_bytes(tracker_id: int, count: int) -> int:
        before = logged(mongo_client)
        for point in cut(drive(count), [1] * (count - 1)):
            await store.writer.add(POINTS, tracker_id, point)
        return logged(mongo_client) - before

    once, fourfold = await journal_bytes(1, 100), await journal_bytes(2, 400)

    assert fourfold < 6 * once
    assert fourfold < 400 * 3_000


def logged(client: MongoClient[dict[str, Any]]) -> int:
    count: int = client.admin.command("serverStatus")["wiredTiger"]["log"]["log bytes of payload data"]
    return count


async def test_a_reader_never_misses_a_point_while_buckets_are_merged(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every point that was acknowledged before a read began is in it, though buckets move under the cursor."""
    monkeypatch.setattr(series_reader, "BATCH", 2)
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
    query, by_time = overlapping(POINTS, 1, MONDAY_MS, END_MS), {"tracker_id": 1, "to_ms": 1, "from_ms": 1}
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
    documents = [document for point in points for document in documents_of(POINTS, 1, point)]
    store.buckets.insert_many(documents)
    monday = {document["day"] for document in documents}
    with failing(mongo_client, command), pytest.raises(StoreUnavailable):
        await store.writer.merge(POINTS, 1, monday)

    assert_same(drive(FAN), store.all())
    await store.writer.merge(POINTS, 1, monday)
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
