"""Steps that tests of runs share."""

from collections.abc import Awaitable, Callable, Sequence

import pytest

from services.generation.schedules.claims import Claim
from services.generation.schedules.outcomes import Finish, Holder
from services.generation.schedules.run import Outcome, Run
from services.generation.schedules.schedule import Recipient
from tests.builders.scheduled_reports import MONDAY, Clock, ScheduledOffice, draft

BOB, EVE, DAN = "bob@example.org", "eve@example.org", "dan@example.org"
HOOK = "https://example.com/hook"


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


async def delivering(office: ScheduledOffice, *addresses: str, **changes: object) -> Run:
    """Return a run by hand whose report is made, with mails to these addresses."""
    receivers = tuple(Recipient(one) for one in addresses or (BOB,))
    made = await office.all.schedules.create(office.caller, draft(recipients=receivers, **changes))
    return await make(office, await office.all.runs.run_now(office.caller, made.schedule.id))


def holder(found: Claim, worker: str = "w") -> Holder:
    """Return the holder of a claim."""
    return Holder(worker, found.run.fence)


async def end(office: ScheduledOffice, found: Claim, number: int, outcome: Outcome = "sent", **more: object) -> str:
    """Start a delivery and finish it, and return its state."""
    who = holder(found)
    await office.all.deliveries.start(found.run.id, who, number)
    return await office.all.deliveries.finish(found.run.id, who, Finish(number, outcome, **more))  # type: ignore[arg-type] # fields by name


def states(office: ScheduledOffice, run_id: int) -> Sequence[str]:
    """Return the state of a run and of its deliveries."""
    run = office.runs.stored[run_id]
    return [run.state, *(one.state for one in run.deliveries)]
