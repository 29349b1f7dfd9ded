"""Schedules of an owner whose clocks have changed, planned anew."""

from collections.abc import Callable
from datetime import datetime

from services.generation.accounts.user import User
from services.generation.domain.paging import Page
from services.generation.schedules.planning import replanned
from services.generation.schedules.schedule_store import ScheduleFilter, Schedules

TRIES = 10  # of a change that others made at the same time
PAGE = 100


class Replanning:
    """Computes the next runs of schedules anew."""

    def __init__(self, schedules: Schedules, now: Callable[[], datetime]) -> None:
        self._schedules = schedules
        self._now = now

    async def owner_changed(self, user: User) -> None:
        """Plan a user's schedules anew: its zone or the first day of its week may be another."""
        page = Page(PAGE)
        while some := await self._schedules.page(ScheduleFilter(user.id), page):
            for one in some:
                await self._replan(one.id, user)
            page = Page(PAGE, (some[-1].id,))

    async def _replan(self, schedule_id: int, owner: User) -> None:
        for _ in range(TRIES):
            before = await self._schedules.find(schedule_id)
            if before is None:
                return
            after = replanned(before, before, owner, self._now())
            if after == before or await self._schedules.replace(after):
                return
