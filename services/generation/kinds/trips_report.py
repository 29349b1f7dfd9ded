"""Trips report: kind 4 (reference 7.1)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import numpy as np
from daybook.input.v1.fleet_pb2 import Vehicle
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.detection import Rules
from services.generation.domain.odometer import odometer_km
from services.generation.domain.recordings import find_days, find_trips
from services.generation.domain.trips import Trips
from services.generation.domain.windows import Windows
from services.generation.kit import measures
from services.generation.kit.columns import Spots, coordinates, time_with_address
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure, Quotient, count_of
from services.generation.kit.groups import Groups
from services.generation.kit.kind import Group, SheetContext, TrackerKind
from services.generation.kit.options import Flag, SummaryOptions, option
from services.generation.kit.sections import SUMMARY, lines, lines_table, sentence, table
from services.generation.words.catalogue import mark as _

TRIPS = _("Trips")
UNIDENTIFIED = _("Unidentified driver")
ODOMETER_NOTE = _("Odometer value at the end of the selected period.")

COUNT = count_of(TRIPS)
LENGTH = Figure[Trips]("length", _("Total trips length"), lambda trips: trips.length_km, measures.TRIP_LENGTH)
TIME = Figure[Trips]("time", _("Travel time"), lambda trips: trips.travel_s, measures.DURATION)
AVERAGE = Figure("avg_speed", _("Average speed"), Quotient(LENGTH, TIME, 3600), measures.SPEED)
FASTEST = Figure[Trips]("max_speed", _("Max. speed"), lambda trips: trips.max_speed_kmh, measures.SPEED, "max")
IDLE = Figure[Trips](
    "idle_duration", _("Stops duration"), lambda trips: trips.idle_s, measures.DURATION, in_lines=False
)
ODOMETER = Figure[float]("odometer", _("Odometer value *"), lambda value_km: value_km, measures.ODOMETER)


class TripsOptions(SummaryOptions):
    """Options of the trips report."""

    filter: Flag = option(True, _("Smart filter"), _("Leave out trips that are too short to be real."))
    split: Flag = option(True, _("Split by stops"), _("Begin a new row at each stop; otherwise a row is a day."))
    show_idle_duration: Flag = option(False, _("Stop duration"), _("Show how long the stop after each trip lasted."))
    show_coordinates: Flag = option(False, _("Coordinates"), _("Show latitude and longitude beside addresses."))
    group_by_driver: Flag = option(False, _("Group by driver"), _("Show a table for each driver."))


class TripsReport(TrackerKind[TripsOptions, Sequence[tuple[str, Trips]]]):
    """Movements between two stops, by day, in a table or in one for each driver; with a summary and the odometer."""

    id: ClassVar[int] = 4
    title: ClassVar[str] = _("Trips report")
    description: ClassVar[str] = _("Trips by day with their length, time, speed, and where they began and ended.")
    group: ClassVar[Group] = Group.ACTIVITY
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.trip"
    ui_module: ClassVar[str] = "Trip"
    Options = TripsOptions
    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "vehicles", "employees", "assignments")
    no_rows: ClassVar[str] = _("No movements found for the specified period")

    def figures(self, options: TripsOptions, vehicle: Vehicle | None = None) -> Sequence[Figure[Trips]]:
        """Return the figures of tables, lines and summary in their order."""
        idle = [IDLE] if options.show_idle_duration else []
        return [COUNT, LENGTH, TIME, AVERAGE, FASTEST, *_fuel_figures(vehicle), *idle]

    def rows(self, context: SheetContext[TripsOptions], data: TrackerData) -> Sequence[tuple[str, Trips]]:
        """Return the tables with trips, each with its header."""
        t = context.language.t
        parts = [(t(TRIPS), context.windows)]
        if context.options.group_by_driver:
            parts = [(name or t(UNIDENTIFIED), windows) for name, windows in data.drivers(context.windows)]
        tables = [(header, _trips(context, data, windows)) for header, windows in parts]
        return [(header, trips) for header, trips in tables if len(trips)]

    def summed(self, rows: Sequence[tuple[str, Trips]]) -> Trips:
        """Return the trips of all tables."""
        return Trips.join(trips for _header, trips in rows)

    def sections(
        self, context: SheetContext[TripsOptions], data: TrackerData, rows: Sequence[tuple[str, Trips]]
    ) -> Sequence[Section]:
        """Return the tables, the summary, and the odometer's footnote where its value is known."""
        language, figures = context.language, self.figures(context.options, data.vehicle)
        sections = []
        for header, trips in rows:
            columns: list[Column | Figure[Trips]] = [*_places(context, data, trips), *figures]
            sections.append(table(language, header, columns, trips, Groups.by_day(language, trips.start_ms)))
        summary = lines(language, figures, self.summed(rows))
        value_km = odometer_km(data.recording, context.end_ms, data.first_odometer_km, context.detection)
        if value_km is None:
            return [*sections, lines_table(language.t(SUMMARY), summary)]
        summary += lines(language, [ODOMETER], value_km)
        return [*sections, lines_table(language.t(SUMMARY), summary), sentence(language.t(ODOMETER_NOTE), small=True)]


