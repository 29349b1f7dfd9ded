"""Schedules of an owner whose clocks have changed, planned anew."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from services.errors import NotFound
from services.generation.accounts.user import User
from services.generation.domain.paging import Page
from services.generation.schedules.planning import replanned
from services.generation.schedules.schedule_store import ScheduleFilter, Schedules
from services.generation.schedules.stored_changes import changed

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
                with suppress(NotFound):  # deleted meanwhile
                    await changed(self._schedules, one.id, lambda found: replanned(found, found, user, self._now()))
            page = Page(PAGE, (some[-1].id,))
