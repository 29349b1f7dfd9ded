"""Waits of an account for a small report, alone and beside accounts that ask for as many as they may."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from statistics import median

from tests.chaos.faults import Weather
from tests.chaos.ledger import Ask, Asked
from tests.chaos.reporters import Reporter
from tests.chaos.timeouts import until_told

POLL_S = 0.05


@dataclass(slots=True)
class Waits:
    """Beginnings and ends of the making of small reports, on the clock of `time.monotonic`."""

    spans: list[tuple[float, float]] = field(default_factory=list)

    def calm_s(self, weather: Weather) -> list[float]:
        """Return the seconds of those that nothing disturbed."""
        return [ended - began for began, ended in self.spans if not weather.is_rough(began, ended)]


async def wait_for_small(reporter: Reporter, ask: Ask, waits: Waits, stop: asyncio.Event) -> None:
    """Ask for one small report after the other until told to stop, and note how long each took."""
    number = 0
    while not stop.is_set():
        asked = Asked(f"{reporter.name}-small-{number}", ask)
        reporter.ledger.reports.append(asked)
        began = time.monotonic()
        for work in (reporter.ask, reporter.is_made):
            if not await until_told(partial(work, asked), stop, POLL_S):
                return
        waits.spans.append((began, time.monotonic()))
        number += 1
        await asyncio.sleep(POLL_S)


def shown(seconds: Sequence[float]) -> str:
    """Return the median, a dash for none."""
    return f"{median(seconds):.2f}" if seconds else "-"
