"""Reading time entries for reports on a real MongoDB."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from services.generation.inputs.time_entries import TIME_ENTRIES
from services.generation.store import mongo_time_entries, raw_batches, time_entry_columns
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_time_entries import BY_START, MongoTimeEntries
from services.generation.store.time_entry_documents import query_of
from services.generation.timetracking.entries import ALL_COLUMNS, Entries
from services.generation.timetracking.filters import Choice, Filter
from services.generation.timetracking.periods import Span
from tests.builders import mongod
from tests.builders.time_entries import EntryRow
from tests.contracts.time_entries import DAY, PLAIN, WHOLE_DAY, ZONES, TimeEntriesContract, ids, stored

mongodb_uri, mongo_client = mongod.own_mongodb_uri, mongod.own_mongo_client  # tests here break the server


class Stored(MongoTimeEntries):
    """Adapter with a way to store entries as documents."""

    def __init__(self, db: Any) -> None:
        super().__init__(db)
        self._db = db

    async def put(self, workspace_id: int, rows: Sequence[EntryRow]) -> None:
        last = max([one["_id"] async for one in self._db.time_entries.find({}, {"_id": 1})], default=0)
        named = (replace(one, id=one.id or last + place) for place, one in enumerate(rows, 1))
        await self._db.time_entries.insert_many([one.document(workspace_id, one.start) for one in named])


@pytest.fixture
def entries(db: Any) -> Stored:
    return Stored(db)


class TestMongoTimeEntries(TimeEntriesContract):
    async def test_entries_by_id_come_in_the_order_asked(
        self, entries: Stored, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """However many queries that takes."""
        monkeypatch.setattr(mongo_time_entries, "LONGEST_RUN", 2)
        await super().test_entries_by_id_come_in_the_order_asked(entries)


def stages(plan: dict[str, Any]) -> Iterable[str]:
    yield plan["stage"]
    for below in [*plan.get("inputStages", []), *([plan["inputStage"]] if "inputStage" in plan else [])]:
        yield from stages(below)


@pytest.mark.parametrize("spans", [WHOLE_DAY, ZONES])
@pytest.mark.parametrize("step", [1, -1])
@pytest.mark.parametrize("exact", [True, False])
async def test_nothing_is_sorted_in_memory(db: Any, spans: tuple[Span, ...], step: int, *, exact: bool) -> None:
    """One walk of the index gives the order, for one span and for several, forwards and backwards."""
    await stored(Stored(db), *[PLAIN] * 20)
    wanted = Filter(1, spans, projects=Choice(frozenset({1}), none=True), descriptions=("x",))
    order = [("start_time", step), ("_id", step)]
    found = await db.time_entries.find(query_of(wanted, exact=exact), sort=order, hint=BY_START).explain()

    assert ["FETCH", "IXSCAN"] == list(stages(found["queryPlanner"]["winningPlan"]))


async def filled(db: Any, count: int, description: str = "x" * 40) -> None:
    """Store so many entries, a second apart."""
    document = replace(PLAIN, description=description).document(1, DAY)
    await db.time_entries.insert_many(
        {**document, "_id": number, "start_time": DAY + timedelta(seconds=number)} for number in range(1, count + 1)
    )


async def test_many_entries_come_in_bounded_runs(db: Any, entries: MongoTimeEntries) -> None:
    """Of at most 20,000; whoever stops early leaves nothing behind."""
    await filled(db, 42_000)
    runs: list[Entries] = [
        run async for run in entries.read(Filter(1, WHOLE_DAY), columns=ALL_COLUMNS - {"description", "tag_ids"})
    ]
    async with aclosing(entries.read(Filter(1, WHOLE_DAY), columns=ALL_COLUMNS)) as reading:
        async for run in reading:
            assert 20_000 == len(run)
            break
    await asyncio.sleep(0)

    assert [20_000, 20_000, 2_000] == [len(run) for run in runs]
    assert list(range(1, 42_001)) == [one for run in runs for one in run.id.tolist()]
    assert not [task for task in asyncio.all_tasks() if "_next" in repr(task.get_coro())]


async def test_long_descriptions_make_short_runs(db: Any, entries: MongoTimeEntries) -> None:
    """A run has at most 16 MiB of documents."""
    await filled(db, 8_000, "x" * 3_000)
    runs = [len(run) async for run in entries.read(Filter(1, WHOLE_DAY), columns=ALL_COLUMNS)]

    assert 8_000 == sum(runs)
    assert max(runs) < 6_000


async def test_descriptions_are_not_fetched_unless_asked_for(db: Any, entries: MongoTimeEntries) -> None:
    """Without them a run is as long as it can be."""
    await filled(db, 8_000, "x" * 3_000)

    assert [8_000] == [len(run) async for run in entries.read(Filter(1, WHOLE_DAY), columns=("id",))]


async def test_a_long_read_is_not_cut(
    db: Any, entries: MongoTimeEntries, mongo_client: MongoClient[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each batch may take as long as a whole call elsewhere."""
    monkeypatch.setattr(mongo_time_entries, "LONGEST_RUN", 100)
    monkeypatch.setattr(raw_batches, "BULK_SECONDS", 0.6)
    await filled(db, 500)
    slow: dict[str, Any] = {"failCommands": ["getMore"], "blockConnection": True, "blockTimeMS": 300}
    mongo_client.admin.command({"configureFailPoint": "failCommand", "mode": "alwaysOn", "data": slow})
    try:
        assert 500 == len(await ids(entries))
    finally:
        mongo_client.admin.command({"configureFailPoint": "failCommand", "mode": "off"})


async def test_entries_that_were_stored_as_inputs_are_read_as_they_are(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New, under an id chosen by hand, and replaced: none of them is converted first."""
    monkeypatch.setattr(time_entry_columns, "_in_shape", None)
    inputs, first = MongoInputs(db), replace(PLAIN, id=5, description="old")
    for some in ([PLAIN, first], [replace(first, description="new", rate_cents=1)], [replace(PLAIN, id=7)]):
        await inputs.put(TIME_ENTRIES, 1, [TIME_ENTRIES.document(one.message) for one in some])
    (found,) = [run async for run in MongoTimeEntries(db).read(Filter(1, WHOLE_DAY), columns=ALL_COLUMNS)]

    assert [1, 5, 7] == found.id.tolist()
    assert ["", "new", ""] == [found.description.values[code] for code in found.description.codes]
