"""Downloads of a finished report, one after the other, and how long they take."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import aiohttp

from services.runtime.channel import open_channel
from tests.chaos.answers import Answers, Caller
from tests.chaos.environment import finished_report
from tests.chaos.layout import Layout
from tests.chaos.seed_data import Operator

FORMAT = "xlsx"
ALONE = 30  # downloads with nothing beside them, after the first
PAUSE_S = 0.2  # between two: a client reads what it gets


@dataclass
class DownloadLoad:
    """A client of one report. Downloads that go wrong are counted as such."""

    caller: Caller
    about: Mapping[str, Any]
    alone_s: list[float] = field(default_factory=list)
    during_s: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    async def run_alone(self) -> None:
        """Measure downloads with nothing beside them."""
        await self._once()
        for _ in range(ALONE):
            self.alone_s.append(await self._once())

    async def run_until(self, over: asyncio.Event) -> None:
        """Measure downloads until told that the work beside them is over."""
        while not over.is_set():
            self.during_s.append(await self._once())

    async def _once(self) -> float:
        began_s = time.monotonic()
        answer = await self.caller.tracker("download", {**self.about, "format": FORMAT})
        spent_s = time.monotonic() - began_s
        if not answer.is_ok:
            self.failed.append(f"download: {answer.kind} {answer.wrong}".strip())
        await asyncio.sleep(PAUSE_S)
        return spent_s

    def wrong(self, most: float) -> list[str]:
        """Return what must not be, after printing what was: downloads past `most` times their usual time."""
        usual_s, during_s = median(self.alone_s), median(self.during_s)
        times = during_s / usual_s
        sys.stdout.write(
            f"downloads: median of {len(self.alone_s)} alone {usual_s * 1000:.0f} ms, of {len(self.during_s)} during "
            f"{during_s * 1000:.0f} ms ({times:.1f} times), the slowest {max(self.during_s) * 1000:.0f} ms\n"
        )
        found = [f"downloads take {times:.1f} times their usual time"] if times > most else []
        return [*found, *self.failed]


@asynccontextmanager
async def download_load(layout: Layout) -> AsyncIterator[DownloadLoad]:
    """Store a fleet, have its report made, and give a client that downloads it while the context lasts."""
    async with open_channel(layout.generation) as channel, aiohttp.ClientSession() as session:
        operator = Operator(channel, (("authorization", f"Bearer {layout.operator_token()}"),))
        ask = (await operator.seed()).asks[0]
        caller = Caller(session, layout.gateway, Answers())
        yield DownloadLoad(caller, await finished_report(caller, ask))
