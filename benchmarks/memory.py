"""Peak memory of each process of a stack during an action, beyond that at rest."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.request import Request, urlopen

import psutil

from benchmarks.stack import PARTS, Stack

LOOK_EVERY_S = 0.05
AT_ONCE = 1 << 20  # bytes
MIB = 1 << 20
LIMIT_MIB = 150
WORKER = "worker"
PROCESSES = (*PARTS, WORKER)
HEADS = ("what", "bytes", "seconds", *(f"{part}: rest, more" for part in PROCESSES), "goal")


@dataclass(frozen=True, slots=True)
class Use:
    """Cost of a download: bytes, seconds, and by process its MiB at rest and how many more at its highest."""

    what: str
    size: int
    seconds: float
    rest_mib: dict[str, float]
    more_mib: dict[str, float]

    def row(self) -> tuple[str, ...]:
        """Return the line of the table."""
        met = "met" if max(self.more_mib.values()) <= LIMIT_MIB else "missed"
        parts = [f"{self.rest_mib[part]:.0f} MiB, {self.more_mib[part]:+.0f}" for part in PROCESSES]
        return (self.what, f"{self.size:,}", f"{self.seconds:.1f}", *parts, f"at most +{LIMIT_MIB} MiB, {met}")


def use_of(stack: Stack, what: str, request: Request) -> Use:
    """Fetch something from the gateway and return what that took."""
    with peaks_of(stack) as more_mib:
        rest = memory_of(stack)
        began = time.perf_counter()
        size = fetched(request)
        taken_s = time.perf_counter() - began
    return Use(what, size, taken_s, rest, more_mib)


def fetched(request: Request) -> int:
    """Return how many bytes the answer has; none of them is kept."""
    size = 0
    with urlopen(request) as response:  # noqa: S310  # our own http address
        while chunk := response.read(AT_ONCE):
            size += len(chunk)
    return size


@contextmanager
def peaks_of(stack: Stack) -> Iterator[dict[str, float]]:
    """Give how many MiB more than at rest each process needs, filled in when the context ends."""
    rest, more, over = memory_of(stack), dict.fromkeys(PROCESSES, 0.0), threading.Event()

    def watch() -> None:
        while not over.wait(LOOK_EVERY_S):
            for part, mib in memory_of(stack).items():
                more[part] = max(more[part], mib - rest[part])

    with ThreadPoolExecutor(1) as threads:
        watching = threads.submit(watch)
        try:
            yield more
        finally:
            over.set()
        watching.result()  # a look that failed would have told too little


def memory_of(stack: Stack) -> dict[str, float]:
    """Return the MiB of each process now; of generation's workers, the largest."""
    mib = {name: _mib(stack.part(module)) for name, module in PARTS.items()}
    workers = stack.part(PARTS["generation"]).children(recursive=True)
    return mib | {WORKER: max(map(_mib, workers), default=0.0)}


def _mib(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / MIB
