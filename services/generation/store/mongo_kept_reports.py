"""Reports in MongoDB that are over, and the deletion of those beyond the number that an account keeps."""

from collections.abc import Collection
from datetime import datetime

from pymongo import DESCENDING
from pymongo.asynchronous.database import AsyncDatabase

from services.generation.store.mongo import BULK_SECONDS, Document, store_errors

AT_ONCE = 500
OVER = {"finish_time": {"$exists": True}}


class MongoKeptReports:
    """Reports that are over, `keep` of them for each account."""

    def __init__(self, database: AsyncDatabase[Document], keep: int) -> None:
        self._reports = database.reports
        self._belonging = (database.report_sheets, database.report_links)
        self._keep = keep
        self._last: datetime | None = None  # end of the report that ended last, by the server's clock
        self._due: set[int] = set()  # accounts still to look at

    async def accounts(self) -> Collection[int]:
        """See the port. An account is named until `drop` was done."""
        ended = OVER if self._last is None else {"finish_time": {"$gte": self._last}}
        groups: list[Document] = [
            {"$match": ended},
            {"$group": {"_id": "$account_id", "last": {"$max": "$finish_time"}}},
        ]
        with store_errors(BULK_SECONDS):
            found = await (await self._reports.aggregate(groups)).to_list()
        self._due |= {group["_id"] for group in found}
        self._last = max((group["last"] for group in found), default=self._last)
        return sorted(self._due)

    async def drop(self, account_id: int) -> int:
        """See the port. Parts and links go after their reports, so that no report is without them."""
        over, dropped = {"account_id": account_id, **OVER}, 0
        while True:
            with store_errors(BULK_SECONDS):
                oldest = self._reports.find(
                    over, {"_id": 1}, sort={"finish_time": DESCENDING}, skip=self._keep, limit=AT_ONCE
                )
                ids = [found["_id"] for found in await oldest.to_list()]
                if not ids:
                    self._due.discard(account_id)
                    return dropped
                dropped += (await self._reports.delete_many({"_id": {"$in": ids}})).deleted_count
                for collection in self._belonging:
                    await collection.delete_many({"report_id": {"$in": ids}})
