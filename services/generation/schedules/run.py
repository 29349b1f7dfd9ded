"""Runs of schedules and their deliveries: states, and the changes that keep a run consistent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.errors import NotFound
from services.errors.reports import LeaseLost
from services.generation.schedules.due import Window

RunKind = Literal["scheduled", "manual", "test", "mail_test"]
RunState = Literal["planned", "making", "delivering", "sent", "partly", "failed", "skipped", "doubtful"]
DeliveryState = Literal["waiting", "sending", "sent", "failed", "skipped", "doubtful"]
Channel = Literal["mail", "webhook"]
Purpose = Literal["report", "owner_notice", "mail_test"]
Outcome = Literal["sent", "failed", "retry", "in_doubt", "skipped"]
OPEN: tuple[DeliveryState, ...] = ("waiting", "sending")
UNMADE: tuple[RunState, ...] = ("planned", "making")
UNFINISHED: tuple[RunState, ...] = (*UNMADE, "delivering", "doubtful")
MOST_TEXT = 500  # characters of a server's words


@dataclass(frozen=True, slots=True)
class Attempt:
    """Try of a delivery."""

    time: datetime
    outcome: Outcome
    code: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivery of a run to one receiver. `next_try` is set while it waits."""

    number: int
    channel: Channel
    address: str
    purpose: Purpose = "report"
    state: DeliveryState = "waiting"
    reason: str = ""
    attempts: Sequence[Attempt] = ()
    message_id: str = ""
    next_try: datetime | None = None
    give_up_time: datetime | None = None
    sent_as_link: bool = False


@dataclass(frozen=True, slots=True)
class RunFile:
    """Rendered file."""

    format: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Lease:
    """Claim of a run by a worker: the deliveries that it has not finished, and when it ends."""

    worker: str
    end_time: datetime
    numbers: Sequence[int] = ()
    link_id: int = 0  # of the access token that was given out


@dataclass(frozen=True, slots=True)
class Run:
    """A run: one report with its deliveries. Its id is 0 until it is stored.

    `step_time` is when generation has to look at it next, `next_try` when a delivery worker may claim it; None for
    never. `version` grows with every change, and a change is stored over the version that it was made of only.
    """

    schedule_id: int
    owner_id: int
    account_id: int
    kind: RunKind
    due: datetime
    due_civil: datetime  # without zone
    zone: str
    create_time: datetime
    id: int = 0
    revision: int = 0
    window: Window | None = None
    state: RunState = "planned"
    reason: str = ""
    title: str = ""
    report_id: int = 0
    missing_ids: Sequence[int] = ()
    addresses: Sequence[str] = ()  # of a test
    files: Sequence[RunFile] = ()
    deliveries: Sequence[Delivery] = ()
    lease: Lease | None = None
    fence: int = 0
    step_time: datetime | None = None
    next_try: datetime | None = None
    finish_time: datetime | None = None
    making_failed: bool = False  # whether there is no report to deliver
    version: int = 0

    @property
    def due_day(self) -> date:
        """Return the civil day of the run."""
        return self.due_civil.date()

    def delivery(self, number: int) -> Delivery:
        """Return the delivery of a number. Raises NotFound."""
        found = next((one for one in self.deliveries if one.number == number), None)
        if found is None:
            raise NotFound
        return found

    def held_by(self, worker: str, fence: int) -> Lease:
        """Return the lease of the last claim. Raises LeaseLost when it was another's."""
        if self.lease is None or (self.lease.worker, self.fence) != (worker, fence):
            raise LeaseLost
        return self.lease


def with_delivery(run: Run, changed: Delivery) -> Run:
    """Return a run with one of its deliveries replaced."""
    return replace(run, deliveries=[changed if one.number == changed.number else one for one in run.deliveries])


def settled(run: Run, now: datetime) -> Run:
    """Return a run of which deliveries have changed, with the state and the times that follow from them.

    A run whose report was to be delivered and is over, or in doubt, has a step left, in which generation tells its
    schedule.
    """
    state = _state(run)
    is_over = state not in UNFINISHED
    newly_over = run.finish_time is None if is_over else state == "doubtful" != run.state
    return replace(
        run,
        state=state,
        reason=_reason(run, state),
        finish_time=(run.finish_time or now) if is_over else None,
        step_time=now if newly_over else run.step_time,
        next_try=_next_try(run),
    )


def _state(run: Run) -> RunState:
    wanted = [one for one in run.deliveries if one.purpose != "owner_notice"]
    states = {one.state for one in wanted}
    if states & {*OPEN}:
        return "delivering"
    if "doubtful" in states:
        return "doubtful"
    if run.making_failed:
        return "failed"
    if "failed" in states:
        return "partly" if "sent" in states else "failed"
    return "skipped" if wanted and "sent" not in states else "sent"


def _reason(run: Run, state: RunState) -> str:
    """Return why a run failed, was skipped or is in doubt: its own reason, or that of a delivery."""
    if run.making_failed or state not in ("partly", "failed", "skipped", "doubtful"):
        return run.reason if run.making_failed else ""
    wanted = "failed" if state == "partly" else state
    reasons = (one.reason for one in run.deliveries if one.state == wanted and one.purpose != "owner_notice")
    return next(filter(None, reasons), "")


def _next_try(run: Run) -> datetime | None:
    if run.lease is not None and run.lease.numbers:
        return run.lease.end_time
    tries = [one.next_try for one in run.deliveries if one.state == "waiting" and one.next_try is not None]
    return min(tries, default=None)


def without_claimed(run: Run, number: int) -> Run:
    """Return a run whose claim has no longer this delivery."""
    if run.lease is None:
        return run
    return replace(run, lease=replace(run.lease, numbers=[one for one in run.lease.numbers if one != number]))


def change_all(run: Run, which: Callable[[Delivery], bool], change: Callable[[Delivery], Delivery]) -> Run:
    """Return a run with some of its deliveries changed."""
    return replace(run, deliveries=[change(one) if which(one) else one for one in run.deliveries])


def stopped(run: Run, reason: str, now: datetime) -> Run:
    """Return a run of which nothing is begun any more; what is being sent goes on."""
    if run.state in UNMADE:
        return replace(run, state="skipped", reason=reason, finish_time=now, step_time=None)
    waiting = change_all(
        run,
        lambda one: one.state in ("waiting", "doubtful"),
        lambda one: replace(one, state="skipped", reason=reason, next_try=None),
    )
    return settled(waiting, now)
