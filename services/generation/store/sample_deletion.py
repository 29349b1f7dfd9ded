"""Deletion of the samples of an interval from their buckets, a day at a time."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np

from services.generation.domain.columnar import Flags, Ints
from services.generation.domain.samples import Samples, merged
from services.generation.store.buckets import PACKED, documents_of, samples_of
from services.generation.store.mongo import BULK_SECONDS, Document, store_errors
from services.generation.store.mongo_buckets import SUPERSEDE, MongoBuckets

CLEARED: list[Document] = [*SUPERSEDE, {"$set": {"cleared": True}}]  # a merge meanwhile takes that back


async def delete_samples(buckets: MongoBuckets, start_ms: int, end_ms: int) -> int:
    """Delete the samples from `start_ms` to before `end_ms`; return how many moments they had.

    Buckets that lie within the interval are deleted. Of the others the remaining samples are stored again first, and
    readers that have begun keep the old ones until these expire.
    """
    live = {buckets.series.entity_field: buckets.entity, "superseded": None}
    touching = live | {"to_ms": {"$gte": start_ms}, "from_ms": {"$lt": end_ms}}
    with store_errors(BULK_SECONDS):
        days = sorted(await buckets.collection.distinct("day", touching))
    return sum([await _delete_day(buckets, touching, day, start_ms, end_ms) for day in days])


async def _delete_day(buckets: MongoBuckets, touching: Document, day: datetime, start_ms: int, end_ms: int) -> int:
    """Delete samples of a day until none is found: others may merge buckets meanwhile."""
    moments: Ints = np.empty(0, np.int64)
    while True:
        with store_errors(BULK_SECONDS):
            found = await buckets.collection.find(touching | {"day": day}, PACKED).to_list()
            parts = list(_parts(buckets, found, start_ms, end_ms))
            if not parts:
                return len(moments)
            left = [samples.take(~goes) for _, samples, goes in parts if not goes.all()]
            if left:
                await buckets.insert(documents_of(buckets.series, buckets.entity, merged(Samples.join(left))))
            within = [id_ for id_, _, goes in parts if goes.all()]
            across = [id_ for id_, _, goes in parts if not goes.all()]
            await buckets.collection.update_many({"_id": {"$in": across}, "superseded": None}, CLEARED)
            await buckets.collection.delete_many({"_id": {"$in": within}})
        moments = np.unique(np.concatenate([moments, *(samples.time_ms[goes] for _, samples, goes in parts)]))


def _parts(
    buckets: MongoBuckets, found: Sequence[Document], start_ms: int, end_ms: int
) -> Iterator[tuple[bytes, Samples, Flags]]:
    """Yield the id and the samples of each bucket that has some of the interval, and which of them these are."""
    for one in found:
        samples = samples_of(buckets.series, [one])
        goes: Flags = (samples.time_ms >= start_ms) & (samples.time_ms < end_ms)
        if goes.any():
            yield one["_id"], samples, goes
