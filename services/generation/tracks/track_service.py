"""Use cases around tracks: points of ranges and of tracks, lists of tracks, mileage by day."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

import numpy as np

from services.errors import InvalidParameters, NonexistentEntities, NotFound, SpanTooLong, Violation
from services.errors.reports import TooManyTrackers, TrackerNotFound
from services.generation.accounts.user import User
from services.generation.domain.columnar import Floats
from services.generation.domain.plain_text import ids_text
from services.generation.domain.track_lines import TimeRange, TrackLine
from services.generation.domain.windows import Windows, date_at, local_days
from services.generation.inputs.input_store import InputStore
from services.generation.inputs.trackers import TRACKERS
from services.generation.reporting.period import read_period
from services.generation.reporting.report import Report
from services.generation.reporting.report_windows import ReportWindows
from services.generation.tracks.track_ranges import TrackerRange, check_ranges, check_trackers, shown_ranges
from services.generation.tracks.track_reader import TrackReader
from services.generation.tracks.track_units import (
    AccountScope,
    NumberedLine,
    PointDetails,
    Thinning,
    TripsChoice,
    TripsResult,
)
from services.runtime.tenants import tenant_of
from services.runtime.time_spans import isoformat_days

CLOCK_CHANGE = timedelta(hours=1)  # by which a range may be longer than its days
TRACKS_AT_ONCE, LINES_AT_ONCE = 50, 20
S_MS = 1000


@dataclass(frozen=True, slots=True)
class TrackLimits:
    """Longest period of points and tracks; longest period and most trackers of mileage by day."""

    max_time_span: timedelta
    max_stats_time_span: timedelta
    max_stats_trackers: int


@dataclass(frozen=True, slots=True)
class PeriodText:
    """Beginning and last second of a period as they came."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class TracksQuery:
    """Tracks that are asked for, with their lines where these are to be thinned."""

    tracker_id: int
    period: PeriodText
    choice: TripsChoice
    thinning: Thinning | None = None


@dataclass(frozen=True, slots=True)
class TrackQuery:
    """Points that are asked for: of a track of a period, or of the whole period where its id is 0."""

    tracker_id: int
    period: PeriodText
    track_id: int = 0
    filter_on: bool = True
    thinning: Thinning | None = None


@dataclass(frozen=True, slots=True)
class DetailedLine:
    """Points with what was recorded of them, and the way to each in km since the first point of the track."""

    line: TrackLine
    details: PointDetails
    mileage_km: Floats


@dataclass(frozen=True, slots=True)
class Tracks:
    """Part of a list of tracks, with the lines of those that have any by their positions in the part."""

    found: TripsResult
    lines: Mapping[int, TrackLine]


@dataclass(frozen=True, slots=True)
class DailyMileage:
    """Mileage of a tracker on all days of a period, in km by date."""

    tracker_id: int
    km: Mapping[date, float]


