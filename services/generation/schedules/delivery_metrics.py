"""Metrics of scheduled reports: runs and deliveries by outcome, the lag until they are sent, and what waits."""

import math
from collections.abc import Callable
from datetime import datetime
from typing import get_args

from services.generation.reporting.stats_watch import watch_stats
from services.generation.schedules.run import Channel, Delivery, Run, RunState
from services.generation.schedules.schedule_store import Runs, RunStats
from services.runtime.metrics import counter, gauge, seconds

LOOK_EVERY_S = 15.0
LAG_S = (1, 5, 15, 60, 300, 900, 3600, 10_800, 86_400)
UNKNOWN = RunStats(math.nan, math.nan, math.nan)
OVER: tuple[RunState, ...] = ("sent", "partly", "failed", "skipped")

RUNS = counter("daybook_schedule_runs", "Runs of schedules that this process brought to their end", "state")
DELIVERIES = counter(
    "daybook_deliveries", "Tries of mails and webhooks of scheduled reports, by outcome", "channel", "outcome"
)
DELIVERY_SECONDS = seconds(
    "daybook_delivery_seconds", "From the moment at which a run was due until it was sent", "channel", bounds_s=LAG_S
)
WAITING = gauge("daybook_deliveries_waiting", "Deliveries that wait for a try, the same from every process")
DOUBTFUL = gauge("daybook_deliveries_in_doubt", "Deliveries that wait for their owner's decision")
OLDEST = gauge("daybook_deliveries_oldest_seconds", "Time since the oldest run with a waiting delivery was due")

for _state in OVER:
    RUNS.labels(_state)  # shown from the beginning: 0 is known
for _channel in get_args(Channel):
    for _outcome in ("sent", "failed", "retry", "in_doubt", "skipped"):
        DELIVERIES.labels(_channel, _outcome)


def count_run(state: str) -> None:
    """Count a run that is over."""
    RUNS.labels(state).inc()


def count_outcome(run: Run, delivery: Delivery, outcome: str, now: datetime) -> None:
    """Count the outcome of a try, and of one that was sent the time since it was due."""
    DELIVERIES.labels(delivery.channel, outcome).inc()
    if outcome == "sent" and delivery.purpose == "report":
        DELIVERY_SECONDS.labels(delivery.channel).observe((now - run.due).total_seconds())


async def watch_deliveries(runs: Runs, now: Callable[[], datetime]) -> None:
    """Show the stats of deliveries until cancelled; they are NaN while the store is away."""
    await watch_stats(lambda: runs.stats(now()), _show, UNKNOWN, LOOK_EVERY_S)


def _show(stats: RunStats) -> None:
    WAITING.set(stats.waiting)
    DOUBTFUL.set(stats.doubtful)
    OLDEST.set(stats.oldest_s)
