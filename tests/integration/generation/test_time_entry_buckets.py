"""Buckets of time entries on a real MongoDB: they never tell anything but what the entries say."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pymongo import AsyncMongoClient
from pymongo.monitoring import CommandListener, CommandStartedEvent

from services.errors import NotFound
from services.generation.inputs.time_entries import TIME_ENTRIES
from services.generation.store import mongo_entry_buckets, mongo_time_entries
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo_entry_buckets import MongoEntryBuckets, Week, empty_buckets
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_time_entries import MongoTimeEntries
from services.generation.store.time_entry_buckets import SCHEMA, WEEK_S, week_of
from services.generation.timetracking.entries import ALL_COLUMNS
from services.generation.timetracking.filters import Choice, Filter
from services.generation.timetracking.periods import Span
from tests.builders.examples import examples
from tests.builders.time_entries import EntryRow
from tests.contracts.time_entries import DAY, DAY_S, HOUR, PLAIN, TimeEntriesContract

WEEKS = 3
WEEK = timedelta(seconds=WEEK_S)
PERIOD = Filter(1, (Span((7, 8), DAY_S, DAY_S + WEEKS * WEEK_S),))
Told = list[tuple[int, int, int, str]]

rows = st.builds(
    EntryRow,
    id=st.integers(1, 6),
    user_id=st.sampled_from([7, 8, 9]),
    start=st.integers(0, WEEKS * 7 * 24 - 1).map(lambda hours: DAY + hours * HOUR),
    seconds=st.none() | st.integers(0, 100),
    description=st.sampled_from(["", "Design", "Tests"]),
)
puts = st.tuples(st.just("put"), st.lists(rows, min_size=1, max_size=4, unique_by=lambda row: row.id))
deletes = st.tuples(st.just("delete"), st.sets(st.integers(1, 6), min_size=1, max_size=3))
crashes = st.tuples(st.just("crash"), st.lists(rows, min_size=1, max_size=4, unique_by=lambda row: row.id))
reads = st.tuples(st.just("read"), st.none())
changes = st.lists(puts | deletes, min_size=1, max_size=5)


class Heard(CommandListener):
    """Collections that finds are on."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name == "find":
            self.found.append(event.command["find"])

    def succeeded(self, event: object) -> None:
        """Nothing to hear."""

    def failed(self, event: object) -> None:
        """Nothing to hear."""


@pytest.fixture(autouse=True)
def _every_week_is_filled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo_time_entries, "FEWEST_FILLED", 1)
    monkeypatch.setattr(mongo_entry_buckets, "QUIET_MS", 0)


async def put(db: Any, some: Iterable[EntryRow]) -> None:
    await MongoInputs(db).put(TIME_ENTRIES, 1, [TIME_ENTRIES.document(one.message) for one in some])


async def told(db: Any, wanted: Filter = PERIOD) -> Told:
    """Return what a report reads."""
    found: Told = []
    async for run in MongoTimeEntries(db).read(wanted, columns=ALL_COLUMNS):
        words = [run.description.values[code] for code in run.description.codes]
        found.extend(zip(run.id.tolist(), run.start_s.tolist(), run.seconds.tolist(), words, strict=True))
    return found


async def right(db: Any) -> Told:
    """Return what the documents say."""
    wanted = {"workspace_id": 1, "user_id": {"$in": [7, 8]}, "seconds": {"$gte": 0}}
    return [
        (one["_id"], round(one["start_time"].timestamp()), one["seconds"], one["description"])
        async for one in db.time_entries.find(wanted).sort({"start_time": 1, "_id": 1})
    ]


async def filled(db: Any) -> int:
    return int(await db.time_entry_buckets.count_documents({"columns": {"$exists": True}}))


async def act(db: Any, what: str, some: Any) -> None:
    """Do a step; a writer that dies changed some of its entries, or none, after it had emptied the buckets."""
    if what == "put":
        await put(db, some)
    elif what == "delete":
        await MongoInputs(db).delete(TIME_ENTRIES, 1, {(one,) for one in some}, allow_missing=True)
    elif what == "crash":
        known = [one["start_time"] async for one in db.time_entries.find({"_id": {"$in": [one.id for one in some]}})]
        await empty_buckets(db, 1, [*known, *(one.start for one in some)])
        for one in some[::2]:
            await db.time_entries.replace_one({"_id": one.id}, one.document(1, one.start), upsert=True)
    else:
        await told(db)


class TestBucketsKeepTheContract(TimeEntriesContract):
    @pytest.fixture
    def entries(self, db: Any) -> Any:
        """Return the adapter, which reads everything twice: the second time from buckets."""

        class Twice(MongoTimeEntries):
            async def put(self, workspace_id: int, some: Iterable[EntryRow]) -> None:
                last = max([one["_id"] async for one in db.time_entries.find({}, {"_id": 1})], default=0)
                named = [replace(one, id=one.id or last + place) for place, one in enumerate(some, 1)]
                await empty_buckets(db, workspace_id, [one.start for one in named])
                await db.time_entries.insert_many([one.document(workspace_id, one.start) for one in named])
                whole = Filter(workspace_id, (Span((7, 8, 9), DAY_S - WEEK_S, DAY_S + WEEK_S),))
                async for _ in self.read(whole, columns=("id",)):
                    pass

        return Twice(db)


