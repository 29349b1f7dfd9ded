"""Reading the odometer from the store: what readings there are is asked of an index."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from services.generation.domain.detection import Detection
from services.generation.domain.odometer import odometer_km
from services.generation.domain.recordings import Recording
from services.generation.domain.samples import Samples
from services.generation.domain.tracks import Track
from services.generation.inputs.points import POINTS, TRACK_COLUMNS, track_of
from services.generation.store.buckets import CAPACITY
from tests.builders.examples import examples
from tests.builders.points import DAY_MS, MONDAY_MS
from tests.builders.track_store import Store

DAYS = 40
OFTEN = tuple(range(0, 300, 10))  # minutes, so that an hour or a few decide which points are accepted


def points(day: int, *, odometer_km: float | None = None, minutes: tuple[int, ...] = (0, 10, 20)) -> Samples:
    """Return some points of a day, going north, the last one with an odometer reading."""
    times = MONDAY_MS + day * DAY_MS + 60_000 * np.array(minutes)
    columns: dict[str, Any] = {"lat": 50 + times / DAY_MS % 10, "lng": np.full(len(times), 8.0)}
    if odometer_km is not None:
        columns["odometer_km"] = np.append(np.full(len(times) - 1, np.nan), odometer_km)
    return POINTS.samples(times, **columns)


class Reads:
    """A recording that notes what is read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.days: list[int] = []

    def __call__(self, start_ms: int, end_ms: int) -> Track:
        self.days.append((end_ms - start_ms) // DAY_MS)
        return track_of(*self._store.reader.read(1, start_ms, end_ms, TRACK_COLUMNS))

    def recording(self) -> Recording:
        reader = self._store.reader
        return Recording(self, reader.span(1), 7, partial(reader.outlines, "odometer_km", 1))


async def test_a_tracker_without_readings_is_not_read(store: Store) -> None:
    """Where no point ever had a reading, the history is left alone."""
    await store.add(*(points(day) for day in range(DAYS)))
    reads = Reads(store)

    assert odometer_km(reads.recording(), MONDAY_MS + DAYS * DAY_MS, None, Detection()) is None
    assert [] == reads.days


async def test_only_what_follows_the_last_reading_is_read(store: Store) -> None:
    """The last reading before the end counts, however many points without one come after it."""
    await store.add(*(points(day, odometer_km=day if day in (3, 30) else None, minutes=OFTEN) for day in range(DAYS)))
    reads = Reads(store)
    end_ms = MONDAY_MS + 32 * DAY_MS
    value = odometer_km(reads.recording(), end_ms, 5.0, Detection())

    assert value is not None
    assert value > 30
    assert sum(reads.days) <= 3


async def test_of_the_history_only_what_is_around_falls_is_read(store: Store) -> None:
    """The counter falls twice in forty days, each time between two of them."""
    readings = {day: 1000 + day if day < 10 else 500 + day if day < 20 else day for day in range(DAYS)}
    await store.add(*(points(day, odometer_km=km, minutes=OFTEN) for day, km in readings.items()))
    reads = Reads(store)
    value = odometer_km(reads.recording(), MONDAY_MS + DAYS * DAY_MS, 5.0, Detection())
    read_days = sum(reads.days)
    thorough = replace(reads.recording(), odometer_outlines=None)

    assert odometer_km(thorough, MONDAY_MS + DAYS * DAY_MS, 5.0, Detection()) == pytest.approx(value)
    assert read_days <= 4


async def test_buckets_without_outlines_are_read(store: Store) -> None:
    """They were written before there were outlines, and may fall anywhere."""
    readings = {day: 1000 + day if day < 10 else 20 + day for day in range(DAYS)}
    await store.add(*(points(day, odometer_km=km) for day, km in readings.items()))
    end_ms = MONDAY_MS + DAYS * DAY_MS
    value = odometer_km(Reads(store).recording(), end_ms, None, Detection())
    store.buckets.update_many({"from_ms": {"$lt": MONDAY_MS + 25 * DAY_MS}}, {"$unset": {"outlines": 1}})

    assert value is not None
    assert value == pytest.approx(odometer_km(Reads(store).recording(), end_ms, None, Detection()))


async def test_the_outlines_are_read_from_an_index(store: Store) -> None:
    """MongoDB gives the outlines before a moment without looking at a bucket, passing over those without readings."""
    await store.add(*(points(day, odometer_km=day if day in (1, 30) else None) for day in range(DAYS)))
    database = store.buckets.database
    database.command("profile", 2)
    found = store.reader.outlines("odometer_km", 1, MONDAY_MS + 20 * DAY_MS)
    database.command("profile", 0)
    done = database["system.profile"].find_one({"command.find": "track_buckets"})

    assert [MONDAY_MS + DAY_MS + 20 * 60_000] == found.first_ms.tolist() == found.last_ms.tolist()
    assert 0 == done["docsExamined"]
    assert done["keysExamined"] <= 3


async def test_the_densest_day_is_found_in_an_index(store: Store) -> None:
    """By its buckets, whose samples nobody looks at."""
    for some in points(0), points(1), points(1, minutes=tuple(range(100, 200))), points(3):
        await store.add(some)
    database = store.buckets.database
    database.command("profile", 2)
    most = store.reader.most_a_day(1)
    database.command("profile", 0)
    done = database["system.profile"].find_one({"command.aggregate": "track_buckets"})

    assert 2 * CAPACITY == most
    assert 0 == store.reader.most_a_day(2)
    assert 0 == done["docsExamined"]


Day = st.tuples(st.integers(0, 6), st.none() | st.integers(1, 9), st.lists(st.integers(0, 30), min_size=1, max_size=4))


@examples(40, HealthCheck.function_scoped_fixture)
@given(st.lists(Day, min_size=1, max_size=8), st.integers(0, 7 * 24 * 60), st.none() | st.just(1.0))
async def test_the_index_finds_what_reading_everything_finds(
    store: Store, written: list[tuple[int, int | None, list[int]]], end_minute: int, given_km: float | None
) -> None:
    """Whatever was written, in whatever order, over the same moments again: the odometer is the same."""
    store.buckets.delete_many({})
    for day, km, minutes in written:
        await store.add(points(day, odometer_km=km, minutes=tuple(sorted(set(minutes)))))
    end_ms = MONDAY_MS + end_minute * 60_000
    quick = Reads(store).recording()
    thorough = replace(quick, odometer_outlines=None)

    assert odometer_km(thorough, end_ms, given_km, Detection()) == pytest.approx(
        odometer_km(quick, end_ms, given_km, Detection())
    )
