"""Steps that tests of runs share."""

from collections.abc import Awaitable, Callable

import pytest

from services.generation.schedules.claims import Claim
from services.generation.schedules.run import Run
from tests.builders.scheduled_reports import MONDAY, Clock, ScheduledOffice


@pytest.fixture
def office() -> ScheduledOffice:
    """Return the office an hour before Monday 06:00 in Berlin."""
    return ScheduledOffice(now=Clock(MONDAY))


Make = Callable[[ScheduledOffice, int], Awaitable[Run]]


async def make(office: ScheduledOffice, run_id: int) -> Run:
    """Take a run to its deliveries: its report is queued, made by others, and found finished."""
    await office.all.maker.step_all()
    run = office.runs.stored[run_id]
    if run.report_id:
        office.reports.change(run.report_id, state="finished", cell_count=5)
    office.now.pass_by(seconds=30)
    await office.all.maker.step_all()
    return office.runs.stored[run_id]


async def claim(office: ScheduledOffice, worker: str = "w") -> Claim:
    """Claim a run that has due deliveries."""
    found = await office.all.deliveries.claim(worker, 0)
    assert found is not None
    return found
