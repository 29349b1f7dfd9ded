"""Where a worker process writes the sheets it made."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice

from daybook.report.v1.sheet_pb2 import SheetPart
from pymongo import ReplaceOne
from pymongo.database import Database

from services.generation.adapters.mongo import Document, store_errors
from services.generation.adapters.sheet_documents import part_document
from services.generation.records import Report

SHEETS_OUTLIVE = timedelta(days=1)  # sheets go a day after their report
PARTS_AT_ONCE = 8


class SheetStore:
    """The parts of one attempt at a report."""

    def __init__(self, database: Database[Document], report: Report, keep: timedelta) -> None:
        self._database = database
        self._report = report
        self._expire_time = datetime.now(UTC) + keep + SHEETS_OUTLIVE

    def put(self, sheet_index: int, parts: Iterable[SheetPart]) -> int:
        """Store the parts of a sheet and return their number.

        What an earlier try of this attempt left of the sheet is replaced.
        """
        sheet = {"report_id": self._report.id, "attempt": self._report.attempt, "sheet": sheet_index}
        coming, count = iter(parts), 0
        while some := list(islice(coming, PARTS_AT_ONCE)):
            documents = [part_document(one, self._report.id, self._report.attempt, self._expire_time) for one in some]
            writes = [ReplaceOne(sheet | {"part": one["part"]}, one, upsert=True) for one in documents]
            with store_errors():
                self._database.report_sheets.bulk_write(writes, ordered=False)
            count += len(some)
        with store_errors():
            self._database.report_sheets.delete_many(sheet | {"part": {"$gte": count}})
        return count

    def is_wanted(self, percent: int | None = None) -> bool:
        """Say whether the report is still being made by this attempt, raising its percentage when one is given."""
        mine = {"_id": self._report.id, "state": "running", "attempt": self._report.attempt}
        with store_errors():
            if percent is None:
                return self._database.reports.find_one(mine, {"_id": 1}) is not None
            return bool(self._database.reports.update_one(mine, {"$max": {"percent": percent}}).matched_count)
