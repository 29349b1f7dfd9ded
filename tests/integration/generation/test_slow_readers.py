"""Slow readers of reports over time entries hold none of the slots for reports whose rows are read."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from daybook.generation.v1.generation_service_pb2 import StreamPartsRequest
from daybook.savedreport.v1 import saved_report_service_pb2 as pb
from daybook.savedreport.v1.time_report_pb2 import Source, WorkspaceSource
from pymongo import MongoClient

from services.runtime.metrics import PLACES_TAKEN
from tests.integration.generation.services import Client, Metadata
from tests.integration.generation.studio import OWNER, Studio, basic, struct
from tests.integration.generation.test_time_report_memory import YEAR, fill
from tests.integration.servers import until

ANN = basic(OWNER)
ENTRIES = 40_000


@pytest_asyncio.fixture
async def studio(client: Client) -> AsyncIterator[Studio]:
    """Give a studio."""
    made = Studio(client)
    await made.furnish()
    yield made


@pytest.fixture
def busy(studio: Studio, mongo_client: MongoClient[Any], database: str) -> Studio:
    """Give a studio with more time entries than fit into buffers on the way to a reader."""
    fill(mongo_client[database], studio, ENTRIES)
    return studio


def source(studio: Studio) -> Source:
    return Source(
        workspace=WorkspaceSource(workspace_id=studio.id, report_type="TIME_REPORT_TYPE_DETAILED"), params=struct(YEAR)
    )


def parts(studio: Studio, of: Source, who: Metadata | None = ANN) -> Any:
    asked = StreamPartsRequest(time_report=of, layout=StreamPartsRequest.LAYOUT_DATA)
    return studio.generation.StreamParts(asked, metadata=who)


def run(studio: Studio, of: Source) -> Any:
    return studio.saved.RunReport(pb.RunReportRequest(source=of, extent=pb.RunReportRequest.EXTENT_ROWS), metadata=ANN)


def open_reports() -> float:
    return sum(one.value for metric in PLACES_TAKEN.collect() for one in metric.samples if "open" in str(one.labels))


@pytest.mark.parametrize("stream", [parts, run])
async def test_a_slow_reader_holds_no_slot(busy: Studio, stream: Callable[[Studio, Source], Any]) -> None:
    """The report is made to its end while its reader has taken only the beginning, which has all of it later."""
    expected = [message.ByteSize() async for message in stream(busy, source(busy))]
    call = stream(busy, source(busy))
    first = await call.read()
    await until(lambda: open_reports() == 0)
    await asyncio.sleep(0.1)
    rest = [(await call.read()).ByteSize() for _ in expected[1:]]

    assert expected[1:] == rest
    assert first.ByteSize()


async def test_heads_name_whom_a_call_counts_for(studio: Studio) -> None:
    """The caller's account, and without one the address; members of a workspace are not one."""
    public = Source(token=(await studio.save(ANN, public=True)).token)
    heads = [(await parts(studio, public, who).read()).head.tenant for who in (ANN, basic("bob@example.com"), None)]
    own = (await parts(studio, source(studio)).read()).head.tenant

    assert heads[0] == own
    assert [True, True, False] == [head.startswith("account ") for head in heads]
    assert heads[0] != heads[1]
    assert heads[2].startswith("address ")
