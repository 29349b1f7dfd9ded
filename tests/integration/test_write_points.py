"""WritePoints from a client's side: a stream goes in over a real channel and lands in a real MongoDB."""

from collections.abc import AsyncIterator, Callable, Collection, Iterator
from datetime import UTC, datetime
from functools import partial

import grpc
import pytest
from daybook.telemetry.v1.telemetry_service_pb2 import DESCRIPTOR, Points, WritePointsRequest, WritePointsResponse
from daybook.telemetry.v1.telemetry_service_pb2_grpc import (
    TelemetryServiceStub,
    add_TelemetryServiceServicer_to_server,
)

from services.errors import NotAuthenticated
from services.generation.inputs.telemetry_service import Telemetry
from services.generation.servicers.telemetry import TelemetryServicer
from services.generation.store.mongo import connect_worker, journalled_worker, opened
from services.generation.store.mongo_track_reader import MongoTrackReader
from services.generation.store.mongo_tracks import MongoTracks
from services.runtime.errors import failure_of
from tests.builders.points import DAY_MS, MONDAY_MS, assert_same, drive
from tests.integration.servers import serving

SERVICE = DESCRIPTOR.services_by_name["TelemetryService"].full_name
OPERATOR = (("authorization", "Bearer operator"),)

Write = Callable[..., grpc.aio.StreamUnaryCall]


class Door:
    """Lets one operator in and knows tracker 1."""

    async def require_operator(self, authorization: str | None) -> None:
        if authorization != "Bearer operator":
            raise NotAuthenticated

    async def known(self, tracker_ids: Collection[int]) -> set[int]:
        return {1} & set(tracker_ids)


@pytest.fixture
async def write(mongodb_uri: str, database: str) -> AsyncIterator[Write]:
    """Call WritePoints as the operator."""
    door = Door()
    async with opened(mongodb_uri, database) as opened_database:
        telemetry = Telemetry(MongoTracks(opened_database), door, lambda: datetime(2024, 3, 6, tzinfo=UTC))
        add = partial(add_TelemetryServiceServicer_to_server, TelemetryServicer(telemetry, door))
        async with serving(add, SERVICE) as running:
            yield partial(TelemetryServiceStub(running.channel).WritePoints, metadata=OPERATOR, timeout=20)


@pytest.fixture
def reader(mongodb_uri: str, database: str) -> Iterator[MongoTrackReader]:
    """Read what was written."""
    with connect_worker(mongodb_uri) as client:
        yield MongoTrackReader(journalled_worker(client, database))


def requests(*batches: Points, tracker_id: int = 1) -> list[WritePointsRequest]:
    return [WritePointsRequest(tracker_id=tracker_id, points=points) for points in batches]


def message(count: int, start_ms: int = MONDAY_MS, **columns: object) -> Points:
    """Make the message of a drive; `columns` replaces some."""
    points = drive(count, start_ms=start_ms)
    values = {field.name: points.column(field.name) for field in Points.DESCRIPTOR.fields}
    whole = {name: values[name].astype(int) for name in ("satellites", "ignition")}
    return Points(**(values | whole | columns))


async def test_points_of_a_stream_are_stored(write: Write, reader: MongoTrackReader) -> None:
    """Every column arrives; a repetition counts as unchanged."""
    expected = WritePointsResponse(stored_count=3, unchanged_count=2)

    assert expected == await write(requests(message(3), message(2)))
    assert_same(drive(3), reader.read(1, MONDAY_MS, MONDAY_MS + DAY_MS))


async def test_minus_one_is_unknown(write: Write, reader: MongoTrackReader) -> None:
    """Whole numbers have no NaN; a column that did not come is unknown as well."""
    await write(requests(message(2, satellites=[-1, -1], ignition=[-1, -1], speed_kmh=[])))

    known = drive(2, satellites=None, ignition=None, speed_kmh=None)
    assert_same(known, reader.read(1, MONDAY_MS, MONDAY_MS + DAY_MS))


async def test_refused_points_are_reported(write: Write) -> None:
    """The answer counts them and says which and why."""
    response = await write(requests(message(3), message(2, MONDAY_MS + DAY_MS, ignition=[0, 2])))

    assert (4, 1) == (response.stored_count, response.refused_count)
    assert [(4, "ignition is 2; it must be from 0 to 1")] == [(one.index, one.reason) for one in response.refusals]


async def test_only_operators_write(write: Write, reader: MongoTrackReader) -> None:
    """Others are told so and leave nothing."""
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await write(requests(message(3)), metadata=(("authorization", "NVX " + "0" * 32),))

    assert (grpc.StatusCode.UNAUTHENTICATED, "WRONG_HASH") == what(raised.value)
    assert reader.span(1) is None


async def test_batches_before_a_failing_one_are_stored(write: Write, reader: MongoTrackReader) -> None:
    """An unknown tracker ends the call."""
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await write([*requests(message(3)), *requests(message(3), tracker_id=9)])

    assert (grpc.StatusCode.NOT_FOUND, "ENTITY_NOT_FOUND") == what(raised.value)
    assert (MONDAY_MS, MONDAY_MS + 20_000) == reader.span(1)


async def test_columns_must_be_of_one_length(write: Write) -> None:
    """The violation names the column."""
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await write(requests(message(3, lat=[1, 2])))

    assert (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_PARAMETERS") == what(raised.value)
    assert ["points.lat"] == [violation.field for violation in failure_of(raised.value).violations]


def what(error: grpc.aio.AioRpcError) -> tuple[grpc.StatusCode, str]:
    return error.code(), failure_of(error).reason
