"""Reader of tracks in worker processes, a unit of work at a time, whose places accounts share fairly."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from services.generation.domain.line_thinning import LineThinner
from services.generation.domain.track_lines import TimeRange
from services.generation.domain.windows import Windows
from services.generation.reporting.executor import Executor
from services.generation.reporting.report import Report
from services.generation.reporting.units import WorkerSettings
from services.generation.tracks.track_ranges import TrackerRange, near_ranges
from services.generation.tracks.track_units import (
    AccountScope,
    LinesResult,
    LinesUnit,
    MileageUnit,
    NumberedLine,
    Thinning,
    TrackWork,
    TripsChoice,
    TripsResult,
    TripsUnit,
    WindowsUnit,
)
from services.runtime.limits import ConcurrencyLimit

READS_WAITING = 64

Unit = TypeVar("Unit")
Result = TypeVar("Result")


class TrackReader:
    """Runs units of work on an executor of their own, so that they do not wait for the sheets of reports.

    One account leaves a place to others where there are several. A unit waits for a place for at most `wait_s` seconds:
    less than a unit may take would refuse what the next free place is for.
    """

    def __init__(self, executor: Executor, work: TrackWork, settings: WorkerSettings, wait_s: float) -> None:
        self._executor = executor
        self._work = work
        self._settings = settings
        places = executor.at_once
        self._places = ConcurrencyLimit(
            "track reads", places, waiting=READS_WAITING, wait_s=wait_s, per_tenant=max(1, places - 1)
        )

    async def lines(
        self, scope: AccountScope, ranges: Sequence[TrackerRange], thinning: Thinning | None, *, details: bool = False
    ) -> AsyncIterator[NumberedLine]:
        """Yield the lines of ranges by their numbers, those that are empty left out; raises TooMuch.

        Without thinning, or with details, a line comes in pieces, of which each begins behind the one before.
        """
        if thinning is None:
            for wanted in ranges:
                async for piece in self._whole(scope, wanted, details=details):
                    yield piece
            return
        thinner = LineThinner(thinning.zoom, thinning.point_limit)
        for group in near_ranges(ranges):
            found = await self._lines(scope, group, replace(thinning, zoom=thinner.zoom), details=details)
            if details or thinning.of_each:
                for one in found.lines:
                    yield one
                continue
            thinner.fall_to(found.zoom)
            for one in found.lines:
                thinner.add(one.number, one.line)
        for number, line in thinner.lines():
            yield NumberedLine(number, line)

    async def _whole(self, scope: AccountScope, one: TrackerRange, *, details: bool) -> AsyncIterator[NumberedLine]:
        """Yield the line of a range in pieces."""
        last: NumberedLine | None = None
        start_ms: int | None = one.start_ms
        while start_ms is not None:
            found = await self._lines(scope, [replace(one, start_ms=start_ms)], None, details=details)
            for line in found.lines:
                last = line if last is None else line.behind(last)
                yield last
            start_ms = found.resume_ms

    async def _lines(
        self, scope: AccountScope, ranges: Sequence[TrackerRange], thinning: Thinning | None, *, details: bool
    ) -> LinesResult:
        """Return the lines of ranges of one tracker, under the numbers of the ranges."""
        spans = tuple(one.time_range for one in ranges)
        unit = LinesUnit(self._settings, scope, ranges[0].tracker_id, spans, thinning, details)
        found = await self._run(scope.tenant, self._work.lines, unit)
        for one in found.lines:
            one.line.after_gap[:1] = ranges[one.number].after_gap
        return replace(found, lines=[replace(one, number=ranges[one.number].number) for one in found.lines])

    async def trips(self, scope: AccountScope, tracker_id: int, period: TimeRange, choice: TripsChoice) -> TripsResult:
        """Return the trips of a tracker in a half-open period. Raises TooMuch."""
        unit = TripsUnit(self._settings, scope, tracker_id, period, choice)
        return await self._run(scope.tenant, self._work.trips, unit)

    async def mileage(self, scope: AccountScope, tracker_id: int, period: TimeRange) -> Mapping[date, float]:
        """Return the km of the days with trips in a half-open period. Raises TooMuch."""
        unit = MileageUnit(self._settings, scope, tracker_id, period)
        return await self._run(scope.tenant, self._work.mileage, unit)

    async def windows(self, scope: AccountScope, report: Report) -> Mapping[int, Windows]:
        """Return the windows that a report shows of each of its trackers. Raises TooMuch."""
        return await self._run(scope.tenant, self._work.windows, WindowsUnit(self._settings, report))

    async def _run(self, tenant: str, work: Callable[[Unit], Result], unit: Unit) -> Result:
        async with self._places.slot(tenant):
            return await self._executor.run(work, unit)
