"""Importing over a real channel: what a server says in mid-stream reaches the person who imports."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from daybook.input.v1.input_service_pb2 import DESCRIPTOR, UpsertRequest, UpsertResponse
from daybook.input.v1.input_service_pb2_grpc import InputServiceServicer, add_InputServiceServicer_to_server
from daybook.input.v1.points_pb2 import Points
from grpc.aio import ServicerContext

from services.cli.client import Access
from services.cli.errors import CommandFailed
from services.cli.import_result import Stored
from services.cli.storing import store
from services.cli.tracks.base import BATCH_SIZE, Batch, Notes
from services.errors import InvalidParameters, Violation
from tests.integration.servers import serving

SERVICE = DESCRIPTOR.services_by_name["InputService"].full_name
CALLS = 60  # so that the server's answer comes at every moment of a write


class Strict(InputServiceServicer):
    """Counts points, and fails at the second batch that has no latitudes."""

    async def Upsert(  # noqa: N802  the contract's name
        self, requests: AsyncIterator[UpsertRequest], _context: ServicerContext
    ) -> UpsertResponse:
        stored = bad = 0
        async for request in requests:
            stored += len(request.batch.points.time_ms)
            bad += not request.batch.points.lat
            if bad == 2:
                raise InvalidParameters([Violation("points.lat", "holds 0 values")])
        return UpsertResponse(stored_count=stored)


@pytest.fixture
async def access() -> AsyncIterator[Access]:
    """Give the way to that server."""
    add = partial(add_InputServiceServicer_to_server, Strict())
    async with serving(add, SERVICE) as running:
        yield Access(running.address, "", "token")


def batches(count: int, **columns: list[float]) -> list[Batch]:
    """Return so many full batches."""
    points = Points(time_ms=range(BATCH_SIZE), lng=[2.0] * BATCH_SIZE, **columns)
    return [Batch(points, list(range(BATCH_SIZE)), 1.0)] * count


async def test_an_error_in_mid_stream_is_the_servers_own(access: Access) -> None:
    """Whatever gRPC says of the write that met it, its reason is shown."""
    said = set()
    for _ in range(CALLS):
        with pytest.raises(CommandFailed) as failed:
            await store(access, 1, batches(20), Notes(), lambda _: None)
        said.add(str(failed.value))

    assert {"Invalid parameters: points.lat: holds 0 values"} == said


async def test_a_long_import_goes_in_several_calls(access: Access) -> None:
    """Its counts are added up, and each batch is told."""
    told: list[Batch] = []
    stored = await store(access, 1, batches(51, lat=[1.0] * BATCH_SIZE), Notes(), told.append)

    assert (Stored(stored=51 * BATCH_SIZE), 51) == (stored, len(told))


async def test_a_file_that_cannot_be_read_further_ends_the_import(access: Access) -> None:
    """The reader's own words are raised."""

    def broken():
        yield from batches(2, lat=[1.0] * BATCH_SIZE)
        raise CommandFailed("cannot read track.csv")

    with pytest.raises(CommandFailed, match=r"cannot read track\.csv"):
        await store(access, 1, broken(), Notes(), lambda _: None)
