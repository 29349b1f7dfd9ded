"""Sending batches of points to the store."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice

from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub

from services.cli.client import Access, send, service_at
from services.cli.import_result import Stored
from services.cli.tracks.base import Batch, Notes

BATCHES_PER_CALL = 50  # so that a deadline bounds a call and not the size of a file
CALL_WITHIN_S = 300.0

Sent = Callable[[Batch], None]


async def store(access: Access, tracker_id: int, batches: Iterable[Batch], notes: Notes, sent: Sent) -> Stored:
    """Store all batches and return the counts of the notes; `sent` is told of each batch.

    Points that the server refuses are noted with their place. Raises CommandFailed when a call fails; repeating the
    whole is safe.
    """
    source = iter(batches)
    async with service_at(access, "generation") as channel:
        stub = InputServiceStub(channel)
        while first := next(source, None):
            places: list[int] = []
            call = stub.Upsert(metadata=access.as_operator(), timeout=CALL_WITHIN_S)
            some = _chained(first, islice(source, BATCHES_PER_CALL - 1))
            await send(call, _requests(tracker_id, some, places, sent), partial(_note, notes, places))
    return notes.counts


def _note(notes: Notes, places: list[int], answer: pb.UpsertResponse) -> None:
    for refusal in answer.refusals:
        notes.explain(places[refusal.index], refusal.reason)
    notes.counts.add(Stored(answer.stored_count, answer.unchanged_count, answer.refused_count))


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
