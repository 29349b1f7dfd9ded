"""Series in MongoDB, the reading side, for worker processes."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.counter_outlines import CounterOutlines
from services.generation.domain.samples import Samples, merged
from services.generation.domain.tracks import MS_PER_DAY
from services.generation.inputs.series import Series
from services.generation.store.buckets import (
    CAPACITY,
    IS_LIVE,
    LIVE,
    OUTLINE,
    PACKED,
    columns_of,
    day_of,
    outlines_index,
    overlapping,
    samples_of,
)
from services.generation.store.mongo import BULK_SECONDS, Document, store_errors

BATCH = 1_000  # buckets; the server sends at most 16 MiB at once
MANY = 100_000  # small documents
UNCUT: Document = {"cleared": None}  # without the old buckets of which samples were deleted
UNPACKED: Document = {"_id": 0, "from_ms": 1, "count": 1}  # of a bucket, beside its columns
ENDS = {"_id": 0, "from_ms": 1, "to_ms": 1}


class MongoSeriesReader:
    """Fills the port SeriesReader."""

    def __init__(self, database: Database[Document], series: Series) -> None:
        self._buckets = database[series.collection]
        self._series = series

    def read(self, entity: Any, start_ms: int, end_ms: int, names: Collection[str]) -> tuple[Ints, dict[str, Floats]]:
        """Return moments and some columns of the samples of a half-open interval, in time order, one a moment.

        A column that no sample knows may be missing. Which of two samples of a moment stays depends on all columns:
        only where there are two, all are read.
        """
        shown = UNPACKED | {f"columns.{name}": 1 for name in ("time", *names)}
        documents = self._documents(entity, start_ms, end_ms, shown)
        if not documents:
            return np.empty(0, np.int64), {}
        time_ms, columns = columns_of(documents)
        if not (time_ms[1:] > time_ms[:-1]).all():
            found = self.samples(entity, start_ms, end_ms)
            known = found.columns()
            return found.time_ms, {name: known[name] for name in names}
        first, end = np.searchsorted(time_ms, [start_ms, end_ms])
        return time_ms[first:end], {name: column[first:end] for name, column in columns.items()}

    def values_at(self, entity: Any, time_ms: Ints, names: Sequence[str]) -> list[Floats]:
        """Return some columns at ascending moments, NaN where no sample has that moment, or does not know the value.

        Samples are read a day at a time.
        """
        found, first = [np.full(len(time_ms), np.nan) for _ in names], 0
        while first < len(time_ms):
            end = int(np.searchsorted(time_ms, time_ms[first] + MS_PER_DAY))
            moments = time_ms[first:end]
            known_ms, columns = self.read(entity, int(moments[0]), int(moments[-1]) + 1, names)
            place = np.minimum(np.searchsorted(known_ms, moments), max(len(known_ms) - 1, 0))
            known = np.flatnonzero(known_ms[place] == moments) if len(known_ms) else place[:0]
            for values, name in zip(found, names, strict=True):
                if name in columns:
                    values[first + known] = columns[name][place[known]]
            first = end
        return found

    def samples(self, entity: Any, start_ms: int, end_ms: int) -> Samples:
        """Return the samples of a half-open interval with their texts, in time order, one a moment."""
        documents = self._documents(entity, start_ms, end_ms, PACKED)
        if not documents:
            return self._series.samples(())
        found = merged(samples_of(self._series, documents))
        first, end = np.searchsorted(found.time_ms, [start_ms, end_ms])
        return found.take(slice(first, end))

    def _documents(self, entity: Any, start_ms: int, end_ms: int, shown: Document) -> list[Document]:
        with store_errors(BULK_SECONDS):
            wanted = overlapping(self._series, entity, start_ms, end_ms)
            return self._buckets.find(wanted, shown, batch_size=BATCH).sort("to_ms").to_list()

    def span(self, entity: Any) -> tuple[int, int] | None:
        """Return the moments of the first and the last sample in ms, None without samples.

        Samples of superseded buckets are in others too, so all may be asked but those with deleted samples.
        """
        with store_errors():
            first, last = (self._end_bucket(entity, step) for step in (ASCENDING, DESCENDING))
            if first is None or last is None:
                return None
            first_day = {self._series.entity_field: entity, "to_ms": {"$lt": day_of(first["to_ms"]) + MS_PER_DAY}}
            starts = [bucket["from_ms"] for bucket in self._buckets.find(first_day | UNCUT, ENDS)]
        return min([first["from_ms"], *starts]), last["to_ms"]

    def most_a_day(self, entity: Any) -> int:
        """Return how many samples a day of an entity has at most, by the number of buckets, which is in an index."""
        a_day: list[Document] = [
            {"$match": {self._series.entity_field: entity}},
            {"$group": {"_id": "$day", "count": {"$sum": 1}}},
            {"$group": {"_id": None, "most": {"$max": "$count"}}},
        ]
        hint = {self._series.entity_field: ASCENDING, "day": ASCENDING, "tier": ASCENDING}
        with store_errors(BULK_SECONDS):
            found = self._buckets.aggregate(a_day, hint=hint).to_list()
        return found[0]["most"] * CAPACITY if found else 0

    def last_with(self, column: str, entity: Any, end_ms: int) -> tuple[int, int] | None:
        """Return the interval of the last bucket with readings of a column that begins before a moment.

        Buckets that end later, if there are any, begin at that moment or after it.
        """
        wanted = self._before(entity, end_ms) | {f"columns.{column}": {"$exists": True}} | UNCUT
        with store_errors():
            found = self._buckets.find_one(wanted, ENDS, sort={"to_ms": DESCENDING})
        return None if found is None else (found["from_ms"], found["to_ms"] + 1)

    def outlines(self, counter: str, entity: Any, end_ms: int) -> CounterOutlines:
        """Return the outlines of a counter in the buckets that begin before a moment; an index holds them.

        The last ones may end behind that moment.
        """
        fields = [f"outlines.{counter}.{name}" for name in OUTLINE]
        wanted = self._before(entity, end_ms) | {fields[0]: {"$ne": False}}
        shown = {"_id": 0, "live": IS_LIVE} | {name.rpartition(".")[2]: f"${name}" for name in ("from_ms", *fields)}
        with store_errors(BULK_SECONDS):
            found = self._buckets.find(wanted, shown, hint=outlines_index(counter), batch_size=MANY).to_list()
        live = [one for one in found if one["live"]]
        known = [one for one in live if one.get("known")]
        outlines = CounterOutlines(*(np.array([one[name] for one in known]) for name in OUTLINE[1:]))
        if len(known) == len(live):
            return outlines if known else CounterOutlines.empty()
        return CounterOutlines.join([outlines, self._without_outline(counter, entity, end_ms)])

    def _without_outline(self, counter: str, entity: Any, end_ms: int) -> CounterOutlines:
        """Return what is known of the buckets that were written before there were outlines."""
        older = {f"columns.{counter}": {"$exists": True}, f"outlines.{counter}": {"$exists": False}}
        with store_errors(BULK_SECONDS):
            found = self._buckets.find(self._before(entity, end_ms) | older | LIVE, ENDS, batch_size=MANY).to_list()
        return CounterOutlines.unknown([one["from_ms"] for one in found], [one["to_ms"] for one in found])

    def _before(self, entity: Any, end_ms: int) -> Document:
        """Return the query for the buckets that begin before a moment."""
        after = day_of(end_ms - 1) + MS_PER_DAY  # a bucket ends on the day it begins
        return {self._series.entity_field: entity, "to_ms": {"$lt": after}, "from_ms": {"$lt": end_ms}}

    def _end_bucket(self, entity: Any, step: int) -> Document | None:
        return self._buckets.find_one({self._series.entity_field: entity} | UNCUT, ENDS, sort={"to_ms": step})
