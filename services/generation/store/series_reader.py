"""Series in MongoDB, the reading side, for worker processes."""

from typing import Any

import numpy as np
from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from services.generation.domain.columns import Floats, Ints
from services.generation.domain.samples import merged
from services.generation.domain.tracks import MS_PER_DAY
from services.generation.inputs.series import Series
from services.generation.store.buckets import PACKED, columns_of, day_of, overlapping
from services.generation.store.mongo import BULK_SECONDS, Document, store_errors

BATCH = 1_000  # buckets; the server sends at most 16 MiB at once
ENDS = {"_id": 0, "from_ms": 1, "to_ms": 1}


class MongoSeriesReader:
    """Fills the port SeriesReader."""

    def __init__(self, database: Database[Document], series: Series) -> None:
        self._buckets = database[series.collection]
        self._series = series

    def read(self, entity: Any, start_ms: int, end_ms: int) -> tuple[Ints, dict[str, Floats]]:
        """Return moments and columns of the samples of a half-open interval, in time order, one a moment."""
        with store_errors(BULK_SECONDS):
            wanted = overlapping(self._series, entity, start_ms, end_ms)
            documents = self._buckets.find(wanted, PACKED, batch_size=BATCH).sort("to_ms").to_list()
        if not documents:
            return np.empty(0, np.int64), {}
        time_ms, columns = columns_of(documents)
        if not (time_ms[1:] > time_ms[:-1]).all():
            in_order = merged(self._series.samples(time_ms, **columns))
            time_ms, columns = in_order.time_ms, in_order.columns()
        first, end = np.searchsorted(time_ms, [start_ms, end_ms])
        return time_ms[first:end], {name: column[first:end] for name, column in columns.items()}

    def span(self, entity: Any) -> tuple[int, int] | None:
        """Return the moments of the first and the last sample in ms, None without samples.

        Samples of superseded buckets are in others too, so all may be asked.
        """
        with store_errors():
            first, last = (self._end_bucket(entity, step) for step in (ASCENDING, DESCENDING))
            if first is None or last is None:
                return None
            first_day = {self._series.entity_field: entity, "to_ms": {"$lt": day_of(first["to_ms"]) + MS_PER_DAY}}
            starts = [bucket["from_ms"] for bucket in self._buckets.find(first_day, ENDS)]
        return min([first["from_ms"], *starts]), last["to_ms"]

    def last_with(self, column: str, entity: Any, end_ms: int) -> tuple[int, int] | None:
        """Return the interval of the last bucket with readings of a column that begins before a moment.

        Buckets that end later, if there are any, begin at that moment or after it.
        """
        wanted = {
            self._series.entity_field: entity,
            f"columns.{column}": {"$exists": True},
            "to_ms": {"$lt": day_of(end_ms - 1) + MS_PER_DAY},  # a bucket ends on the day it begins
            "from_ms": {"$lt": end_ms},
        }
        with store_errors():
            found = self._buckets.find_one(wanted, ENDS, sort={"to_ms": DESCENDING})
        return None if found is None else (found["from_ms"], found["to_ms"] + 1)

    def _end_bucket(self, entity: Any, step: int) -> Document | None:
        return self._buckets.find_one({self._series.entity_field: entity}, ENDS, sort={"to_ms": step})
