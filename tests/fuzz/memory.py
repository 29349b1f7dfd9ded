"""Memory of the processes of a stack while they are fuzzed."""

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median

import psutil

MB = 1024 * 1024
MOST_GROWTH = 1.15  # the last quarter of a run against its second
PARTS = ("gateway", "services.generation", "services.rendering")


@dataclass
class Memory:
    """The resident memory of each part, in MB, workers with the part they belong to. MongoDB has a cache to fill."""

    stack_pid: int
    samples: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def sample(self) -> None:
        """Take one more measurement."""
        for process in psutil.Process(self.stack_pid).children(recursive=True):
            try:
                words = process.cmdline()
                if words and words[-1] in PARTS:
                    family = [process, *process.children(recursive=True)]
                    self.samples[words[-1]].append(sum(one.memory_info().rss for one in family) / MB)
            except psutil.NoSuchProcess:
                continue

    def quarters(self) -> dict[str, tuple[float, float]]:
        """Return the median of the second and of the last quarter by part."""
        found = {}
        for part, values in self.samples.items():
            size = max(len(values) // 4, 1)
            found[part] = (median(values[size : 2 * size] or values), median(values[-size:]))
        return found

    def growing(self) -> list[str]:
        """Return the parts that held much more at the end than after a quarter."""
        return [part for part, (early, late) in self.quarters().items() if late > early * MOST_GROWTH]
