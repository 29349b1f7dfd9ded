"""Reports in MongoDB as their owners see them."""

import random
from collections.abc import AsyncGenerator, Collection, Mapping
from datetime import timedelta

from pymongo import ASCENDING, DESCENDING
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.errors import RequestIdReused
from services.errors.reports import TooManyReports
from services.generation.domain.paging import Page
from services.generation.reporting.report import (
    EVERYTHING,
    UNFINISHED,
    PartSelection,
    Progress,
    Report,
    ReportFilter,
    StoredPart,
)
from services.generation.store.batch_loader import BatchLoader
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.indexes import ROWS_OF_PARTS
from services.generation.store.mongo import Document, Ids, store_errors
from services.generation.store.mongo_queue import RELEASED
from services.generation.store.part_documents import PLACES, stored_part
from services.generation.store.report_documents import document_of, report_of

KEEP = timedelta(days=30)
ID_BLOCK = 50
PARTS_AT_ONCE = 4
PROGRESS = {"owner_id": 1, "state": 1, "percent": 1}
WITHOUT_OUTLINES = {"outlines": 0}  # which lists do not show, and may be long
NEWEST_FIRST = {"create_time": DESCENDING, "_id": DESCENDING}
IN_ORDER = {"sheet": ASCENDING, "part": ASCENDING}


class MongoReports:
    """Reports in MongoDB.

    An unfinished report holds one of its owner's slots and one of its account's, each under a unique index: the insert
    itself keeps the limits.
    """

    def __init__(
        self, database: AsyncDatabase[Document], slots: int, account_slots: int, keep: timedelta = KEEP
    ) -> None:
        self._reports = database.reports
        self._sheets = database.report_sheets
        self._links = database.report_links
        self._ids = Ids(database, "report", ID_BLOCK)
        self._slots = {"slot": slots, "account_slot": account_slots}
        self._keep_ms = keep // timedelta(milliseconds=1)
        self._gone = RemovalGuard(database)
        self._whole = BatchLoader(self._by_id)
        self._progress = BatchLoader(self._progress_by_id)

    async def queue(self, report: Report) -> int:
        """See the port."""
        with store_errors():
            known = await self._same_request(report)
            report_id = known or await self._insert(report) or await self._same_request_or_refuse(report)
        await self._gone.refuse("users", report.owner_id)
        return report_id

    async def _insert(self, report: Report) -> int | None:
        """Store a report in free slots and return its id; None when there are none, or the same request came before."""
        document = {"_id": await self._ids.take(), **document_of(report), "turn_time": report.create_time}
        free = {name: random.sample(range(count), count) for name, count in self._slots.items()}
        while all(free.values()):
            try:
                await self._reports.insert_one(document | {name: slots[-1] for name, slots in free.items()})
            except DuplicateKeyError as error:
                taken = free.keys() & (error.details or {}).get("keyPattern", {}).keys()
                if not taken:  # the request's id is
                    break
                for name in taken:
                    free[name].pop()
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
        found = await self._reports.find_one(wanted, {"request_digest": 1})
        if found is not None and found.get("request_digest", "") != report.request_digest:
            raise RequestIdReused().naming("request_id", "was used for another request: take a new one")
        return None if found is None else int(found["_id"])

    async def find(self, owner_id: int | None, report_id: int) -> Report | None:
        """See the port."""
        report = await self._whole.load(report_id)
        return report if report is not None and owner_id in (None, report.owner_id) else None

    async def progress(self, owner_id: int | None, report_id: int) -> Progress | None:
        """See the port."""
        found = await self._progress.load(report_id)
        if found is None or owner_id not in (None, found["owner_id"]):
            return None
        return Progress(found["state"], found["percent"])

    async def _by_id(self, ids: Collection[int]) -> dict[int, Report]:
        return {found["_id"]: report_of(found) for found in await self._documents(ids, WITHOUT_OUTLINES)}

    async def _progress_by_id(self, ids: Collection[int]) -> dict[int, Document]:
        return {found["_id"]: found for found in await self._documents(ids, PROGRESS)}

    async def _documents(self, ids: Collection[int], fields: Document) -> list[Document]:
        with store_errors():
            cursor = self._reports.find({"_id": {"$in": list(ids)}}, fields, batch_size=len(ids) + 1)
            return await cursor.to_list()

    async def page(self, wanted: ReportFilter, page: Page) -> list[Report]:
        """See the port."""
        matching = _matching(wanted, page)
        with store_errors():
            found = self._reports.find(
                matching, WITHOUT_OUTLINES, sort=NEWEST_FIRST, limit=page.size, batch_size=page.size + 1
            )
            return [report_of(one) for one in await found.to_list()]

    async def changed(self, seen: Mapping[int, tuple[str, int]]) -> dict[int, Report | None]:
        """See the port."""
        with store_errors():
            cursor = self._reports.find({"_id": {"$in": list(seen)}}, {"state": 1, "percent": 1})
            now = {found["_id"]: (found["state"], found["percent"]) async for found in cursor}
            differing = [report_id for report_id, state in seen.items() if now.get(report_id) != state]
            cursor = self._reports.find({"_id": {"$in": differing}}, WITHOUT_OUTLINES)
            reports = {found["_id"]: report_of(found) async for found in cursor} if differing else {}
        return {report_id: reports.get(report_id) for report_id in differing}

    async def cancel(self, owner_id: int | None, report_id: int) -> None:
        """See the port. The attempt grows, so that what its worker still writes is no part of the report."""
        unfinished = _of(owner_id, report_id) | {"state": {"$in": list(UNFINISHED)}}
        ended: Document = {
            "state": "cancelled",
            "attempt": {"$add": ["$attempt", 1]},
            "finish_time": "$$NOW",
            "expire_time": {"$add": ["$$NOW", self._keep_ms]},
        }
        with store_errors():
            changed = await self._reports.update_one(unfinished, [{"$set": ended}, {"$unset": RELEASED}])
            if changed.matched_count:
                await self._sheets.delete_many({"report_id": report_id})

    async def remove(self, owner_id: int | None, report_id: int) -> bool:
        """See the port."""
        with store_errors():
            removed = await self._reports.delete_one(_of(owner_id, report_id))
            if removed.deleted_count:
                await self._sheets.delete_many({"report_id": report_id})
                await self._links.delete_many({"report_id": report_id})
        return bool(removed.deleted_count)

    async def outlines(self, report: Report) -> list[bytes]:
        """See the port."""
        with store_errors():
            found = await self._reports.find_one({"_id": report.id, "attempt": report.attempt}, {"outlines": 1})
        return [bytes(one) for one in (found or {}).get("outlines", [])]

    async def parts(self, report: Report, selection: PartSelection = EVERYTHING) -> AsyncGenerator[StoredPart, None]:
        """See the port. Parts are read in batches and not parsed; between two batches MongoDB holds nothing for us."""
        wanted, fields = _wanted(report, selection), dict.fromkeys(PLACES, 1)
        fields["public_json" if selection.public_json else "message"] = 1
        places = {number: place for place, number in enumerate(report.sheet_numbers)}
        number, run = -1, None
        batch = await self._batch(wanted, fields)
        while batch:
            for found in batch:
                if found["sheet"] != number:
                    number, run = found["sheet"], found.get("run")
                if found.get("run") == run:  # else a run that was given up wrote more parts than the one that counts
                    yield stored_part(found, places[number])
            is_last = len(batch) < PARTS_AT_ONCE
            batch = [] if is_last else await self._batch(_behind(batch[-1], wanted), fields)

    async def _batch(self, wanted: Document, fields: Document) -> list[Document]:
        with store_errors():
            found = self._sheets.find(wanted, fields, sort=IN_ORDER, limit=PARTS_AT_ONCE, batch_size=PARTS_AT_ONCE + 1)
            return await (found.hint(ROWS_OF_PARTS) if "first_row" in wanted else found).to_list()


