"""The trips report: plugin 4 (reference 7.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, MapTable, Quantity, Section, Sheet

from services.generation.domain.detection import Rules
from services.generation.domain.odometer import odometer_km
from services.generation.domain.recordings import find_days, find_trips
from services.generation.domain.trips import Trips
from services.generation.domain.windows import Windows
from services.generation.inputs.records import Vehicle
from services.generation.kit.entity_data import EntityData
from services.generation.kit.figures import (
    IN_TOTAL,
    SUMMARY,
    Floats,
    Measure,
    Rows,
    Series,
    Spots,
    coordinates,
    moment_with_address,
    text,
)
from services.generation.kit.groups import day_table, plain_table
from services.generation.kit.kind import Built, Flag, Job, Options, TrackerPlugin, sentence, tracker_sheet
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

TRIPS = _("Trips")

COUNT = Measure("count", TRIPS)
LENGTH = Measure("length", _("Total trips length"), dimension="distance", decimals=2, total_decimals=1)
TIME = Measure("time", _("Travel time"), Quantity.KIND_DURATION)
AVERAGE = Measure("avg_speed", _("Average speed"), dimension="speed")
FASTEST = Measure("max_speed", _("Max. speed"), dimension="speed")
NORM_FUEL = Measure("norm_fuel", _("Fuel consumed (by norm)"), dimension="volume", decimals=1)
NORM_COST = Measure("norm_fuel_cost", _("Trip fuel cost (by norm)"), Quantity.KIND_MONEY, decimals=2)
IDLE = Measure("idle_duration", _("Stops duration"), Quantity.KIND_DURATION)
ODOMETER = Measure("odometer", _("Odometer value *"), dimension="distance", decimals=1)

START = (_("Movement start"), _("Start address"))
END = (_("Movement end"), _("End address"))
START_DEGREES = (_("Start latitude"), _("Start longitude"))
END_DEGREES = (_("End latitude"), _("End longitude"))
NO_MOVEMENTS = _("No movements found for the specified period")
ODOMETER_NOTE = _("Odometer value at the end of the selected period.")
UNIDENTIFIED = _("Unidentified driver")
FUEL_LINE = _("Fuel consumed by norm")
COST_LINE = _("Trip cost by norm")
TRACKER = _("Tracker")


class TripsOptions(Options):
    """Options of the trips report."""

    include_summary_sheet: Flag = True
    include_summary_sheet_only: Flag = False
    filter: Flag = True
    split: Flag = True
    show_idle_duration: Flag = False
    show_coordinates: Flag = False
    group_by_driver: Flag = False


class TripsReport(TrackerPlugin):
    """Movements between two parkings, by day, with a summary and the odometer."""

    id: ClassVar[int] = 4
    title: ClassVar[str] = _("Trips report")
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.trip"
    ui_module: ClassVar[str] = "Trip"
    Options = TripsOptions

    def sheet(self, job: Job, options: TripsOptions, data: EntityData) -> Built:
        """Build one tracker's sheet and its row of the summary."""
        parts = _parts(job, options, data)
        trips = Trips.join(part for _, part in parts)
        row = _summary_row(job.language, data.label, trips)
        if options.include_summary_sheet_only or (options.hide_empty_tabs and not len(trips)):
            return Built(None, row)
        if not len(trips):
            return Built(tracker_sheet(job, data, [sentence(job.language.t(NO_MOVEMENTS))]), row)
        tables = [_table(job, options, data, part, header) for header, part in parts]
        return Built(tracker_sheet(job, data, [*tables, *_closing(job, data, trips)]), row)

    def has_summary(self, options: TripsOptions, entity_count: int) -> bool:
        """Say yes for two trackers or more, unless switched off (reference 4.1)."""
        return options.include_summary_sheet_only or (options.include_summary_sheet and entity_count > 1)

    def summary(self, job: Job, options: TripsOptions, rows: Sequence[Mapping[str, Any]]) -> Sheet:
        """Build the sheet with a row for each tracker and their totals."""
        language = job.language
        names = ("count", "length_km", "travel_s", "max_speed_kmh", "idle_s")
        count, length_km, travel_s, max_speed_kmh, idle_s = (
            np.array([row[name] for row in rows], np.float64) for name in names
        )
        series = [
            Series.summed(language, COUNT, count),
            *_movement(language, length_km, travel_s, max_speed_kmh),
            *([Series.summed(language, IDLE, idle_s)] if options.show_idle_duration else []),
        ]
        objects = text(language, "object", TRACKER, [row["object"] for row in rows])
        lines = [one.line(language) for one in series]
        sections = [
            plain_table(language.t(SUMMARY), [objects, *(one.column(language) for one in series)]),
            Section(map_table=MapTable(header=language.t(IN_TOTAL), rows=lines)),
        ]
        return Sheet(header=language.t(SUMMARY), time_zone=language.clock.zone, sections=sections)


def _parts(job: Job, options: TripsOptions, data: EntityData) -> list[tuple[str, Trips]]:
    """Return the headers of the tables with their trips: one table, or one for each driver who made trips."""
    if not options.group_by_driver:
        return [(job.language.t(TRIPS), _trips(job, options, data, job.windows))]
    unidentified = job.language.t(UNIDENTIFIED)
    parts = [(name or unidentified, _trips(job, options, data, windows)) for name, windows in data.drivers(job.windows)]
    return [(header, trips) for header, trips in parts if len(trips)]


