"""Work of track units in a worker process: lines, trips and mileage of a tracker from its stored points."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.findings import Findings
from services.generation.domain.line_thinning import LineThinner
from services.generation.domain.recordings import find
from services.generation.domain.track_lines import TrackLine, track_lines
from services.generation.domain.trip_boxes import boxes_of
from services.generation.domain.trips import Trips, days_of, trips_of
from services.generation.domain.windows import Windows, date_at, local_days
from services.generation.inputs.events import EVENTS
from services.generation.kinds import find_kind
from services.generation.kit import measures
from services.generation.kit.entity_data import TrackerData
from services.generation.reporting.report_windows import ReportWindows
from services.generation.tracks.track_units import (
    MOST_POINTS,
    LinesResult,
    LinesUnit,
    MileageUnit,
    NumberedLine,
    PointDetails,
    Thinning,
    TrackWork,
    TripsChoice,
    TripsResult,
    TripsUnit,
    WindowsUnit,
)
from services.generation.words.numbers import half_up

if TYPE_CHECKING:
    from services.generation.executors.worker_stores import WorkerStores

DETAILS = ("altitude_m", "heading", "satellites")


def read_lines(unit: LinesUnit) -> LinesResult:
    """Return the lines of the ranges."""
    reading = LineReading(unit)
    return reading.whole() if unit.thinning is None else reading.thinned(unit.thinning)


def list_trips(unit: TripsUnit) -> TripsResult:
    """Return the trips, or the days with trips, of a period."""
    data = _data(unit)
    trips, found = _trips(data, unit, unit.choice)
    start_addresses, end_addresses = _addresses(data, trips) if unit.choice.with_addresses else ((), ())
    return TripsResult(
        trips,
        boxes_of(found, trips),
        start_addresses,
        end_addresses,
        _event_counts(data, trips) if unit.choice.with_events else None,
        _norm_fuel_l(data, trips),
    )


def read_mileage(unit: MileageUnit) -> Mapping[date, float]:
    """Return the mileage of the local days with trips in km, rounded as the trips report shows it in km."""
    zone = ZoneInfo(unit.scope.locale.time_zone)
    rows, _ = _trips(_data(unit), unit, TripsChoice(by_day=True))
    shown_km = half_up(rows.length_km, measures.TRIP_LENGTH.exact_decimals)
    moments = rows.start_ms.tolist()
    return {date_at(start_ms, zone): km for start_ms, km in zip(moments, shown_km.tolist(), strict=True)}


def read_windows(unit: WindowsUnit) -> Mapping[int, Windows]:
    """Return the windows that a report shows of each of its trackers; of those of its employees while they drove."""
    report, stores = unit.report, _stores(unit)
    entity, windows = find_kind(report.plugin_id).entity, ReportWindows.of(report).windows
    spans: dict[int, list[tuple[int, int]]] = {}
    for entity_id in report.employee_ids or report.tracker_ids:
        for data, own in stores.entity_data(entity, report, entity_id).trackers(windows):
            spans.setdefault(data.entity_id, []).extend(zip(own.start_ms.tolist(), own.end_ms.tolist(), strict=True))
    return {tracker_id: Windows.of(own) for tracker_id, own in spans.items()}


WORK = TrackWork(read_lines, list_trips, read_mileage, read_windows)


def _stores(unit: LinesUnit | TripsUnit | MileageUnit | WindowsUnit) -> "WorkerStores":
    from services.generation.executors.worker_stores import WorkerStores  # noqa: PLC0415 - 50 MB that the service spares

    return WorkerStores(unit.settings)


def _data(unit: LinesUnit | TripsUnit | MileageUnit) -> TrackerData:
    return _stores(unit).tracker_data(unit.scope, unit.tracker_id)


class LineReading:
    """Reading of the lines of a unit's ranges."""

    def __init__(self, unit: LinesUnit) -> None:
        """Find the trips around the ranges, none of them dropped, and the line with the ends of the ranges on it."""
        self._unit = unit
        self._data = _data(unit)
        self._rules = Rules(self._data.parking, unit.settings.detection)
        edges_ms = np.unique([moment for one in unit.ranges for moment in (one.start_ms, one.end_ms)])
        around = Windows.of([(int(edges_ms[0]), int(edges_ms[-1]) + 1)])
        self._found = find(self._data.recording, around, Detector(self._rules, edges_ms))

    def thinned(self, wanted: Thinning) -> LinesResult:
        """Return the lines with the points that stay."""
        thinner, lines = LineThinner(wanted.zoom, wanted.point_limit), list[tuple[int, TrackLine]]()
        for number in range(len(self._unit.ranges)):
            if wanted.of_each:
                lines.extend(thinner.lines())
                thinner = LineThinner(wanted.zoom, wanted.point_limit)
            for piece in self._pieces(number):
                thinner.add(number, piece)
        lines.extend(thinner.lines())
        return LinesResult([self._numbered(number, line) for number, line in lines], thinner.zoom)

    def whole(self) -> LinesResult:
        """Return the line of the first range, or the first part of it."""
        pieces, count, end_ms = [], 0, self._unit.ranges[0].end_ms
        for piece in self._pieces(0):
            pieces.append(piece)
            count += len(piece)
            if count >= MOST_POINTS:
                break
        line = TrackLine.join(pieces)[:MOST_POINTS]
        last_ms = int(line.time_ms[-1]) if count >= MOST_POINTS else end_ms
        lines = [self._numbered(0, line)] if len(line) else []
        return LinesResult(lines, resume_ms=last_ms if last_ms < end_ms else None)

    def _pieces(self, number: int) -> Iterator[TrackLine]:
        return track_lines(self._data.recording, self._unit.ranges[number], self._found.line, self._rules)

    def _numbered(self, number: int, line: TrackLine) -> NumberedLine:
        if not self._unit.with_details:
            return NumberedLine(number, line)
        trips = self._found.stretches[self._found.stretches.on_way]
        parked = Windows(trips.start_ms, trips.end_ms).at(line.time_ms) < 0
        recorded = _stores(self._unit).points.values_at(self._unit.tracker_id, line.time_ms, DETAILS)
        altitude_m, heading, satellites = recorded
        return NumberedLine(number, line, PointDetails(altitude_m, heading, satellites, parked))


