"""A report service over a fleet and reports in memory."""

from datetime import timedelta

from daybook.input.v1.fleet_pb2 import Employee, Tracker

from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.trackers import TRACKERS
from services.generation.reporting.report_request import Limits
from services.generation.reporting.report_service import ReportService
from services.generation.reporting.request_checks import RequestChecks
from tests.builders.people import NOON
from tests.fakes.inputs import FakeInputs
from tests.fakes.reports import FakeReports

FLEET = [Tracker(id=7, label="Seven"), Tracker(id=8, label="Eight"), Tracker(id=9, label="Nine", no_reports=True)]


def fleet() -> FakeInputs:
    """Return a store in which account 1 has trackers 7 to 9, the last without reports, and employees 1 to 3."""
    inputs = FakeInputs()
    inputs.add(TRACKERS, 1, *FLEET)
    inputs.add(EMPLOYEES, 1, *(Employee(id=one, first_name="Ann") for one in (1, 2, 3)))
    return inputs


def report_service(
    reports: FakeReports | None = None, inputs: FakeInputs | None = None, max_trackers: int = 2
) -> ReportService:
    """Return a service in which a report has at most so many trackers."""
    limits = Limits(timedelta(days=90), max_trackers)
    checks = RequestChecks(inputs or fleet(), limits, lambda: NOON)
    return ReportService(reports or FakeReports(), checks)
