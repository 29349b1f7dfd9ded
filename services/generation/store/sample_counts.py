"""Counts of samples: how many moments have one, by the ends of buckets, and by their moments where buckets overlap."""

from collections.abc import AsyncIterator
from typing import Any

import numpy as np

from services.generation.inputs.series_store import Recorded
from services.generation.store.buckets import LIVE, columns_of
from services.generation.store.mongo import BULK_SECONDS, Document, store_errors
from services.generation.store.mongo_buckets import MongoBuckets

ENDS = {"_id": 1, "from_ms": 1, "to_ms": 1, "count": 1}
TIMES = {"_id": 0, "from_ms": 1, "count": 1, "columns.time": 1}
MANY = 10_000  # small documents


async def recorded(buckets: MongoBuckets) -> Recorded:
    """Return how many moments have samples, and the first and the last of them."""
    mine = {buckets.series.entity_field: buckets.entity} | LIVE
    count, first, last = 0, None, None
    with store_errors(BULK_SECONDS):
        found = buckets.collection.find(mine, ENDS, batch_size=MANY).sort({"from_ms": 1, "to_ms": 1})
        async for group in _overlapping(found):
            count += group[0]["count"] if len(group) == 1 else await _distinct(buckets, group)
            first = group[0]["from_ms"] if first is None else first
            last = max(one["to_ms"] for one in group)
    return Recorded(count, first, last)


async def _overlapping(found: Any) -> AsyncIterator[list[Document]]:
    """Yield buckets in time order, those together that overlap."""
    group: list[Document] = []
    end = -1
    async for one in found:
        if group and one["from_ms"] > end:
            yield group
            group = []
        group.append(one)
        end = max(end, one["to_ms"])
    if group:
        yield group


async def _distinct(buckets: MongoBuckets, group: list[Document]) -> int:
    ids = [one["_id"] for one in group]
    found = await buckets.collection.find({"_id": {"$in": ids}}, TIMES).to_list()
    return len(np.unique(columns_of(found)[0])) if found else 0
