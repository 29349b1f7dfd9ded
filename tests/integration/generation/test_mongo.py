"""Failures and slowness of MongoDB as callers see them."""

import asyncio
import random
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from services.errors import StoreUnavailable, Unavailable
from services.generation.store.indexes import all_indexes, create_indexes
from services.generation.store.mongo import begun, opened, store_errors
from services.runtime import deadline
from tests.builders import mongod

mongodb_uri, mongo_client = mongod.own_mongodb_uri, mongod.own_mongo_client  # tests here break the server


@pytest.fixture
def slow_finds(mongo_client: MongoClient[Any]) -> Any:
    """Let MongoDB think long about every find."""
    slowness = {"failCommands": ["find"], "blockConnection": True, "blockTimeMS": 10_000}
    fail_point = {"configureFailPoint": "failCommand", "data": slowness}
    mongo_client.admin.command(fail_point | {"mode": "alwaysOn"})
    yield
    mongo_client.admin.command(fail_point | {"mode": "off"})


async def test_a_call_waits_no_longer_than_its_deadline(db: Any, slow_finds: None) -> None:
    """When the call's time is up nobody knows whether the store hangs; past the store's own time it does."""
    del slow_finds
    deadline.begin(0.4)
    with pytest.raises(Unavailable) as late, store_errors():
        await db.users.find_one({})
    with pytest.raises(Unavailable) as late_too:
        await begun(db.users.find_one({}))
    deadline.begin(None)

    assert {"SERVICE_UNAVAILABLE"} == {late.value.reason, late_too.value.reason}
    with pytest.raises(StoreUnavailable), store_errors(0.2):
        await db.users.find_one({})


async def test_a_store_that_is_not_there_is_unavailable_whatever_the_deadline() -> None:
    """No server is found: the cause is the store, however little time the call had."""
    async with opened("mongodb://127.0.0.1:1/", "gone") as gone:
        deadline.begin(0.2)
        with pytest.raises(StoreUnavailable), store_errors():
            await gone.users.find_one({})
        deadline.begin(None)


def test_a_full_disk_is_unavailability() -> None:
    """A MongoDB that has no room refuses writes in words of the system; they may be repeated when there is room."""
    refused = OperationFailure("28: No space left on device", 8)
    with pytest.raises(StoreUnavailable), store_errors():
        raise refused


async def test_a_lost_cursor_is_unavailability(db: Any) -> None:
    """A MongoDB that was started again in the middle of a reading does not know it any more."""
    await db.addresses.insert_many([{"_id": number} for number in range(9)])
    async with db.addresses.find({}, batch_size=2) as cursor:
        await anext(cursor)
        await db.command("killCursors", "addresses", cursors=[cursor.cursor_id])
        with pytest.raises(StoreUnavailable), store_errors():
            await cursor.to_list()


async def test_a_write_repeated_as_on_a_replica_set_is_unavailability() -> None:
    """PyMongo does so at a standalone server that stops while a connection begins; the server has written nothing."""
    text = "This MongoDB deployment does not support retryable writes."
    details = {"code": 20, "errmsg": "Transaction numbers are only allowed on a replica set member or mongos"}
    with pytest.raises(StoreUnavailable), store_errors():
        raise OperationFailure(text, 20, details)


async def test_other_failures_are_not_unavailability(db: Any) -> None:
    """A wrong query is wrong, however often it is tried."""
    with pytest.raises(OperationFailure), store_errors():
        await db.users.find_one({"$nonsense": 1})


@pytest.mark.filterwarnings("ignore:unclosed .socket:ResourceWarning")  # PyMongo leaves them when cancelled connecting
async def test_a_cancelled_task_is_cancelled(db: Any) -> None:
    """Whatever moment the cancellation comes at, nobody goes on working after it."""
    await db.users.insert_one({"_id": 1})
    went_on = []

    async def work(number: int) -> None:
        with store_errors():
            await db.users.find_one({"_id": 1})
        went_on.append(number)

    for number in range(200):
        task = asyncio.create_task(work(number))
        for _ in range(random.randrange(12)):
            await asyncio.sleep(0)
        in_time = task.cancel()
        await asyncio.wait([task])
        assert in_time == task.cancelled() == (number not in went_on)


async def test_a_task_may_clean_up_after_its_cancellation(db: Any) -> None:
    """The last work of a cancelled task is not cancelled by the same cancellation once more."""
    cleaned = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            with store_errors():
                await db.users.insert_one({"_id": "cleaned"})
            cleaned.set()

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])

    assert cleaned.is_set()


async def test_acknowledged_means_on_disk(db: Any) -> None:
    """Every write of the service waits for the journal."""
    assert {"w": 1, "j": True} == db.write_concern.document == db.reports.write_concern.document


async def test_indexes_are_made_once(db: Any) -> None:
    """Making them again changes nothing: a restart finds them all."""
    before = {name: await db[name].index_information() for name in all_indexes()}
    await create_indexes(db)

    assert before == {name: await db[name].index_information() for name in all_indexes()}
    assert all(len(before[name]) == len(all_indexes()[name]) + 1 for name in all_indexes())  # and the one by _id