@examples(40, HealthCheck.function_scoped_fixture)
@given(st.lists(puts | deletes | crashes | reads, min_size=1, max_size=12))
async def test_a_read_tells_what_the_documents_say(db: Any, steps: list[tuple[str, Any]]) -> None:
    """Whatever was stored, corrected, moved to another week, deleted or begun by a writer that died."""
    for collection in (db.time_entries, db.time_entry_buckets):
        await collection.delete_many({})
    for what, some in steps:
        await act(db, what, some)
        assert await right(db) == await told(db) == await told(db)


@examples(25, HealthCheck.function_scoped_fixture)
@given(
    *[st.lists(puts | deletes, min_size=1, max_size=5)] * 2, st.lists(rows, max_size=4, unique_by=lambda row: row.id)
)
async def test_two_writers_and_readers_leave_no_wrong_bucket(
    db: Any, first: list[tuple[str, Any]], second: list[tuple[str, Any]], before: list[EntryRow]
) -> None:
    """Buckets that were there, and those that readers fill meanwhile, go with the changes."""
    for collection in (db.time_entries, db.time_entry_buckets):
        await collection.delete_many({})
    await db.time_entries.insert_many([one.document(1, one.start) for one in [PLAIN, *before]])

    async def writes(steps: list[tuple[str, Any]]) -> None:
        for what, some in steps:
            await act(db, what, some)

    async def look() -> None:
        for _ in range(4):
            await told(db)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mongo_entry_buckets, "QUIET_MS", 240_000)
        await asyncio.gather(writes(first), look(), writes(second), look())
    kept = await told(db)
    assert await right(db) == kept == await told(db)


async def test_a_second_read_asks_for_buckets_alone(db: Any, mongodb_uri: str) -> None:
    """Of whatever part of the period, by whatever member and project."""
    await put(db, [replace(PLAIN, start=DAY + place * WEEK / 2, project_id=place) for place in range(6)])
    await told(db)
    assert WEEKS + 1 == await filled(db)  # weeks begin on Thursdays, the period does not
    heard = Heard()
    async with AsyncMongoClient(mongodb_uri, tz_aware=True, event_listeners=[heard]) as client:
        whole = await told(client[db.name])
        some = await told(client[db.name], replace(PERIOD, projects=Choice(frozenset({2, 4})), min_seconds=60))

    assert [1, 2, 3, 4, 5, 6] == [one[0] for one in whole]
    assert [3, 5] == [one[0] for one in some]
    assert {"time_entry_buckets"} == set(heard.found)


async def test_a_bucket_that_was_emptied_lately_is_left_empty(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The change that it was emptied for may be under way."""
    monkeypatch.setattr(mongo_entry_buckets, "QUIET_MS", 60_000)
    await put(db, [PLAIN])

    assert 1 == len(await told(db))
    assert 0 == await filled(db)


@pytest.mark.parametrize("version", [None, 1])
async def test_a_bucket_that_is_emptied_while_it_is_filled_stays_empty(db: Any, version: int | None) -> None:
    """The stored entries are no longer those that were read."""
    if version:
        await empty_buckets(db, 1, [DAY])
    await db.time_entries.insert_one(replace(PLAIN, id=1).document(1, DAY))
    await empty_buckets(db, 1, [DAY])
    await MongoEntryBuckets(db).fill(Week(1, week_of(DAY_S), version))

    assert 0 == await filled(db)


async def test_a_week_of_too_many_entries_stays_documents(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not read in vain again and again; a change gives it another try."""
    monkeypatch.setattr(mongo_entry_buckets, "MOST_BYTES", 100)
    await put(db, [PLAIN])
    assert [1] == [one[0] for one in await told(db) + await told(db)][:1]
    assert 1 == await db.time_entry_buckets.count_documents({"too_long": True})
    monkeypatch.setattr(mongo_entry_buckets, "MOST_BYTES", 1 << 20)
    await put(db, [replace(PLAIN, id=1, seconds=5)])

    assert [5, 5] == [one[2] for one in await told(db) + await told(db)]
    assert 1 == await filled(db)


async def test_a_bucket_of_another_schema_is_filled_anew(db: Any) -> None:
    """Nothing of it is read."""
    await put(db, [PLAIN])
    await told(db)
    await db.time_entry_buckets.update_many({}, {"$set": {"schema": 99, "columns": {}}})

    assert await right(db) == await told(db) == await told(db)
    assert 1 == await db.time_entry_buckets.count_documents({"schema": SCHEMA, "count": 1})


async def test_a_read_leaves_nothing_of_a_workspace_that_is_being_removed(db: Any) -> None:
    """A bucket that is filled after those of the workspace were deleted goes again."""
    await put(db, [PLAIN])
    await RemovalGuard(db).announce("workspaces", [1])
    with pytest.raises(NotFound):
        await told(db)

    assert 0 == await db.time_entry_buckets.count_documents({})
