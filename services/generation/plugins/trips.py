"""The trips report: plugin 4 (reference 7.1)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, MapTable, Quantity, Section, Sheet, TotalCell

from services.generation.domain.detection import Rules
from services.generation.domain.odometer import odometer_km
from services.generation.domain.recordings import find_days, find_trips
from services.generation.domain.trips import Trips
from services.generation.plugins.base import Built, Flag, Job, Options, TrackerPlugin, sentence, tracker_sheet
from services.generation.plugins.measures import (
    IN_TOTAL,
    SUMMARY,
    Floats,
    Measure,
    Spots,
    coordinates,
    moment_with_address,
    text,
)
from services.generation.plugins.tables import Rows, day_table, plain_table
from services.generation.ports import EntityData
from services.generation.records import Vehicle
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
        trips = _trips(job, options, data)
        figures = Figures.of(job.language, trips)
        row = figures.row(data.label)
        if options.include_summary_sheet_only or (options.hide_empty_tabs and not len(trips)):
            return Built(None, row)
        if not len(trips):
            return Built(tracker_sheet(job, data, [sentence(job.language.t(NO_MOVEMENTS))]), row)
        tables = [
            _TripTable(job.language, options, data, part).section(header)
            for header, part in _by_driver(job.language, options, data, trips)
        ]
        return Built(tracker_sheet(job, data, [*tables, *_closing(job, data, trips, figures)]), row)

    def has_summary(self, options: TripsOptions, entity_count: int) -> bool:
        """Say yes for two trackers or more, unless switched off (reference 4.1)."""
        return options.include_summary_sheet_only or (options.include_summary_sheet and entity_count > 1)

    def summary(self, job: Job, options: TripsOptions, rows: Sequence[Mapping[str, Any]]) -> Sheet:
        """Build the sheet with a row for each tracker and their totals."""
        language = job.language
        each = [Figures.of_row(row) for row in rows]
        whole = Figures.together(each)
        columns = [text(language, "object", TRACKER, [row["object"] for row in rows])]
        columns += [measure.column(language, [one[measure.field] for one in each]) for measure in _measures(options)]
        lines = [measure.line(language, whole[measure.field]) for measure in _measures(options)]
        sections = [
            plain_table(language.t(SUMMARY), columns),
            Section(map_table=MapTable(header=language.t(IN_TOTAL), rows=lines)),
        ]
        return Sheet(header=language.t(SUMMARY), time_zone=language.clock.zone, sections=sections)


def _trips(job: Job, options: TripsOptions, data: EntityData) -> Trips:
    """Return the rows: one for each trip, or one for each local day when trips are not split."""
    rules = Rules(data.parking, job.detection, options.filter)
    if options.split:
        return find_trips(data.recording, job.windows, rules, data.on_progress)
    return find_days(data.recording, job.windows, rules, job.zone, data.on_progress)


class Figures(dict[str, float]):
    """What trips come to, by field: count, length in km, time in s, speeds in km/h, stops in s."""

    @classmethod
    def of(cls, language: Language, trips: Trips) -> "Figures":
        """Sum trips up; the sums are those of the rows as shown."""
        return cls._of_sums(
            count=len(trips),
            length=LENGTH.sum(language, trips.length_km),
            time=TIME.sum(language, trips.travel_s),
            max_speed=float(np.max(trips.max_speed_kmh, initial=-np.inf)),
            idle_duration=IDLE.sum(language, trips.idle_s),
        )

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Figures":
        """Read what `row` wrote."""
        return cls({name: value for name, value in row.items() if name != "object"})

    @classmethod
    def together(cls, each: Sequence["Figures"]) -> "Figures":
        """Sum several up."""
        return cls._of_sums(
            count=sum(one["count"] for one in each),
            length=sum(one["length"] for one in each),
            time=sum(one["time"] for one in each),
            max_speed=float(np.nanmax([-np.inf, *(one["max_speed"] for one in each)])),
            idle_duration=sum(one["idle_duration"] for one in each),
        )

    @classmethod
    def _of_sums(cls, **sums: float) -> "Figures":
        average = sums["length"] / sums["time"] * 3600 if sums["time"] else np.nan
        fastest = sums["max_speed"] if np.isfinite(sums["max_speed"]) else np.nan
        return cls(sums | {"avg_speed": average, "max_speed": fastest})

    def row(self, label: str) -> Mapping[str, Any]:
        """Return the figures as a tracker's row of the summary."""
        return {"object": label, **self}


def _measures(options: TripsOptions) -> list[Measure]:
    return [COUNT, LENGTH, TIME, AVERAGE, FASTEST, *([IDLE] if options.show_idle_duration else [])]


