"""Storing time entries on a real MongoDB."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

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
