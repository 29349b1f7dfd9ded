"""Parts of sheets in MongoDB, as worker processes write them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from daybook.report.v1.sheet_pb2 import SheetPart
from pymongo import InsertOne, ReplaceOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from services.generation.reporting.report import Report
from services.generation.reporting.units import Abandoned
from services.generation.store.mongo import Document, store_errors
from services.generation.store.mongo_ids import duplicates_of
from services.generation.store.part_documents import part_document

PARTS_OUTLIVE = timedelta(days=1)  # parts go a day after their report
PARTS_AT_ONCE = 8


class PartStore:
    """The parts of one attempt at a report, as one run of a unit writes them.

    A run that was given up may still write: it neither replaces nor deletes what a later one, of a larger number, has.
    """

    def __init__(self, database: Database[Document], report: Report, keep: timedelta, run: int = 0) -> None:
        self._reports = database.reports
        self._parts = (
            database.report_sheets
        )  # journalled: a report may be finished on a MongoDB that was killed meanwhile
        self._report = report
        self._run = run
        self._expire_time = datetime.now(UTC) + keep + PARTS_OUTLIVE

    def put(self, sheet_index: int, parts: Iterable[tuple[SheetPart, bytes]]) -> int:
        """Store the parts of a sheet, each with the public JSON of its sections, and return their number.

        What an earlier run left of the sheet is replaced. Raises Abandoned when a later one has written to it.
        """
        coming, count, is_first = iter(parts), 0, True
        while some := list(islice(coming, PARTS_AT_ONCE)):
            is_first = self._write([self._document(part, json) for part, json in some]) and is_first
            count += len(some)
        if not is_first:
            beyond = self._sheet(sheet_index) | {"part": {"$gte": count}, "run": {"$lte": self._run}}
            with store_errors():
                self._parts.delete_many(beyond)
        return count

    def _document(self, part: SheetPart, public_json: bytes) -> Document:
        owned = {"report_id": self._report.id, "attempt": self._report.attempt, "run": self._run}
        return owned | part_document(part, public_json) | {"expire_time": self._expire_time}

    def _sheet(self, sheet_index: int) -> Document:
        return {"report_id": self._report.id, "attempt": self._report.attempt, "sheet": sheet_index}

    def _write(self, documents: Sequence[Document]) -> bool:
        """Write documents; return whether no earlier run had written any of them. Raises Abandoned."""
        known = self._refused([InsertOne(document) for document in documents], documents)
        refused = known
        for _ in range(2):  # an earlier run may insert a part at the same moment
            refused = refused and self._refused([self._replacement(document) for document in refused], refused)
        if refused:
            self.withdraw()
            raise Abandoned
        return not known

    def _replacement(self, document: Document) -> ReplaceOne[Document]:
        document.pop("_id", None)  # of the insertion that was refused
        earlier = self._sheet(document["sheet"]) | {"part": document["part"], "run": {"$lte": self._run}}
        return ReplaceOne(earlier, document, upsert=True)

    def _refused(
        self, writes: Sequence[InsertOne[Document] | ReplaceOne[Document]], documents: Sequence[Document]
    ) -> list[Document]:
        """Do the writes of documents and return those that met a part which they may not replace."""
        try:
            with store_errors():
                self._parts.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            return [documents[place] for place in duplicates_of(error)]
        return []

    def withdraw(self) -> None:
        """Delete what this run wrote."""
        with store_errors():
            mine = {"report_id": self._report.id, "attempt": self._report.attempt, "run": self._run}
            self._parts.delete_many(mine)

    def is_wanted(self, percent: int | None = None) -> bool:
        """Return whether the report is still made by this attempt, raising its percentage when one is given."""
        mine = {"_id": self._report.id, "state": "running", "attempt": self._report.attempt}
        with store_errors():
            if percent is None:
                return self._reports.find_one(mine, {"_id": 1}) is not None
            return bool(self._reports.update_one(mine, {"$max": {"percent": percent}}).matched_count)
