"""Results of k6 under load: answers by route and kind, and how long they took."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DOCUMENTED = ("too_many", "not_ready")  # refusals that a client must expect
FAILURES = ("wrong", "server_error", "broken")
KINDS = ("ok", *DOCUMENTED, *FAILURES)
UNTIMED = dict.fromkeys(("med", "p(99)", "max"), math.nan)  # of a route that never answered as asked
HEADS = ("route", "answers/s", "p50", "p99", "p99 / p50", "longest", "answers")


@dataclass(frozen=True, slots=True)
class Route:
    """The answers of a route by kind, and the milliseconds of those that were as asked, to their last byte."""

    name: str
    answers: Mapping[str, int]
    p50_ms: float
    p99_ms: float
    most_ms: float

    @property
    def count(self) -> int:
        """Return the number of all answers."""
        return sum(self.answers.values())

    @property
    def spread(self) -> float:
        """Return how many medians the 99th percentile takes."""
        return self.p99_ms / self.p50_ms

    def row(self, seconds: float) -> tuple[str, ...]:
        """Return the line of the table."""
        times = (f"{self.p50_ms:,.0f} ms", f"{self.p99_ms:,.0f} ms", f"{self.spread:.1f}")
        kinds = ", ".join(f"{number:,} {kind.replace('_', ' ')}" for kind, number in self.answers.items() if number)
        return self.name.replace("_", " "), f"{self.count / seconds:.1f}", *times, f"{self.most_ms:,.0f} ms", kinds


@dataclass(frozen=True, slots=True)
class Results:
    """A load of so many clients for so many seconds."""

    clients: int
    seconds: float
    routes: Mapping[str, Route]
    reports_made: int

    @property
    def failures(self) -> dict[str, int]:
        """Return the number of answers that must not be, by kind."""
        return {kind: sum(route.answers[kind] for route in self.routes.values()) for kind in FAILURES}

    @property
    def requests(self) -> int:
        """Return the number of all answers."""
        return sum(route.count for route in self.routes.values())


def results_of(summary: Mapping[str, Any], clients: int, seconds: float) -> Results:
    """Read the summary that `clients.js` writes; routes that nobody called are left out."""
    values = {name: metric["values"] for name, metric in summary["metrics"].items()}
    names = sorted({name.partition("__")[0] for name in values if "__" in name})
    made = int(values.get("reports_made", {}).get("count", 0))
    return Results(clients, seconds, {name: _route(name, values) for name in names}, made)


def _route(name: str, values: Mapping[str, Mapping[str, float]]) -> Route:
    answers = {kind: int(values.get(f"{name}__{kind}", {}).get("count", 0)) for kind in KINDS}
    times = values.get(f"{name}__ms", UNTIMED)
    return Route(name, answers, times["med"], times["p(99)"], times["max"])
