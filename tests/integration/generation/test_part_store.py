"""Parts of sheets that several runs of a unit write, some of which were given up."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from daybook.report.v1.sheet_pb2 import Sheet, SheetPart

from services.generation.reporting.units import Abandoned
from services.generation.store.mongo import connect_worker, journalled_worker
from services.generation.store.mongo_parts import PartStore
from tests.builders.people import report
from tests.builders.report_jobs import Factory

MADE = report(id=5, attempt=1, state="finished", sheet_numbers=(1,))


def parts(*headers: str) -> list[tuple[SheetPart, bytes]]:
    """Return the parts of sheet 1, told apart by their headers."""
    return [
        (SheetPart(sheet_index=1, part_index=place, sheet=Sheet(header=header), last=place == len(headers) - 1), b"{}")
        for place, header in enumerate(headers)
    ]


async def headers(factory: Factory) -> list[str]:
    """Return what a reader of the report gets."""
    return [SheetPart.FromString(part.message).sheet.header async for part in factory.reports.parts(MADE)]


@pytest.fixture
def runs(factory: Factory) -> Any:
    """Give the stores of two runs of the same unit, the second of which counts."""
    with connect_worker(factory.uri) as client:
        database = journalled_worker(client, factory.db.name)
        yield [PartStore(database, replace(MADE, attempt=1), timedelta(days=1), run) for run in (3, 4)]


async def test_a_later_run_replaces_an_earlier_one(factory: Factory, runs: list[PartStore]) -> None:
    """Whatever an earlier run left of the sheet is gone."""
    runs[0].put(1, parts("a", "b", "c"))

    assert 2 == runs[1].put(1, parts("d", "e"))
    assert ["d", "e"] == await headers(factory)
    assert 2 == await factory.parts(5)


async def test_a_run_that_was_given_up_changes_nothing(factory: Factory, runs: list[PartStore]) -> None:
    """It learns that it is not wanted, and what it wrote beyond the later one's parts is taken away again."""
    runs[1].put(1, parts("d", "e"))
    with pytest.raises(Abandoned):
        runs[0].put(1, parts("a", "b", "c"))

    assert ["d", "e"] == await headers(factory)
    assert 2 == await factory.parts(5)


async def test_a_later_run_is_not_abandoned_for_an_earlier_one(factory: Factory, runs: list[PartStore]) -> None:
    """When both write the same parts at the same moment, the later one's are there."""

    def write(run: PartStore) -> bool:
        with suppress(Abandoned):
            return 8 == run.put(1, parts(*"abcdefgh"))
        return False

    for _ in range(20):
        written = await asyncio.gather(*(asyncio.to_thread(write, run) for run in runs))
        stored = [one["run"] async for one in factory.db.report_sheets.find()]
        await factory.db.report_sheets.delete_many({})

        assert written[1]
        assert [4] * 8 == stored


async def test_withdrawing_leaves_what_counts(factory: Factory, runs: list[PartStore]) -> None:
    """A run that finds its report finished by another deletes its own parts only."""
    runs[1].put(1, parts("d", "e"))
    runs[0].withdraw()

    assert ["d", "e"] == await headers(factory)


async def test_readers_pass_over_parts_of_another_run(factory: Factory, runs: list[PartStore]) -> None:
    """Parts that a given-up run added behind those that count are not read."""
    runs[0].put(1, parts("a", "b", "c"))
    await factory.db.report_sheets.delete_many({"part": {"$lt": 2}})
    await factory.db.report_sheets.update_many({}, {"$set": {"sheet": 9}})
    runs[1].put(1, parts("d", "e"))
    await factory.db.report_sheets.update_many({"sheet": 9}, {"$set": {"sheet": 1}})

    assert 3 == await factory.parts(5)
    assert ["d", "e"] == await headers(factory)


@pytest.mark.parametrize("count", [1, 4, 5, 8, 19])
async def test_many_parts_come_in_order_with_nothing_held_between(factory: Factory, count: int) -> None:
    """Over two sheets and over batches; MongoDB keeps no cursor for a reader who takes long over one."""
    both = replace(MADE, sheet_numbers=(1, 2))
    with connect_worker(factory.uri) as client:
        store = PartStore(journalled_worker(client, factory.db.name), both, timedelta(days=1))
        for sheet in both.sheet_numbers:
            made = parts(*(f"{sheet}.{place}" for place in range(count)))
            for part, _ in made:
                part.sheet_index = sheet
            store.put(sheet, made)
    before, found = await open_cursors(factory), []
    async for part in factory.reports.parts(both):
        found.append(SheetPart.FromString(part.message).sheet.header)
        assert before >= await open_cursors(factory)

    assert [f"{sheet}.{place}" for sheet in (1, 2) for place in range(count)] == found


async def open_cursors(factory: Factory) -> int:
    status = await factory.db.client.admin.command("serverStatus", metrics=1)
    return int(status["metrics"]["cursor"]["open"]["total"])
