"""Memory of a real generation process while large reports over time entries leave it: at most 150 MB above rest."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import psutil
from daybook.generation.v1.generation_service_pb2 import StreamPartsRequest
from daybook.report.v1.sheet_pb2 import SheetPart
from daybook.savedreport.v1 import saved_report_service_pb2 as pb
from daybook.savedreport.v1.time_report_pb2 import Source, WorkspaceSource
from grpc_health.v1.health_pb2 import HealthCheckRequest
from pymongo import MongoClient

from services.runtime.channel import open_channel
from tests.builders.mongod import free_port
from tests.integration.generation.services import Client, until_serving
from tests.integration.generation.studio import OWNER, Studio, basic, struct
from tests.integration.memory import peak_of

ENTRIES, FEW = 120_000, 100
LIMIT_MB = 60
DESCRIPTIONS = 1_000
YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}
NEW_YEAR = datetime(2026, 1, 1, 12, tzinfo=UTC)
ANN = basic(OWNER)


async def test_memory_stays_flat_while_large_reports_are_run(
    mongodb_uri: str, mongo_client: MongoClient[Any], database: str
) -> None:
    """However many entries, those of a run or two are in memory, besides what orders rows and tells ids."""
    runs = (
        (_rows, "detailed", {}),
        (_rows, "detailed", {"grouped": True, "order_by": "duration"}),
        (_ids, "summary", {"include_time_entry_ids": True}),
    )
    async with generation(mongodb_uri, database) as (process, client):
        studio = Studio(client)
        await studio.furnish()
        fill(mongo_client[database], studio, FEW)
        assert [FEW] * len(runs) == [await count(studio, kind, params) for count, kind, params in runs]
        rest = process.memory_info().rss
        fill(mongo_client[database], studio, ENTRIES)
        with peak_of(process) as peaks:
            assert [ENTRIES] * len(runs) == [await count(studio, kind, params) for count, kind, params in runs]

    assert (max(peaks) - rest) / 2**20 < LIMIT_MB


async def _rows(studio: Studio, kind: str, params: dict[str, Any]) -> int:
    """Return how many entries the rows of a report for files are of, by their durations of a second each."""
    asked = StreamPartsRequest(time_report=_source(studio, kind, params), layout=StreamPartsRequest.LAYOUT_DATA)
    seconds = 0.0
    async for message in studio.generation.StreamParts(asked, metadata=ANN):
        for section in SheetPart.FromString(message.part.message).sheet.sections:
            seconds += sum(sum(column.raw) for column in section.table.columns if column.field == "duration")
    return round(seconds)


async def _ids(studio: Studio, kind: str, params: dict[str, Any]) -> int:
    """Return how many entries a summary names."""
    asked = pb.RunReportRequest(source=_source(studio, kind, params), extent=pb.RunReportRequest.EXTENT_ROWS)
    ids: set[int] = set()
    async for message in studio.saved.RunReport(asked, metadata=ANN):
        for group in message.summary_groups.groups:
            ids.update(one for part in group.sub_groups for one in part.ids)
    return len(ids)


def _source(studio: Studio, kind: str, params: dict[str, Any]) -> Source:
    of = WorkspaceSource(workspace_id=studio.id, report_type=f"TIME_REPORT_TYPE_{kind.upper()}")
    return Source(workspace=of, params=struct(YEAR | params))


def fill(database: Any, studio: Studio, count: int) -> None:
    """Let the studio have so many entries of a second, two minutes apart, as the server itself makes them."""
    number = "$number"
    entry = {  # fields in the order in which entries are stored
        "_id": number,
        "workspace_id": studio.id,
        "update_time": NEW_YEAR,
        "user_id": studio.ids["ann"],
        "start_time": {"$add": [NEW_YEAR, {"$multiply": [number, 120_000]}]},
        "seconds": 1,
        "project_id": studio.ids["site"],
        "task_id": 0,
        "billable": {"$eq": [{"$mod": [number, 2]}, 0]},
        "hourly_rate_cents": None,
        "currency_code": "",
        "import_key": "",
        "description": {"$concat": ["What was done: ", {"$toString": {"$mod": [number, DESCRIPTIONS]}}]},
        "tag_ids": [],
    }
    seed = database.seed
    seed.replace_one({"_id": 0}, {}, upsert=True)
    seed.aggregate(
        [
            {"$set": {"number": {"$range": [1, count + 1]}}},
            {"$unwind": number},
            {"$replaceWith": entry},
            {"$merge": {"into": "time_entries", "whenMatched": "keepExisting"}},
        ]
    )
    seed.drop()


@asynccontextmanager
async def generation(uri: str, database: str) -> AsyncIterator[tuple[psutil.Process, Client]]:
    """Run the generation service and give its process and a client."""
    address = f"127.0.0.1:{free_port()}"
    settings = {
        "GENERATION_LISTEN": address,
        "MONGODB_URI": uri,
        "MONGODB_DATABASE": database,
        "OPERATOR_TOKEN": "secret",
        "WORKERS": "1",
    }
    command = (sys.executable, "-m", "services.generation")
    child = await asyncio.create_subprocess_exec(*command, env={**os.environ, **settings}, stderr=subprocess.DEVNULL)
    try:
        async with open_channel(address) as channel:
            client = Client(channel)
            await client.health.Check(HealthCheckRequest(), wait_for_ready=True, timeout=120)
            await until_serving(client)
            yield psutil.Process(child.pid), client
    finally:
        child.terminate()
        ended = await child.wait()
    assert 0 == ended
