"""The generation service beside a large report, and while MongoDB is gone."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from daybook.account.v1 import account_service_pb2 as account
from daybook.generation.v1 import generation_service_pb2 as generation
from daybook.input.v1.input_service_pb2 import ListRequest
from daybook.report.v1 import report_pb2 as report
from daybook.report.v1.sheet_pb2 import SheetPart

from services.generation.store import mongo
from services.generation.store.mongo import connect_worker, journalled_worker
from services.generation.store.mongo_parts import PartStore
from services.generation.store.report_documents import document_of
from tests.builders.mongod import Mongod
from tests.builders.parts import with_json
from tests.builders.people import report as report_of
from tests.builders.sheets import trips_report
from tests.integration.generation.services import OPERATOR, Client, failure, generation_on, until_serving

UNAVAILABLE = ("UNAVAILABLE", "STORE_UNAVAILABLE")


async def test_a_large_report_streams_beside_other_calls(client: Client, mongodb_uri: str, database: str) -> None:
    """While 250,000 cells stream the service answers others at once, and every row comes once, in order."""
    who = await client.account("fleet")
    sheet = trips_report(rows=42_000, rows_per_part=42_000, sheets=1)[1][0].sheet
    with connect_worker(mongodb_uri) as worker:
        store = journalled_worker(worker, database)
        count = PartStore(store, report_of(id=77, attempt=1), timedelta(days=1)).put(1, with_json(sheet, 1))
        finished = report_of(
            state="finished", percent=100, attempt=1, part_count=count, sheet_headers=("Car",), sheet_numbers=(1,)
        )
        store.reports.insert_one({"_id": 77} | document_of(finished))
    answered = 0

    async def ask_health() -> None:
        nonlocal answered
        while True:
            assert await client.serving()
            answered += 1

    asking = asyncio.create_task(ask_health())
    stream = client.generation.StreamParts(generation.StreamPartsRequest(report_id=77), metadata=who)
    parts = [one.part async for one in stream][1:]
    asking.cancel()

    assert list(range(count)) == [part.part_index for part in parts]
    assert [sheet.sections[0].table.columns[0].text[row] for row in range(42_000)] == [
        text
        for part in map(SheetPart.FromString, [part.message for part in parts])
        if part.first_section == 0
        for text in part.sheet.sections[0].table.columns[0].text
    ]
    assert answered > count / 3


@pytest.mark.usefixtures("haste")
async def test_a_store_that_is_gone_is_said_at_once(tmp_path: Path) -> None:
    """MongoDB killed: calls say so by the store's limits of 3 seconds and not their own, health too.

    When it is back everything works without a restart.
    """
    assert 3 > max(mongo.OPERATION_SECONDS, mongo.SETTINGS["serverSelectionTimeoutMS"] / 1000)
    mongod = Mongod(tmp_path).start()
    try:
        async with generation_on(mongod.uri, "gone") as client:
            await until_serving(client)
            who = await client.account("fleet")
            await client.trackers("fleet", "One")
            mongod.kill()
            patient = {"metadata": who, "timeout": 120}
            calls = [
                client.generation.GetReport(generation.GetReportRequest(report_id=1), **patient),
                client.generation.ListReports(generation.ListReportsRequest(), **patient),
                client.accounts.LogIn(account.LogInRequest(login="fleet", password="secret"), timeout=120),
                client.accounts.ListUsers(account.ListUsersRequest(), metadata=OPERATOR, timeout=120),
                client.inputs.List(ListRequest(kind="trackers"), **patient),
                client.generate(who, 1),
            ]
            assert [UNAVAILABLE] * len(calls) == await asyncio.gather(*map(failure, calls))
            await until_serving(client, serving=False)
            assert await client.serving("")

            mongod.start()
            await until_serving(client)
            report_id = await client.generate(who, 1)
            assert report.STATE_FINISHED == (await client.watch(who, report_id))[-1].state
    finally:
        mongod.kill()


async def test_without_a_store_the_service_starts_and_waits(tmp_path: Path) -> None:
    """A service that starts first is not serving until MongoDB is there with all indexes."""
    mongod = Mongod(tmp_path)
    async with generation_on(mongod.uri, "late") as client:
        assert await client.serving("")
        assert not await client.serving()
        mongod.start()
        try:
            await until_serving(client)
            assert await client.account("fleet")
        finally:
            mongod.kill()
