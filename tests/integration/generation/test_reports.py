"""Reports on a real MongoDB as their owners see them: slots, repeats, lists, parts."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from daybook.report.v1.sheet_pb2 import SheetPart
from pymongo import MongoClient

from services.errors import StoreUnavailable
from services.errors.reports import TooManyReports
from services.generation.kit.parts import cut
from services.generation.reporting.report import PartSelection
from services.generation.store import mongo_reports
from services.generation.store.mongo import connect_worker, journalled_worker, store_errors
from services.generation.store.mongo_parts import PartStore
from services.generation.store.mongo_queue import MongoQueue
from services.generation.store.mongo_reports import MongoReports
from tests.builders import mongod
from tests.builders.parts import with_json
from tests.builders.people import report
from tests.builders.sheets import trips_report

mongodb_uri, mongo_client = mongod.own_mongodb_uri, mongod.own_mongo_client  # tests here break the server

SLOTS = 5
MONTH = timedelta(days=30)


@pytest.fixture
def reports(db: Any) -> MongoReports:
    return MongoReports(db, SLOTS, 2 * SLOTS)


@pytest.fixture
def queue(db: Any) -> MongoQueue:
    return MongoQueue(db, timedelta(seconds=15), MONTH)


async def test_of_forty_at_once_five_are_admitted(reports: MongoReports, db: Any) -> None:
    """The limit of reports in the making is exact under any concurrency; each user has its own."""
    other = MongoReports(db, SLOTS, 2 * SLOTS)
    asks = [(reports if number % 2 else other).queue(report()) for number in range(40)]
    outcomes = await asyncio.gather(*asks, return_exceptions=True)

    assert SLOTS == len({one for one in outcomes if isinstance(one, int)})
    assert 40 - SLOTS == sum(isinstance(one, TooManyReports) for one in outcomes)
    assert SLOTS == await db.reports.count_documents({})
    assert await reports.queue(report(owner_id=2))


async def test_a_refused_report_wastes_no_id(reports: MongoReports) -> None:
    """Somebody who asks again and again while full does not use up the ids."""
    ids = [await reports.queue(report()) for _ in range(SLOTS)]
    for _ in range(200):
        with pytest.raises(TooManyReports):
            await reports.queue(report())

    assert max(ids) + 1 == await reports.queue(report(owner_id=2))


async def test_a_repeated_request_is_answered_with_the_first_id(reports: MongoReports, db: Any) -> None:
    """Also when both come at once, or it took the last slot; another user's is another request."""
    for _ in range(SLOTS - 1):
        await reports.queue(report())
    other = MongoReports(db, SLOTS, 2 * SLOTS)
    asks = [(reports if number % 2 else other).queue(report(request_id="again")) for number in range(30)]
    ids = set(await asyncio.gather(*asks))

    assert 1 == len(ids)
    assert ids == {await reports.queue(report(request_id="again", title="Other"))}
    assert ids != {await reports.queue(report(request_id="again", owner_id=2))}
    with pytest.raises(TooManyReports):
        await reports.queue(report(request_id="new"))


async def test_parts_come_in_order(reports: MongoReports, queue: MongoQueue, mongodb_uri: str, database: str) -> None:
    """Sheets are counted from 0 whichever were left out, only those of the finished attempt are read."""
    await reports.queue(report())
    stale = await queue.claim("one")
    assert stale is not None
    await queue.hand_back(stale, "one")
    claimed = await queue.claim("two")
    assert claimed is not None
    sheet = trips_report(rows=5_000, rows_per_part=5_000, sheets=1)[1][0].sheet
    with connect_worker(mongodb_uri) as client:
        for attempt, indexes in ((stale, (0, 1)), (claimed, (5, 2))):
            store = PartStore(journalled_worker(client, database), attempt, MONTH)
            counts = [store.put(index, with_json(sheet, index)) for index in indexes]
            assert [3, 3] == [store.put(index, with_json(sheet, index)) for index in indexes] == counts
    parts = [part async for part in reports.parts(replace(claimed, sheet_numbers=(2, 5)))]

    assert [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)] == [(one.sheet_index, one.part_index) for one in parts]
    assert [False, False, True] * 2 == [one.last for one in parts]
    assert [one.sheet for one in cut(sheet, 0)] * 2 == [SheetPart.FromString(one.message).sheet for one in parts]


