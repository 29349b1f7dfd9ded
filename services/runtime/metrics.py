"""Metrics for Prometheus: constructors, and the metrics that every server has.

They are process-wide, as loggers are. The values of a label come from a closed set: never an id, a path or a token.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

from prometheus_client import Counter, Gauge, Histogram

SHORT_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120)
LONG_S = (0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)


@dataclass(frozen=True, slots=True)
class Description:
    """A metric as it is documented; `name` is that of its series."""

    name: str
    kind: str
    meaning: str
    labels: tuple[str, ...]


Metric = TypeVar("Metric", Counter, Gauge, Histogram)
DESCRIPTIONS: dict[Counter | Gauge | Histogram, Description] = {}  # of all metrics of this process


def _described(metric: Metric, *description: Any) -> Metric:
    DESCRIPTIONS[metric] = Description(*description)
    return metric


def counter(name: str, meaning: str, *labels: str) -> Counter:
    """Return a counter, which is shown with `_total` behind its name."""
    return _described(Counter(name, meaning, labels), f"{name}_total", "counter", meaning, labels)


def gauge(name: str, meaning: str, *labels: str) -> Gauge:
    """Return a gauge; NaN is unknown."""
    return _described(Gauge(name, meaning, labels), name, "gauge", meaning, labels)


def seconds(name: str, meaning: str, *labels: str, bounds_s: tuple[float, ...] = SHORT_S) -> Histogram:
    """Return a histogram of durations in seconds."""
    metric = Histogram(name, meaning, labels, buckets=bounds_s)
    return _described(metric, name, "histogram", meaning, labels)


BUILD_INFO = gauge("daybook_build_info", "Running program, always 1", "part", "version", "python")
RPC_SECONDS = seconds("daybook_rpc_seconds", "RPCs answered, streams with all their messages", "method", "status")

PLACES = gauge("daybook_places", "Slots of work that is limited in concurrency", "queue")
PLACES_TAKEN = gauge("daybook_places_taken", "Slots that are taken now", "queue")
PLACES_WAITING = gauge("daybook_places_waiting", "Callers that wait for a slot now", "queue")
PLACES_REFUSED = counter(
    "daybook_places_refused", "Callers that were refused: the queue was full, or no slot came free in time", "queue"
)
