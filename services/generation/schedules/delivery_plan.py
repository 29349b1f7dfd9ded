"""Deliveries of a run that is made: to whom, and who gets none."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from services.generation.accounts.user import User
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.schedules.mail_receivers import Unsubscriptions, addresses_of
from services.generation.schedules.outcomes import GIVE_UP
from services.generation.schedules.planning import plan_of
from services.generation.schedules.run import Delivery, Run
from services.generation.schedules.schedule import Schedule
from services.generation.schedules.schedule_store import MailCounts
from services.generation.schedules.schedule_words import TOO_MANY_MAILS, UNSUBSCRIBED
from services.generation.words.language import Language

COUNTED_FOR = timedelta(days=2)  # a count of a day is kept


@dataclass(frozen=True, slots=True)
class DeliveryPlan:
    """Maker of the deliveries of runs. A run that has failed is told to webhooks only."""

    members: WorkspaceMembers
    unsubscriptions: Unsubscriptions
    counts: MailCounts
    mails_per_day: int  # of an account
    now: Callable[[], datetime]

    async def added(self, run: Run, schedule: Schedule, owner: User) -> Run:
        """Return a run with its deliveries; receivers who get nothing are skipped with the reason."""
        now = self.now()
        mails = [] if run.making_failed else await self._mails(run, schedule, owner)
        deliveries = [replace(one, number=number) for number, one in enumerate(mails, 1)]
        webhook = schedule.webhook
        if webhook is not None and not webhook.off_reason and run.kind != "test":
            deliveries.append(Delivery(len(deliveries) + 1, "webhook", webhook.url))
        give_up = self._give_up(run, schedule, owner, now)
        return replace(
            run,
            deliveries=tuple(
                replace(one, next_try=now, give_up_time=give_up) if one.state == "waiting" else one
                for one in deliveries
            ),
        )

    async def _mails(self, run: Run, schedule: Schedule, owner: User) -> list[Delivery]:
        is_test = run.kind == "test"
        addresses = run.addresses if is_test else list((await addresses_of(schedule, self.members)).values())
        left = {} if is_test else await self.unsubscriptions.of(schedule.owner_id, schedule.id, addresses)
        language = Language.of(owner.locale)
        wanted = [one for one in addresses if one not in left]
        allowed = set(wanted[: await self._granted(run.account_id, len(wanted))])
        refused = {True: UNSUBSCRIBED, False: TOO_MANY_MAILS}
        return [
            Delivery(0, "mail", one)
            if one in allowed
            else Delivery(0, "mail", one, state="skipped", reason=language.t(refused[one in left]))
            for one in addresses
        ]

    async def _granted(self, account_id: int, wanted: int) -> int:
        if not wanted:
            return 0
        now = self.now()
        name = f"mails of account {account_id} on {now.astimezone(UTC).date()}"
        return await self.counts.take(name, wanted, self.mails_per_day, now + COUNTED_FOR)

    def _give_up(self, run: Run, schedule: Schedule, owner: User, now: datetime) -> datetime:
        """Return when further tries end: after a day, or when the schedule is due again."""
        latest = now + GIVE_UP
        if run.kind != "scheduled" or not schedule.spec.enabled:
            return latest
        plan = plan_of(schedule, owner)
        return min(latest, plan.due_at(plan.after(max(run.due, now))))
