"""Figure: the cost of work as a ratio to a reference that does the same work in the same run."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

ROUNDS = 8
HEADS = ("figure", "reference", "speed", "CPU", "CPU ratio", "wall ratio", "goal", "apart from it")

Processes = Mapping[str, int]  # ids by name
OWN: Processes = {"": os.getpid()}


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of each process by its name, and seconds on the clock."""

    cpu_s: Mapping[str, float]
    wall_s: float

    @property
    def total_s(self) -> float:
        """Return the CPU seconds of all processes."""
        return sum(self.cpu_s.values())


@dataclass(frozen=True, slots=True)
class Figure:
    """Line of the table: our cost against that of the reference, judged by CPU, or by the clock.

    The goal says how many times the reference's CPU we may take; with `faster`, how many times faster we must be. A
    slow reference may do less of the work, `reference_count` of it: then the costs of a single item are compared.
    """

    what: str
    reference: str
    goal: float
    ours: Cost
    theirs: Cost
    count: int  # items of work
    unit: str
    apart: str = ""  # stated apart from the ratio
    faster: bool = False
    reference_count: int | None = None  # None for the same count
    by_clock: bool = False

    @property
    def ratio(self) -> float:
        """Return how many times the reference's CPU we take; with `faster`, how many times less."""
        return self._ratio(self.ours.total_s, self.theirs.total_s)

    @property
    def wall_ratio(self) -> float:
        """Return the same of the time on the clock."""
        return self._ratio(self.ours.wall_s, self.theirs.wall_s)

    @property
    def is_met(self) -> bool:
        """Return whether the goal is met."""
        judged = self.wall_ratio if self.by_clock else self.ratio
        return judged >= self.goal if self.faster else judged <= self.goal

    def row(self) -> tuple[str, ...]:
        """Return the cells of the line."""
        goal = f"at least {self.goal:g} times faster" if self.faster else f"at most {self.goal:g}"
        goal += " by the clock" if self.by_clock else ""
        speed = f"{self.count / self.ours.wall_s:,.0f} {self.unit}/s"
        verdict = f"{goal}, {'met' if self.is_met else 'missed'}"
        ratios = self._shares(), f"{self.wall_ratio:.2f}"
        return self.what, self.reference, speed, self._times(), *ratios, verdict, self.apart

    def _ratio(self, ours_s: float, theirs_s: float) -> float:
        ours, reference = ours_s / self.count, theirs_s / (self.reference_count or self.count)
        return reference / ours if self.faster else ours / reference

    def _shares(self) -> str:
        """Return the ratio, and that of each process where there are several."""
        if len(self.ours.cpu_s) == 1:
            return f"{self.ratio:.2f}"
        each = (f"{name} {self._ratio(cpu_s, self.theirs.total_s):.2f}" for name, cpu_s in self.ours.cpu_s.items())
        return f"{self.ratio:.2f} ({', '.join(each)})"

    def _times(self) -> str:
        times = _ms(self.ours.total_s), _ms(self.theirs.total_s)
        if self.reference_count is None:
            return ", ".join(times)
        return f"{times[0]} for {self.count:,}, {times[1]} for {self.reference_count:,}"


def in_turns(
    ours: Callable[[], object],
    reference: Callable[[], object],
    rounds: int = ROUNDS,
    *,
    ours_in: Processes = OWN,
    reference_in: Processes = OWN,
) -> tuple[Cost, Cost]:
    """Return the costs of both, run in turns so often after a first run that does not count.

    Each cost is the lower quartile of the rounds: whatever else the machine does only ever adds to one. The work may
    be done by other processes, which are named then.
    """
    rounds_of: tuple[list[Cost], list[Cost]] = ([], [])
    for number in range(rounds + 1):
        for work, processes, costs in zip((ours, reference), (ours_in, reference_in), rounds_of, strict=True):
            cost = _cost_of(work, processes)
            if number:
                costs.append(cost)
    return _lower_quartile(rounds_of[0]), _lower_quartile(rounds_of[1])


def _cost_of(work: Callable[[], object], processes: Processes) -> Cost:
    cpu_s = {name: _cpu_s(pid) for name, pid in processes.items()}
    began = time.perf_counter()
    work()
    wall_s = time.perf_counter() - began
    return Cost({name: _cpu_s(pid) - cpu_s[name] for name, pid in processes.items()}, wall_s)


def _cpu_s(pid: int) -> float:
    """Return the CPU seconds of a process so far; of another one, those of the threads that it has now."""
    if pid == os.getpid():
        return time.process_time()
    spent_ns = (int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return sum(spent_ns) / 1e9


def _lower_quartile(costs: list[Cost]) -> Cost:
    cpu_s = {name: _quartile([cost.cpu_s[name] for cost in costs]) for name in costs[0].cpu_s}
    return Cost(cpu_s, _quartile([cost.wall_s for cost in costs]))


def _quartile(values: list[float]) -> float:
    return quantiles(values, n=4, method="inclusive")[0]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"
