"""MongoDB adapter of the saved reports."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, UpdateOne
from pymongo.asynchronous.database import AsyncDatabase

from services.generation.domain.paging import Page
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo import ANY_CASE, Document, Ids, store_errors
from services.generation.timetracking.time_store import SavedReport, SavedReportQuery

LIVING = {"delete_time": None}
SORT_KEYS = {"id": "_id", "name": "name", "created_at": "create_time", "updated_at": "update_time"}


class MongoSavedReports:
    """Fills the port SavedReports.

    Parameters are kept as JSON text: their keys may hold what the keys of documents may not.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._reports = database.saved_reports
        self._ids = Ids(database, "saved_report")
        self._gone = RemovalGuard(database)

    async def add(self, report: SavedReport) -> SavedReport:
        """Store a new report under a new id and return it as stored.

        Raises NotFound when its workspace or its owner is being removed.
        """
        with store_errors():
            stored = replace(report, id=await self._ids.take())
            await self._reports.insert_one({"_id": stored.id, **_document(stored)})
        await self._gone.refuse("workspaces", stored.workspace_id)
        await self._gone.refuse("people", stored.user_id)
        return stored

    async def by_token(self, token: str) -> SavedReport | None:
        """Return the report behind a token."""
        with store_errors():
            found = await self._reports.find_one({"token": token, **LIVING})
        return None if found is None else _report(found)

    async def by_ids(self, workspace_id: int, ids: Collection[int]) -> dict[int, SavedReport]:
        """Return those of the ids that the workspace has."""
        with store_errors():
            cursor = self._reports.find({"_id": {"$in": list(ids)}, "workspace_id": workspace_id, **LIVING})
            return {found["_id"]: _report(found) async for found in cursor}

    async def change(self, changes: Sequence[tuple[SavedReport, SavedReport]]) -> None:
        """Store the fields in which reports differ from how they were read."""
        writes = [
            UpdateOne({"_id": after.id, **LIVING}, {"$set": values})
            for before, after in changes
            if (values := _differing(before, after))
        ]
        if writes:
            with store_errors():
                await self._reports.bulk_write(writes, ordered=False)

    async def delete(self, ids: Collection[int], at: datetime) -> None:
        """Delete reports."""
        with store_errors():
            await self._reports.update_many({"_id": {"$in": list(ids)}, **LIVING}, {"$set": {"delete_time": at}})

    async def page(self, wanted: SavedReportQuery, page: Page) -> list[SavedReport]:
        """Return a workspace's reports in the order asked for; names are compared without letters' case."""
        step = DESCENDING if wanted.descending else ASCENDING
        order = dict.fromkeys((SORT_KEYS[wanted.order_by], "_id"), step)
        with store_errors():
            cursor = self._reports.find(_query(wanted, page), collation=ANY_CASE).sort(order)
            return [_report(found) async for found in cursor.skip(wanted.skip).limit(page.size)]


def _query(wanted: SavedReportQuery, page: Page) -> Document:
    """Return the query of a list; a page after another is one by id."""
    query: Document = {"workspace_id": wanted.workspace_id, **LIVING}
    exactly = {"user_id": wanted.user_id, "public": wanted.public, "fixed_daterange": wanted.fixed_daterange}
    query |= {name: value for name, value in exactly.items() if value is not None}
    if wanted.name:
        query["name"] = {"$regex": re.escape(wanted.name), "$options": "i"}
    ids: Document = {"$lt" if wanted.descending else "$gt": page.after[0]} if page.after else {}
    ids |= {} if wanted.among is None else {"$in": sorted(wanted.among)}
    ids |= {"$nin": sorted(wanted.apart_from)} if wanted.apart_from else {}
    return query | ({"_id": ids} if ids else {})


def _document(report: SavedReport) -> Document:
    document = asdict(report)
    del document["id"], document["scheduled_user_ids"]
    document["params"] = json.dumps(report.params, ensure_ascii=False, allow_nan=False)
    document["expire_date"] = report.expire_date and report.expire_date.isoformat()
    return document


def _differing(before: SavedReport, after: SavedReport) -> Document:
    old = _document(before)
    return {name: value for name, value in _document(after).items() if value != old[name]}


def _report(found: Document) -> SavedReport:
    values: dict[str, Any] = {field.name: found[field.name] for field in fields(SavedReport) if field.name in found}
    expire_date = found["expire_date"] and date.fromisoformat(found["expire_date"])
    return SavedReport(
        **values | {"id": found["_id"], "params": json.loads(found["params"]), "expire_date": expire_date}
    )
