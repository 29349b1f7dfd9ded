"""Reports in MongoDB, as those who make them see them: leases, attempts, fencing (design §5)."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ReturnDocument
from pymongo.asynchronous.database import AsyncDatabase

from services.generation.reporting.report import QueueStats, Report, ReportResult
from services.generation.store.mongo import Document, store_errors
from services.generation.store.report_documents import report_of

RELEASED = ["slot", "maker", "lease_time"]
_COUNT_SLOTS = {"$sum": {"$cond": [{"$gt": ["$slot", None]}, 1, 0]}}


class MongoQueue:
    """Fills the port Queue. All times are the server's own, so makers' clocks do not matter."""

    def __init__(self, database: AsyncDatabase[Document], lease: timedelta, keep: timedelta) -> None:
        self._reports = database.reports
        self._sheets = database.report_sheets
        self._lease_ms = _ms(lease)
        self._keep_ms = _ms(keep)

    async def claim(self, worker_id: str, running: Collection[int] = ()) -> Report | None:
        """Take over the report that waited longest, or one whose maker's lease ran out; None when there is none.

        Those that the maker is `running` are left to it, even when it could not renew their leases.
        """
        free = {
            "_id": {"$nin": list(running)},
            "state": {"$in": ["queued", "running"]},
            "$expr": {"$lt": [_lease_or_past(), "$$NOW"]},
        }
        return await self._take(free, worker_id, tries=1)

    async def reclaim(self, worker_id: str, running: Collection[int]) -> Report | None:
        """Take over a report that the maker holds without running it: a claim was done, and its answer lost."""
        return await self._take(
            {"_id": {"$nin": list(running)}, "state": "running", "maker": worker_id}, worker_id, tries=0
        )

    async def _take(self, free: Document, worker_id: str, *, tries: int) -> Report | None:
        taken = {
            "state": "running",
            "maker": worker_id,
            "attempt": {"$add": ["$attempt", 1]},
            "tries": {"$add": ["$tries", tries]},
            "lease_time": {"$add": ["$$NOW", self._lease_ms]},
        }
        with store_errors():
            found = await self._reports.find_one_and_update(
                free, [{"$set": taken}], sort={"create_time": 1}, return_document=ReturnDocument.AFTER
            )
        return None if found is None else report_of(found)

    async def prolong(self, report: Report, worker_id: str) -> bool:
        """Renew the lease; False when the report is no longer this maker's."""
        return await self._update(report, worker_id, [{"$set": {"lease_time": {"$add": ["$$NOW", self._lease_ms]}}}])

    async def progress(self, report: Report, worker_id: str, percent: int) -> bool:
        """Raise the percentage; False when the report is no longer this maker's."""
        return await self._update(report, worker_id, {"$max": {"percent": percent}})

    async def finish(self, report: Report, worker_id: str, made: ReportResult) -> bool:
        """Declare the report finished; False when it is no longer this maker's."""
        values = {
            "state": "finished",
            "percent": 100,
            "sheet_headers": list(made.sheet_headers),
            "part_count": made.part_count,
            "cell_count": made.cell_count,
        }
        return await self._end(report, worker_id, values)

    async def fail(self, report: Report, worker_id: str, failure: str) -> bool:
        """Declare the report failed; False when it is no longer this maker's."""
        return await self._end(report, worker_id, {"state": "failed", "failure": failure})

    async def hand_back(self, report: Report, worker_id: str) -> None:
        """Queue the report again without counting the try; the attempt keeps its number, which fences its parts off."""
        change = {"$set": {"state": "queued"}, "$inc": {"tries": -1}, "$unset": {"maker": 1, "lease_time": 1}}
        await self._update(report, worker_id, change)

    async def clear_parts(self, report: Report) -> None:
        """Delete what earlier attempts left, or everything when the report is gone."""
        with store_errors():
            kept = await self._reports.find_one({"_id": report.id}, {"attempt": 1})
            stale: Document = {"report_id": report.id}
            if kept is not None:
                stale["attempt"] = {"$lt": kept["attempt"]}
            await self._sheets.delete_many(stale)

    async def depth(self) -> QueueStats:
        """Return how much work there is."""
        work: list[Document] = [
            {"$match": {"state": {"$in": ["queued", "running"]}}},
            {"$sort": {"create_time": 1}},  # by the index of unfinished reports
            {
                "$group": {
                    "_id": "$state",
                    "count": {"$sum": 1},
                    "slots": _COUNT_SLOTS,
                    "since": {"$first": "$create_time"},
                }
            },
            {"$set": {"age_ms": {"$subtract": ["$$NOW", "$since"]}}},
        ]
        with store_errors():
            found = {one["_id"]: one for one in await (await self._reports.aggregate(work)).to_list()}
        counts = {state: one["count"] for state, one in found.items()}
        slots = sum(one["slots"] for one in found.values())
        oldest_ms = max((one["age_ms"] for one in found.values()), default=0)
        return QueueStats(counts.get("queued", 0), counts.get("running", 0), slots, max(0, oldest_ms) / 1000)

    async def _end(self, report: Report, worker_id: str, values: Document) -> bool:
        times = {"finish_time": "$$NOW", "expire_time": {"$add": ["$$NOW", self._keep_ms]}}
        literal = {name: {"$literal": value} for name, value in values.items()}  # a text may look like a field's path
        return await self._update(report, worker_id, [{"$set": literal | times}, {"$unset": RELEASED}])

    async def _update(self, report: Report, worker_id: str, change: Document | Sequence[Any]) -> bool:
        mine = {"_id": report.id, "state": "running", "maker": worker_id, "attempt": report.attempt}
        with store_errors():
            return bool((await self._reports.update_one(mine, change)).matched_count)


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _lease_or_past() -> Document:
    return {"$ifNull": ["$lease_time", datetime(1970, 1, 1, tzinfo=UTC)]}
