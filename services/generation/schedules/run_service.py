"""Use cases of runs: by hand, as tests, listed, and decisions about their deliveries."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from services.errors import InvalidParameters, NotFound, NotNow, TooMuch, Unavailable, Violation
from services.generation.accounts.audit import audited
from services.generation.accounts.authentication import Principal
from services.generation.accounts.user import User
from services.generation.domain.paging import Page
from services.generation.schedules.outcomes import GIVE_UP
from services.generation.schedules.planning import run_by_hand
from services.generation.schedules.receiver_checks import AddressChecks
from services.generation.schedules.run import Run, settled, with_delivery
from services.generation.schedules.schedule import Schedule
from services.generation.schedules.schedule_access import user_of
from services.generation.schedules.schedule_service import ScheduleStores
from services.generation.schedules.schedule_words import DROPPED
from services.generation.schedules.stored_changes import changed
from services.generation.words.language import Language

MAX_SKIP = 1_000_000
BY_HAND = 5  # runs of a schedule that are not over
TRIES = 10  # of a moment at which no other run of the schedule is due
Resolution = Literal["resend", "drop"]


class RunService:
    """Use cases around runs; `wake` makes this process look for a run to make."""

    def __init__(
        self,
        stores: ScheduleStores,
        addresses: AddressChecks,
        now: Callable[[], datetime],
        wake: Callable[[], None],
    ) -> None:
        self._stores = stores
        self._runs = stores.runs
        self._addresses = addresses
        self._now = now
        self._wake = wake

    async def run_now(self, caller: Principal, schedule_id: int) -> int:
        """Plan a run of a schedule and return its id.

        Raises what `ScheduleAccess.changeable` raises, and TooMuch while 5 runs by hand are not over.
        """
        with audited("run_schedule", user_id=user_of(caller).id, schedule_id=schedule_id) as known:
            schedule = await self._stores.access.changeable(caller, schedule_id)
            known["run_id"] = run_id = await self._planned(schedule, "manual")
        return run_id

    async def send_test(self, caller: Principal, schedule_id: int, emails: Sequence[str]) -> int:
        """Plan a run that goes to some addresses, by default the caller's login, and return its id.

        Raises like `run_now`, and InvalidParameters.
        """
        user = user_of(caller)
        with audited("test_schedule", user_id=user.id, schedule_id=schedule_id) as known:
            schedule = await self._stores.access.changeable(caller, schedule_id)
            addresses = self._test_addresses(user, emails)
            known["run_id"] = run_id = await self._planned(schedule, "test", addresses)
        return run_id

    def _test_addresses(self, user: User, emails: Sequence[str]) -> list[str]:
        if not emails and not self._addresses.is_address(user.login):
            raise InvalidParameters.one("emails", "must be given, because the login is no e-mail address")
        found: list[Violation] = []
        addresses = self._addresses.checked(emails or [user.login], "emails", found)
        if found:
            raise InvalidParameters(found)
        return addresses

    async def _planned(self, schedule: Schedule, kind: Literal["manual", "test"], addresses: Sequence[str] = ()) -> int:
        unfinished = await self._runs.unfinished(schedule.id)
        if sum(run.kind != "scheduled" and run.state != "doubtful" for run in unfinished) >= BY_HAND:
            raise TooMuch(f"A schedule has at most {BY_HAND} runs by hand at once", retry_after_s=10)
        owner = await self._stores.accounts.by_id(schedule.owner_id)
        for _ in range(TRIES):
            stored = await self._runs.add(run_by_hand(schedule, owner, kind, self._now(), addresses))
            if stored is not None:
                self._wake()
                return stored.id
        raise Unavailable

    async def get(self, caller: Principal, run_id: int) -> Run:
        """Return a run of a schedule that a caller may see, any run for an operator.

        Raises what `ScheduleAccess.visible` raises.
        """
        found = await self._runs.find(run_id)
        if found is None:
            raise NotFound
        if not caller.operator:
            await self._stores.access.visible(caller, found.schedule_id)
        return found

    async def page(self, caller: Principal, schedule_id: int, page: Page, skip: int) -> tuple[list[Run], int]:
        """Return runs of a schedule, the last due first, and the number of all.

        Raises what `ScheduleAccess.visible` raises, and InvalidParameters.
        """
        if not 0 <= skip <= MAX_SKIP:
            raise InvalidParameters.one("skip", f"must be 0 to {MAX_SKIP}")
        await self._stores.access.visible(caller, schedule_id)
        return await self._runs.page(schedule_id, page, skip), await self._runs.count(schedule_id)

    async def resolve(self, caller: Principal, run_id: int, number: int, resolution: Resolution) -> Run:
        """Send a delivery again that is in doubt or has failed, or drop one in doubt; return the run after that.

        Raises what `ScheduleAccess.changeable` raises, and NotNow for a delivery in another state.
        """
        with audited("resolve_delivery", user_id=user_of(caller).id, run_id=run_id, resolution=resolution):
            found = await self.get(caller, run_id)
            schedule = await self._stores.access.changeable(caller, found.schedule_id)
            owner = await self._stores.accounts.by_id(schedule.owner_id)
            if resolution == "resend":
                return await changed(self._runs, run_id, lambda run: resent(run, number, self._now()))
            reason = Language.of(owner.locale).t(DROPPED)
            return await changed(self._runs, run_id, lambda run: dropped(run, number, reason, self._now()))


def resent(run: Run, number: int, now: datetime) -> Run:
    """Return a run of which a delivery in doubt, or a failed one, is sent again, and tried for a day if need be.

    Raises NotFound, NotNow.
    """
    delivery = run.delivery(number)
    if delivery.state not in ("doubtful", "failed"):
        raise NotNow(f"The delivery is {delivery.state}")
    again = replace(delivery, state="waiting", reason="", next_try=now, give_up_time=now + GIVE_UP)
    return settled(with_delivery(run, again), now)


def dropped(run: Run, number: int, reason: str, now: datetime) -> Run:
    """Return a run of which a delivery in doubt is not sent again. Raises NotFound, NotNow."""
    delivery = run.delivery(number)
    if delivery.state != "doubtful":
        raise NotNow(f"The delivery is {delivery.state}")
    return settled(with_delivery(run, replace(delivery, state="skipped", reason=reason)), now)
