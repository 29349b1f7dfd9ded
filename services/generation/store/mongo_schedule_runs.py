"""MongoDB adapter of the runs of schedules."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pymongo import ASCENDING, DESCENDING, ReturnDocument
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from services.generation.domain.paging import Page
from services.generation.schedules.run import UNFINISHED, Run
from services.generation.schedules.schedule_store import RunStats
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo import BULK_SECONDS, Document, Ids, store_errors
from services.generation.store.mongo_ids import duplicates_of
from services.generation.store.mongo_queue import accounts_by_load
from services.generation.store.schedule_documents import WHEN_SET, document_of_run, run_of

KEEP = timedelta(days=90)
LAST_DUE_FIRST = {"due": DESCENDING, "_id": DESCENDING}


class MongoScheduleRuns:
    """Fills the port Runs. All that belongs together is in one document, which is replaced by its version."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._runs = database.schedule_runs
        self._ids = Ids(database, "schedule_run")
        self._gone = RemovalGuard(database)

    async def add(self, run: Run) -> Run | None:
        """See the port."""
        with store_errors():
            stored = await self._inserted([run])
        if stored and run.owner_id:
            await self._gone.refuse("users", run.owner_id)
        return stored[0] if stored else None

    async def add_all(self, runs: Sequence[Run]) -> list[Run]:
        """See the port."""
        if not runs:
            return []
        with store_errors(BULK_SECONDS):
            stored = await self._inserted(runs)
        gone = await self._gone.taken_back("users", {run.owner_id for run in stored})
        return [run for run in stored if run.owner_id not in gone]

    async def _inserted(self, runs: Sequence[Run]) -> list[Run]:
        """Return the runs that were stored under new ids: not those whose schedule has a run that was due then."""
        ids = await self._ids.reserve(len(runs))
        new = [replace(run, id=id_) for run, id_ in zip(runs, ids, strict=True)]
        documents = [{"_id": run.id, **document_of_run(run), "expire_time": run.create_time + KEEP} for run in new]
        try:
            await self._runs.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            known = set(duplicates_of(error))
            return [run for place, run in enumerate(new) if place not in known]
        return new

    async def find(self, run_id: int) -> Run | None:
        """See the port."""
        with store_errors():
            found = await self._runs.find_one({"_id": run_id})
        return None if found is None else run_of(found)

    async def page(self, schedule_id: int, page: Page, skip: int = 0) -> list[Run]:
        """See the port."""
        query: Document = {"schedule_id": schedule_id}
        if page.after:
            due, run_id = page.after
            query["$or"] = [{"due": {"$lt": due}}, {"due": due, "_id": {"$lt": run_id}}]
        with store_errors():
            cursor = self._runs.find(query, sort=LAST_DUE_FIRST, skip=skip, limit=page.size)
            return [run_of(found) for found in await cursor.to_list()]

    async def count(self, schedule_id: int) -> int:
        """See the port."""
        with store_errors():
            return int(await self._runs.count_documents({"schedule_id": schedule_id}))

    async def unfinished(self, schedule_id: int) -> list[Run]:
        """See the port."""
        query = {"schedule_id": schedule_id, "state": {"$in": list(UNFINISHED)}}
        with store_errors():
            return [run_of(found) for found in await self._runs.find(query).to_list()]

    async def take_step(self, now: datetime, until: datetime) -> Run | None:
        """See the port."""
        with store_errors():
            found = await self._runs.find_one_and_update(
                {"step_time": {"$lte": now}},
                {"$set": {"step_time": until}, "$inc": {"version": 1}},
                sort={"step_time": ASCENDING},
                return_document=ReturnDocument.AFTER,
            )
        return None if found is None else run_of(found)

    async def hold_back(self, owner_id: int, until: datetime) -> None:
        """See the port."""
        waiting = {"owner_id": owner_id, "state": "planned", "step_time": {"$lt": until}}
        with store_errors():
            await self._runs.update_many(waiting, {"$set": {"step_time": until}})

    async def claim(self, worker: str, now: datetime, until: datetime) -> Run | None:
        """See the port."""
        lease = {"worker": worker, "end_time": until, "numbers": [], "link_id": 0}
        due: Document = {"next_try": {"$lte": now}}
        with store_errors():
            while await self._runs.find_one(due, {"_id": 1}) is not None:
                for accounts in accounts_by_load(await self._leases(now)):
                    found = await self._runs.find_one_and_update(
                        due | accounts,
                        {"$set": {"lease": lease, "next_try": until}, "$inc": {"fence": 1, "version": 1}},
                        sort={"next_try": ASCENDING},
                        return_document=ReturnDocument.AFTER,
                    )
                    if found is not None:
                        return run_of(found)
        return None

    async def _leases(self, now: datetime) -> Counter[int]:
        """Return the number of leases that have not ended by account."""
        cursor = self._runs.find({"lease.end_time": {"$gt": now}}, {"account_id": 1, "_id": 0})
        return Counter([one["account_id"] async for one in cursor])

    async def replace(self, run: Run) -> bool:
        """See the port."""
        stored = document_of_run(replace(run, version=run.version + 1))
        gone = {name: "" for name in WHEN_SET if name not in stored}
        change: Document = {"$set": stored} | ({"$unset": gone} if gone else {})
        with store_errors():
            return bool((await self._runs.update_one({"_id": run.id, "version": run.version}, change)).matched_count)

    async def stats(self, now: datetime) -> RunStats:
        """See the port."""
        counted: list[Document] = [
            {"$match": {"state": {"$in": list(UNFINISHED)}}},
            {"$unwind": "$deliveries"},
            {"$match": {"deliveries.state": {"$in": ["waiting", "doubtful"]}}},
            {"$group": {"_id": "$deliveries.state", "count": {"$sum": 1}, "since": {"$min": "$due"}}},
        ]
        with store_errors():
            found = {one["_id"]: one for one in await (await self._runs.aggregate(counted)).to_list()}
        waiting = found.get("waiting", {})
        oldest = waiting.get("since", now)
        doubtful = found.get("doubtful", {}).get("count", 0)
        return RunStats(waiting.get("count", 0), doubtful, max(0.0, (now - oldest).total_seconds()))