class TrackService:
    """Checks what is asked for, and reads it."""

    def __init__(
        self, inputs: InputStore, reader: TrackReader, limits: TrackLimits, now: Callable[[], datetime]
    ) -> None:
        self._inputs = inputs
        self._reader = reader
        self._limits = limits
        self._now = now

    async def points(
        self,
        scope: AccountScope,
        ranges: Sequence[TrackerRange],
        thinning: Thinning | None,
        report: Report | None = None,
    ) -> AsyncIterator[NumberedLine]:
        """Yield the lines of ranges by their numbers: of the account's trackers, or of what a report of it shows.

        A line may come in several pieces. Raises InvalidParameters, SpanTooLong, NonexistentEntities, TooMuch.
        """
        check_ranges(ranges)
        longest = self._limits.max_time_span
        if any(timedelta(milliseconds=one.end_ms - one.start_ms) > longest + CLOCK_CHANGE for one in ranges):
            raise SpanTooLong(isoformat_days(longest))
        wanted = ranges if report is None else shown_ranges(await self._windows(scope, report, ranges), ranges)
        known = await self._inputs.some(TRACKERS, scope.account_id, {one.tracker_id for one in ranges})
        check_trackers(ranges, known)
        async for found in self._reader.lines(scope, wanted, thinning):
            yield found

    async def _windows(
        self, scope: AccountScope, report: Report, ranges: Sequence[TrackerRange]
    ) -> Mapping[int, Windows]:
        """Return the windows that a report shows of the trackers of ranges."""
        if report.employee_ids:
            return await self._reader.windows(scope, report)
        windows = ReportWindows.of(report).windows
        return {one.tracker_id: windows for one in ranges if one.tracker_id in report.tracker_ids}

    async def track(self, user: User, query: TrackQuery) -> AsyncIterator[DetailedLine]:
        """Yield the points of a track in pieces.

        Raises InvalidParameters, SpanTooLong, TrackerNotFound, NotFound for an unknown track, TooMuch.
        """
        period = await self._tracker_period(user, query.tracker_id, query.period)
        span = await self._track_span(user, query, period)
        wanted = [TrackerRange(0, query.tracker_id, span.start_ms, span.end_ms)] if span else []
        first_km: float | None = None
        async for found in self._reader.lines(scope_of(user), wanted, query.thinning, details=True):
            if found.details is not None and len(found.line):
                first_km = float(found.line.way_km[0]) if first_km is None else first_km
                yield DetailedLine(found.line, found.details, found.line.way_km - first_km)

    async def _track_span(self, user: User, query: TrackQuery, period: TimeRange | None) -> TimeRange | None:
        """Return the time of a track, or of all moments of the period where none is named. Raises NotFound."""
        if not query.track_id:
            return period and replace(period, end_ms=period.end_ms - 1)
        choice = TripsChoice(filter_on=query.filter_on)
        if period is not None:
            trips = (await self._reader.trips(scope_of(user), query.tracker_id, period, choice)).trips
            for row in np.flatnonzero(trips.start_ms // S_MS == query.track_id).tolist():
                return TimeRange(int(trips.start_ms[row]), int(trips.end_ms[row]))
        raise NotFound(f"There is no track {query.track_id} in the period")

    async def tracks(self, user: User, query: TracksQuery) -> AsyncIterator[Tracks]:
        """Yield the tracks of a period in parts. Raises InvalidParameters, SpanTooLong, TrackerNotFound, TooMuch."""
        period = await self._tracker_period(user, query.tracker_id, query.period)
        if period is None:
            return
        scope = scope_of(user)
        found = await self._reader.trips(scope, query.tracker_id, period, query.choice)
        step = LINES_AT_ONCE if query.thinning else TRACKS_AT_ONCE
        for first in range(0, len(found.trips), step):
            part = found.part(slice(first, first + step))
            yield Tracks(part, await self._lines(scope, query, part))

    async def _lines(self, scope: AccountScope, query: TracksQuery, part: TripsResult) -> Mapping[int, TrackLine]:
        """Return the lines of some tracks by their positions, as far as they are wanted."""
        if query.thinning is None:
            return {}
        spans = zip(part.trips.start_ms.tolist(), part.trips.end_ms.tolist(), strict=True)
        wanted = [TrackerRange(place, query.tracker_id, *span) for place, span in enumerate(spans)]
        lines = self._reader.lines(scope, wanted, query.thinning)
        return {one.number: one.line async for one in lines}

    async def mileage(self, user: User, tracker_ids: Sequence[int], text: PeriodText) -> AsyncIterator[DailyMileage]:
        """Yield the mileage of trackers on every day of a period, in their order, each tracker once.

        Raises InvalidParameters, SpanTooLong, TooManyTrackers, NonexistentEntities, TooMuch.
        """
        whole, zone = self._period(user, text, self._limits.max_stats_time_span), ZoneInfo(user.locale.time_zone)
        wanted = list(dict.fromkeys(tracker_ids))
        await self._check_trackers(user, wanted)
        days = local_days(whole.start_ms, whole.end_ms, zone).start_ms.tolist()
        period = self._until_now(whole)
        for tracker_id in wanted:
            km = {} if period is None else await self._reader.mileage(scope_of(user), tracker_id, period)
            dates = [date_at(moment, zone) for moment in days]
            yield DailyMileage(tracker_id, {one: km.get(one, 0.0) for one in dates})

    async def _check_trackers(self, user: User, wanted: Sequence[int]) -> None:
        most = self._limits.max_stats_trackers
        if not wanted:
            raise InvalidParameters.one("tracker_ids", "must name at least one")
        if len(wanted) > most:
            raise TooManyTrackers(max_count=str(most)).naming("tracker_ids", f"must be at most {most}")
        known = await self._inputs.some(TRACKERS, user.account_id, wanted)
        if missing := ids_text(set(wanted) - known.keys()):
            raise NonexistentEntities(ids=missing).naming("tracker_ids", f"do not exist: {missing}")

    async def _tracker_period(self, user: User, tracker_id: int, text: PeriodText) -> TimeRange | None:
        """Return the part of a period that has passed. Raises TrackerNotFound for a tracker the account lacks."""
        period = self._period(user, text, self._limits.max_time_span)
        if tracker_id not in await self._inputs.some(TRACKERS, user.account_id, [tracker_id]):
            raise TrackerNotFound
        return self._until_now(period)

    def _period(self, user: User, text: PeriodText, longest: timedelta) -> TimeRange:
        """Return the half-open period. Raises InvalidParameters and SpanTooLong."""
        found: list[Violation] = []
        period = read_period(text.start, text.end, user.locale.time_zone, found)
        if period is None:
            raise InvalidParameters(found)
        if period.civil_length > longest:
            raise SpanTooLong(isoformat_days(longest))
        start_ms, last_ms = (round(moment.timestamp()) * S_MS for moment in (period.from_time, period.to_time))
        return TimeRange(start_ms, last_ms + S_MS)

    def _until_now(self, period: TimeRange) -> TimeRange | None:
        """Return a period that ends now, if it reaches into the future; None where none of it has passed."""
        end_ms = min(period.end_ms, ceil(self._now().timestamp()) * S_MS)
        return replace(period, end_ms=end_ms) if period.start_ms < end_ms else None


def scope_of(user: User, tenant: str = "") -> AccountScope:
    """Return the data of a user's account, whose reading counts for the account unless it counts for another tenant."""
    return AccountScope(user.account_id, user.locale, tenant or tenant_of(user.account_id))
