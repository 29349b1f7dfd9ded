"""Reports in MongoDB as workers see them: leases, attempts, fencing (design §5)."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ReturnDocument
from pymongo.asynchronous.database import AsyncDatabase

from services.generation.reporting.report import QueueStats, Report, ReportResult
from services.generation.store.mongo import Document, store_errors
from services.generation.store.report_documents import READERS, report_of

RELEASED = ["slot", "worker_id", "lease_time"]
_COUNT_SLOTS = {"$sum": {"$cond": [{"$gt": ["$slot", None]}, 1, 0]}}


class MongoQueue:
    """Queue in MongoDB. All times are the server's own, so the workers' clocks do not matter."""

    def __init__(self, database: AsyncDatabase[Document], lease: timedelta, keep: timedelta) -> None:
        self._reports = database.reports
        self._sheets = database.report_sheets
        self._lease_ms = _ms(lease)
        self._keep_ms = _ms(keep)

    async def claim(self, worker_id: str, running: Collection[int] = ()) -> Report | None:
        """See the port."""
        free = {
            "_id": {"$nin": list(running)},
            "state": {"$in": ["queued", "running"]},
            "schema": {"$in": list(READERS)},  # others are for workers of another version
            "$expr": {"$lt": [_lease_or_past(), "$$NOW"]},
        }
        return await self._take(free, worker_id, counted=1)

    async def reclaim(self, worker_id: str, running: Collection[int]) -> Report | None:
        """See the port."""
        return await self._take(
            {"_id": {"$nin": list(running)}, "state": "running", "worker_id": worker_id}, worker_id, counted=0
        )

    async def _take(self, free: Document, worker_id: str, *, counted: int) -> Report | None:
        taken = {
            "state": "running",
            "worker_id": worker_id,
            "attempt": {"$add": ["$attempt", 1]},
            "counted_attempts": {"$add": ["$counted_attempts", counted]},
            "lease_time": {"$add": ["$$NOW", self._lease_ms]},
        }
        with store_errors():
            found = await self._reports.find_one_and_update(
                free, [{"$set": taken}], sort={"create_time": 1}, return_document=ReturnDocument.AFTER
            )
        return None if found is None else report_of(found)

    async def renew(self, report: Report, worker_id: str) -> bool:
        """See the port."""
        return await self._update(report, worker_id, [{"$set": {"lease_time": {"$add": ["$$NOW", self._lease_ms]}}}])

    async def advance(self, report: Report, worker_id: str, percent: int) -> bool:
        """See the port."""
        return await self._update(report, worker_id, {"$max": {"percent": percent}})

    async def finish(self, report: Report, worker_id: str, result: ReportResult) -> bool:
        """See the port."""
        values = {
            "state": "finished",
            "percent": 100,
            "sheet_headers": list(result.sheet_headers),
            "sheet_numbers": list(result.sheet_numbers),
            "part_count": result.part_count,
            "cell_count": result.cell_count,
        }
        return await self._end(report, worker_id, values)

    async def fail(self, report: Report, worker_id: str, failure: str) -> bool:
        """See the port."""
        return await self._end(report, worker_id, {"state": "failed", "failure": failure})

    async def hand_back(self, report: Report, worker_id: str) -> None:
        """See the port."""
        change = {
            "$set": {"state": "queued"},
            "$inc": {"counted_attempts": -1},
            "$unset": {"worker_id": 1, "lease_time": 1},
        }
        await self._update(report, worker_id, change)

    async def clear_parts(self, report: Report) -> None:
        """See the port."""
        with store_errors():
            kept = await self._reports.find_one({"_id": report.id}, {"attempt": 1})
            stale: Document = {"report_id": report.id}
            if kept is not None:
                stale["attempt"] = {"$lt": kept["attempt"]}
            await self._sheets.delete_many(stale)

    async def stats(self) -> QueueStats:
        """See the port."""
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
            found = {group["_id"]: group for group in await (await self._reports.aggregate(work)).to_list()}
        counts = {state: group["count"] for state, group in found.items()}
        slots = sum(group["slots"] for group in found.values())
        oldest_ms = max((group["age_ms"] for group in found.values()), default=0)
        return QueueStats(counts.get("queued", 0), counts.get("running", 0), slots, max(0, oldest_ms) / 1000)

    async def _end(self, report: Report, worker_id: str, values: Document) -> bool:
        times = {"finish_time": "$$NOW", "expire_time": {"$add": ["$$NOW", self._keep_ms]}}
        literal = {name: {"$literal": value} for name, value in values.items()}  # a text may look like a field's path
        return await self._update(report, worker_id, [{"$set": literal | times}, {"$unset": RELEASED}])

    async def _update(self, report: Report, worker_id: str, change: Document | Sequence[Any]) -> bool:
        mine = {"_id": report.id, "state": "running", "worker_id": worker_id, "attempt": report.attempt}
        with store_errors():
            return bool((await self._reports.update_one(mine, change)).matched_count)


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _lease_or_past() -> Document:
    return {"$ifNull": ["$lease_time", datetime(1970, 1, 1, tzinfo=UTC)]}