def _behind(part: Document, wanted: Document) -> Document:
    """Return the filter of the wanted parts behind one of them."""
    numbers = [number for number in wanted["sheet"]["$in"] if number > part["sheet"]]
    return wanted | {
        "sheet": {"$gte": part["sheet"]},
        "$or": [{"sheet": part["sheet"], "part": {"$gt": part["part"]}}, {"sheet": {"$in": numbers}}],
    }


def _of(owner_id: int | None, report_id: int) -> Document:
    return {"_id": report_id} | ({} if owner_id is None else {"owner_id": owner_id})


def _matching(wanted: ReportFilter, page: Page) -> Document:
    found: Document = {} if wanted.owner_id is None else {"owner_id": wanted.owner_id, "type": "user"}
    if wanted.states:
        found["state"] = {"$in": list(wanted.states)}
    if wanted.plugin_ids:
        found["plugin.id"] = {"$in": list(wanted.plugin_ids)}
    if wanted.tracker_ids:
        found["tracker_ids"] = {"$in": list(wanted.tracker_ids)}
    if wanted.period_from is not None:
        found["to_time"] = {"$gte": wanted.period_from}
    if wanted.period_before is not None:
        found["from_time"] = {"$lt": wanted.period_before}
    bounds = {"$gte": wanted.create_time_from, "$lt": wanted.create_time_before}
    created = {name: bound for name, bound in bounds.items() if bound is not None}
    if page.after:
        create_time, report_id = page.after
        created["$lte"] = create_time
        found["$or"] = [{"create_time": {"$lt": create_time}}, {"_id": {"$lt": report_id}}]
    return found | ({"create_time": created} if created else {})


def _wanted(report: Report, selection: PartSelection) -> Document:
    index = selection.sheet_index
    numbers = report.sheet_numbers if index is None else report.sheet_numbers[index : index + 1]
    wanted: Document = {"report_id": report.id, "attempt": report.attempt, "sheet": {"$in": list(numbers)}}
    if selection.rows is not None:
        first, behind = selection.rows
        wanted |= {"first_row": {"$lt": behind}, "end_row": {"$gt": first}}
    return wanted
