"""Sending batches of points to the store."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from daybook.telemetry.v1.telemetry_service_pb2 import WritePointsRequest, WritePointsResponse
from daybook.telemetry.v1.telemetry_service_pb2_grpc import TelemetryServiceStub
from grpc.aio import Channel

from services.cli.client import Access, service_at
from services.cli.tracks.base import Batch, Notes

BATCHES_PER_CALL = 50  # so that a deadline bounds a call and not the size of a file
CALL_WITHIN_S = 300.0

Sent = Callable[[Batch], None]


@dataclass(slots=True)
class Stored:
    """What became of points, as the server counts them."""

    stored: int = 0
    unchanged: int = 0
    refused: int = 0

    def add(self, other: "Stored") -> None:
        """Add the counts of another part."""
        self.stored += other.stored
        self.unchanged += other.unchanged
        self.refused += other.refused


async def store(access: Access, tracker_id: int, batches: Iterable[Batch], notes: Notes, sent: Sent) -> Stored:
    """Store all batches; points that the server refuses are noted with their place. `sent` is told of each batch.

    Raises CommandFailed when a call fails; repeating the whole is safe.
    """
    total = Stored()
    source = iter(batches)
    async with service_at(access.generation, "generation") as channel:
        while first := next(source, None):
            calls = _call(channel, access, tracker_id, _chained(first, islice(source, BATCHES_PER_CALL - 1)), sent)
            answer, places = await calls
            for refusal in answer.refusals:
                notes.explain(places[refusal.index], refusal.reason)
            total.add(Stored(answer.stored_count, answer.unchanged_count, answer.refused_count))
    return total


def _chained(first: Batch, others: Iterable[Batch]) -> Iterator[Batch]:
    yield first
    yield from others


async def _call(
    channel: Channel, access: Access, tracker_id: int, batches: Iterable[Batch], sent: Sent
) -> tuple[WritePointsResponse, list[int]]:
    """Send batches in one call; return its answer and the place of each point sent."""
    call = TelemetryServiceStub(channel).WritePoints(metadata=access.as_operator(), timeout=CALL_WITHIN_S)
    places: list[int] = []
    try:
        with suppress(asyncio.InvalidStateError):  # the call is over already: its answer says why
            for batch in batches:
                await call.write(WritePointsRequest(tracker_id=tracker_id, points=batch.points))
                places.extend(batch.places)
                sent(batch)
            await call.done_writing()
        return await call, places
    finally:
        call.cancel()