def _trips(job: Job, options: TripsOptions, data: EntityData, windows: Windows) -> Trips:
    """Return the rows, times in whole seconds: one for each trip, or for each local day when trips are not split."""
    rules = Rules(data.parking, job.detection, options.filter)
    if options.split:
        trips = find_trips(data.recording, windows, rules, data.on_progress)
    else:
        trips = find_days(data.recording, windows, rules, job.zone, data.on_progress)
    return replace(trips, travel_s=np.floor(trips.travel_s), idle_s=np.floor(trips.idle_s))


def _summary_row(language: Language, label: str, trips: Trips) -> Mapping[str, Any]:
    """Return what a tracker's trips come to; the sums are those of the rows as shown."""
    return {
        "object": label,
        "count": len(trips),
        "length_km": LENGTH.sum(language, trips.length_km),
        "travel_s": TIME.sum(language, trips.travel_s),
        "max_speed_kmh": _fastest(trips.max_speed_kmh),
        "idle_s": IDLE.sum(language, trips.idle_s),
    }


def _movement(language: Language, length_km: Floats, travel_s: Floats, max_speed_kmh: Floats) -> list[Series]:
    """Return length, time, average and highest speed of rows; an average is the whole length by the whole time."""
    length, time = Series.summed(language, LENGTH, length_km), Series.summed(language, TIME, travel_s)

    def average(rows: Rows) -> float:
        return _speed_kmh(length.whole(rows), time.whole(rows)).item()

    return [
        length,
        time,
        Series(AVERAGE, _speed_kmh(length_km, travel_s), average),
        Series(FASTEST, max_speed_kmh, lambda rows: _fastest(max_speed_kmh[rows])),
    ]


def _speed_kmh(length_km: Floats | float, time_s: Floats | float) -> Floats:
    """Return the average speed, NaN where no time passed."""
    hours = np.asarray(time_s, np.float64) / 3600
    speed_kmh: Floats = np.divide(length_km, hours, out=np.full(hours.shape, np.nan), where=hours > 0)
    return speed_kmh


def _fastest(speeds_kmh: Floats) -> float:
    """Return the highest of the known speeds, NaN when none is known."""
    known = speeds_kmh[~np.isnan(speeds_kmh)]
    return float(known.max()) if len(known) else np.nan


def _fuel(language: Language, vehicle: Vehicle | None, trips: Trips) -> list[Series]:
    """Return the fuel that the trips should have needed, and its price, as far as the vehicle's are known."""
    if vehicle is None or vehicle.norm_avg_fuel_consumption is None:
        return []
    litres = trips.length_km * vehicle.norm_avg_fuel_consumption / 100
    fuel = Series.summed(language, NORM_FUEL, litres, line_name=FUEL_LINE)
    if vehicle.fuel_cost is None:
        return [fuel]
    code = vehicle.currency_code
    cost = Series.summed(language, NORM_COST, litres * vehicle.fuel_cost, line_name=COST_LINE, currency_code=code)
    return [fuel, cost]


def _table(job: Job, options: TripsOptions, data: EntityData, trips: Trips, header: str) -> Section:
    """Return the table of some trips by day."""
    language = job.language
    series = [
        *_movement(language, trips.length_km, trips.travel_s, trips.max_speed_kmh),
        *_fuel(language, data.vehicle, trips),
        *([Series.summed(language, IDLE, trips.idle_s)] if options.show_idle_duration else []),
    ]
    columns = [*_places(language, options, data, trips), *(one.column(language) for one in series)]
    return day_table(
        *(language, header, columns, trips.start_ms),
        lambda days: zip(*(one.totals(language, days) for one in series), strict=True),
    )


def _places(language: Language, options: TripsOptions, data: EntityData, trips: Trips) -> list[Column]:
    lat, lng = np.append(trips.start_lat, trips.end_lat), np.append(trips.start_lng, trips.end_lng)
    addresses = data.addresses(lat, lng)
    starts = Spots(trips.start_ms, trips.start_lat, trips.start_lng, addresses[: len(trips)])
    ends = Spots(trips.end_ms, trips.end_lat, trips.end_lng, addresses[len(trips) :])
    if not options.show_coordinates:
        return [
            moment_with_address(language, "from", START, starts),
            moment_with_address(language, "to", END, ends),
        ]
    return [
        moment_with_address(language, "from_address", START, starts),
        *coordinates(language, "from_", START_DEGREES, starts),
        moment_with_address(language, "to_address", END, ends),
        *coordinates(language, "to_", END_DEGREES, ends),
    ]


def _closing(job: Job, data: EntityData, trips: Trips) -> list[Section]:
    """Return the summary of a tracker's sheet, with the odometer and its footnote when it is known."""
    language = job.language
    series = [
        *_movement(language, trips.length_km, trips.travel_s, trips.max_speed_kmh),
        *_fuel(language, data.vehicle, trips),
    ]
    lines = [COUNT.line(language, len(trips)), *(one.line(language) for one in series)]
    value_km = odometer_km(data.recording, job.end_ms, data.first_odometer_km, job.detection)
    if value_km is not None:
        lines.append(ODOMETER.line(language, value_km))
    closing = [Section(map_table=MapTable(header=language.t(SUMMARY), rows=lines))]
    return closing if value_km is None else [*closing, sentence(language.t(ODOMETER_NOTE), small=True)]
