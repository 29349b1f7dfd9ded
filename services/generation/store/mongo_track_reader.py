"""Track points in MongoDB, the reading side, for worker processes."""

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from services.generation.domain.points import Points, merged
from services.generation.domain.tracks import MS_PER_DAY, Track
from services.generation.store.buckets import PACKED, columns_of, day_of, overlapping
from services.generation.store.mongo import BULK_SECONDS, Document, store_errors

BATCH = 1_000  # buckets; the server sends at most 16 MiB at once
ENDS = {"_id": 0, "from_ms": 1, "to_ms": 1}


class MongoTrackReader:
    """Fills the port TrackReader."""

    def __init__(self, database: Database[Document]) -> None:
        self._buckets = database.track_buckets

    def read(self, tracker_id: int, start_ms: int, end_ms: int) -> Track:
        """Return the points from `start_ms` to before `end_ms`."""
        with store_errors(BULK_SECONDS):
            found = self._buckets.find(overlapping(tracker_id, start_ms, end_ms), PACKED, batch_size=BATCH)
            documents = found.sort("to_ms").to_list()
        if not documents:
            return Track.empty()
        time_ms, columns = columns_of(documents)
        in_order = (time_ms[1:] > time_ms[:-1]).all()
        track = Track.of(time_ms, **columns) if in_order else merged(Points.of(time_ms, columns)).track()
        return track.between(start_ms, end_ms)

    def span(self, tracker_id: int) -> tuple[int, int] | None:
        """Return the moments of the first and last point in ms, None where there is no point.

        Points of superseded buckets are in others too, so all may be asked.
        """
        with store_errors():
            first, last = (self._end_bucket(tracker_id, step) for step in (ASCENDING, DESCENDING))
            if first is None or last is None:
                return None
            first_day = {"tracker_id": tracker_id, "to_ms": {"$lt": day_of(first["to_ms"]) + MS_PER_DAY}}
            starts = [bucket["from_ms"] for bucket in self._buckets.find(first_day, ENDS)]
        return min([first["from_ms"], *starts]), last["to_ms"]

    def odometer_before(self, tracker_id: int, end_ms: int) -> tuple[int, int] | None:
        """Return the interval of the last bucket with odometer readings that begins before a moment; None without one.

        Buckets that end later, if there are any, begin at that moment or after it.
        """
        wanted = {
            "tracker_id": tracker_id,
            "columns.odometer_km": {"$exists": True},
            "to_ms": {"$lt": day_of(end_ms - 1) + MS_PER_DAY},  # a bucket ends on the day it begins
            "from_ms": {"$lt": end_ms},
        }
        with store_errors():
            found = self._buckets.find_one(wanted, ENDS, sort={"to_ms": DESCENDING})
        return None if found is None else (found["from_ms"], found["to_ms"] + 1)

    def _end_bucket(self, tracker_id: int, step: int) -> Document | None:
        return self._buckets.find_one({"tracker_id": tracker_id}, ENDS, sort={"to_ms": step})
