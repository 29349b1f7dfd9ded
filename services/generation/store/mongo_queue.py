"""Reports in MongoDB as workers see them: turns of accounts, leases, attempts, fencing (design §5)."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ReturnDocument, WriteConcern
from pymongo.asynchronous.database import AsyncDatabase

from services.generation.reporting.report import LOSSES_ALONE, QueueStats, Report, ReportResult
from services.generation.store.mongo import Document, store_errors
from services.generation.store.report_documents import READERS, report_of

RELEASED = ["slot", "account_slot", "turn_time", "retry_time", "worker_id", "lease_time"]
BACK_OFF_S = (0, 0, 20, 30, 60)  # by losses, the last for more
OTHERS_BACK_OFF_S = 20  # between reports that run alone, when one of them lost its worker
IN_TURN = {"turn_time": 1, "create_time": 1}
LEAST_LOST = {"losses": 1, **IN_TURN}
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_COUNT_SLOTS = {"$sum": {"$cond": [{"$gt": ["$slot", None]}, 1, 0]}}


class MongoQueue:
    """Queue in MongoDB. All times are the server's own, so the workers' clocks do not matter.

    `turn_time` of a waiting report is the moment from which its account waits for its turn: that of the request, or of
    the account's last turn since.
    """

    def __init__(self, database: AsyncDatabase[Document], lease: timedelta, keep: timedelta) -> None:
        self._reports = database.reports
        self._sheets = database.report_sheets
        self._lease_ms = _ms(lease)
        self._keep_ms = _ms(keep)

    async def claim(
        self, worker_id: str, running: Collection[int] = (), *, new_accounts_only: bool = False
    ) -> Report | None:
        """See the port."""
        with store_errors():
            await self._end_lapsed_leases(running)
            while True:
                for accounts in accounts_by_load(await self._in_the_making(), new_only=new_accounts_only):
                    wanted = _due(running) | accounts | {"losses": {"$not": {"$gte": LOSSES_ALONE}}}
                    if await self._reports.find_one(wanted, {"_id": 1}) is not None:
                        if taken := await self._take(wanted, worker_id, IN_TURN):
                            return taken
                        break  # others were faster: look again
                else:
                    return None

    async def claim_alone(self, worker_id: str) -> Report | None:
        """See the port."""
        with store_errors():
            return await self._take(_due() | {"losses": {"$gte": LOSSES_ALONE}}, worker_id, LEAST_LOST)

    async def waits_alone(self) -> bool:
        """See the port."""
        with store_errors():
            return await self._reports.find_one(_due() | {"losses": {"$gte": LOSSES_ALONE}}, {"_id": 1}) is not None

    async def reclaim(self, worker_id: str, running: Collection[int]) -> Report | None:
        """See the port."""
        mine = {"_id": {"$nin": list(running)}, "state": "running", "worker_id": worker_id}
        with store_errors():
            return await self._take(mine, worker_id, IN_TURN)

    async def release(self, worker_name: str) -> None:
        """See the port."""
        dead = {"state": "running", "worker_id": {"$gte": f"{worker_name}:", "$lt": f"{worker_name};"}}
        with store_errors():
            await self._queue_again(dead)

    async def _end_lapsed_leases(self, running: Collection[int]) -> None:
        lapsed = {
            "_id": {"$nin": list(running)},
            "state": "running",
            "schema": {"$in": list(READERS)},  # others are for workers of another version
            "$expr": {"$lt": ["$lease_time", "$$NOW"]},
        }
        if await self._reports.find_one(lapsed, {"_id": 1}) is not None:  # a write costs more, even of nothing
            await self._queue_again(lapsed)

    async def _queue_again(self, lost: Document) -> None:
        """Queue reports that lost their workers, and hold back all that run alone when one of them did."""
        done = await self._reports.update_many(
            lost,
            [
                {"$set": {"state": "queued", "losses": {"$add": [{"$ifNull": ["$losses", 0]}, 1]}}},
                {"$set": {"retry_time": {"$add": ["$$NOW", _back_off_ms()]}}},
                {"$unset": ["worker_id", "lease_time"]},
            ],
        )
        if done.modified_count:
            again = {"$add": ["$$NOW", OTHERS_BACK_OFF_S * 1000]}
            suspects = {"state": "queued", "losses": {"$gte": LOSSES_ALONE}}
            await self._reports.update_many(suspects, [{"$set": {"retry_time": {"$max": ["$retry_time", again]}}}])

    async def _in_the_making(self) -> Counter[int]:
        """Return the number of reports in the making by account."""
        cursor = self._reports.find({"state": "running"}, {"account_id": 1})
        return Counter([one["account_id"] async for one in cursor])

    async def _take(self, wanted: Document, worker_id: str, order: Mapping[str, int]) -> Report | None:
        """Take over the first report and end the turn of its account."""
        taken = {
            "state": "running",
            "worker_id": worker_id,
            "start_time": {"$ifNull": ["$start_time", "$$NOW"]},
            "attempt": {"$add": ["$attempt", 1]},
            "lease_time": {"$add": ["$$NOW", self._lease_ms]},
        }
        found = await self._reports.find_one_and_update(
            wanted, [{"$set": taken}], sort=order, return_document=ReturnDocument.AFTER
        )
        if found is None:
            return None
        others = {"account_id": found["account_id"], "account_slot": {"$gte": 0}, "state": "queued"}
        reports = self._reports.with_options(write_concern=WriteConcern(w=1, j=False))  # a crash may forget a turn
        await reports.update_many(others, [{"$set": {"turn_time": "$$NOW"}}])
        return report_of(found)

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
            "outlines": list(result.outlines),
            "has_rows": result.has_rows,
        }
        return await self._end(report, worker_id, values)

    async def fail(self, report: Report, worker_id: str, failure: str) -> bool:
        """See the port."""
        return await self._end(report, worker_id, {"state": "failed", "failure": failure})

    async def hand_back(self, report: Report, worker_id: str) -> None:
        """See the port."""
        await self._update(
            report, worker_id, {"$set": {"state": "queued"}, "$unset": {"worker_id": 1, "lease_time": 1}}
        )

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
            {
                "$group": {
                    "_id": "$state",
                    "count": {"$sum": 1},
                    "slots": _COUNT_SLOTS,
                    "since": {"$min": "$create_time"},
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


def _due(running: Collection[int] = ()) -> Document:
    """Return the filter of the reports that may be claimed now."""
    return {
        "_id": {"$nin": list(running)},
        "state": "queued",
        "schema": {"$in": list(READERS)},  # others are for workers of another version
        "$expr": {"$lte": [{"$ifNull": ["$retry_time", LONG_AGO]}, "$$NOW"]},
    }


def accounts_by_load(counts: Mapping[int, int], *, new_only: bool = False) -> Iterator[Document]:
    """Yield filters of accounts, those that have nothing under way first, then those with the least."""
    yield {"account_id": {"$nin": list(counts)}}
    for count in () if new_only else sorted(set(counts.values())):
        yield {"account_id": {"$in": [account_id for account_id, one in counts.items() if one == count]}}


def _back_off_ms() -> Document:
    return {"$arrayElemAt": [[seconds * 1000 for seconds in BACK_OFF_S], {"$min": ["$losses", len(BACK_OFF_S) - 1]}]}


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
