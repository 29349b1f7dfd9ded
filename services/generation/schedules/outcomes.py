"""Outcomes of tries, and what becomes of a delivery after each."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from services.errors import NotNow
from services.errors.reports import LeaseLost
from services.generation.schedules.run import (
    MOST_TEXT,
    OPEN,
    Attempt,
    Delivery,
    DeliveryState,
    Outcome,
    Run,
    RunFile,
    settled,
    stopped,
    with_delivery,
    without_claimed,
)

MINUTES = (1, 5, 15, 60, 180)  # until the next try, by the tries before; the last for all further ones
LONGEST_WAIT = timedelta(minutes=180)  # that a receiver may ask for
GIVE_UP = timedelta(hours=24)  # after the first try
SPREAD = 0.1  # of a wait, so that a receiver that was away does not get all at once
FINAL: dict[Outcome, DeliveryState] = {"sent": "sent", "failed": "failed", "skipped": "skipped"}


def wait_after(tries: int, shortest: timedelta, spread: float) -> timedelta:
    """Return the wait after so many tries, 1 or more; `spread` from -1 to 1 moves it by up to a tenth."""
    usual = timedelta(minutes=MINUTES[min(tries, len(MINUTES)) - 1]) * (1 + SPREAD * spread)
    return max(usual, min(shortest, LONGEST_WAIT))


@dataclass(frozen=True, slots=True)
class Holder:
    """Worker that holds a claim, and the claim's fence."""

    worker: str
    fence: int


@dataclass(frozen=True, slots=True)
class Finish:
    """Outcome of a try as its worker tells it."""

    number: int
    outcome: Outcome
    code: int = 0
    text: str = ""
    retry_after: timedelta = timedelta()
    sent_as_link: bool = False
    files: tuple[RunFile, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeRules:
    """Rules for what follows an outcome; the words are those of the owner's language."""

    now: datetime
    in_doubt: Literal["resend", "hold"]
    doubtful_reason: str
    given_up: str  # with {text}
    spread: float = field(default=0.0)  # of the wait until the next try, -1 to 1

    def after(self, run: Run, delivery: Delivery, finish: Finish) -> Delivery:
        """Return a delivery after a try."""
        text = finish.text[:MOST_TEXT]
        attempts = (*delivery.attempts, Attempt(self.now, finish.outcome, finish.code, text))
        tried = replace(delivery, attempts=attempts, next_try=None, sent_as_link=finish.sent_as_link)
        final = FINAL.get(finish.outcome)
        if final is not None:
            return replace(tried, state=final, reason="" if final == "sent" else text)
        if run.kind == "mail_test":
            return replace(tried, state="failed", reason=text)
        if finish.outcome == "in_doubt" and delivery.channel == "mail" and self.in_doubt == "hold":
            return replace(tried, state="doubtful", reason=self.doubtful_reason)
        next_try = self.now + wait_after(len(attempts), finish.retry_after, self.spread)
        give_up = delivery.give_up_time
        if give_up is not None and next_try > give_up:
            return replace(tried, state="failed", reason=self.given_up.format(text=text))
        return replace(tried, state="waiting", next_try=next_try)

    def lapsed(self, run: Run) -> Run:
        """Return a run whose lease has ended: what was being sent is in doubt, and tried at once or held."""
        doubt = Finish(0, "in_doubt")
        for one in run.deliveries:
            if one.state == "sending":
                after = self.after(run, one, doubt)
                run = with_delivery(run, replace(after, next_try=self.now) if after.state == "waiting" else after)
        return run


def claimed(run: Run, now: datetime) -> Run:
    """Return a claimed run whose lease names the deliveries that are due."""
    if run.lease is None:
        raise LeaseLost
    due = [one.number for one in run.deliveries if _is_due(one, now)]
    return settled(replace(run, lease=replace(run.lease, numbers=tuple(due))), now)


def released(run: Run, holder: Holder, now: datetime) -> Run:
    """Return a run whose lease ends now where it has unfinished deliveries. Raises LeaseLost."""
    lease = run.held_by(holder.worker, holder.fence)
    return replace(run, lease=replace(lease, end_time=now), next_try=now) if lease.numbers else run


def started(run: Run, holder: Holder, number: int, message_id: str, now: datetime) -> Run:
    """Return a run of which a delivery is being sent. Raises LeaseLost, NotNow, NotFound."""
    delivery = startable(run, holder, number, now)
    known = message_id or delivery.message_id
    return with_delivery(run, replace(delivery, state="sending", next_try=None, message_id=known))


def startable(run: Run, holder: Holder, number: int, now: datetime) -> Delivery:
    """Return a delivery that may be started. Raises LeaseLost, NotNow, NotFound."""
    lease = run.held_by(holder.worker, holder.fence)
    if lease.end_time <= now:
        raise LeaseLost
    delivery = run.delivery(number)
    if number not in lease.numbers or delivery.state not in OPEN:
        raise NotNow(f"The delivery is {delivery.state}")
    return delivery


def finished(run: Run, holder: Holder, finish: Finish, rules: OutcomeRules) -> Run:
    """Return a run with an outcome; one that was told before is the same run. Raises LeaseLost, NotFound."""
    lease, delivery = run.held_by(holder.worker, holder.fence), run.delivery(finish.number)
    if finish.number not in lease.numbers:
        if delivery.attempts and delivery.attempts[-1].outcome == finish.outcome:
            return run
        raise LeaseLost
    known = {one.format: one for one in (*run.files, *finish.files)}
    run = replace(run, files=tuple(known.values()))
    return settled(without_claimed(with_delivery(run, rules.after(run, delivery, finish)), finish.number), rules.now)


def mails_postponed(run: Run, until: datetime, now: datetime) -> Run:
    """Return a run of which claimed mails that are not being sent wait until a moment, without a try."""
    for number in run.lease.numbers if run.lease is not None else ():
        delivery = run.delivery(number)
        if delivery.channel == "mail" and delivery.state == "waiting":
            run = without_claimed(with_delivery(run, replace(delivery, next_try=until)), number)
    return settled(run, now)


def withdrawn(run: Run, number: int, reason: str, now: datetime) -> Run:
    """Return a run of which a claimed delivery is not sent any more."""
    delivery = replace(run.delivery(number), state="skipped", reason=reason, next_try=None)
    return settled(without_claimed(with_delivery(run, delivery), number), now)


def abandoned(run: Run, reason: str, now: datetime) -> Run:
    """Return a claimed run whose schedule is gone: nothing of it is delivered."""
    released = replace(run, lease=replace(run.lease, numbers=())) if run.lease is not None else run
    return stopped(released, reason, now)


def _is_due(delivery: Delivery, now: datetime) -> bool:
    return delivery.state == "waiting" and delivery.next_try is not None and delivery.next_try <= now
