"""Maker of runs: takes each through its steps, from planned to told, several at once."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.errors import NotFound, StoreUnavailable, Unavailable
from services.errors.reports import TooManyReports
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.user import User
from services.generation.schedules.delivery_metrics import count_run
from services.generation.schedules.delivery_plan import DeliveryPlan
from services.generation.schedules.report_sources import CannotBeMade, Made, ReportSources
from services.generation.schedules.run import UNFINISHED, UNMADE, Run, settled
from services.generation.schedules.run_results import RunResults
from services.generation.schedules.schedule import Schedule
from services.generation.schedules.schedule_store import Runs, Schedules
from services.generation.schedules.schedule_words import NOTHING_TO_SHOW, SCHEDULE_DELETED
from services.generation.words.language import Language

log = logging.getLogger("daybook.schedules")

AT_ONCE = 8  # steps
SHORTEST_S, IDLE_S = 0.2, 15.0  # between looks; another process may have planned a run
STEP = timedelta(seconds=30)  # after which another process takes a step that was not ended
FULL = timedelta(seconds=5)  # until an owner's runs are tried again when its slots are taken
LONGEST_LOOK = timedelta(seconds=10)  # between two looks at a report in the making


@dataclass(frozen=True, slots=True)
class MakerStores:
    """Stores and services that runs are made with."""

    schedules: Schedules
    runs: Runs
    accounts: AccountService
    sources: ReportSources
    deliveries: DeliveryPlan
    results: RunResults


class RunMaker:
    """Makes runs until told to stop, and looks for one at once when `woken` is set.

    `made` is called when deliveries may be claimed.
    """

    def __init__(
        self, stores: MakerStores, now: Callable[[], datetime], made: Callable[[], None], woken: asyncio.Event
    ) -> None:
        self._stores = stores
        self._runs = stores.runs
        self._now = now
        self._made = made
        self._woken = woken
        self._steps_due: dict[int, datetime] = {}  # of runs that this process has seen last

    def wake(self) -> None:
        """Look for a run to make at once."""
        self._woken.set()

    async def run(self) -> None:
        """Make runs again and again until cancelled."""
        while True:
            self._woken.clear()
            try:
                await self.step_all()
            except StoreUnavailable:
                log.warning("making runs waits for the store")
            except Exception:
                log.exception("making runs failed")  # the loop must outlive any answer of the store
            with suppress(TimeoutError):
                async with asyncio.timeout(self.pause_s()):
                    await self._woken.wait()

    def pause_s(self) -> float:
        """Return the time until the next step that is known, and a look for those of other processes."""
        now = self._now()
        self._steps_due = {run_id: due for run_id, due in self._steps_due.items() if due > now}  # others took the rest
        left = [(due - now).total_seconds() for due in self._steps_due.values()]
        return min(IDLE_S, max(SHORTEST_S, min(left, default=IDLE_S)))

    async def step_all(self) -> int:
        """Take all runs that are due through their next step, and return how many there were."""
        counts = await asyncio.gather(*(self._steps() for _ in range(AT_ONCE)), return_exceptions=True)
        for one in counts:
            if isinstance(one, BaseException):
                raise one
        return sum(one for one in counts if isinstance(one, int))

    async def _steps(self) -> int:
        count = 0
        while (run := await self._runs.take_step(self._now(), self._now() + STEP)) is not None:
            count += 1
            try:
                await self._step(run)
            except Unavailable:
                raise
            except Exception:
                log.exception("a step of a run failed", extra={"run_id": run.id})  # it is repeated after its time
        return count

    async def _step(self, run: Run) -> None:
        self._steps_due.pop(run.id, None)
        if run.state not in UNMADE:
            after = await self._stores.results.told(run)
        else:
            after = await self._next(run)
        if after.step_time is not None:
            self._steps_due[run.id] = after.step_time
        if await self._runs.replace(after):
            if after.state not in UNFINISHED and run.state in UNFINISHED:
                count_run(after.state)
            if after.next_try is not None:
                self._made()

    async def _next(self, run: Run) -> Run:
        """Return a run that is not made yet after its next step."""
        schedule = await self._stores.schedules.find(run.schedule_id)
        try:
            owner = await self._stores.accounts.by_id(run.owner_id)
        except NotFound:  # it is being removed, and the run with it
            return replace(run, state="skipped", step_time=None, finish_time=self._now())
        if schedule is None:
            return self._skipped(run, Language.of(owner.locale).t(SCHEDULE_DELETED))
        try:
            made = await self._made_of(run, schedule, owner)
        except TooManyReports:
            until = self._now() + FULL
            await self._runs.hold_back(run.owner_id, until)
            return replace(run, step_time=until)
        except CannotBeMade as error:
            failed = replace(run, making_failed=True, reason=str(error), step_time=None)
            return settled(await self._stores.deliveries.added(failed, schedule, owner), self._now())
        return await self._after(run, made, schedule, owner)

    async def _made_of(self, run: Run, schedule: Schedule, owner: User) -> Made | None:
        if run.report_id:
            return await self._stores.sources.progress(run, owner)
        return await self._stores.sources.begin(run, schedule, owner)

    async def _after(self, run: Run, made: Made | None, schedule: Schedule, owner: User) -> Run:
        now = self._now()
        if made is None:
            return replace(run, step_time=now + min(LONGEST_LOOK, (now - run.create_time) / 10 + STEP / 60))
        run = replace(
            run,
            title=made.title,
            window=made.window,
            report_id=made.report_id,
            missing_ids=tuple(made.missing_ids),
        )
        if not made.is_finished:
            return replace(run, state="making", step_time=now + STEP / 60)
        if made.is_empty and schedule.spec.skip_empty:
            return self._skipped(run, Language.of(owner.locale).t(NOTHING_TO_SHOW))
        delivering = await self._stores.deliveries.added(replace(run, step_time=None), schedule, owner)
        return settled(delivering, now)

    def _skipped(self, run: Run, reason: str) -> Run:
        now = self._now()
        return replace(run, state="skipped", reason=reason, finish_time=now, step_time=now)
