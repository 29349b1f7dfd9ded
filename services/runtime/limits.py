"""Limits on how much work is done at once."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto

from services.errors import TooMuch
from services.runtime.metrics import PLACES, PLACES_REFUSED, PLACES_TAKEN, PLACES_WAITING

NEWEST = 0.16  # weight of the newest time in a mean
LONGEST_RETRY_S = 60.0


class HoldTimes:
    """Times for which slots were held lately, and what they say about the wait for a free one."""

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._mean_s = 0.0

    def add(self, seconds: float) -> None:
        """Take one more time into the mean; the newest weigh most."""
        self._mean_s += (seconds - self._mean_s) * NEWEST

    def wait_s(self, waiting: int) -> float:
        """Return about how long it takes until so many who wait, and one more, have had a slot."""
        return min(LONGEST_RETRY_S, max(1.0, self._mean_s * (waiting + 1) / self._slots))


class ConcurrencyLimit:
    """A number of slots with a bounded queue in front, shared fairly between tenants; metrics show its name.

    At most `waiting` callers wait for a slot, no more than half of them for one tenant, each for at most `wait_s`
    seconds. A free slot goes to the waiting tenant that holds the fewest; of equals, to that which has held none for
    longest. A tenant has at most `per_tenant` slots, suspended ones included. Past `suspended` of all, none is let in.
    """

    def __init__(
        self, name: str, slots: int, *, waiting: int, wait_s: float, per_tenant: int | None = None, suspended: int = 1
    ) -> None:
        self._free = slots
        self._per_tenant = slots if per_tenant is None else per_tenant
        self._waiting_at_most = self._queue_left = waiting
        self._share = (waiting + 1) // 2
        self._times = HoldTimes(slots)
        self._suspended_left = suspended
        self._wait_s = wait_s
        self._tenants: dict[str, _Tenant] = {}  # in the order in which they last held a slot, or came
        self._taken, self._waiting = PLACES_TAKEN.labels(name), PLACES_WAITING.labels(name)
        self._refused = PLACES_REFUSED.labels(name)
        PLACES.labels(name).set(slots)

    @asynccontextmanager
    async def slot(self, tenant: str) -> AsyncIterator["Slot"]:
        """Hold a slot inside the context, or until it is released.

        Raises TooMuch when the queue is full, or when no slot came free in time.
        """
        slot = Slot(self, tenant)
        try:
            await self._acquire(slot)
            yield slot
        finally:
            slot.release()

    async def _acquire(self, slot: "Slot") -> None:
        tenant = self._of(slot)
        is_free = self._free > 0 and self._may_hold_more(tenant)  # no call waits while a slot is free
        is_full = not self._queue_left or len(tenant.waiting) >= self._share
        if (is_full and not is_free) or self._suspended_left <= 0:
            raise self._refusal()
        self._queue_left -= 1
        try:
            with self._waiting.track_inprogress():
                async with asyncio.timeout(self._wait_s):
                    await slot.hold()
        except TimeoutError:
            raise self._refusal() from None
        finally:
            self._queue_left += 1

    def _refusal(self) -> TooMuch:
        self._refused.inc()
        return TooMuch(retry_after_s=self._times.wait_s(self._waiting_at_most - self._queue_left))

    def wanted(self, tenant: str) -> "Slot":
        """Return a slot that is not held yet. It must be released in the end, held or not."""
        return Slot(self, tenant)

    def enqueue(self, slot: "Slot") -> None:
        """Let a slot wait until it is held; a suspended one goes before others of its tenant."""
        waiting = self._of(slot).waiting
        if slot.state is State.SUSPENDED:
            waiting.appendleft(slot)
        else:
            waiting.append(slot)
        self._serve()

    def _of(self, slot: "Slot") -> "_Tenant":
        return self._tenants.setdefault(slot.tenant, _Tenant())

    def _may_hold_more(self, tenant: "_Tenant") -> bool:
        return tenant.held + tenant.suspended < self._per_tenant

    def _serve(self) -> None:
        """Give free slots to those who wait for them."""
        while self._free and (name := self._next()) is not None:
            slot = self._tenants[name].waiting.popleft()
            self.move(slot, State.HELD)
            if (
                slot.turn is not None and not slot.turn.done()
            ):  # else its caller has just been cancelled, and will release it
                slot.turn.set_result(None)

    def _next(self) -> str | None:
        """Return the tenant that the next free slot is for."""
        ready = [name for name, one in self._tenants.items() if one.waiting and self._is_ready(one)]
        return min(ready, key=lambda name: self._tenants[name].held, default=None)

    def _is_ready(self, tenant: "_Tenant") -> bool:
        return tenant.waiting[0].state is State.SUSPENDED or self._may_hold_more(tenant)

    def move(self, slot: "Slot", state: "State") -> None:
        """Count a slot under another state, and give what comes free to others."""
        tenant = self._of(slot)
        held = (state is State.HELD) - (slot.state is State.HELD)
        suspended = (state is State.SUSPENDED) - (slot.state is State.SUSPENDED)
        tenant.held, tenant.suspended = tenant.held + held, tenant.suspended + suspended
        self._free, self._suspended_left = self._free - held, self._suspended_left - suspended
        self._taken.inc(held)
        slot.state = state
        if held > 0:
            slot.since_s = time.monotonic()
        elif held < 0:
            self._times.add(time.monotonic() - slot.since_s)
        if state is State.RELEASED and slot in tenant.waiting:
            tenant.waiting.remove(slot)
        if held or tenant == _Tenant():
            del self._tenants[slot.tenant]
        if tenant != _Tenant():
            self._tenants.setdefault(slot.tenant, tenant)  # the last of all, where it was removed
        if held < 0 or suspended < 0:
            self._serve()


class State(Enum):
    """States of a slot. A suspended one counts for its tenant alone, also while it waits to be held again."""

    WANTED = auto()
    HELD = auto()
    SUSPENDED = auto()
    RELEASED = auto()


class Slot:
    """A slot of a limit, for a tenant."""

    def __init__(self, limit: ConcurrencyLimit, tenant: str) -> None:
        self.tenant = tenant
        self.state = State.WANTED
        self.since_s = 0.0  # held
        self.turn: asyncio.Future[None] | None = None
        self._limit = limit

    def release(self) -> None:
        """Give the slot back for good; who waits for it is cancelled."""
        if self.state is not State.RELEASED:
            self._limit.move(self, State.RELEASED)
            if self.turn is not None:
                self.turn.cancel()

    def suspend(self) -> None:
        """Leave the slot to others while its holder waits for something else; a released one stays so."""
        if self.state is State.HELD:
            self._limit.move(self, State.SUSPENDED)

    async def hold(self) -> None:
        """Wait until the slot is held, without a limit of time; a suspended one goes before others of its tenant."""
        if self.state in (State.WANTED, State.SUSPENDED):
            self.turn = asyncio.get_running_loop().create_future()
            self._limit.enqueue(self)
            await self.turn


@dataclass(slots=True)
class _Tenant:
    """Slots that a tenant holds and has suspended, and those that it waits for."""

    held: int = 0
    suspended: int = 0
    waiting: deque[Slot] = field(default_factory=deque)
