"""Reports in MongoDB, as their owners see them."""

import random
from collections.abc import AsyncGenerator, Collection, Mapping

from daybook.report.v1.sheet_pb2 import SheetPart
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.errors import TooManyReports
from services.generation.domain.paging import Page
from services.generation.reporting.report import Report
from services.generation.store.batch_loader import BatchLoader
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo import OPERATION_SECONDS, Document, Ids, begun, store_errors
from services.generation.store.report_documents import document_of, report_of
from services.generation.store.sheet_documents import part_of

ID_BLOCK = 50
PARTS_AT_ONCE = 4


class MongoReports:
    """Fills the port Reports.

    A report in the making holds one of its owner's slots under a unique index: the insert itself keeps the limit.
    """

    def __init__(self, database: AsyncDatabase[Document], slots: int) -> None:
        self._reports = database.reports
        self._sheets = database.report_sheets
        self._ids = Ids(database, "report", ID_BLOCK)
        self._slots = slots
        self._gone = RemovalGuard(database)
        self._found = BatchLoader(self._by_id)

    async def queue(self, report: Report) -> int:
        """Store a report as queued and return its id, or the id of the one with the same request id.

        Raises TooManyReports when as many of the owner's are being made as may be at once, and NotFound when the owner
        is being removed.
        """
        with store_errors():
            known = await self._same_request(report)
            report_id = known or await self._insert(report) or await self._same_request_or_refuse(report)
        await self._gone.refuse("users", report.owner_id)
        return report_id

    async def _insert(self, report: Report) -> int | None:
        """Store a report in a free slot and return its id; None when there is none, or the same request came before."""
        document = {"_id": await self._ids.take(), **document_of(report)}
        for slot in random.sample(range(self._slots), self._slots):
            try:
                await self._reports.insert_one(document | {"slot": slot})
            except DuplicateKeyError as error:
                if "request_id" in (error.details or {}).get("keyPattern", {}):
                    break
            else:
                return int(document["_id"])
        self._ids.give_back(document["_id"])
        return None

    async def _same_request_or_refuse(self, report: Report) -> int:
        """Return the id of a report that took the last slot, or the request id, a moment ago."""
        if known := await self._same_request(report):
            return known
        raise TooManyReports

    async def _same_request(self, report: Report) -> int | None:
        if not report.request_id:
            return None
        wanted = {"owner_id": report.owner_id, "request_id": report.request_id}
        found = await self._reports.find_one(wanted, {"_id": 1})
        return None if found is None else int(found["_id"])

    async def find(self, owner_id: int, report_id: int) -> Report | None:
        """Return an owner's report."""
        report = await self._found.load(report_id)
        return report if report is not None and report.owner_id == owner_id else None

    async def _by_id(self, ids: Collection[int]) -> dict[int, Report]:
        with store_errors():
            cursor = self._reports.find({"_id": {"$in": list(ids)}}, batch_size=len(ids) + 1)
            return {found["_id"]: report_of(found) for found in await cursor.to_list()}

    async def page(self, owner_id: int, page: Page) -> list[Report]:
        """Return an owner's reports for its list, newest first."""
        wanted: Document = {"owner_id": owner_id, "type": "user"}
        if page.after:
            create_time, report_id = page.after
            wanted["$or"] = [
                {"create_time": {"$lt": create_time}},
                {"create_time": create_time, "_id": {"$lt": report_id}},
            ]
        with store_errors():
            cursor = self._reports.find(wanted).sort({"create_time": -1, "_id": -1}).limit(page.size)
            return [report_of(found) async for found in cursor]

    async def changed(self, seen: Mapping[int, tuple[str, int]]) -> dict[int, Report | None]:
        """Return those reports whose state or percent differ from what was seen; None for one that is gone."""
        with store_errors():
            cursor = self._reports.find({"_id": {"$in": list(seen)}}, {"state": 1, "percent": 1})
            now = {found["_id"]: (found["state"], found["percent"]) async for found in cursor}
            differing = [report_id for report_id, state in seen.items() if now.get(report_id) != state]
            cursor = self._reports.find({"_id": {"$in": differing}})
            reports = {found["_id"]: report_of(found) async for found in cursor} if differing else {}
        return {report_id: reports.get(report_id) for report_id in differing}

    async def remove(self, owner_id: int, report_id: int) -> bool:
        """Remove a report and its parts; say whether there was one."""
        with store_errors():
            removed = await self._reports.delete_one({"_id": report_id, "owner_id": owner_id})
            if removed.deleted_count:
                await self._sheets.delete_many({"report_id": report_id})
        return bool(removed.deleted_count)

    async def parts(self, report: Report) -> AsyncGenerator[SheetPart, None]:
        """Return the parts of a finished report in order, sheets counted from 0."""
        wanted = {"report_id": report.id, "attempt": report.attempt}
        sheet_index, stored, run = -1, None, None
        async with self._sheets.find(wanted, batch_size=PARTS_AT_ONCE).sort({"sheet": 1, "part": 1}) as cursor:
            found = await begun(anext(cursor, None), OPERATION_SECONDS)
            while found is not None:
                if found["sheet"] != stored:
                    sheet_index, stored, run = sheet_index + 1, found["sheet"], found.get("run")
                if found.get("run") == run:  # else a run that was given up wrote more parts than the one that counts
                    yield part_of(found, sheet_index)
                with store_errors(OPERATION_SECONDS):
                    found = await anext(cursor, None)