class _TripTable:
    """One table of trips: all of a tracker's, or those of one driver."""

    def __init__(self, language: Language, options: TripsOptions, data: EntityData, trips: Trips) -> None:
        self._language = language
        self._options = options
        self._data = data
        self._trips = trips
        self._fuel = _norm_fuel(data.vehicle, trips)
        self._cost = _norm_cost(data.vehicle, self._fuel)

    def section(self, header: str) -> Section:
        """Return the table grouped by day."""
        return day_table(self._language, header, self._columns(), self._trips.start_ms, self._totals)

    def _columns(self) -> list[Column]:
        language, trips = self._language, self._trips
        columns = [*self._places(), LENGTH.column(language, trips.length_km), TIME.column(language, trips.travel_s)]
        with np.errstate(divide="ignore", invalid="ignore"):
            average = np.where(trips.travel_s > 0, trips.length_km / trips.travel_s * 3600, np.nan)
        columns += [AVERAGE.column(language, average), FASTEST.column(language, trips.max_speed_kmh)]
        if self._fuel is not None:
            columns.append(NORM_FUEL.column(language, self._fuel))
        if self._cost is not None:
            columns.append(NORM_COST.column(language, self._cost, currency_code=self._currency))
        if self._options.show_idle_duration:
            columns.append(IDLE.column(language, trips.idle_s))
        return columns

    def _places(self) -> list[Column]:
        trips, addresses = self._trips, self._data.addresses
        starts = Spots(trips.start_ms, trips.start_lat, trips.start_lng, addresses(trips.start_lat, trips.start_lng))
        ends = Spots(trips.end_ms, trips.end_lat, trips.end_lng, addresses(trips.end_lat, trips.end_lng))
        if not self._options.show_coordinates:
            return [
                moment_with_address(self._language, "from", START, starts),
                moment_with_address(self._language, "to", END, ends),
            ]
        return [
            moment_with_address(self._language, "from_address", START, starts),
            *coordinates(self._language, "from_", START_DEGREES, starts),
            moment_with_address(self._language, "to_address", END, ends),
            *coordinates(self._language, "to_", END_DEGREES, ends),
        ]

    def _totals(self, rows: Rows) -> list[TotalCell]:
        language, figures = self._language, Figures.of(self._language, self._trips[rows])
        cells = [measure.total(language, figures[measure.field]) for measure in (LENGTH, TIME, AVERAGE, FASTEST)]
        if self._fuel is not None:
            cells.append(NORM_FUEL.total(language, NORM_FUEL.sum(language, self._fuel[rows])))
        if self._cost is not None:
            cost = NORM_COST.sum(language, self._cost[rows])
            cells.append(NORM_COST.total(language, cost, currency_code=self._currency))
        if self._options.show_idle_duration:
            cells.append(IDLE.total(language, figures["idle_duration"]))
        return cells

    @property
    def _currency(self) -> str:
        return self._data.vehicle.currency_code if self._data.vehicle else ""


def _norm_fuel(vehicle: Vehicle | None, trips: Trips) -> Floats | None:
    """Return the litres that each trip should have needed; None when the norm is unknown."""
    norm = vehicle.norm_avg_fuel_consumption if vehicle else None
    return None if norm is None else trips.length_km * norm / 100


def _norm_cost(vehicle: Vehicle | None, fuel: Floats | None) -> Floats | None:
    """Return the price of that fuel; None when it is unknown."""
    return None if vehicle is None or vehicle.fuel_cost is None or fuel is None else fuel * vehicle.fuel_cost


def _by_driver(
    language: Language, options: TripsOptions, data: EntityData, trips: Trips
) -> Iterator[tuple[str, Trips]]:
    """Yield the headers of the tables with their trips: one table, or one for each driver in order of appearance."""
    if not options.group_by_driver:
        yield language.t(TRIPS), trips
        return
    names = data.drivers(trips.start_ms)
    for name in dict.fromkeys(names):
        yield name or language.t(UNIDENTIFIED), trips[np.array([one == name for one in names])]


def _closing(job: Job, data: EntityData, trips: Trips, figures: Figures) -> list[Section]:
    """Return the summary of a tracker's sheet, with the odometer and its footnote when it is known."""
    language, vehicle = job.language, data.vehicle
    lines = [COUNT.line(language, figures["count"])]
    lines += [measure.line(language, figures[measure.field]) for measure in (LENGTH, TIME, AVERAGE, FASTEST)]
    fuel = _norm_fuel(vehicle, trips)
    cost = _norm_cost(vehicle, fuel)
    if fuel is not None:
        lines.append(NORM_FUEL.line(language, NORM_FUEL.sum(language, fuel), name=FUEL_LINE))
    if cost is not None and vehicle is not None:
        total = NORM_COST.sum(language, cost)
        lines.append(NORM_COST.line(language, total, name=COST_LINE, currency_code=vehicle.currency_code))
    value_km = odometer_km(data.recording, job.end_ms, data.first_odometer_km, job.detection)
    if value_km is not None:
        lines.append(ODOMETER.line(language, value_km))
    closing = [Section(map_table=MapTable(header=language.t(SUMMARY), rows=lines))]
    return closing if value_km is None else [*closing, sentence(language.t(ODOMETER_NOTE), small=True)]