async def test_a_range_of_rows_reads_the_parts_that_it_meets(
    reports: MongoReports, queue: MongoQueue, mongo_client: MongoClient[Any], database: str, db: Any
) -> None:
    """Of 50,000 rows 2,000 are in two parts, and MongoDB looks at no other; a range behind the end looks at none."""
    await reports.queue(report())
    claimed = await queue.claim("me")
    assert claimed is not None
    sheet = trips_report(rows=50_000, rows_per_part=50_000, sheets=1)[1][0].sheet
    PartStore(journalled_worker(mongo_client, database), claimed, MONTH).put(0, with_json(sheet, 0))
    claimed, examined = replace(claimed, sheet_numbers=(0,)), []
    for rows in ((40_000, 42_000), (60_000, 61_000)):
        await db.command("profile", 2)
        parts = [part async for part in reports.parts(claimed, PartSelection(0, rows))]
        await db.command("profile", 0)
        done = await db["system.profile"].find({"command.find": "report_sheets"}).to_list()
        await db.drop_collection("system.profile")
        examined.append((len(parts), sum(one["docsExamined"] for one in done)))

    (met, looked_at), behind = examined
    assert met == looked_at <= 3
    assert (0, 0) == behind


async def test_a_sheet_made_again_with_fewer_parts_keeps_none_of_the_old(
    reports: MongoReports, queue: MongoQueue, mongodb_uri: str, database: str
) -> None:
    """A unit that is run again replaces what it wrote before."""
    await reports.queue(report())
    claimed = await queue.claim("me")
    assert claimed is not None
    long, short = (trips_report(rows=rows, rows_per_part=rows, sheets=1)[1][0].sheet for rows in (5_000, 10))
    with connect_worker(mongodb_uri) as client:
        store = PartStore(journalled_worker(client, database), claimed, MONTH)
        assert [3, 1] == [store.put(0, with_json(sheet, 0)) for sheet in (long, short)]

    read = reports.parts(replace(claimed, sheet_numbers=(0,)))
    assert [short] == [SheetPart.FromString(part.message).sheet async for part in read]


async def test_a_long_reading_of_parts_is_not_cut(
    reports: MongoReports,
    queue: MongoQueue,
    mongo_client: MongoClient[Any],
    database: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each few parts may take as long as a whole call elsewhere; the first few are waited for no longer."""
    monkeypatch.setattr(mongo_reports, "store_errors", partial(store_errors, 3))
    monkeypatch.setattr(mongo_reports, "PARTS_AT_ONCE", 2)
    await reports.queue(report())
    claimed = await queue.claim("me")
    assert claimed is not None
    sheet = trips_report(rows=30_000, rows_per_part=30_000, sheets=1)[1][0].sheet
    count = PartStore(journalled_worker(mongo_client, database), claimed, MONTH).put(0, with_json(sheet, 0))

    claimed = replace(claimed, sheet_numbers=(0,))
    with slowly(mongo_client, "find", seconds=1.5):
        assert count == len([part async for part in reports.parts(claimed)])
    assert count > 2 * 2  # so all of them took longer than a call may
    with slowly(mongo_client, "find", seconds=8), pytest.raises(StoreUnavailable):
        await anext(reports.parts(claimed))


@contextmanager
def slowly(client: MongoClient[Any], command: str, seconds: float) -> Iterator[None]:
    """Let every such command take that much longer."""
    slow: dict[str, Any] = {"failCommands": [command], "blockConnection": True, "blockTimeMS": round(seconds * 1000)}
    client.admin.command({"configureFailPoint": "failCommand", "mode": "alwaysOn", "data": slow})
    try:
        yield
    finally:
        client.admin.command({"configureFailPoint": "failCommand", "mode": "off"})
