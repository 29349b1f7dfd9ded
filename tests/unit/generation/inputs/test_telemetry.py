"""Points are taken in one by one: the possible ones stored, the others refused with their reason."""

from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from services.errors import InvalidParameters, NotFound
from services.generation.domain.points import VALUES, Points, merged
from services.generation.inputs.telemetry_service import MAX_BATCH_POINTS, MAX_REFUSALS, Batch, Telemetry, Written
from tests.builders.points import MONDAY_MS, assert_same, drive

NOW = datetime(2024, 3, 5, tzinfo=UTC)


class Shelf:
    """A store that keeps everything, and knows trackers 1 and 2."""

    def __init__(self) -> None:
        self.points: dict[int, Points] = {}
        self.trackers = {1, 2}

    async def add(self, tracker_id: int, points: Points) -> int:
        before = self.points.get(tracker_id, Points.of([], {}))
        self.points[tracker_id] = merged(Points.join([before, points]))
        return len(self.points[tracker_id]) - len(before)

    async def remove(self, tracker_id: int) -> None:
        del self.points[tracker_id]

    async def known(self, tracker_ids: Collection[int]) -> set[int]:
        return self.trackers & set(tracker_ids)


def batch(points: Points, tracker_id: int = 1, **columns: object) -> Batch:
    values: dict[str, Any] = {name: points.column(name) for name in VALUES} | columns
    return Batch(tracker_id, points.time_ms, values)


async def write(shelf: Shelf, *batches: Batch) -> Written:
    async def stream() -> AsyncIterator[Batch]:
        for one in batches:
            yield one

    return await Telemetry(shelf, shelf, lambda: NOW).write(stream())


async def test_points_are_counted_over_the_whole_stream() -> None:
    """What is there already is unchanged; a refusal's index goes on from batch to batch."""
    shelf = Shelf()
    bad = batch(drive(3, lat=[1, 91, 2]))
    written = await write(shelf, batch(drive(5, step_ms=5_000)), bad)

    assert (5, 2, 1) == (written.stored, written.unchanged, written.refused)
    assert [(6, "lat is 91; it must be from -90 to 90 degrees")] == [(r.index, r.reason) for r in written.refusals]


async def test_points_of_a_tracker_that_goes_meanwhile_do_not_stay() -> None:
    """A tracker that is removed while its points are written fails the stream, and they go."""
    shelf = Shelf()

    async def add_and_remove(tracker_id: int, points: Points) -> int:
        shelf.trackers.remove(tracker_id)
        return await Shelf.add(shelf, tracker_id, points)

    shelf.add = add_and_remove  # type: ignore[method-assign] # somebody removes it at this moment
    with pytest.raises(NotFound):
        await write(shelf, batch(drive(5)))

    assert {} == shelf.points


async def test_a_point_next_to_an_impossible_one_is_stored() -> None:
    """The rest of a batch does not suffer."""
    shelf = Shelf()
    await write(shelf, batch(drive(3, lng=[11, np.nan, 12])))

    assert_same(drive(3, lng=[11, 0, 12]).take(np.array([0, 2])), shelf.points[1])


async def test_only_the_first_refusals_are_described() -> None:
    """All are counted."""
    written = await write(Shelf(), *[batch(drive(80, lat=np.full(80, 95.0)))] * 2)

    assert (160, MAX_REFUSALS) == (written.refused, len(written.refusals))
    assert [*range(MAX_REFUSALS)] == [refusal.index for refusal in written.refusals]


async def test_an_unknown_tracker_is_not_found() -> None:
    """Batches before it stay stored."""
    shelf = Shelf()
    with pytest.raises(NotFound):
        await write(shelf, batch(drive(2)), batch(drive(2), tracker_id=7))

    assert 2 == len(shelf.points[1])


async def test_columns_of_other_lengths_are_named() -> None:
    """Place is required, another column may be empty but not shorter."""
    with pytest.raises(InvalidParameters) as raised:
        await write(Shelf(), batch(drive(3), lat=np.array([]), lng=np.zeros(4), speed_kmh=np.zeros(2), heading=()))

    assert ["points.lat", "points.lng", "points.speed_kmh"] == [one.field for one in raised.value.violations]


async def test_a_batch_has_a_greatest_length() -> None:
    """One point more is refused as a whole."""
    with pytest.raises(InvalidParameters) as raised:
        await write(Shelf(), batch(drive(MAX_BATCH_POINTS + 1, step_ms=1)))

    assert ["points.time_ms"] == [one.field for one in raised.value.violations]


async def test_an_empty_column_is_unknown() -> None:
    """A source without speed gives no zero speeds."""
    shelf = Shelf()
    await write(shelf, batch(drive(2), speed_kmh=np.array([])), batch(drive(2, start_ms=MONDAY_MS + 1), tracker_id=2))

    assert_same(drive(2, speed_kmh=None), shelf.points[1])


async def test_an_empty_stream_writes_nothing() -> None:
    """Nothing came, nothing is wrong."""
    assert Written() == await write(Shelf(), batch(drive(0)))
    assert Written() == await write(Shelf())
