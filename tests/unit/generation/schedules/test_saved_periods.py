"""Scheduled time reports: the days they cover, and what becomes of those that are gone."""

from datetime import date
from typing import Any

import pytest
from daybook.input.v1.workspace_pb2 import Workspace

from services.errors import InvalidParameters, NotFound, SpanTooLong
from services.generation.inputs.members import MEMBERS
from services.generation.inputs.workspaces import WORKSPACES
from services.generation.schedules.run import Run
from services.generation.schedules.schedule import Recipient, SavedReportRef
from services.generation.timetracking.time_report import SavedWindow
from services.generation.timetracking.time_store import SavedReport
from tests.builders.scheduled_reports import MONDAY, ScheduledOffice, draft
from tests.builders.time_entries import changed, member
from tests.unit.generation.schedules.conftest import claim

REF = SavedReportRef(1, 5)
BOB = member(12, "Bob", "bob@example.com")
APRIL = {"start_date": "2026-04-01", "end_date": "2026-04-30"}


def studio(office: ScheduledOffice, *, fixed: bool = False, **params: Any) -> None:
    """Give the office a workspace with Bob in it, and a saved report of Ann's with parameters."""
    office.inputs.add(WORKSPACES, 1, Workspace(id=1, name="Studio", owner_id=1))
    office.inputs.add(MEMBERS, 1, member(1, "Ann", "ann@example.com", "admin", "Europe/Berlin"), BOB)
    saved = SavedReport(5, 1, 1, "Hours", {"report_type": "detailed", **params}, fixed_daterange=fixed, token="0" * 32)
    office.saved.stored[5] = saved


async def run_of(office: ScheduledOffice, **changes: Any) -> Run:
    """Run a schedule of the saved report by hand on Monday, 1 June 2026."""
    usual = {"report": REF, "period": "1w", "recipients": (Recipient(user_id=12),)}
    made = await office.all.schedules.create(office.caller, draft(**usual | changes))
    run_id = await office.all.runs.run_now(office.caller, made.schedule.id)
    await office.all.maker.step_all()
    return office.runs.stored[run_id]


@pytest.mark.parametrize(
    ("params", "fixed", "changes", "first", "last"),
    [
        ({}, False, {}, date(2026, 5, 25), date(2026, 5, 31)),
        (APRIL, False, {}, date(2026, 5, 25), date(2026, 5, 31)),
        (APRIL, True, {}, date(2026, 4, 1), date(2026, 4, 30)),
        ({"period": "lastMonth"}, False, {}, date(2026, 5, 1), date(2026, 5, 31)),
        ({"period": "thisWeek"}, False, {}, date(2026, 6, 1), date(2026, 6, 7)),
        ({"period": "lastMonth"}, False, {"override_saved_period": True}, date(2026, 5, 25), date(2026, 5, 31)),
        ({"period": "lastMonth"}, True, {"override_saved_period": True}, date(2026, 5, 1), date(2026, 5, 31)),
        ({"period": "lastMonth", **APRIL}, False, {}, date(2026, 5, 25), date(2026, 5, 31)),
        (APRIL, False, {"period": "previous_month"}, date(2026, 5, 1), date(2026, 5, 31)),
    ],
)
async def test_a_named_period_is_as_of_the_day_and_fixed_dates_stay(  # noqa: PLR0917 - columns of a table
    office: ScheduledOffice, params: dict[str, Any], fixed: bool, changes: dict[str, Any], first: date, last: date
) -> None:
    """Other dates become the schedule's period."""
    studio(office, fixed=fixed, **params)
    run = await run_of(office, **changes)
    found = await claim(office)

    assert run.window is not None
    assert (first, last, "Hours") == (run.window.first, run.window.last, run.title)
    assert SavedWindow(1, 5, first, last) == found.target
    assert "bob@example.com" == found.deliveries[0].delivery.address


async def test_a_report_without_entries_is_skipped_where_that_is_wished(office: ScheduledOffice) -> None:
    """It is summed up for that."""
    studio(office)

    assert "skipped" == (await run_of(office, skip_empty=True)).state


async def test_a_saved_report_that_is_gone_fails_the_run(office: ScheduledOffice) -> None:
    """With the reason; so does a period of an unknown name."""
    studio(office)
    await run_of(office)
    await office.saved.delete([5], MONDAY)
    office.now.pass_by(seconds=1)
    run_id = await office.all.runs.run_now(office.caller, 1)
    await office.all.maker.step_all()
    run = office.runs.stored[run_id]
    assert ("failed", "The saved report was not found, or its owner has left the workspace") == (run.state, run.reason)
    studio(office, period="lastDecade")
    office.now.pass_by(seconds=1)
    run_id = await office.all.runs.run_now(office.caller, 1)
    await office.all.maker.step_all()
    assert "failed" == office.runs.stored[run_id].state


async def test_a_member_who_left_gets_nothing(office: ScheduledOffice) -> None:
    """The report is made for nobody then; a stranger, and a format that such reports do not have, are refused."""
    studio(office)
    await run_of(office)
    office.inputs.add(MEMBERS, 1, changed(BOB, inactive=True))
    office.now.pass_by(seconds=1)
    run_id = await office.all.runs.run_now(office.caller, 1)
    await office.all.maker.step_all()
    assert ("sent", ()) == (office.runs.stored[run_id].state, tuple(office.runs.stored[run_id].deliveries))
    for changes in ({"recipients": (Recipient(user_id=99),)}, {"formats": ("xls",)}):
        with pytest.raises(InvalidParameters):
            await run_of(office, **changes)
    with pytest.raises(NotFound):
        await run_of(office, report=SavedReportRef(1, 6), recipients=())
    with pytest.raises(SpanTooLong):
        await run_of(office, period="2y", recipients=())
