"""Port to generation: deliveries, claimed under a lease."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from daybook.schedule.v1.delivery_service_pb2 import Claim
from daybook.schedule.v1.schedule_pb2 import RunFile

from services.rendering.delivery.outcome import DeliveryOutcome


@dataclass(frozen=True, slots=True)
class ClaimKey:
    """Key of a claim, which every later call shows."""

    run_id: int
    fence: int


class DeliveryQueue(Protocol):
    """Deliveries that are due.

    Calls raise LeaseLost when the claim is another worker's or over, and Unavailable while generation is away.
    """

    async def claim(self, max_wait_s: float) -> Claim | None:
        """Return the next claim, None when there is none after the wait. Raises NotAuthenticated."""

    async def extend(self, key: ClaimKey) -> None:
        """Extend the lease of a claim."""

    async def release(self, key: ClaimKey) -> None:
        """Give a claim back before its end: what is left of it may be claimed at once."""

    async def start(self, key: ClaimKey, number: int, message_id: str) -> None:
        """Record that a delivery is about to be sent.

        Raises NotNow when it must not be sent any more, and TooMuch when it waits for the next minute: it is no longer
        part of the claim either way.
        """

    async def finish(self, key: ClaimKey, number: int, outcome: DeliveryOutcome, files: Sequence[RunFile] = ()) -> None:
        """Record the outcome of a delivery; the same one again changes nothing."""


class LeaseLost(Exception):
    """The lease of a claim is over, or another worker's: nothing of it may be sent any more."""