def _trips(context: SheetContext[TripsOptions], data: TrackerData, windows: Windows) -> Trips:
    """Return the rows, times in whole seconds: one for each trip, or for each local day when trips are not split."""
    rules = Rules(data.parking, context.detection, context.options.filter)
    if context.options.split:
        trips = find_trips(data.recording, windows, rules, data.on_progress)
    else:
        trips = find_days(data.recording, windows, rules, context.zone, data.on_progress)
    return replace(trips, travel_s=np.floor(trips.travel_s), idle_s=np.floor(trips.idle_s))


def _fuel_figures(vehicle: Vehicle | None) -> list[Figure[Trips]]:
    """Return fuel by norm and its cost, as far as the vehicle's norm and price are known."""
    if vehicle is None or not vehicle.HasField("norm_avg_fuel_consumption"):
        return []
    norm, price = vehicle.norm_avg_fuel_consumption, vehicle.fuel_cost
    fuel = Figure[Trips](
        "norm_fuel",
        _("Fuel consumed (by norm)"),
        lambda trips: trips.length_km * norm / 100,
        measures.VOLUME,
        line_title=_("Fuel consumed by norm"),
    )
    if not vehicle.HasField("fuel_cost"):
        return [fuel]
    cost = Figure[Trips](
        "norm_fuel_cost",
        _("Trip fuel cost (by norm)"),
        lambda trips: trips.length_km * norm / 100 * price,
        measures.money(vehicle.currency_code),
        line_title=_("Trip cost by norm"),
    )
    return [fuel, cost]


def _places(context: SheetContext[TripsOptions], data: TrackerData, trips: Trips) -> list[Column]:
    """Return the columns of where and when trips began and ended."""
    language, count = context.language, len(trips)
    lat, lng = np.append(trips.start_lat, trips.end_lat), np.append(trips.start_lng, trips.end_lng)
    addresses = data.addresses(lat, lng)
    starts = Spots(trips.start_ms, trips.start_lat, trips.start_lng, addresses[:count])
    ends = Spots(trips.end_ms, trips.end_lat, trips.end_lng, addresses[count:])
    start_titles, end_titles = (_("Movement start"), _("Start address")), (_("Movement end"), _("End address"))
    if not context.options.show_coordinates:
        return [
            time_with_address(language, "from", start_titles, starts),
            time_with_address(language, "to", end_titles, ends),
        ]
    return [
        time_with_address(language, "from_address", start_titles, starts),
        *coordinates(language, "from_", (_("Start latitude"), _("Start longitude")), starts),
        time_with_address(language, "to_address", end_titles, ends),
        *coordinates(language, "to_", (_("End latitude"), _("End longitude")), ends),
    ]
