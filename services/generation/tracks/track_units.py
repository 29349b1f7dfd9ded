"""Units of work that read tracks, as they are sent to a worker, and their results. Everything here can be pickled."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from services.generation.domain.columnar import Columns, Flags, Floats, Ints
from services.generation.domain.line_thinning import FINEST_ZOOM
from services.generation.domain.track_lines import TimeRange, TrackLine
from services.generation.domain.trip_boxes import Boxes
from services.generation.domain.trips import Trips
from services.generation.domain.windows import Windows
from services.generation.reporting.report import Report
from services.generation.reporting.units import WorkerSettings
from services.generation.words.language import Locale

MOST_POINTS = 100_000  # of a line that is not thinned, in a result


@dataclass(frozen=True, slots=True)
class AccountScope:
    """Data of an account as its reader sees it, and whom reading it counts for; fills the port DataScope."""

    account_id: int
    locale: Locale
    tenant: str
    geocoder: str = ""
    include_places_in_address: bool = False
    include_zones_in_address: bool = False


@dataclass(frozen=True, slots=True)
class Thinning:
    """Points that stay: those seen at a zoom, None for the finest; at most so many of all lines, or `of_each`."""

    zoom: int | None
    point_limit: int
    of_each: bool = False


@dataclass(frozen=True, slots=True)
class LinesUnit:
    """Lines of ranges of a tracker, which do not lie far apart. Without thinning there is one range."""

    settings: WorkerSettings
    scope: AccountScope
    tracker_id: int
    ranges: tuple[TimeRange, ...]
    thinning: Thinning | None
    with_details: bool = False


@dataclass(frozen=True, slots=True)
class PointDetails(Columns):
    """Further recordings of points, NaN where unknown, and whether they lie outside of all trips."""

    altitude_m: Floats
    heading: Floats
    satellites: Floats
    parked: Flags


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """Line of a range, by the position of the range in its unit."""

    number: int
    line: TrackLine
    details: PointDetails | None = None

    def behind(self, before: Self) -> Self:
        """Return the line, which begins with the last point of the one before, as that goes on: without this point."""
        way_km = self.line.way_km - self.line.way_km[0] + before.line.way_km[-1]
        line = replace(self.line, way_km=way_km)[1:]
        return replace(self, line=line, details=None if self.details is None else self.details[1:])


@dataclass(frozen=True, slots=True)
class LinesResult:
    """Lines that are not empty, and the zoom they were thinned at, the finest where they were not.

    A line that is not thinned may be the first part of its range: `resume_ms` is the moment of its last point then.
    """

    lines: Sequence[NumberedLine]
    zoom: int = FINEST_ZOOM
    resume_ms: int | None = None


@dataclass(frozen=True, slots=True)
class TripsChoice:
    """Trips that are wanted, all or those that the smart filter keeps, each or those of a day in a row, and of them."""

    filter_on: bool = True
    by_day: bool = False
    with_addresses: bool = False
    with_events: bool = False


@dataclass(frozen=True, slots=True)
class TripsUnit:
    """Trips of a tracker in a half-open period."""

    settings: WorkerSettings
    scope: AccountScope
    tracker_id: int
    period: TimeRange
    choice: TripsChoice


@dataclass(frozen=True, slots=True)
class TripsResult:
    """Trips with their boxes and, as far as they are wanted, addresses, event counts and litres by the norm."""

    trips: Trips
    boxes: Boxes
    start_addresses: Sequence[str] = ()
    end_addresses: Sequence[str] = ()
    event_counts: Ints | None = None
    norm_fuel_l: Floats | None = None

    def part(self, rows: slice) -> Self:
        """Return some of the trips."""
        return replace(
            self,
            trips=self.trips[rows],
            boxes=self.boxes[rows],
            start_addresses=self.start_addresses[rows],
            end_addresses=self.end_addresses[rows],
            event_counts=None if self.event_counts is None else self.event_counts[rows],
            norm_fuel_l=None if self.norm_fuel_l is None else self.norm_fuel_l[rows],
        )


@dataclass(frozen=True, slots=True)
class MileageUnit:
    """Mileage of a tracker on the local days of a half-open period."""

    settings: WorkerSettings
    scope: AccountScope
    tracker_id: int
    period: TimeRange


@dataclass(frozen=True, slots=True)
class WindowsUnit:
    """Windows of time that a report shows of each of its trackers."""

    settings: WorkerSettings
    report: Report


@dataclass(frozen=True, slots=True)
class TrackWork:
    """Functions that run in workers, one for each kind of unit."""

    lines: Callable[[LinesUnit], LinesResult]
    trips: Callable[[TripsUnit], TripsResult]
    mileage: Callable[[MileageUnit], Mapping[date, float]]  # km by local date, without days that have no trips
    windows: Callable[[WindowsUnit], Mapping[int, Windows]]
