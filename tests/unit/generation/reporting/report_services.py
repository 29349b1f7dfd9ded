"""A report desk over a fleet and reports in memory."""

from collections.abc import AsyncGenerator, Collection
from datetime import timedelta

from daybook.report.v1.sheet_pb2 import SheetPart

from services.generation.domain.paging import Page
from services.generation.inputs.records import Tracker
from services.generation.reporting.report import Report
from services.generation.reporting.report_service import Limits, ReportService
from tests.builders.people import NOON

TRACKERS = {7: Tracker(7, "Seven"), 8: Tracker(8, "Eight"), 9: Tracker(9, "Nine", no_reports=True)}


class Fleet:
    """Fills the part of the port Fleet that reports ask: account 1 has trackers 7 to 9."""

    async def trackers(self, account_id: int, ids: Collection[int]) -> dict[int, Tracker]:
        return {one: TRACKERS[one] for one in ids if account_id == 1 and one in TRACKERS}


class Reports:
    """Fills the port Reports from a list."""

    def __init__(self, *stored: Report, parts: int = 0) -> None:
        self.stored = list(stored)
        self.part_count = parts
        self.open_streams = 0

    async def queue(self, wanted: Report) -> int:
        self.stored.append(wanted)
        return len(self.stored)

    async def find(self, owner_id: int, report_id: int) -> Report | None:
        return next((one for one in self.stored if (one.owner_id, one.id) == (owner_id, report_id)), None)

    async def page(self, owner_id: int, page: Page) -> list[Report]:
        return [one for one in self.stored if one.owner_id == owner_id][: page.size]

    async def remove(self, owner_id: int, report_id: int) -> bool:
        found = await self.find(owner_id, report_id)
        if found:
            self.stored.remove(found)
        return found is not None

    async def parts(self, wanted: Report) -> AsyncGenerator[SheetPart, None]:
        assert wanted in self.stored
        self.open_streams += 1
        try:
            for index in range(self.part_count):
                yield SheetPart(part_index=index)
        finally:
            self.open_streams -= 1


def desk(reports: Reports | None = None) -> ReportService:
    limits = Limits(timedelta(days=90), 2, "offline")
    return ReportService(reports or Reports(), Fleet(), limits, lambda: NOON)  # type: ignore[arg-type] # fakes fill what is asked
