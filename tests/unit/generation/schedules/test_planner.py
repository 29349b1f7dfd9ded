"""Planning of due schedules: runs inserted once, what was missed, changed zones."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from services.generation.domain.paging import Page
from services.generation.schedules.due import Rule
from services.generation.schedules.planning import moved_to
from services.generation.schedules.replanning import Replanning
from services.generation.schedules.schedule import ScheduleLimits
from tests.builders.scheduled_reports import BERLIN, MONDAY, SCHEDULE, Clock, ScheduledOffice, draft

DAILY = Rule(weekdays=(1, 2, 3, 4, 5, 6, 7))


async def daily(office, at="06:00", **changes):
    """Store a daily schedule of the office and return its id."""
    made = await office.all.schedules.create(office.caller, draft(at, rule=DAILY, period="1d", **changes))
    return made.schedule.id


async def states(office, schedule_id=1):
    """Return the states of a schedule's runs, the first due first."""
    return [one.state for one in reversed(await office.runs.page(schedule_id, Page(1000)))]


async def test_a_due_schedule_gets_its_run_and_moves_on():
    """With its civil moment, its zone and its days; nothing is due before."""
    office = ScheduledOffice(now=Clock(MONDAY - timedelta(hours=1)))
    schedule_id = (await office.all.schedules.create(office.caller, draft())).schedule.id
    assert 0 == await office.all.planner.plan_due()
    office.now.pass_by(hours=1)
    assert 1 == await office.all.planner.plan_due()
    [run], moved = await office.runs.page(schedule_id, Page(10)), await office.schedules.find(schedule_id)

    assert (MONDAY, "2026-06-01 06:00:00", "Europe/Berlin") == (run.due, str(run.due_civil), run.zone)
    assert (date(2026, 5, 25), date(2026, 5, 31)) == (run.window.first, run.window.last)
    assert (MONDAY + timedelta(days=7), date(2026, 6, 8)) == (moved.next_due, moved.next_day)
    assert moved.fire_time == MONDAY
    assert 0 == await office.all.planner.plan_due()


async def test_two_planners_insert_one_run():
    """At the same time, and one after the crash of another between the run and the move."""
    office = ScheduledOffice(now=Clock(MONDAY - timedelta(hours=1)))
    schedule_id = await daily(office)
    stored = await office.schedules.find(schedule_id)
    office.now.pass_by(hours=1)
    await asyncio.gather(*(office.all.planner.plan_due() for _ in range(20)))
    assert ["planned"] == await states(office)
    moved = await office.schedules.find(schedule_id)
    office.schedules.stored[schedule_id] = replace(stored, version=moved.version)  # as if the move were lost
    await office.all.planner.plan_due()

    assert ["planned"] == await states(office)
    assert moved.next_due == (await office.schedules.find(schedule_id)).next_due


async def test_of_what_was_missed_the_newest_is_made():
    """Down over three dues: the newest within a day runs, the others are listed as skipped with the reason."""
    office = ScheduledOffice(now=Clock(MONDAY))
    await daily(office)
    office.now.pass_by(days=3, hours=2)
    await office.all.planner.plan_due()
    runs = await office.runs.page(1, Page(10))

    assert ["skipped", "skipped", "planned"] == await states(office)
    assert {"", "Missed while Daybook was not running"} == {one.reason for one in runs}


@pytest.mark.parametrize(("hours", "state"), [(23.9, "planned"), (24.1, "skipped")])
async def test_a_run_that_is_too_late_is_skipped(hours, state):
    """By default after a day."""
    office = ScheduledOffice(now=Clock(MONDAY - timedelta(hours=1)))
    await office.all.schedules.create(office.caller, draft())
    office.now.moment = MONDAY + timedelta(hours=hours)
    await office.all.planner.plan_due()

    assert [state] == await states(office)


async def test_down_for_two_days_no_weekly_run_is_made_late():
    """The next one is a week later."""
    office = ScheduledOffice(now=Clock(MONDAY - timedelta(hours=1)))
    await office.all.schedules.create(office.caller, draft())
    office.now.pass_by(days=2)
    await office.all.planner.plan_due()

    assert ["skipped"] == await states(office)
    assert MONDAY + timedelta(days=7) == (await office.schedules.find(1)).next_due


async def test_after_years_no_more_is_listed_than_is_kept():
    """Runs of 90 days."""
    office = ScheduledOffice(now=Clock(MONDAY))
    await daily(office)
    office.now.pass_by(days=1000)
    await office.all.planner.plan_due()

    assert 89 <= len(await states(office)) <= 91


async def test_four_hundred_days_of_half_past_two_in_berlin_are_four_hundred_runs():
    """A day each, over both changes of clocks."""
    office = ScheduledOffice(now=Clock(datetime(2026, 1, 1, tzinfo=UTC)))
    await daily(office, "02:30")
    for _ in range(400 * 4):
        office.now.pass_by(hours=6)
        await office.all.planner.plan_due()
    found = [one.due_civil.date() for one in await office.runs.page(1, Page(1000))]

    assert 400 == len(found) == len(set(found))


