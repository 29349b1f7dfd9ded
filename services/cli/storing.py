"""Sending batches of points to the store."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub

from services.cli.client import Access, service_at
from services.cli.streaming import send
from services.cli.tracks.base import Batch, Notes

BATCHES_PER_CALL = 50  # so that a deadline bounds a call and not the size of a file
CALL_WITHIN_S = 300.0

Sent = Callable[[Batch], None]


@dataclass(slots=True)
class Stored:
    """Counts of points or records, as the server answers them."""

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
    async with service_at(access, "generation") as channel:
        stub = InputServiceStub(channel)
        while first := next(source, None):
            places: list[int] = []
            call = stub.Upsert(metadata=access.as_operator(), timeout=CALL_WITHIN_S)
            some = _chained(first, islice(source, BATCHES_PER_CALL - 1))
            answer = await send(call, _requests(tracker_id, some, places, sent))
            for refusal in answer.refusals:
                notes.explain(places[refusal.index], refusal.reason)
            total.add(Stored(answer.stored_count, answer.unchanged_count, answer.refused_count))
    return total


def _chained(first: Batch, others: Iterable[Batch]) -> Iterator[Batch]:
    yield first
    yield from others


def _requests(tracker_id: int, batches: Iterable[Batch], places: list[int], sent: Sent) -> Iterator[pb.UpsertRequest]:
    """Give batches as requests; the places of their points are known by the time they are sent."""
    for batch in batches:
        places.extend(batch.places)
        batch.points.tracker_id = tracker_id
        yield pb.UpsertRequest(batch=pb.Batch(points=batch.points))
        sent(batch)
