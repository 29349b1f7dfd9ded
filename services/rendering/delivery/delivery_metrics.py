"""Metrics of delivery: tries by their outcome."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from daybook.schedule.v1.schedule_pb2 import Channel, Outcome

from services.rendering.delivery.outcome import DeliveryOutcome
from services.runtime.metrics import LONG_S, gauge, seconds

DELIVERY_SECONDS = seconds(
    "daybook_delivery_attempt_seconds",
    "Tries to send a mail or a webhook; abandoned: the lease was lost, or the delivery must not be sent any more",
    "channel",
    "outcome",
    bounds_s=LONG_S,
)
CLAIMS_HELD = gauge("daybook_delivery_claims", "Runs whose mails and webhooks this process sends now")


class Measured:
    """Measurement of a try, which is abandoned unless it has an outcome."""

    def __init__(self) -> None:
        self.outcome: DeliveryOutcome | None = None


@contextmanager
def attempt_measured(channel: Channel.ValueType) -> Iterator[Measured]:
    """Measure a try inside the block, which sets its outcome."""
    began, measured = time.monotonic(), Measured()
    try:
        yield measured
    finally:
        kind = Channel.Name(channel).removeprefix("CHANNEL_").lower()
        done = measured.outcome
        outcome = Outcome.Name(done.outcome).removeprefix("OUTCOME_").lower() if done else "abandoned"
        DELIVERY_SECONDS.labels(kind, outcome).observe(time.monotonic() - began)
