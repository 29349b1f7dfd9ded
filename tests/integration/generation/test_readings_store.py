"""Readings of sensors in a real MongoDB: the later of two of a moment stays, and texts come back as texts."""

from datetime import UTC, datetime
from typing import Any

import pytest
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.input.v1.sensors_pb2 import Readings, Sensor
from pymongo import MongoClient

from services.generation.inputs.readings import READINGS
from services.generation.inputs.sensors import SENSORS
from services.generation.inputs.series_service import SeriesService, Written
from services.generation.inputs.trackers import TRACKERS
from services.generation.store.mongo_buckets import FAN
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_series import MongoSeries
from services.generation.store.series_reader import MongoSeriesReader
from tests.builders.inputs import put
from tests.builders.points import MONDAY_MS

NAN = float("nan")
NOW = datetime(2026, 3, 5, tzinfo=UTC)


class Store:
    """Account 1 with sensor 71, account 2 with another sensor 71."""

    def __init__(self, db: Any, client: MongoClient[Any]) -> None:
        self._inputs = MongoInputs(db)
        self._service = SeriesService(MongoSeries(db), self._inputs, lambda: NOW)
        self._reader = MongoSeriesReader(client[db.name], READINGS)

    async def write(self, *readings: tuple[int, float | str], sensor_id: int = 71, owner_id: int = 1) -> Written:
        texts = {place: value for place, (_, value) in enumerate(readings) if isinstance(value, str)}
        message = Readings(
            sensor_id=sensor_id,
            time_ms=[MONDAY_MS + 1000 * second for second, _ in readings],
            value=[NAN if isinstance(value, str) else value for _, value in readings],
            text=texts,
        )
        return await self._service.put(READINGS, owner_id, message)

    async def read(self, owner_id: int = 1, seconds: tuple[int, int] = (0, 10_000)) -> list[tuple[int, Any, str]]:
        entity = (await self._inputs.entities(SENSORS, [71], owner_id))[71]
        start_ms, end_ms = (MONDAY_MS + 1000 * second for second in seconds)
        found = self._reader.samples(entity, start_ms, end_ms)
        values = [None if value != value else value for value in found.column("value").tolist()]  # noqa: PLR0124 - NaN
        times = ((found.time_ms - MONDAY_MS) // 1000).tolist()
        return list(zip(times, values, found.texts_of("text"), strict=True))


@pytest.fixture
async def store(db: Any, mongo_client: MongoClient[Any]) -> Store:
    for account in (1, 2):
        await put(db, TRACKERS, account, Tracker(id=account, label="Car"))
        await put(db, SENSORS, account, Sensor(id=71, tracker_id=account, name="Tank"))
    return Store(db, mongo_client)


async def test_a_later_reading_replaces_an_earlier_one_of_its_moment(store: Store) -> None:
    """Whatever the two hold, within a batch and between batches; an equal one changes nothing."""
    once = await store.write((1, 5.0), (2, "open"), (3, 7.0), (3, 8.0))
    twice = await store.write((1, 5.0), (2, "open"), (3, 8.0))
    again = await store.write((1, 4.0), (2, 1.0), (3, "closed"), (4, 0.0))
    back = await store.write((1, 5.0))

    assert [Written(4, 0), Written(0, 3), Written(4, 0), Written(1, 0)] == [once, twice, again, back]
    assert [(1, 5.0, ""), (2, 1.0, ""), (3, None, "closed"), (4, 0.0, "")] == await store.read()


async def test_texts_that_mean_on_or_off_are_numbers_too(store: Store) -> None:
    """In any case; other texts are kept."""
    await store.write((1, "on"), (2, "FALSE"), (3, "True"), (4, "off"), (5, "-"), (6, "12"))

    assert [(1, 1.0, "on"), (2, 0.0, "FALSE"), (3, 1.0, "True"), (4, 0.0, "off"), (5, None, "-"), (6, None, "12")] == (
        await store.read()
    )


async def test_merged_buckets_keep_the_latest_readings_and_their_texts(store: Store) -> None:
    """After many small writes of one day."""
    for turn in range(3 * FAN):
        await store.write((turn % 7, float(turn)), (100, f"state {turn}"))
    last = 3 * FAN - 1
    latest = {turn % 7: float(turn) for turn in range(3 * FAN)}

    assert [*((second, value, "") for second, value in sorted(latest.items())), (100, None, f"state {last}")] == (
        await store.read()
    )
    assert [(100, None, f"state {last}")] == await store.read(seconds=(100, 101))


async def test_sensors_of_two_accounts_share_nothing(store: Store) -> None:
    """Not even their ids; a sensor that the account does not have is refused."""
    await store.write((1, 5.0))
    await store.write((1, 6.0), owner_id=2)
    unknown = await store.write((1, 5.0), (2, 5.0), sensor_id=72)

    assert [[(1, 5.0, "")], [(1, 6.0, "")]] == [await store.read(owner_id) for owner_id in (1, 2)]
    assert (0, 2, ["sensor_id"] * 2) == (unknown.stored, unknown.refused, [one.field for _, one in unknown.refusals])


async def test_readings_without_value_are_refused(store: Store) -> None:
    """Nothing, numbers that are not finite, empty and endless texts, moments that cannot be."""
    written = await store.write(
        (1, NAN), (2, float("inf")), (3, ""), (4, "x" * 256), (5, "a\x00"), (10**9, 1.0), (6, 6.0)
    )

    assert [(0, "value"), (1, "value"), (2, "value"), (3, "value"), (4, "value"), (5, "time_ms")] == [
        (place, one.field) for place, one in written.refusals
    ]
    assert [(6, 6.0, "")] == await store.read()
