"""Samples are taken in one by one: the possible ones stored, the others refused with their reason."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.input.v1.points_pb2 import Points

from services.errors import InvalidParameters, NotFound
from services.generation.domain.samples import Samples
from services.generation.inputs.points import POINTS
from services.generation.inputs.series import MAX_BATCH
from services.generation.inputs.series_service import MAX_REFUSALS, SeriesService, Written
from services.generation.inputs.trackers import TRACKERS
from tests.builders.points import assert_same, drive
from tests.fakes.inputs import FakeInputs
from tests.fakes.series import FakeSeries

NOW = datetime(2024, 3, 5, tzinfo=UTC)


class Store:
    """Service over stores in memory, in which account 1 has trackers 1 and 2."""

    def __init__(self) -> None:
        self.inputs, self.series = FakeInputs(), FakeSeries()
        self.inputs.add(TRACKERS, 1, Tracker(id=1, label="One"), Tracker(id=2, label="Two"))
        self._service = SeriesService(self.series, self.inputs, lambda: NOW)

    async def write(self, points: Samples, tracker_id: int = 1, owner_id: int | None = None, **columns: Any) -> Written:
        return await self._service.put(POINTS, owner_id, message(points, tracker_id, **columns))

    def points(self, tracker_id: int = 1) -> Samples:
        return self.series.samples["points", (1, tracker_id)]


def message(points: Samples, tracker_id: int, **columns: Any) -> Points:
    """Return points as they are sent; `columns` replaces some."""
    values: dict[str, Any] = {}
    for column in POINTS.columns:
        known = points.column(column.name)
        whole = column.unknown == -1
        values[column.name] = np.where(np.isnan(known), -1, known).astype(int) if whole else known
    return Points(tracker_id=tracker_id, time_ms=points.time_ms, **(values | columns))


async def test_samples_are_counted_and_refusals_numbered_by_batch() -> None:
    """Stored samples are unchanged."""
    store = Store()
    first = await store.write(drive(5, step_ms=5_000))
    second = await store.write(drive(3, lat=[1, 91, 2]))

    assert Written(stored=5) == first
    assert (0, 2, 1) == (second.stored, second.unchanged, second.refused)
    assert [(1, "lat", "lat is 91; it must be from -90 to 90 degrees")] == [
        (index, one.field, one.description) for index, one in second.refusals
    ]


async def test_samples_of_an_entity_that_goes_meanwhile_do_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tracker that is removed while its points are written fails the call, and they go."""
    store = Store()
    known = iter([{1: (1, 1)}, {}])

    async def entities(*_: object) -> Mapping[int, Any]:
        return next(known)

    monkeypatch.setattr(store.inputs, "entities", entities)
    with pytest.raises(NotFound):
        await store.write(drive(5))

    assert {} == store.series.samples


async def test_a_sample_next_to_an_impossible_one_is_stored() -> None:
    """The rest of a batch does not suffer."""
    store = Store()
    await store.write(drive(3, lng=[11, np.nan, 12]))

    assert_same(drive(3, lng=[11, 0, 12]).take(np.array([0, 2])), store.points())


async def test_only_the_first_refusals_are_described() -> None:
    """All are counted."""
    written = await Store().write(drive(160, lat=np.full(160, 95.0)))

    assert (160, MAX_REFUSALS) == (written.refused, len(written.refusals))
    assert [*range(MAX_REFUSALS)] == [index for index, _ in written.refusals]


async def test_an_unknown_entity_is_not_found() -> None:
    """Nor is one of another account, where an owner is named."""
    store = Store()
    for tracker_id, owner_id in ((7, None), (1, 2)):
        with pytest.raises(NotFound):
            await store.write(drive(2), tracker_id, owner_id)

    assert 2 == (await store.write(drive(2), 1, 1)).stored


async def test_columns_of_other_lengths_are_named() -> None:
    """Place is required, another column may be empty but not shorter."""
    with pytest.raises(InvalidParameters) as raised:
        await Store().write(drive(3), lat=[], lng=np.zeros(4), speed_kmh=np.zeros(2), heading=())

    assert ["points.lat", "points.lng", "points.speed_kmh"] == [one.field for one in raised.value.violations]


async def test_a_batch_has_a_greatest_length() -> None:
    """One sample more is refused as a whole."""
    with pytest.raises(InvalidParameters) as raised:
        await Store().write(drive(MAX_BATCH + 1, step_ms=1))

    assert ["points.time_ms"] == [one.field for one in raised.value.violations]


async def test_an_empty_column_is_unknown() -> None:
    """A source without speed gives no zero speeds, and -1 satellites are unknown."""
    store = Store()
    await store.write(drive(2), speed_kmh=[], satellites=[-1, -1])

    assert_same(drive(2, speed_kmh=None, satellites=None), store.points())


async def test_an_empty_batch_writes_nothing() -> None:
    """No sample came, none is wrong."""
    assert Written() == await Store().write(drive(0))
