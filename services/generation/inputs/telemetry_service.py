"""Telemetry: taking in track points, refusing the impossible ones."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from services.errors import InvalidParameters, NotFound, Violation
from services.generation.domain.point_validation import FINE, first_broken, limits
from services.generation.domain.points import Points
from services.generation.inputs.track_store import Trackers, TrackStore

MAX_BATCH_POINTS = 20_000
MAX_REFUSALS = 100
REQUIRED = ("lat", "lng")


@dataclass(frozen=True, slots=True)
class Batch:
    """Points of one tracker as they came, unchecked: columns by name, empty where the source has none."""

    tracker_id: int
    time_ms: NDArray[np.int64]
    columns: Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A point that was refused: its place in the stream, from 0, and why."""

    index: int
    reason: str


@dataclass(slots=True)
class Written:
    """What became of the points of a stream; `refusals` describes the first 100 of those refused."""

    stored: int = 0
    unchanged: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """How many points came so far."""
        return self.stored + self.unchanged + self.refused


class Telemetry:
    """Writes points to the store."""

    def __init__(self, store: TrackStore, trackers: Trackers, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._trackers = trackers
        self._clock = clock

    async def write(self, batches: AsyncIterator[Batch]) -> Written:
        """Store the possible points of all batches; batches before one that fails stay stored.

        Raises NotFound for an unknown tracker, also for one that is removed meanwhile, InvalidParameters when a batch
        is too long or its columns differ in length, StoreUnavailable.
        """
        written = Written()
        known = set[int]()
        async for batch in batches:
            if batch.tracker_id not in known:
                known |= await self._trackers.known([batch.tracker_id])
            if batch.tracker_id not in known:
                raise NotFound(f"There is no tracker {batch.tracker_id}")
            violations = list(_violations(batch))
            if violations:
                raise InvalidParameters(violations)
            await self._write(batch, written)
            await self._check_there(batch.tracker_id)
        return written

    async def _check_there(self, tracker_id: int) -> None:
        """Take the points back, and raise NotFound, when the tracker was removed while they were written."""
        if not await self._trackers.known([tracker_id]):
            await self._store.remove(tracker_id)
            raise NotFound(f"There is no tracker {tracker_id}")

    async def _write(self, batch: Batch, written: Written) -> None:
        points = Points.of(batch.time_ms, {name: column for name, column in batch.columns.items() if len(column)})
        now_ms = int(self._clock().timestamp() * 1000)
        broken = first_broken(points, now_ms)
        fine = broken == FINE
        refused = np.flatnonzero(~fine)
        for place in refused[: MAX_REFUSALS - len(written.refusals)]:
            limit = limits(now_ms)[broken[place]]
            reason = limit.reason(points.column(limit.name)[place])
            written.refusals.append(Refusal(written.seen + int(place), reason))
        stored = await self._store.add(batch.tracker_id, points.take(fine)) if fine.any() else 0
        written.refused += len(refused)
        written.stored += stored
        written.unchanged += int(fine.sum()) - stored


def _violations(batch: Batch) -> Iterator[Violation]:
    count = len(batch.time_ms)
    if count > MAX_BATCH_POINTS:
        yield Violation("points.time_ms", f"holds {count} points; {MAX_BATCH_POINTS} are the most")
    for name, column in batch.columns.items():
        if len(column) != count and (len(column) or name in REQUIRED):
            yield Violation(f"points.{name}", f"holds {len(column)} values for {count} points")
