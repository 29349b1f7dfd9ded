"""A report desk over a fleet and reports in memory."""

from collections.abc import AsyncGenerator
from datetime import timedelta

from daybook.input.v1.fleet_pb2 import Employee, Tracker
from daybook.report.v1.sheet_pb2 import SheetPart

from services.generation.domain.paging import Page
from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.trackers import TRACKERS
from services.generation.reporting.report import Report
from services.generation.reporting.report_service import Limits, ReportService
from tests.builders.people import NOON
from tests.fakes.inputs import FakeInputs

FLEET = [Tracker(id=7, label="Seven"), Tracker(id=8, label="Eight"), Tracker(id=9, label="Nine", no_reports=True)]


def fleet() -> FakeInputs:
    """Return a store in which account 1 has trackers 7 to 9, the last without reports, and employees 1 to 3."""
    inputs = FakeInputs()
    inputs.add(TRACKERS, 1, *FLEET)
    inputs.add(EMPLOYEES, 1, *(Employee(id=one, first_name="Ann") for one in (1, 2, 3)))
    return inputs


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
    return ReportService(reports or Reports(), fleet(), limits, lambda: NOON)  # type: ignore[arg-type] # fakes fill what is asked
