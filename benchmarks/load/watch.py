"""Looking at the processes of a stack while it works: their memory every few seconds, their time in all."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

import psutil

from benchmarks.memory import MIB
from benchmarks.stack import PARTS, Stack

EVERY_S = 5.0
MINUTE_S = 60.0
OURS = (*PARTS, "workers")
PROCESSES = (*OURS, "mongodb")


@dataclass(slots=True)
class Usage:
    """The MiB of each process by seconds since the beginning, and how many cores it took on average.

    Of generation's workers all are counted together, with what they share counted for each.
    """

    mib: list[tuple[float, Mapping[str, float]]] = field(default_factory=list)
    cores: Mapping[str, float] = field(default_factory=dict)

    def first_minute(self, process: str) -> float:
        """Return the median MiB of the first minute."""
        return median(mib[process] for since_s, mib in self.mib if since_s <= MINUTE_S)

    def last_minute(self, process: str) -> float:
        """Return the median MiB of the last minute."""
        end_s = self.mib[-1][0]
        return median(mib[process] for since_s, mib in self.mib if since_s >= end_s - MINUTE_S)

    def growth(self, process: str) -> float:
        """Return how many times as much the last minute took as the first, 1 for what does not run here."""
        return self.last_minute(process) / self.first_minute(process) if self.most(process) else 1.0

    def most(self, process: str) -> float:
        """Return the largest MiB."""
        return max(mib[process] for _, mib in self.mib)


@contextmanager
def watched(stack: Stack) -> Iterator[Usage]:
    """Give what the processes use while the context lasts."""
    usage, over, began = Usage(), threading.Event(), time.monotonic()

    def look() -> None:
        while True:
            usage.mib.append((time.monotonic() - began, _sums(stack, _mib)))
            if over.wait(EVERY_S):
                return

    spent_s = _sums(stack, _cpu_s)
    with ThreadPoolExecutor(1) as threads:
        looking = threads.submit(look)
        try:
            yield usage
        finally:
            over.set()
        looking.result()  # a look that failed would have told too little
        lasted_s = time.monotonic() - began
        usage.cores = {name: (now_s - spent_s[name]) / lasted_s for name, now_s in _sums(stack, _cpu_s).items()}


def _sums(stack: Stack, read: Callable[[psutil.Process], float]) -> dict[str, float]:
    """Return what is read of each of PROCESSES."""
    workers = stack.part(PARTS["generation"]).children(recursive=True)
    stores = [one for one in stack.process.children() if one.name() == "mongod"]
    one_each = {name: read(stack.part(module)) for name, module in PARTS.items()}
    return one_each | {"workers": sum(map(read, workers)), "mongodb": sum(map(read, stores))}


def _mib(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / MIB


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