async def test_the_thirty_first_has_twelve_runs_a_year():
    """The last day of shorter months."""
    office = ScheduledOffice(now=Clock(datetime(2026, 1, 1, tzinfo=UTC)))
    await office.all.schedules.create(office.caller, draft(rule=Rule(month_days=(31,)), period="1m"))
    for _ in range(365):
        office.now.pass_by(days=1)
        await office.all.planner.plan_due()

    assert 12 == len(await office.runs.page(1, Page(1000)))


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("Asia/Tokyo", datetime(2026, 6, 7, 21, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 6, 8, 10, tzinfo=UTC)),  # where Monday 1 June 06:00 is still to come
    ],
)
async def test_another_zone_of_the_account_moves_the_next_due(zone, due):
    """Under the next revision, and no day runs twice."""
    office = ScheduledOffice(now=Clock(MONDAY - timedelta(hours=1)))
    await office.all.schedules.create(office.caller, draft())
    office.now.pass_by(hours=1)
    await office.all.planner.plan_due()
    office.put(replace(office.owner, locale=replace(BERLIN, time_zone=zone)))
    await Replanning(office.schedules, office.now).owner_changed(office.owner)
    moved = await office.schedules.find(1)

    assert (due, 2) == (moved.next_due, moved.revision)
    office.now.moment = moved.next_due
    await office.all.planner.plan_due()
    assert 2 == len(await states(office))


async def test_a_zone_where_the_next_due_is_over_leaves_no_day_out():
    """Tuesday 06:00 is over in Tokyo while Berlin waits for it: its run is made at once."""
    office = ScheduledOffice(now=Clock(MONDAY + timedelta(hours=1)))
    await daily(office)
    office.now.pass_by(hours=20)
    office.put(replace(office.owner, locale=replace(BERLIN, time_zone="Asia/Tokyo")))
    await Replanning(office.schedules, office.now).owner_changed(office.owner)
    await office.all.planner.plan_due()
    [run] = await office.runs.page(1, Page(10))

    assert ("planned", date(2026, 6, 2)) == (run.state, run.due_day)


async def test_a_zone_that_changed_unnoticed_counts_before_a_run_is_planned():
    """The due moment is computed from the civil one: 06:00 in New York comes later than in Berlin."""
    office = ScheduledOffice(now=Clock(MONDAY - timedelta(hours=1)))
    await office.all.schedules.create(office.caller, draft())
    office.put(replace(office.owner, locale=replace(BERLIN, time_zone="America/New_York")))
    office.now.pass_by(hours=1)
    await office.all.planner.plan_due()

    assert [] == await states(office)
    assert MONDAY + timedelta(hours=6) == (await office.schedules.find(1)).next_due


async def test_a_schedule_that_cannot_be_planned_holds_up_no_other():
    """It is passed over until the next look; that of an owner who is gone likewise."""
    office = ScheduledOffice(now=Clock(MONDAY))
    for changes in ({"owner_id": 9}, {"spec": replace(SCHEDULE.spec, period="broken")}, {}):
        one = moved_to(replace(SCHEDULE, **changes), office.owner, date(2026, 6, 1))
        await office.schedules.add(one, 100)

    assert 1 == await office.all.planner.plan_due()
    assert ["planned"] == await states(office, 3)


async def test_ten_thousand_idle_schedules_take_one_look():
    """Of those that are due; ten thousand due ones are planned in batches until none is left."""
    office = ScheduledOffice(limits=ScheduleLimits(per_account=20_000), now=Clock(MONDAY - timedelta(hours=1)))
    later = moved_to(SCHEDULE, office.owner, date(2026, 6, 1))
    for number in range(1, 1_001):
        office.schedules.stored[number] = replace(later, id=number)
    await office.all.planner.plan_due()
    assert 1 == office.schedules.reads
    office.now.pass_by(hours=1)
    await office.all.planner.plan_due()

    assert 1_000 == len(office.runs.stored)
    assert 1 + 1_000 / 50 + 1 == office.schedules.reads


async def test_a_disabled_schedule_is_never_due():
    """Enabling it plans its next run, not those it has missed."""
    office = ScheduledOffice(now=Clock(MONDAY - timedelta(hours=1)))
    await daily(office, enabled=False)
    office.now.pass_by(days=3)
    assert 0 == await office.all.planner.plan_due()
    await office.all.schedules.update(office.caller, 1, lambda _: draft("06:00", rule=DAILY, period="1d"))
    found = await office.schedules.find(1)

    assert (datetime(2026, 6, 4, 4, tzinfo=UTC), 2) == (found.next_due, found.revision)
    assert time(6) == found.spec.sending_time
