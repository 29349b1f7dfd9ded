"""A figure: our time over a reference's time for the same work, both taken in turns because machines are noisy."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

ROUNDS = 7
HEADS = ("figure", "reference", "speed", "times", "ratio", "goal", "apart from it")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: the median of our times against the median of the reference's.

    The goal says how many times the reference's time we may take; where we are to be `faster`, how many times faster we
    must be. A slow reference may do less of the work, `reference_count` of it: then the times for one are compared.
    """

    what: str
    reference: str
    goal: float
    ours_s: float
    reference_s: float
    count: int  # of what is counted
    unit: str
    apart: str = ""  # what is stated apart from the ratio
    faster: bool = False
    reference_count: int | None = None  # None for the same count

    @property
    def ratio(self) -> float:
        """Return how many times as long we take as the reference; where we are to be faster, how many times faster."""
        ours, reference = self.ours_s / self.count, self.reference_s / (self.reference_count or self.count)
        return reference / ours if self.faster else ours / reference

    @property
    def is_met(self) -> bool:
        """Say whether the goal is met."""
        return self.ratio >= self.goal if self.faster else self.ratio <= self.goal

    def row(self) -> tuple[str, ...]:
        """Return the line of the table."""
        goal = f"at least {self.goal:g} times faster" if self.faster else f"at most {self.goal:g}"
        speed = f"{self.count / self.ours_s:,.0f} {self.unit}/s"
        times = f"{_ms(self.ours_s)}, {_ms(self.reference_s)}"
        if self.reference_count is not None:
            times = f"{_ms(self.ours_s)} for {self.count:,}, {_ms(self.reference_s)} for {self.reference_count:,}"
        verdict = f"{goal}, {'met' if self.is_met else 'missed'}"
        return self.what, self.reference, speed, times, f"{self.ratio:.2f}", verdict, self.apart


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"


def in_turns(ours: Callable[[], object], reference: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the median seconds of both, run one after the other so often, after a first run that does not count."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for work, taken in zip((ours, reference), times, strict=True):
            began = time.perf_counter()
            work()
            if number:
                taken.append(time.perf_counter() - began)
    return median(times[0]), median(times[1])
