"""A report service over a fleet and reports in memory."""

from collections.abc import Collection
from datetime import timedelta

from services.generation.inputs.records import Employee, Tracker
from services.generation.reporting.report_service import Limits, ReportService
from tests.builders.people import NOON
from tests.fakes.reports import FakeReports

TRACKERS = {7: Tracker(7, "Seven"), 8: Tracker(8, "Eight"), 9: Tracker(9, "Nine", no_reports=True)}

EMPLOYEES = {1, 2, 3}


class Fleet:
    """Fills the part of the port Fleet that reports ask: account 1 has trackers 7 to 9 and employees 1 to 3."""

    async def trackers(self, account_id: int, ids: Collection[int]) -> dict[int, Tracker]:
        return {one: TRACKERS[one] for one in ids if account_id == 1 and one in TRACKERS}

    async def employees(self, account_id: int, ids: Collection[int]) -> dict[int, Employee]:
        return {one: Employee(one, "Ann") for one in ids if account_id == 1 and one in EMPLOYEES}


def desk(reports: FakeReports | None = None) -> ReportService:
    limits = Limits(timedelta(days=90), 2, "offline")
    return ReportService(reports or FakeReports(), Fleet(), limits, lambda: NOON)  # type: ignore[arg-type] # fakes fill what is asked
