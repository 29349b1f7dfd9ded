"""Amount of work as operators see it, on a real MongoDB."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.generation.reporting.report import QueueStats, ReportResult
from services.generation.store.mongo_queue import MongoQueue
from services.generation.store.mongo_reports import MongoReports
from tests.builders.people import report

HOUR = timedelta(hours=1)


async def test_work_is_counted_until_it_is_done(db: Any) -> None:
    """A report that is queued or made holds a slot, one that is finished counts for nothing."""
    queue, reports = MongoQueue(db, timedelta(seconds=15), timedelta(days=30)), MongoReports(db, 5, 10)
    assert QueueStats(0, 0, 0, 0) == await queue.stats()

    asked = datetime.now(UTC) - HOUR
    for _ in range(3):
        await reports.queue(report(create_time=asked))
    taken = await queue.claim("me")
    assert taken is not None
    depth = await queue.stats()
    assert QueueStats(2, 1, 3, 0) == replace(depth, oldest_s=0)
    assert HOUR.total_seconds() <= depth.oldest_s < 2 * HOUR.total_seconds()

    await queue.finish(taken, "me", ReportResult())
    assert QueueStats(2, 0, 2, 0) == replace(await queue.stats(), oldest_s=0)
