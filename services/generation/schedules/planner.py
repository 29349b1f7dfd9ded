"""Planner of due schedules: inserts their runs and moves them on, without a leader among several processes."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from services.errors import NotFound, StoreUnavailable
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.user import User
from services.generation.schedules.delivery_metrics import count_run
from services.generation.schedules.planning import moved_to, plan_of, scheduled_run
from services.generation.schedules.run import Run
from services.generation.schedules.schedule import Schedule
from services.generation.schedules.schedule_store import Runs, Schedules
from services.generation.schedules.schedule_words import MISSED
from services.generation.words.language import Language

log = logging.getLogger("daybook.schedules")

LOOK_EVERY_S = 15.0
BATCH = 50
LOOK_BACK = timedelta(days=90)  # for which runs are kept: older ones that were missed are not listed


class Planner:
    """Looks for due schedules every 15 s; `wake` makes this process look for a run to make."""

    def __init__(
        self,
        schedules: Schedules,
        runs: Runs,
        accounts: AccountService,
        now: Callable[[], datetime],
        catch_up: timedelta,
    ) -> None:
        self._schedules = schedules
        self._runs = runs
        self._accounts = accounts
        self._now = now
        self._catch_up = catch_up

    async def run(self, wake: Callable[[], None]) -> None:
        """Plan what is due again and again until cancelled."""
        while True:
            try:
                if await self.plan_due():
                    wake()
            except StoreUnavailable:
                log.warning("planning waits for the store")
            except Exception:
                log.exception("planning failed")  # the loop must outlive any answer of the store
            await asyncio.sleep(LOOK_EVERY_S)

    async def plan_due(self) -> int:
        """Plan the runs of all schedules that are due, and return how many schedules there were.

        A schedule that cannot be planned is passed over until the next look.
        """
        count, passed = 0, set[int]()
        while batch := await self._schedules.due(self._now(), BATCH, passed):
            for schedule in batch:
                try:
                    is_done = await self._plan(schedule)
                except StoreUnavailable:
                    raise
                except Exception:
                    log.exception("a schedule cannot be planned", extra={"schedule_id": schedule.id})
                    is_done = False
                if not is_done:
                    passed.add(schedule.id)
                count += is_done
        return count

    async def _plan(self, schedule: Schedule) -> bool:
        """Plan the runs of a schedule and move it on; return whether it is no longer due as it was found.

        A crash between the two leaves the runs, which the next look meets again: only the move is made then.
        """
        try:
            owner = await self._accounts.by_id(schedule.owner_id)
        except NotFound:  # it is being removed, and the schedule with it
            return False
        now, plan = self._now(), plan_of(schedule, owner)
        if schedule.next_day is None or plan.due_at(schedule.next_day) > now:  # the zone, or its rules, are others now
            await self._schedules.replace(moved_to(schedule, owner, plan.after(now)))
            return True
        first = max(schedule.next_day, plan.after(now - LOOK_BACK))
        missed = plan.missed(first, now)
        for day in missed:
            is_late = day != missed[-1] or now - plan.due_at(day) > self._catch_up
            await self._add(schedule, owner, scheduled_run(schedule, owner, day, now), skipped=is_late)
        last_due = plan.due_at(missed[-1]) if missed else schedule.fire_time
        moved = moved_to(schedule, owner, plan.after(now))
        await self._schedules.replace(replace(moved, fire_time=last_due))
        return True

    async def _add(self, schedule: Schedule, owner: User, run: Run, *, skipped: bool) -> None:
        if skipped:
            reason = Language.of(owner.locale).t(MISSED)
            run = replace(run, state="skipped", reason=reason, finish_time=self._now(), step_time=None)
        stored = await self._runs.add(run)
        if stored is not None:
            extra = {"schedule_id": schedule.id, "run_id": stored.id, "state": stored.state}
            log.info("run planned", extra=extra)
            if skipped:
                count_run(stored.state)
