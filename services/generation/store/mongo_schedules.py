"""MongoDB adapter of schedules."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from pymongo import ASCENDING, UpdateOne
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.generation.domain.paging import Page
from services.generation.schedules.schedule import Schedule
from services.generation.schedules.schedule_store import ScheduleFilter
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo import BULK_SECONDS, Document, Ids, store_errors
from services.generation.store.schedule_documents import document_of_schedule, schedule_of


class MongoSchedules:
    """Fills the port Schedules.

    A schedule holds one of its account's slots under a unique index: the insert itself keeps the limit.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._schedules = database.schedules
        self._ids = Ids(database, "schedule")
        self._gone = RemovalGuard(database)

    async def add(self, schedule: Schedule, limit: int) -> Schedule | None:
        """See the port."""
        with store_errors():
            stored = await self._insert(replace(schedule, id=await self._ids.take()), limit)
        if stored is not None:
            await self._gone.refuse("users", stored.owner_id)
        return stored

    async def _insert(self, schedule: Schedule, limit: int) -> Schedule | None:
        document = {"_id": schedule.id, **document_of_schedule(schedule)}
        while True:
            cursor = self._schedules.find({"account_id": schedule.account_id}, {"slot": 1})
            taken = {found.get("slot") async for found in cursor}
            free = next((slot for slot in range(limit) if slot not in taken), None)
            if free is None or len(taken) >= limit:
                return None
            try:
                await self._schedules.insert_one(document | {"slot": free})
            except DuplicateKeyError:  # another took the slot a moment ago
                continue
            return schedule

    async def find(self, schedule_id: int) -> Schedule | None:
        """See the port."""
        with store_errors():
            found = await self._schedules.find_one({"_id": schedule_id})
        return None if found is None else schedule_of(found)

    async def page(self, wanted: ScheduleFilter, page: Page) -> list[Schedule]:
        """See the port."""
        exactly = {"owner_id": wanted.owner_id, "workspace_id": wanted.workspace_id, "kind": wanted.kind}
        query: Document = {name: value for name, value in exactly.items() if value is not None}
        if page.after:
            query["_id"] = {"$gt": page.after[0]}
        with store_errors():
            cursor = self._schedules.find(query, sort={"_id": ASCENDING}, limit=page.size)
            return [schedule_of(found) for found in await cursor.to_list()]

    async def due(self, now: datetime, limit: int, passed: Collection[int] = ()) -> list[Schedule]:
        """See the port."""
        query: Document = {"enabled": True, "next_due": {"$lte": now}}
        if passed:
            query["_id"] = {"$nin": list(passed)}
        with store_errors():
            cursor = self._schedules.find(query, sort={"next_due": ASCENDING}, limit=limit)
            return [schedule_of(found) for found in await cursor.to_list()]

    async def replace(self, schedule: Schedule) -> bool:
        """See the port."""
        with store_errors():
            return bool((await self._schedules.update_one(*_change(schedule))).matched_count)

    async def replace_all(self, schedules: Collection[Schedule]) -> None:
        """See the port."""
        if schedules:
            with store_errors(BULK_SECONDS):
                await self._schedules.bulk_write([UpdateOne(*_change(one)) for one in schedules], ordered=False)

    async def remove(self, schedule_id: int) -> bool:
        """See the port."""
        with store_errors():
            return bool((await self._schedules.delete_one({"_id": schedule_id})).deleted_count)


def _change(schedule: Schedule) -> tuple[Document, Document]:
    """Return the filter of the version that a change was made of, and the update to the next version."""
    stored = document_of_schedule(replace(schedule, version=schedule.version + 1))
    gone = {name: "" for name in ("next_due",) if name not in stored}
    return {"_id": schedule.id, "version": schedule.version}, {"$set": stored} | ({"$unset": gone} if gone else {})
