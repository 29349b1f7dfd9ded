"""Memory of the processes of a stack over a long load: a straight line through its samples, which must be flat."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import psutil

from tests.chaos.layout import Layout

MIB = 2**20
EVERY_S = 5.0
WARM_SHARE = 0.25  # of the samples come first and do not count: modules, caches and pools are filled
MOST_GROWTH = 1.10  # from the beginning of the line to its end
FILLING = {"mongodb"}  # it fills a cache of a fixed size

Samples = Sequence[tuple[float, float]]  # seconds and MiB


@dataclass(slots=True)
class Memory:
    """The resident MiB of each part and of its workers, by the time."""

    layout: Layout
    samples: defaultdict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    async def sample_for_ever(self) -> None:
        """Measure now and again until cancelled."""
        while True:
            self.sample()
            await asyncio.sleep(EVERY_S)

    def sample(self) -> None:
        """Measure once."""
        now = time.monotonic()
        for name in self.layout.parts:
            process = self.layout.parts[name].found()
            with suppress(psutil.NoSuchProcess):
                if process is not None:
                    self.samples[name].append((now, process.memory_info().rss / MIB))
                    if name.startswith("generation"):
                        children = process.children(recursive=True)
                        self.samples[f"{name} workers"].append(
                            (now, sum(one.memory_info().rss for one in children) / MIB)
                        )

    def growing(self) -> list[str]:
        """Return the parts whose line rises more than it may."""
        return [name for name, samples in self.samples.items() if name not in FILLING and growth(samples) > MOST_GROWTH]

    def table(self) -> Iterator[str]:
        """Yield a line for each part."""
        for name, samples in self.samples.items():
            first, last = line_through(samples)
            verdict = "fills its cache" if name in FILLING else "grows" if name in self.growing() else "flat"
            yield (
                f"{name}: {first:.0f} MiB at the beginning of the line, {last:.0f} at its end, "
                f"{growth(samples):.3f}, {verdict}; {len(samples)} samples, most {max(one for _, one in samples):.0f}"
            )


def growth(samples: Samples) -> float:
    """Return how many times as much the line has at its end as at its beginning."""
    first, last = line_through(samples)
    return last / first


def line_through(samples: Samples) -> tuple[float, float]:
    """Return the MiB at the beginning and at the end of the straight line through the samples after the warm-up."""
    warm = samples[int(len(samples) * WARM_SHARE) :]
    if len(warm) < 2:
        return warm[-1][1], warm[-1][1]
    since_s, mib = np.array(warm).T
    slope, at_zero = np.polyfit(since_s - since_s[0], mib, 1)
    return float(at_zero), float(at_zero + slope * (since_s[-1] - since_s[0]))
