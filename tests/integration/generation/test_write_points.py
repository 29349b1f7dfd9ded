"""Points from a client's side: a stream goes in over a real channel and lands in a real MongoDB."""

from collections.abc import Callable, Iterator
from functools import partial

import grpc
import pytest
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.input.v1.input_service_pb2 import Batch, UpsertRequest, UpsertResponse
from daybook.input.v1.points_pb2 import Points

from services.generation.domain.samples import Samples
from services.generation.inputs.points import POINTS
from services.generation.store.mongo import connect_worker, journalled_worker
from services.generation.store.series_reader import MongoSeriesReader
from services.runtime.errors import failure_of
from tests.builders.points import DAY_MS, MONDAY_MS, assert_same, drive
from tests.integration.generation.services import OPERATOR, Client

Write = Callable[..., grpc.aio.StreamUnaryCall]


@pytest.fixture
async def write(client: Client) -> Write:
    """Call Upsert as the operator, once an account has tracker 1."""
    await client.account("fleet")
    await client.upsert("fleet", trackers=[Tracker(id=1, label="Car")])
    return partial(client.inputs.Upsert, metadata=OPERATOR, timeout=120)


@pytest.fixture
def reader(mongodb_uri: str, database: str) -> Iterator[MongoSeriesReader]:
    """Read what was written."""
    with connect_worker(mongodb_uri) as client:
        yield MongoSeriesReader(journalled_worker(client, database), POINTS)


def track(reader: MongoSeriesReader) -> Samples:
    return reader.samples(1, MONDAY_MS, MONDAY_MS + DAY_MS)


def requests(*batches: Points, tracker_id: int = 1) -> list[UpsertRequest]:
    for points in batches:
        points.tracker_id = tracker_id
    return [UpsertRequest(batch=Batch(points=points)) for points in batches]


def message(count: int, start_ms: int = MONDAY_MS, **columns: object) -> Points:
    """Make the message of a drive; `columns` replaces some."""
    points = drive(count, start_ms=start_ms)
    values = {name: points.column(name) for name in ("time_ms", *POINTS.names)}
    whole = {name: values[name].astype(int) for name in ("satellites", "ignition")}
    return Points(**(values | whole | columns))


async def test_points_of_a_stream_are_stored(write: Write, reader: MongoSeriesReader) -> None:
    """Every column arrives; a repetition counts as unchanged."""
    expected = UpsertResponse(stored_count=3, unchanged_count=2)

    assert expected == await write(requests(message(3), message(2)))
    assert_same(drive(3), track(reader))


async def test_minus_one_is_unknown(write: Write, reader: MongoSeriesReader) -> None:
    """Whole numbers have no NaN; a column that did not come is unknown as well."""
    await write(requests(message(2, satellites=[-1, -1], ignition=[-1, -1], speed_kmh=[])))

    known = drive(2, satellites=None, ignition=None, speed_kmh=None)
    assert_same(known, track(reader))


async def test_refused_points_are_reported(write: Write) -> None:
    """The answer counts them and says which and why."""
    response = await write(requests(message(3), message(2, MONDAY_MS + DAY_MS, ignition=[0, 2])))

    assert (4, 1) == (response.stored_count, response.refused_count)
    assert [(4, "ignition is 2; it must be from 0 to 1")] == [(one.index, one.reason) for one in response.refusals]


async def test_only_operators_write(write: Write, reader: MongoSeriesReader) -> None:
    """Others are told so and leave nothing."""
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await write(requests(message(3)), metadata=(("authorization", "NVX " + "0" * 32),))

    assert (grpc.StatusCode.UNAUTHENTICATED, "SESSION_ENDED") == what(raised.value)
    assert reader.span(1) is None


async def test_batches_before_a_failing_one_are_stored(write: Write, reader: MongoSeriesReader) -> None:
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
