"""Links to reports in MongoDB, known by the digests of their tokens."""

from contextlib import suppress
from dataclasses import asdict, fields, replace
from datetime import UTC, date, datetime
from typing import Any

from bson.binary import Binary
from pymongo import ASCENDING
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.errors import NotFound
from services.generation.domain.paging import Page
from services.generation.sharing.report_link import ReportLink
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo import Document, Ids, store_errors
from services.generation.timetracking.time_report import SavedWindow


class MongoReportLinks:
    """Fills the port ReportLinks; a shared link holds one of its report's slots under a unique index."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._links = database.report_links
        self._ids = Ids(database, "report_link")
        self._gone = RemovalGuard(database)

    async def add(self, link: ReportLink, digest: bytes, limit: int) -> ReportLink | None:
        """See the port."""
        with store_errors():
            stored = replace(link, id=await self._ids.take())
            document = {"_id": stored.id, "digest": Binary(digest), **_document(stored)}
            is_stored = await self._insert(document, limit)
        try:
            await self._gone.refuse("users", link.owner_id)
        except NotFound:
            await self._links.delete_one({"_id": stored.id})  # its report is gone, by which it would be found
            raise
        return stored if is_stored else None

    async def _insert(self, document: Document, limit: int) -> bool:
        if document["purpose"] != "shared":
            with suppress(DuplicateKeyError):  # another process has stored the same token
                await self._links.insert_one(document)
            return True
        used = self._links.find(
            {"report_id": document["report_id"], "slot": {"$exists": True}, **_valid()}, {"slot": 1}
        )
        for slot in sorted(set(range(limit)) - {found["slot"] async for found in used}):
            await self._links.delete_one({"report_id": document["report_id"], "slot": slot, **_expired()})
            with suppress(DuplicateKeyError):  # taken a moment ago
                await self._links.insert_one(document | {"slot": slot})
                return True
        return False

    async def replace(self, link: ReportLink, digest: bytes) -> bool:
        """See the port."""
        wanted = {"_id": link.id, "owner_id": link.owner_id, "report_id": link.report_id, "purpose": link.purpose}
        change: Document = {"$set": {"digest": Binary(digest), **_document(link)}, "$unset": {"last_use_time": ""}}
        with store_errors():
            return bool((await self._links.update_one(wanted | _valid(), change)).matched_count)

    async def by_digest(self, digest: bytes) -> ReportLink | None:
        """See the port."""
        with store_errors():
            found = await self._links.find_one({"digest": Binary(digest), **_valid()})
        return None if found is None else _link(found)

    async def page(self, report_id: int, page: Page) -> list[ReportLink]:
        """See the port."""
        wanted: Document = {"report_id": report_id, "purpose": {"$ne": "delivery"}, **_valid()}
        wanted |= {"_id": {"$gt": page.after[0]}} if page.after else {}
        with store_errors():
            found = self._links.find(wanted, sort={"_id": ASCENDING}, limit=page.size)
            return [_link(one) async for one in found]

    async def record_use(self, link_id: int, at: datetime | None, count: int) -> None:
        """See the port."""
        change: Document = {"$inc": {"use_count": count}} | ({} if at is None else {"$set": {"last_use_time": at}})
        with store_errors():
            await self._links.update_one({"_id": link_id}, change)

    async def extend(self, link_id: int, expire_time: datetime) -> bool:
        """See the port."""
        with store_errors():
            changed = await self._links.update_one({"_id": link_id, **_valid()}, {"$set": {"expire_time": expire_time}})
        return bool(changed.matched_count)

    async def remove(self, owner_id: int | None, link_id: int) -> ReportLink | None:
        """See the port."""
        owner = {} if owner_id is None else {"owner_id": owner_id}
        with store_errors():
            found = await self._links.find_one_and_delete({"_id": link_id, **owner, **_valid()})
        return None if found is None else _link(found)


def _valid() -> Document:
    """Return the query of links that have not expired, which the store deletes a little later."""
    return {"expire_time": {"$gt": datetime.now(UTC)}}


def _expired() -> Document:
    return {"expire_time": {"$lte": datetime.now(UTC)}}


def _document(link: ReportLink) -> Document:
    """Return the document of a link; one without a report belongs to its `user_id`."""
    document = {name: value for name, value in asdict(link).items() if value is not None and name != "id"}
    document["formats"] = list(link.formats)
    if not link.report_id:
        del document["report_id"]
    if link.window is not None:
        days = {"first": link.window.first.isoformat(), "last": link.window.last.isoformat()}
        document["window"] = asdict(link.window) | days
        document["user_id"] = link.owner_id
    return document


def _link(found: Document) -> ReportLink:
    values: dict[str, Any] = {field.name: found[field.name] for field in fields(ReportLink) if field.name in found}
    if "window" in found:
        days = {name: date.fromisoformat(found["window"][name]) for name in ("first", "last")}
        values["window"] = SavedWindow(**found["window"] | days)
    return ReportLink(**values | {"id": found["_id"], "formats": tuple(found["formats"])})
