"""Where a worker process writes the sheets it made."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice

from daybook.report.v1.sheet_pb2 import SheetPart
from pymongo import ReplaceOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from services.generation.reporting.report import Report
from services.generation.reporting.units import Abandoned
from services.generation.store.mongo import Document, store_errors
from services.generation.store.mongo_ids import duplicates_of
from services.generation.store.sheet_documents import part_document

SHEETS_OUTLIVE = timedelta(days=1)  # sheets go a day after their report
PARTS_AT_ONCE = 8


class SheetStore:
    """The parts of one attempt at a report, as one run of a unit writes them.

    A run that was given up may still write: it neither replaces nor deletes what a later one, of a larger number, has.
    """

    def __init__(self, database: Database[Document], report: Report, keep: timedelta, run: int = 0) -> None:
        self._database = database
        self._report = report
        self._run = run
        self._expire_time = datetime.now(UTC) + keep + SHEETS_OUTLIVE

    def put(self, sheet_index: int, parts: Iterable[SheetPart]) -> int:
        """Store the parts of a sheet and return their number.

        What an earlier run left of the sheet is replaced. Raises Abandoned when a later one has written to it.
        """
        sheet = {"report_id": self._report.id, "attempt": self._report.attempt, "sheet": sheet_index}
        earlier = {"run": {"$lte": self._run}}
        coming, count = iter(parts), 0
        while some := list(islice(coming, PARTS_AT_ONCE)):
            documents = [part_document(one, self._report.id, self._report.attempt, self._expire_time) for one in some]
            self._write(
                [
                    ReplaceOne(sheet | {"part": one["part"]} | earlier, one | {"run": self._run}, upsert=True)
                    for one in documents
                ]
            )
            count += len(some)
        with store_errors():
            self._database.report_sheets.delete_many(sheet | {"part": {"$gte": count}} | earlier)
        return count

    def _write(self, writes: list[ReplaceOne[Document]]) -> None:
        refused = self._refused(writes)
        if refused and self._refused(refused):  # once more: an earlier run may have inserted a part at the same moment
            self.withdraw()
            raise Abandoned

    def _refused(self, writes: list[ReplaceOne[Document]]) -> list[ReplaceOne[Document]]:
        """Do writes and return those that met a part which they may not replace."""
        try:
            with store_errors():
                self._database.report_sheets.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            return [writes[place] for place in duplicates_of(error)]
        return []

    def withdraw(self) -> None:
        """Delete what this run wrote."""
        with store_errors():
            mine = {"report_id": self._report.id, "attempt": self._report.attempt, "run": self._run}
            self._database.report_sheets.delete_many(mine)

    def is_wanted(self, percent: int | None = None) -> bool:
        """Say whether the report is still being made by this attempt, raising its percentage when one is given."""
        mine = {"_id": self._report.id, "state": "running", "attempt": self._report.attempt}
        with store_errors():
            if percent is None:
                return self._database.reports.find_one(mine, {"_id": 1}) is not None
            return bool(self._database.reports.update_one(mine, {"$max": {"percent": percent}}).matched_count)
