"""Cost curves: time and memory of reports over 1 to 1,000 trackers, and of files of 10³ to 10⁶ rows."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.request import Request, urlopen

import numpy as np
from daybook.input.v1.fleet_pb2 import Tracker
from pymongo.asynchronous.database import AsyncDatabase

from benchmarks.memory import fetched, peaks_of
from benchmarks.stack import DATABASE, Stack, running
from benchmarks.van import every_minute, month
from services.generation.domain.samples import Samples
from services.generation.inputs.points import POINTS
from services.generation.inputs.trackers import TRACKERS as TRACKER_KIND
from services.generation.store.buckets import documents_of
from services.generation.store.mongo import Document, opened
from services.generation.store.mongo_inputs import MongoInputs
from tests.builders.sheets import huge_trips_report

TRACKERS = (1, 10, 100, 1_000)
ROWS = (1_000, 10_000, 100_000, 1_000_000)
VANS = 10  # that differ; a thousand trackers repeat them
FORMATS = ("json", "csv", "xlsx", "pdf")
CELLS_A_ROW = 6
MOST_CELLS = {"pdf": 2_000_000}  # of a file, by the settings' defaults
FIRST_TRACKER, FIRST_REPORT = 1_001, 1_000_001
PERIOD = {"from": "2026-01-01 00:00:00", "to": "2026-01-30 23:59:59"}
POLL_S = 0.1
WHOLE = 100  # percent
HEADS = ("what", "size", "seconds", "each", "of the line", "more memory than at rest")


@dataclass(frozen=True, slots=True)
class Point:
    """Cost of one size: seconds, and by process how many MiB more than at rest."""

    size: int
    seconds: float
    more_mib: dict[str, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """The costs of growing sizes, and the line with the smallest relative errors: a fixed cost, one for each."""

    what: str
    unit: str
    points: Sequence[Point]

    @property
    def line(self) -> tuple[float, float]:
        """Return the fixed seconds and the seconds each."""
        sizes, seconds = (np.array([getattr(one, name) for one in self.points]) for name in ("size", "seconds"))
        weighted = np.stack([1 / seconds, sizes / seconds], axis=1)
        fixed_s, each_s = np.linalg.lstsq(weighted, np.ones(len(sizes)))[0].tolist()
        return fixed_s, each_s

    @property
    def exponent(self) -> float:
        """Return the exponent between the two largest sizes, where what is fixed counts least: 1 on a line."""
        (size, seconds), (more_size, more_seconds) = ((one.size, one.seconds) for one in self.points[-2:])
        return float(np.log(more_seconds / seconds) / np.log(more_size / size))

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield the lines of the table."""
        fixed_s, each_s = self.line
        for one in self.points:
            share = one.seconds / (fixed_s + each_s * one.size)
            memory = ", ".join(f"{part} {mib:+.0f} MiB" for part, mib in one.more_mib.items())
            each = f"{one.seconds / one.size * 1000:,.3g} ms"
            yield self.what, f"{one.size:,} {self.unit}", f"{one.seconds:.2f}", each, f"{share:.2f}", memory

    def sentence(self) -> str:
        """Return the fixed cost, the cost of each and the exponent as text."""
        fixed_s, each_s = self.line
        largest = f"exponent {self.exponent:.2f} between the two largest"
        return f"{self.what}: {fixed_s:.2f} s and {each_s * 1e6:,.0f} µs for each of the {self.unit}, {largest}"


def measure(trackers: Sequence[int] = TRACKERS, rows: Sequence[int] = ROWS) -> Iterator[Curve]:
    """Make the reports and fetch the files, each size once after a first small one."""
    with running() as stack:
        asyncio.run(_fill(stack, max(trackers)))
        _made(stack, 1)
        reports = [_made(stack, count) for count in trackers]
        yield Curve("report of trips, 30 days of a point a minute", "trackers", reports)
        for number, count in enumerate((ROWS[0], *rows)):
            stack.put_report(FIRST_REPORT + number, huge_trips_report(rows=count, sheets=1)[1])
        for form in FORMATS:
            fetched(_download(stack, FIRST_REPORT, form))
            sizes = [count for count in rows if count * CELLS_A_ROW <= MOST_CELLS.get(form, count * CELLS_A_ROW)]
            files = [
                _fetched(stack, _download(stack, FIRST_REPORT + number, form), count)
                for number, count in enumerate(sizes, start=1)
            ]
            yield Curve(f"download as {form.upper()}", "rows", files)


def _made(stack: Stack, count: int) -> Point:
    """Return what it takes from asking for a report until its status says that it is made."""
    body = {"hash": stack.key, "trackers": list(range(FIRST_TRACKER, FIRST_TRACKER + count)), **PERIOD}
    with peaks_of(stack) as more_mib:
        began = time.perf_counter()
        report_id = _posted(stack, "generate", body | {"plugin": {"plugin_id": 4}})["id"]
        while _posted(stack, "status", {"hash": stack.key, "report_id": report_id})["percent_ready"] < WHOLE:
            time.sleep(POLL_S)
        taken_s = time.perf_counter() - began
    return Point(count, taken_s, more_mib)


def _fetched(stack: Stack, request: Request, count: int) -> Point:
    with peaks_of(stack) as more_mib:
        began = time.perf_counter()
        fetched(request)
        taken_s = time.perf_counter() - began
    return Point(count, taken_s, more_mib)


def _posted(stack: Stack, action: str, body: dict[str, object]) -> dict[str, int]:
    url, headers = f"{stack.addresses.gateway}/report/tracker/{action}", {"Content-Type": "application/json"}
    request = Request(url, json.dumps(body).encode(), headers)  # noqa: S310  # our own http address
    with urlopen(request) as response:  # noqa: S310  # the same
        answer: dict[str, int] = json.loads(response.read())
    return answer


def _download(stack: Stack, report_id: int, form: str) -> Request:
    return Request(stack.url("report/tracker/download", report_id, format=form))  # noqa: S310  # our own http address


async def _fill(stack: Stack, trackers: int) -> None:
    """Store the trackers with their points, as whole buckets."""
    vans = [every_minute(month(seed)) for seed in range(1, min(VANS, trackers) + 1)]
    async with opened(stack.mongodb_uri, DATABASE) as database:
        for number in range(trackers):
            await _store(database, stack.user_id, FIRST_TRACKER + number, vans[number % len(vans)])


async def _store(database: AsyncDatabase[Document], owner_id: int, tracker_id: int, points: Samples) -> None:
    tracker = TRACKER_KIND.document(Tracker(id=tracker_id, label=f"Van {tracker_id}"))
    await MongoInputs(database).put(TRACKER_KIND, owner_id, [tracker])
    await database.track_buckets.insert_many(documents_of(POINTS, tracker_id, points))