def _trips(data: TrackerData, unit: TripsUnit | MileageUnit, choice: TripsChoice) -> tuple[Trips, Findings]:
    """Return trips, or days with trips, and what they were found in."""
    windows, days = Windows.of([(unit.period.start_ms, unit.period.end_ms)]), Windows.empty()
    if choice.by_day:
        days = local_days(unit.period.start_ms, unit.period.end_ms, ZoneInfo(unit.scope.locale.time_zone))
    rules = Rules(data.parking, unit.settings.detection, choice.filter_on)
    found = find(data.recording, windows, Detector(rules, np.union1d(windows.edges_ms(), days.edges_ms())))
    return (days_of(found, windows, days) if choice.by_day else trips_of(found, windows)), found


def _addresses(data: TrackerData, trips: Trips) -> tuple[list[str], list[str]]:
    """Return the addresses at which trips begin and end."""
    lat, lng = np.append(trips.start_lat, trips.end_lat), np.append(trips.start_lng, trips.end_lng)
    found = list(data.addresses(lat, lng))
    return found[: len(trips)], found[len(trips) :]


def _event_counts(data: TrackerData, trips: Trips) -> Ints:
    """Return how many events the tracker had during each trip."""
    if not len(trips):
        return np.empty(0, np.int64)
    period = (int(trips.start_ms[0]), int(trips.end_ms[-1]))
    events = data.records(EVENTS, tracker_id=data.entity_id, time=period)
    moments = np.sort(np.array([one.time.ToMilliseconds() for one in events], np.int64))
    return np.searchsorted(moments, trips.end_ms) - np.searchsorted(moments, trips.start_ms)


def _norm_fuel_l(data: TrackerData, trips: Trips) -> Floats | None:
    """Return the litres that trips take by the norm of the tracker's vehicle, None without one."""
    vehicle = data.vehicle
    if vehicle is None or not vehicle.HasField("norm_avg_fuel_consumption"):
        return None
    return trips.length_km * vehicle.norm_avg_fuel_consumption / 100
