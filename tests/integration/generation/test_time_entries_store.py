"""Storing time entries on a real MongoDB."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from services.errors import AlreadyExists
from services.generation.domain.paging import Page
from services.generation.store.mongo_time_entries import MongoTimeEntries
from services.generation.timetracking.entries import TimeEntry

NINE = datetime(2024, 5, 1, 9, tzinfo=UTC)
ENTRY = TimeEntry(0, 7, NINE, 5400, 3, 4, (1, 2), "Ärger\nmit\tTüren", True, 5000, "EUR", NINE + timedelta(days=1))
EVERYTHING = Page(1000)


@pytest.fixture
def entries(db: Any) -> MongoTimeEntries:
    return MongoTimeEntries(db)


def imported(*keys: str) -> list[TimeEntry]:
    return [replace(ENTRY, import_key=key, description=key) for key in keys]


async def test_an_entry_comes_back_as_it_went(entries: MongoTimeEntries, db: Any) -> None:
    """All its fields are stored, a running one's too; an operator can read the document."""
    running = TimeEntry(0, 8, NINE - timedelta(hours=1), None, update_time=NINE, import_key="k")
    ids, created = await entries.put(1, [ENTRY, running])
    document = await db.time_entries.find_one({"_id": ids[1]}, {"workspace_id": 0, "update_time": 0})

    assert 2 == created
    assert [replace(running, id=ids[1]), replace(ENTRY, id=ids[0])] == await entries.page(1, EVERYTHING)
    assert {
        "_id": ids[1],
        "billable": False,
        "currency": None,
        "description": "",
        "import_key": "k",
        "project_id": None,
        "rate_cents": None,
        "seconds": None,
        "start": NINE - timedelta(hours=1),
        "tag_ids": [],
        "task_id": None,
        "user_id": 8,
    } == document


async def test_an_entry_is_replaced_by_its_id(entries: MongoTimeEntries) -> None:
    """An id chosen by hand is kept; new ones pass over it."""
    assert ([1], 1) == await entries.put(1, [replace(ENTRY, id=1)])
    assert ([1, 2], 1) == await entries.put(1, [replace(ENTRY, id=1, description="new"), ENTRY])
    assert ["new", ENTRY.description] == [one.description for one in await entries.page(1, EVERYTHING)]


async def test_an_imported_entry_stays_as_it_is(entries: MongoTimeEntries) -> None:
    """Its key is stored once in a workspace, whatever comes with it later; another workspace has keys of its own."""
    first = await entries.put(1, imported("a", "b"))
    again = await entries.put(
        1, [*imported("c"), *(replace(one, description="new") for one in imported("b", "a", "b"))]
    )
    elsewhere = await entries.put(2, imported("a"))

    assert (2, 1, 1) == (first[1], again[1], elsewhere[1])
    assert [first[0][1], first[0][0], first[0][1]] == again[0][1:]
    assert ["a", "b", "c"] == sorted(one.description for one in await entries.page(1, EVERYTHING))
    assert 4 == len({*first[0], *again[0], *elsewhere[0]})


async def test_another_workspaces_entry_is_taken(entries: MongoTimeEntries) -> None:
    """So is another entry's import key. Nothing of such a batch is stored where an id is at fault."""
    (mine, _), _ = await entries.put(1, imported("a", "b"))
    with pytest.raises(AlreadyExists):
        await entries.put(2, [ENTRY, replace(ENTRY, id=mine)])
    with pytest.raises(AlreadyExists):
        await entries.put(1, [replace(ENTRY, id=mine, import_key="b")])

    assert [] == await entries.page(2, EVERYTHING)
    assert ["a", "b"] == [one.import_key for one in await entries.page(1, EVERYTHING)]


async def test_many_writers_store_each_entry_once(db: Any) -> None:
    """Several services that import the same at once count each new entry once and tell its one id."""
    batch = imported(*(f"k{number}" for number in range(50)))
    services = [MongoTimeEntries(db) for _ in range(4)]
    outcomes = await asyncio.gather(*(one.put(1, batch[turn:] + batch[:turn]) for turn, one in enumerate(services)))
    by_key = {one.import_key: one.id for one in await services[0].page(1, EVERYTHING)}

    assert 50 == len(by_key) == sum(created for _, created in outcomes)
    assert [by_key[one.import_key] for one in batch] == outcomes[0][0]
    assert outcomes[0][0][1:] == outcomes[1][0][:-1]


async def test_an_id_chosen_by_hand_meanwhile_is_passed_over(db: Any) -> None:
    """A service may have it at hand already: the new entry, imported or not, gets another."""
    first, second = MongoTimeEntries(db), MongoTimeEntries(db)
    await first.put(1, [ENTRY])
    await second.put(2, [replace(ENTRY, id=number) for number in (2, 4)])
    ids, created = await first.put(1, [ENTRY, *imported("a", "b")])

    assert (3, 3) == (created, len({*ids} - {1, 2, 4}))
    assert [1, *sorted(ids)] == [one.id for one in await first.page(1, EVERYTHING)]
    assert [2, 4] == [one.id for one in await first.page(2, EVERYTHING)]


async def test_lists_are_paged_by_start_and_id(entries: MongoTimeEntries) -> None:
    """Each page begins after the last entry of the one before."""
    starts = [NINE + timedelta(hours=hours) for hours in (2, 1, 1, 0)]
    ids, _ = await entries.put(1, [replace(ENTRY, start=start) for start in starts])
    in_order = [ids[3], ids[1], ids[2], ids[0]]
    await entries.put(2, [ENTRY])

    found, page = [], Page(2)
    while some := await entries.page(1, page):
        found += [one.id for one in some]
        page = Page(2, (some[-1].start, some[-1].id))
    assert in_order == found


async def test_entries_are_deleted_in_their_workspace_only(entries: MongoTimeEntries) -> None:
    """Those of another are passed over, as are those that are not there."""
    (mine, kept), _ = await entries.put(1, [ENTRY, ENTRY])
    (foreign,), _ = await entries.put(2, [ENTRY])

    assert 1 == await entries.delete(1, [mine, foreign, 99])
    assert [kept] == [one.id for one in await entries.page(1, EVERYTHING)]
    assert [foreign] == [one.id for one in await entries.page(2, EVERYTHING)]


class Heard(CommandListener):
    """Notes the names of commands."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def started(self, event: CommandStartedEvent) -> None:
        self.names.append(event.command_name)

    def succeeded(self, event: CommandSucceededEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass


async def test_a_batch_takes_one_round_trip_or_two(db: Any, mongodb_uri: str) -> None:
    """Once ids are at hand: a thousand imported entries are looked for, then stored; others are only stored.

    Behind either comes a look whether the workspace is being removed.
    """
    heard = Heard()
    async with AsyncMongoClient(mongodb_uri, event_listeners=[heard]) as client:
        entries = MongoTimeEntries(client[db.name])
        await entries.put(1, [ENTRY])
        heard.names.clear()
        assert 1000 == (await entries.put(1, imported(*map(str, range(1000)))))[1]
        assert 1000 == (await entries.put(1, [ENTRY] * 1000))[1]

    assert ["find", "insert", "find", "insert", "find"] == heard.names[:5]
    assert {"endSessions"} >= set(heard.names[5:])
