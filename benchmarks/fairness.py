"""Report of one tracker alone, and beside an account that has as many reports in the making as it may."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from urllib.request import Request, urlopen

import numpy as np
from daybook.input.v1.fleet_pb2 import Tracker

from benchmarks.stack import DATABASE, Stack, running
from services.generation.domain.samples import Samples
from services.generation.inputs.points import POINTS
from services.generation.inputs.trackers import TRACKERS
from services.generation.store.mongo import opened
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_series import MongoSeries

FLEET, REPORTS, DAYS, ROUNDS = 20, 5, 60, 9
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
STEP_S, TRIP_S, CYCLE_S = 10, 300, 540  # 160 trips a day
BATCH = 50_000
POLL_S = 0.01
WHOLE = 100  # percent
MOST_TIMES = 3.0
HEADS = ("report of one tracker and one day", "median", "longest", "goal")


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds from request to end: alone, beside the other account, and of one of its units."""

    alone_s: Sequence[float]
    beside_s: Sequence[float]
    unit_s: float

    @property
    def goal_s(self) -> float:
        """Return the longest time that is fair."""
        return MOST_TIMES * median(self.alone_s) + self.unit_s

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield the lines of the table."""
        met = "met" if median(self.beside_s) <= self.goal_s else "missed"
        goal = f"at most {MOST_TIMES:g} times its time alone and one unit, {self.goal_s:.2f} s: {met}"
        yield "alone", _s(median(self.alone_s)), _s(max(self.alone_s)), ""
        yield f"beside {REPORTS} reports of {FLEET} trackers", _s(median(self.beside_s)), _s(max(self.beside_s)), goal
        yield "a unit of these", _s(self.unit_s), "", ""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the stack that generates trips reports and waits for them."""

    stack: Stack

    def generate(self, tracker_ids: Sequence[int], days: int) -> int:
        """Ask for a report and return its id."""
        behind = FIRST_DAY + timedelta(days=days, seconds=-1)
        period = {"from": f"{FIRST_DAY:%Y-%m-%d %H:%M:%S}", "to": f"{behind:%Y-%m-%d %H:%M:%S}"}
        plugin = {"plugin_id": 4, "show_seconds": False}
        return int(self._call("generate", **period, title="Trips", trackers=[*tracker_ids], plugin=plugin)["id"])

    def is_made(self, report_id: int) -> bool:
        """Return whether a report is made."""
        return bool(self._call("status", report_id=report_id)["percent_ready"] == WHOLE)

    def seconds_for(self, tracker_ids: Sequence[int], days: int) -> float:
        """Return how long a report takes from the request to its end."""
        began = time.perf_counter()
        report_id = self.generate(tracker_ids, days)
        while not self.is_made(report_id):
            time.sleep(POLL_S)
        return time.perf_counter() - began

    def _call(self, action: str, **body: object) -> Any:
        url = f"{self.stack.addresses.gateway}/report/tracker/{action}"
        content = json.dumps({"hash": self.stack.key, **body}).encode()
        request = Request(url, content, {"Content-Type": "application/json"})  # noqa: S310  # our own http address
        with urlopen(request) as response:  # noqa: S310  # the same
            return json.load(response)


def measure() -> Waits:
    """Generate reports of both accounts on a stack of the run's own."""
    with running() as stack:
        eve, bob = (Account(stack.beside(name)) for name in ("eve", "bob"))
        fleet, van = range(1, FLEET + 1), FLEET + 1
        asyncio.run(_store(stack.mongodb_uri, {eve.stack.user_id: fleet, bob.stack.user_id: [van]}))
        for account, tracker in ((eve, fleet[0]), (bob, van)):
            account.seconds_for([tracker], 1)  # the first one loads modules
        alone_s = [bob.seconds_for([van], 1) for _ in range(ROUNDS)]
        unit_s = eve.seconds_for(fleet[:1], DAYS)
        reports = [eve.generate(fleet, DAYS) for _ in range(REPORTS)]
        time.sleep(2 * unit_s)
        beside_s = [bob.seconds_for([van], 1) for _ in range(ROUNDS)]
        if all(eve.is_made(one) for one in reports):
            raise RuntimeError("the other account's reports were made too soon for a comparison")
    return Waits(alone_s, beside_s, unit_s)


async def _store(uri: str, fleets: dict[int, Sequence[int]]) -> None:
    points = _points()
    async with opened(uri, DATABASE) as database:
        inputs, series = MongoInputs(database), MongoSeries(database)
        for user_id, tracker_ids in fleets.items():
            trackers = [TRACKERS.document(Tracker(id=one, label=f"Van {one}")) for one in tracker_ids]
            await inputs.put(TRACKERS, user_id, trackers)
            for tracker_id in tracker_ids:
                for place in range(0, len(points), BATCH):
                    await series.add(POINTS, tracker_id, points.take(slice(place, place + BATCH)))


def _points() -> Samples:
    """Return the points of a van that drives for five minutes and stands for four, day and night."""
    time_s = np.arange(0, DAYS * 86_400, STEP_S)
    in_cycle = time_s % CYCLE_S
    drives = in_cycle < TRIP_S
    along = np.where(drives, in_cycle, TRIP_S) / TRIP_S
    there = np.where((time_s // CYCLE_S) % 2 == 0, along, 1 - along)  # to the depot and back
    columns = {name: np.full(len(time_s), np.nan) for name in POINTS.names}
    columns |= {"lat": 52.5 + there * 0.03, "lng": 13.4 + there * 0.02, "speed_kmh": np.where(drives, 50.0, 0.0)}
    return POINTS.samples(round(FIRST_DAY.timestamp() * 1000) + time_s * 1000, **columns)


def _s(seconds: float) -> str:
    return f"{seconds:.2f} s"
