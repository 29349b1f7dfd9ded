"""Use cases of delivery workers: claiming runs, extending leases, starting and finishing deliveries."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from services.errors import InvalidParameters, NotFound, NotNow, TooMuch
from services.generation.accounts.account_service import AccountService
from services.generation.schedules.claims import Claim, Claims
from services.generation.schedules.delivery_metrics import OVER, count_outcome, count_run
from services.generation.schedules.mail_receivers import Unsubscriptions
from services.generation.schedules.outcomes import (
    Finish,
    Holder,
    OutcomeRules,
    abandoned,
    claimed,
    finished,
    mails_postponed,
    released,
    startable,
    started,
    withdrawn,
)
from services.generation.schedules.run import DeliveryState, Run
from services.generation.schedules.schedule import Schedule, ScheduleLimits
from services.generation.schedules.schedule_store import MailCounts, Runs, Schedules
from services.generation.schedules.schedule_words import CHANNEL_OFF, GIVEN_UP, IN_DOUBT, SCHEDULE_DELETED, UNSUBSCRIBED
from services.generation.schedules.stored_changes import changed
from services.generation.schedules.waiting_claims import WaitingClaims
from services.generation.words.language import Language, Locale

LEASE = timedelta(seconds=60)
MAX_WAIT_S = 20.0
MAX_WORKER = 100
MINUTE = timedelta(minutes=1)
GONE = 410  # of a webhook: its receiver wants no more notices


@dataclass(frozen=True, slots=True)
class DeliveryStores:
    """Stores and services that deliveries need."""

    runs: Runs
    schedules: Schedules
    accounts: AccountService
    counts: MailCounts
    unsubscriptions: Unsubscriptions
    claims: Claims


class DeliveryService:
    """Hands deliveries out to workers and records what they did; `over` is called when a run is over."""

    def __init__(
        self,
        stores: DeliveryStores,
        limits: ScheduleLimits,
        now: Callable[[], datetime],
        over: Callable[[], None],
    ) -> None:
        self._stores = stores
        self._runs = stores.runs
        self._limits = limits
        self._now = now
        self._over = over
        self._waiting = WaitingClaims(self._give_back)
        self._full_until = datetime.min.replace(tzinfo=UTC)  # end of the last minute in which no further mail was sent

    def wake(self) -> None:
        """Let calls that wait look for due deliveries at once."""
        self._waiting.wake()

    def close(self) -> None:
        """Let no call wait any longer: the service is going down."""
        self._waiting.close()

    async def claim(self, worker: str, max_wait_s: float) -> Claim | None:
        """Claim a run with due deliveries, and return it with what its worker needs; None when none is due in time.

        Raises InvalidParameters.
        """
        if not 1 <= len(worker) <= MAX_WORKER or not worker.isprintable():
            raise InvalidParameters.one("worker", f"must have 1 to {MAX_WORKER} printable characters")
        if not 0 <= max_wait_s <= MAX_WAIT_S:
            raise InvalidParameters.one("max_wait", f"must be 0 to {MAX_WAIT_S:g} s")
        return await self._waiting.first(lambda: self._claimed(worker), max_wait_s)

    async def _claimed(self, worker: str) -> Claim | None:
        """Claim runs until one has a delivery to make; others only needed to be settled."""
        now = self._now()
        while (found := await self._runs.claim(worker, now, now + LEASE)) is not None:
            with suppress(NotFound):  # its owner was removed meanwhile
                if claim := await self._opened(found):
                    return claim
        return None

    async def _opened(self, found: Run) -> Claim | None:
        """Return a claimed run with what its worker needs, None where nothing of it is to be delivered."""
        now, rules = self._now(), await self._rules(found)
        run = await changed(self._runs, found.id, lambda one: self._wanted(claimed(rules.lapsed(one), now), now))
        self._noted(run)
        if run.lease is None or not run.lease.numbers:
            return None
        schedule = await self._stores.schedules.find(run.schedule_id)
        if schedule is not None or run.kind == "mail_test":
            return await self._stores.claims.of(run, schedule)
        reason = await self._words(run, SCHEDULE_DELETED)
        await changed(self._runs, run.id, lambda one: abandoned(one, reason, now))
        return None

    def _wanted(self, run: Run, now: datetime) -> Run:
        """Return a claimed run without its mails while no more of them are sent, so that no worker waits with them."""
        return mails_postponed(run, self._full_until, now) if now < self._full_until else run

    async def extend(self, run_id: int, holder: Holder) -> datetime:
        """Extend the lease of a claim, and return its end. Raises NotFound, LeaseLost."""
        end_time = self._now() + LEASE

        def extended(run: Run) -> Run:
            lease = run.held_by(holder.worker, holder.fence)
            is_held = bool(lease.numbers)
            return replace(run, lease=replace(lease, end_time=end_time), next_try=end_time if is_held else run.next_try)

        run = await changed(self._runs, run_id, extended)
        await self._stores.claims.extend(run)
        return end_time

    async def release(self, run_id: int, holder: Holder) -> None:
        """End the lease of a claim, so that others may claim what is left of it. Raises NotFound, LeaseLost."""
        run = await changed(self._runs, run_id, lambda one: released(one, holder, self._now()))
        await self._stores.claims.end(run)
        self.wake()

    async def _give_back(self, claim: Claim) -> None:
        if claim.run.lease is not None:
            await self.release(claim.run.id, Holder(claim.run.lease.worker, claim.run.fence))

    async def start(self, run_id: int, holder: Holder, number: int, message_id: str = "") -> None:
        """Record that a delivery is about to be sent.

        Raises NotFound, LeaseLost, NotNow when it must not be sent any more, and TooMuch when as many mails as may be
        were started in this minute; mails that are not being sent are no longer of the claim then.
        """
        found = await self._runs.find(run_id)
        if found is None:
            raise NotFound
        now = self._now()
        delivery = startable(found, holder, number, now)
        if delivery.channel == "mail" and delivery.state == "waiting":
            await self._require_wanted(found, number)
            await self._require_turn(found)
        await changed(self._runs, run_id, lambda run: started(run, holder, number, message_id, now))

    async def _require_wanted(self, run: Run, number: int) -> None:
        """Raise NotNow for a receiver who has unsubscribed since the delivery was planned."""
        delivery = run.delivery(number)
        if delivery.purpose != "report" or run.kind == "test":
            return
        if await self._stores.unsubscriptions.of(run.owner_id, run.schedule_id, [delivery.address]):
            reason = await self._words(run, UNSUBSCRIBED)
            self._noted(await changed(self._runs, run.id, lambda one: withdrawn(one, number, reason, self._now())))
            raise NotNow(reason)

    async def _require_turn(self, run: Run) -> None:
        """Raise TooMuch when as many mails were started in this minute as may be: no mail of the claim is sent then."""
        now = self._now()
        minute = now.astimezone(UTC).replace(second=0, microsecond=0)
        name = f"mails of {minute:%Y-%m-%dT%H:%M}"
        if await self._stores.counts.take(name, 1, self._limits.mails_per_minute, minute + 10 * MINUTE):
            return
        until = minute + MINUTE
        self._full_until = until
        await changed(self._runs, run.id, lambda one: mails_postponed(one, until, now))
        raise TooMuch("As many mails were sent in this minute as may be", retry_after_s=(until - now).total_seconds())

    async def finish(self, run_id: int, holder: Holder, finish: Finish) -> DeliveryState:
        """Record the outcome of a delivery, and return its state. Raises NotFound, LeaseLost."""
        before: list[Run] = []
        found = await self._runs.find(run_id)
        if found is None:
            raise NotFound
        rules = await self._rules(found)

        def change(run: Run) -> Run:
            before[:] = [run]
            return finished(run, holder, finish, rules)

        run = await changed(self._runs, run_id, change)
        if run is not before[0]:
            await self._recorded(run, finish)
        return run.delivery(finish.number).state

    async def _recorded(self, run: Run, finish: Finish) -> None:
        delivery = run.delivery(finish.number)
        count_outcome(run, delivery, finish.outcome, self._now())
        self._noted(run)
        if delivery.channel == "webhook" and finish.code == GONE:
            await self._switch_off(run)
        if run.lease is not None and not run.lease.numbers:
            await self._stores.claims.end(run)
        if run.next_try is not None and run.next_try <= self._now():
            self.wake()

    def _noted(self, run: Run) -> None:
        """Count a run that is over, and let its result be told."""
        if run.state in OVER and run.step_time is not None:
            count_run(run.state)
            self._over()

    async def _switch_off(self, run: Run) -> None:
        """Send no more notices to a webhook that is gone."""
        reason = await self._words(run, CHANNEL_OFF)

        def switched_off(schedule: Schedule) -> Schedule:
            webhook = schedule.webhook
            if webhook is None or webhook.off_reason:
                return schedule
            return replace(schedule, webhook=replace(webhook, off_reason=reason))

        with suppress(NotFound):  # the schedule was deleted
            await changed(self._stores.schedules, run.schedule_id, switched_off)

    async def _rules(self, run: Run) -> OutcomeRules:
        language = await self._language(run)
        return OutcomeRules(
            self._now(), self._limits.in_doubt, language.t(IN_DOUBT), language.t(GIVEN_UP), random.uniform(-1, 1)
        )

    async def _words(self, run: Run, text: str) -> str:
        return (await self._language(run)).t(text)

    async def _language(self, run: Run) -> Language:
        locale = Locale()
        if run.owner_id:
            with suppress(NotFound):
                locale = (await self._stores.accounts.by_id(run.owner_id)).locale
        return Language.of(locale)
