"""Track points in MongoDB, the reading side, for worker processes."""

from pymongo.database import Database

from services.generation.adapters.buckets import DAY_MS, day_of, overlapping, points_of
from services.generation.adapters.mongo import Document, store_errors
from services.generation.domain.points import merged
from services.generation.domain.tracks import Track

BATCH = 1_000  # buckets; the server sends at most 16 MiB at once


class MongoTrackReader:
    """Fills the port TrackReader."""

    def __init__(self, database: Database[Document]) -> None:
        self._buckets = database.track_buckets

    def read(self, tracker_id: int, start_ms: int, end_ms: int) -> Track:
        """Return the points from `start_ms` to before `end_ms`."""
        fields = {"_id": 0, "count": 1, "columns": 1}
        with store_errors():
            found = self._buckets.find(overlapping(tracker_id, start_ms, end_ms), fields, batch_size=BATCH)
            points = points_of(found.sort("to_ms").to_list())
        points = merged(points)
        first, last = points.time_ms.searchsorted([start_ms, end_ms])
        return points.take(slice(first, last)).track()

    def span(self, tracker_id: int) -> tuple[int, int] | None:
        """Return the moments of the first and last point in ms, None where there is no point.

        Points of superseded buckets are in others too, so all may be asked.
        """
        mine = {"tracker_id": tracker_id}
        with store_errors():
            ends = [self._buckets.find_one(mine, {"to_ms": 1}, sort={"to_ms": step}) for step in (1, -1)]
            if ends[0] is None or ends[1] is None:
                return None
            first_day = mine | {"to_ms": {"$lt": day_of(ends[0]["to_ms"]) + DAY_MS}}
            first = self._buckets.find_one(first_day, {"from_ms": 1}, sort={"from_ms": 1})
        return first["from_ms"], ends[1]["to_ms"]
