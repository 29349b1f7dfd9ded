"""Next runs of schedules, and runs as they are planned."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.generation.accounts.user import User
from services.generation.schedules.due import Plan, ReportPeriod, Window
from services.generation.schedules.run import Run, RunKind
from services.generation.schedules.schedule import Schedule, ScheduleSpec


def plan_of(schedule: Schedule, owner: User) -> Plan:
    """Return the due days of a schedule on its owner's present clocks."""
    return Plan(schedule.spec.rule, schedule.spec.sending_time, owner.locale.time_zone, owner.locale.first_weekday)


def window_of(spec: ScheduleSpec, day: date) -> Window:
    """Return the days of a report that is due on a day. Raises ValueError for a period of another form."""
    period = ReportPeriod.read(spec.period)
    if period is None:
        raise ValueError(spec.period)
    return period.window(day)


def planned(schedule: Schedule, owner: User, now: datetime) -> Schedule:
    """Return a schedule with its next due moment on its owner's present clocks; none while it is not enabled."""
    return moved_to(schedule, owner, plan_of(schedule, owner).after(now) if schedule.spec.enabled else None)


def moved_to(schedule: Schedule, owner: User, day: date | None) -> Schedule:
    """Return a schedule whose next run is that of a day, None for no run."""
    plan = plan_of(schedule, owner)
    next_due = None if day is None else plan.due_at(day)
    return replace(schedule, zone=plan.zone, week_start=plan.week_start, next_day=day, next_due=next_due)


def replanned(before: Schedule, after: Schedule, owner: User, now: datetime) -> Schedule:
    """Return a changed schedule, under the next revision and planned anew where that decides when it is due.

    Where the zone alone is another the next day stays, so that no day runs twice and none is left out.
    """
    fresh = planned(after, owner, now)
    if _timing(before) == _timing(fresh):
        return after
    if _timing(replace(before, zone=fresh.zone)) == _timing(fresh):
        fresh = moved_to(after, owner, before.next_day)
    return replace(fresh, revision=before.revision + 1)


def _timing(one: Schedule) -> tuple[object, ...]:
    week_start = one.week_start if one.spec.rule.first_day_of_week else 0
    return one.spec.rule, one.spec.sending_time, one.spec.enabled, one.zone, week_start


def scheduled_run(schedule: Schedule, owner: User, day: date, now: datetime) -> Run:
    """Return the run of a due day."""
    due = plan_of(schedule, owner).due_at(day)
    civil = datetime.combine(day, schedule.spec.sending_time)
    return _run(schedule, owner, ("scheduled", due, civil), now)


def run_by_hand(schedule: Schedule, owner: User, kind: RunKind, now: datetime, addresses: Sequence[str] = ()) -> Run:
    """Return a run that is due now, for a test with the addresses that it goes to."""
    civil = now.astimezone(ZoneInfo(owner.locale.time_zone)).replace(tzinfo=None, microsecond=0)
    return replace(_run(schedule, owner, (kind, now, civil), now), addresses=tuple(addresses))


def _run(schedule: Schedule, owner: User, due: tuple[RunKind, datetime, datetime], now: datetime) -> Run:
    kind, moment, civil = due
    return Run(
        schedule_id=schedule.id,
        owner_id=schedule.owner_id,
        account_id=schedule.account_id,
        kind=kind,
        due=moment,
        due_civil=civil,
        zone=owner.locale.time_zone,
        create_time=now,
        revision=schedule.revision,
        window=window_of(schedule.spec, civil.date()),
        step_time=now,
    )
