"""A figure: our time over a reference's time for the same work, both taken in turns because machines are noisy."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. The ratio is the median of our times over the median of the reference's."""

    what: str
    reference: str
    goal: float  # the ratio may be at most this
    ours_s: float
    reference_s: float
    count: int  # of what is counted
    unit: str
    apart: str = ""  # what is stated apart from the ratio

    @property
    def ratio(self) -> float:
        """Return how many times as long we take as the reference."""
        return self.ours_s / self.reference_s

    def row(self) -> tuple[str, ...]:
        """Return the line of the table."""
        met = "met" if self.ratio <= self.goal else "missed"
        speed = f"{self.count / self.ours_s:,.0f} {self.unit}/s"
        times = f"{self.ours_s * 1000:,.0f} ms, {self.reference_s * 1000:,.0f} ms"
        return self.what, self.reference, speed, times, f"{self.ratio:.2f}", f"at most {self.goal:g}, {met}", self.apart


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
