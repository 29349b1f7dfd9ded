"""Results of runs that are over, told to their schedules and to the owners."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from services.errors import NotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.user import User
from services.generation.schedules.outcomes import GIVE_UP
from services.generation.schedules.planning import replanned
from services.generation.schedules.run import Delivery, Run, settled
from services.generation.schedules.schedule import MOST_FAILURES, LastResult, Schedule
from services.generation.schedules.schedule_store import Schedules
from services.generation.schedules.schedule_words import paused_text
from services.generation.schedules.stored_changes import changed
from services.generation.words.language import Language

log = logging.getLogger("daybook.schedules")


@dataclass(frozen=True, slots=True)
class RunResults:
    """Recorder of results. A result is recorded once, however often it is told."""

    schedules: Schedules
    accounts: AccountService
    is_address: Callable[[str], bool]
    now: Callable[[], datetime]

    async def told(self, run: Run) -> Run:
        """Tell the result of a run, and return the run with what is left to do: a notice to its owner, once."""
        over = replace(run, step_time=None)
        if run.kind != "scheduled" or run.state == "delivering":  # it is sent again, and told when that is over
            return over
        try:
            owner = await self.accounts.by_id(run.owner_id)
        except NotFound:
            return over
        with suppress(NotFound):  # the schedule was deleted
            await changed(self.schedules, run.schedule_id, lambda one: self._with_result(one, run, owner))
        has_notice = any(one.purpose == "owner_notice" for one in run.deliveries)
        failed = {one.address.casefold() for one in run.deliveries if one.state == "failed"}
        is_reachable = self.is_address(owner.login) and owner.login.casefold() not in failed
        if run.state not in ("failed", "partly") or has_notice or not is_reachable:
            return over
        now = self.now()
        notice = Delivery(
            len(run.deliveries) + 1,
            "mail",
            owner.login,
            purpose="owner_notice",
            next_try=now,
            give_up_time=now + GIVE_UP,
        )
        return replace(settled(replace(over, deliveries=(*run.deliveries, notice)), now), step_time=None)

    def _with_result(self, schedule: Schedule, run: Run, owner: User) -> Schedule:
        """Return a schedule with the result of a run, paused after too many failures in a row."""
        last = schedule.last_result
        result = LastResult(run.state in ("sent", "skipped"), run.id, run.report_id, run.reason)
        if last is not None and (last.run_id > run.id or last == result):
            return schedule
        failures = schedule.failed_runs
        if result.success:
            failures = 0 if run.state == "sent" else failures
        elif run.state == "failed" and (last is None or last.run_id != run.id):
            failures += 1
        elif run.state == "partly":
            failures = 0
        told = replace(schedule, last_result=result, failed_runs=failures)
        if failures < MOST_FAILURES or not schedule.spec.enabled:
            return told
        log.warning("schedule paused", extra={"schedule_id": schedule.id, "run_id": run.id})
        reason = paused_text(Language.of(owner.locale), run.reason)
        paused = replace(told, spec=replace(told.spec, enabled=False), paused_reason=reason)
        return replanned(schedule, paused, owner, self.now())
