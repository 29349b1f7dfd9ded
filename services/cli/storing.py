"""Sending batches of points to the store."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from daybook.telemetry.v1.telemetry_service_pb2 import WritePointsRequest, WritePointsResponse
from daybook.telemetry.v1.telemetry_service_pb2_grpc import TelemetryServiceStub
from grpc.aio import AioRpcError, Channel, StreamUnaryCall

from services.cli.client import Access, service_at
from services.cli.tracks.base import Batch, Notes

BATCHES_PER_CALL = 50  # so that a deadline bounds a call and not the size of a file
CALL_WITHIN_S = 300.0

Call = StreamUnaryCall[WritePointsRequest, WritePointsResponse]
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
    writing = asyncio.ensure_future(_write(call, tracker_id, _noting(batches, places), sent))

    def stop_writing(_: object) -> None:
        """Keep the server's status: a write that fails would put its own in its place, one cancelled does not."""
        writing.cancel()

    call.add_done_callback(stop_writing)
    try:
        await asyncio.wait({writing})
        if not writing.cancelled():
            writing.result()
        return await call, places
    finally:
        writing.cancel()
        call.cancel()


async def _write(call: Call, tracker_id: int, batches: Iterable[Batch], sent: Sent) -> None:
    """Write batches until the call is over; only the call itself knows why it is."""
    with suppress(AioRpcError, asyncio.InvalidStateError):
        for batch in batches:
            await call.write(WritePointsRequest(tracker_id=tracker_id, points=batch.points))
            sent(batch)
        await call.done_writing()


def _noting(batches: Iterable[Batch], places: list[int]) -> Iterator[Batch]:
    """Give batches on; the places of their points are known by the time they are sent."""
    for batch in batches:
        places.extend(batch.places)
        yield batch
