"""Metrics of generation: reports, units of work, the queue, the store."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from services.errors import StoreUnavailable
from services.generation.reporting.report import QueueStats
from services.generation.reporting.report_store import Queue
from services.generation.reporting.stats_watch import watch_stats
from services.generation.reporting.units import Abandoned, ClusterAway, UnitLost, UnitTooLong
from services.runtime.metrics import LONG_S, counter, gauge, seconds

LOOK_EVERY_S = 5.0
UNKNOWN = QueueStats(math.nan, math.nan, math.nan, math.nan)
OUTCOMES: dict[type[Exception], str] = {
    UnitLost: "lost",
    UnitTooLong: "too_long",
    ClusterAway: "cluster_away",
    Abandoned: "abandoned",
    StoreUnavailable: "store_unavailable",
}

REPORTS_ENDED = counter("daybook_reports_ended", "Reports that this process made to the end", "state")
REPORT_SECONDS = seconds("daybook_report_seconds", "From a report's claim to its end", "state", bounds_s=LONG_S)
REPORTS_MAKING = gauge("daybook_reports_making", "Reports that this process is making now")
LEASES_LOST = counter(
    "daybook_leases_lost", "Reports given up in the making: their lease ran out, or they were taken over or deleted"
)
UNIT_SECONDS = seconds(
    "daybook_unit_seconds",
    "Units of work, each with its wait for a worker; lost: it ended its worker too often",
    "kind",
    "outcome",
    bounds_s=LONG_S,
)
CELLS_MADE = counter("daybook_cells_made", "Cells of sheets that were made and stored")

QUEUED = gauge("daybook_reports_queued", "Reports that wait in the database, the same from every process")
RUNNING = gauge("daybook_reports_running", "Reports that are made by any process")
OLDEST = gauge("daybook_reports_oldest_seconds", "Age of the oldest report that is not made yet, 0 without any")
SLOTS_TAKEN = gauge("daybook_report_slots_taken", "Slots that owners hold by reports in the making")

STORE_UNAVAILABLE = counter(
    "daybook_store_unavailable", "What this process asked of the database without an answer in time"
)
STORE_UP = gauge("daybook_store_up", "Whether the database could be used when it was last looked at, 1 or 0")


for _state in ("finished", "failed"):
    REPORTS_ENDED.labels(_state)  # shown from the beginning: 0 is known


@contextmanager
def unit_measured(kind: str) -> Iterator[None]:
    """Measure a unit of work inside the block."""
    began, outcome = time.monotonic(), "cancelled"
    try:
        yield
        outcome = "done"
    except Exception as error:
        outcome = next((name for kind, name in OUTCOMES.items() if isinstance(error, kind)), "failed")
        raise
    finally:
        UNIT_SECONDS.labels(kind, outcome).observe(time.monotonic() - began)


def count_end(state: str, spent_s: float) -> None:
    """Count a report that was made to its end, finished or failed."""
    REPORTS_ENDED.labels(state).inc()
    REPORT_SECONDS.labels(state).observe(spent_s)


async def watch_queue(queue: Queue) -> None:
    """Show the stats of the queue until cancelled; they are NaN while the store is away."""
    await watch_stats(queue.stats, _show, UNKNOWN, LOOK_EVERY_S)


def _show(stats: QueueStats) -> None:
    QUEUED.set(stats.queued)
    RUNNING.set(stats.running)
    SLOTS_TAKEN.set(stats.slots)
    OLDEST.set(stats.oldest_s)
