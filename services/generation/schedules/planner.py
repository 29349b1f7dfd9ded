"""Planner of due schedules: inserts their runs and moves them on, without a leader among several processes."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.errors import StoreUnavailable
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


@dataclass(frozen=True, slots=True)
class Move:
    """A due schedule as it is after its runs."""

    schedule: Schedule
    runs: Sequence[Run] = ()


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
            planned = await self._plan(batch)
            passed |= {one.id for one in batch} - planned
            count += len(planned)
        return count

    async def _plan(self, batch: Sequence[Schedule]) -> set[int]:
        """Plan schedules together, or each alone where that fails; return the ids of those that were planned."""
        try:
            return await self._plan_all(batch)
        except StoreUnavailable:
            raise
        except Exception:
            if len(batch) > 1:
                return set().union(*[await self._plan([one]) for one in batch])
            log.exception("a schedule cannot be planned", extra={"schedule_id": batch[0].id})
            return set()

    async def _plan_all(self, batch: Sequence[Schedule]) -> set[int]:
        """Plan the runs of schedules and move these on; return the ids of those that are no longer due as they were.

        A crash between the two leaves the runs, which the next look meets again: only the move is made then.
        """
        owners = await self._accounts.by_ids({one.owner_id for one in batch})
        known = [one for one in batch if one.owner_id in owners]  # others are being removed with their owners
        moves = [self._move(one, owners[one.owner_id]) for one in known]
        for run in await self._runs.add_all([run for move in moves for run in move.runs]):
            extra = {"schedule_id": run.schedule_id, "run_id": run.id, "state": run.state}
            log.info("run planned", extra=extra)
            if run.state == "skipped":
                count_run(run.state)
        await self._schedules.replace_all([move.schedule for move in moves])
        return {one.id for one in known}

    def _move(self, schedule: Schedule, owner: User) -> Move:
        now, plan = self._now(), plan_of(schedule, owner)
        if schedule.next_day is None:
            return Move(moved_to(schedule, owner, plan.after(now)))
        if plan.due_at(schedule.next_day) > now:  # the zone, or its rules, are others now
            return Move(moved_to(schedule, owner, schedule.next_day))
        first = max(schedule.next_day, plan.after(now - LOOK_BACK))
        missed = plan.missed(first, now)
        runs = [self._run(schedule, owner, day, is_newest=day == missed[-1]) for day in missed]
        last_due = runs[-1].due if runs else schedule.fire_time
        return Move(replace(moved_to(schedule, owner, plan.after(now)), fire_time=last_due), runs)

    def _run(self, schedule: Schedule, owner: User, day: date, *, is_newest: bool) -> Run:
        """Return the run of a day, skipped where a newer one was missed too or it is too late."""
        now = self._now()
        run = scheduled_run(schedule, owner, day, now)
        if is_newest and now - run.due <= self._catch_up:
            return run
        reason = Language.of(owner.locale).t(MISSED)
        return replace(run, state="skipped", reason=reason, finish_time=now, step_time=None)
