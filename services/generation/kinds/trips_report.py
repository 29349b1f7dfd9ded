"""Trips report: kind 4 (reference 7.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from daybook.input.v1.fleet_pb2 import Vehicle
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.odometer_lines import odometer_with_lines
from services.generation.domain.recordings import find
from services.generation.domain.silences import Silences, silences_of
from services.generation.domain.trips import Trips, days_of, trips_of
from services.generation.domain.windows import Windows, local_days
from services.generation.kit import measures
from services.generation.kit.columns import Spots, coordinates, time_with_address
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure, Quotient, count_of
from services.generation.kit.groups import Groups
from services.generation.kit.kind import Group, SheetContext, TrackerKind
from services.generation.kit.options import Flag, SummaryOptions, option
from services.generation.kit.sections import (
    SUMMARY,
    UNIDENTIFIED,
    lines,
    lines_table,
    of_driver,
    sentence,
    silence_note,
    table,
)
from services.generation.kit.trip_fuel import sensor_figures
from services.generation.words.catalogue import mark as _

TRIPS = _("Trips")
NO_MOVEMENTS = _("No movements found for the specified period")
ODOMETER_NOTE = _("Odometer value at the end of the selected period.")

COUNT = count_of(TRIPS)
TRIPS_OF_DAY = Figure[Trips]("count", TRIPS, lambda trips: trips.trip_count)
DAYS = count_of(_("Days with trips"), "days")
LENGTH = Figure[Trips]("length", _("Total trips length"), lambda trips: trips.length_km, measures.TRIP_LENGTH)
TIME = Figure[Trips]("time", _("Travel time"), lambda trips: np.floor(trips.travel_s), measures.DURATION)
EXACT_LENGTH = Figure[Trips]("", "", lambda trips: trips.length_km, measures.EXACT)
EXACT_TIME = Figure[Trips]("", "", lambda trips: trips.travel_s, measures.EXACT)
AVERAGE = Figure("avg_speed", _("Average speed"), Quotient(EXACT_LENGTH, EXACT_TIME, 3600), measures.SPEED)
FASTEST = Figure[Trips]("max_speed", _("Max. speed"), lambda trips: trips.max_speed_kmh, measures.SPEED, "max")
IDLE = Figure[Trips](
    "idle_duration", _("Stops duration"), lambda trips: np.floor(trips.idle_s), measures.DURATION, in_lines=False
)
ODOMETER = Figure[float]("odometer", _("Odometer value *"), lambda value_km: value_km, measures.ODOMETER)


class TripsOptions(SummaryOptions):
    """Options of the trips report."""

    filter: Flag = option(True, _("Smart filter"), _("Leave out trips that are too short to be real."))
    split: Flag = option(True, _("Split by stops"), _("Begin a new row at each stop; otherwise a row is a day."))
    show_idle_duration: Flag = option(
        False, _("Stop duration"), _("Show how long the stop after each trip lasted."), layout=True
    )
    show_coordinates: Flag = option(
        False, _("Coordinates"), _("Show latitude and longitude beside addresses."), layout=True
    )
    group_by_driver: Flag = option(
        False, _("Group by driver"), _("Show a table for each driver."), said=_("Grouped by driver")
    )


@dataclass(frozen=True, slots=True)
class TripRows:
    """Tables with trips inside the windows, each with its header, and the time without data there."""

    tables: Sequence[tuple[str, Trips]]
    silences: Silences

    def __len__(self) -> int:
        return len(self.tables)


class TripsReport(TrackerKind[TripsOptions, TripRows]):
    """Movements between two stops, by day, in a table or in one for each driver; with a summary and the odometer."""

    id: ClassVar[int] = 4
    title: ClassVar[str] = _("Trips report")
    description: ClassVar[str] = _("Trips by day with their length, time, speed, and where they began and ended.")
    group: ClassVar[Group] = Group.ACTIVITY
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.trip"
    ui_module: ClassVar[str] = "Trip"
    Options = TripsOptions
    inputs: ClassVar[tuple[str, ...]] = (
        "points",
        "trackers",
        "vehicles",
        "employees",
        "assignments",
        "counters",
        "sensors",
        "readings",
    )
    no_rows: ClassVar[str] = NO_MOVEMENTS
    all_rows: ClassVar[str] = _("All trips")

    def figures(self, options: TripsOptions, vehicle: Vehicle | None = None) -> Sequence[Figure[Trips]]:
        """Return the figures of tables, lines and summary in their order."""
        idle = [IDLE] if options.show_idle_duration else []
        counts = [COUNT] if options.split else [TRIPS_OF_DAY, DAYS]
        return [*counts, LENGTH, TIME, AVERAGE, FASTEST, *fuel_figures(vehicle), *idle]

    def rows(self, context: SheetContext[TripsOptions], data: TrackerData) -> TripRows:
        """Return what is inside the windows."""
        t = context.language.t
        parts = [(t(TRIPS), context.windows)]
        if context.options.group_by_driver:
            parts = [(name or t(UNIDENTIFIED), windows) for name, windows in data.drivers(context.windows)]
        found = [(header, *_trips(context, data, windows)) for header, windows in parts]
        tables = [(header, trips) for header, trips, _silences in found if len(trips)]
        return TripRows(tables, Silences.join(silences for *_, silences in found))

    def summed(self, rows: TripRows) -> Trips:
        """Return the trips of all tables."""
        return Trips.join(trips for _header, trips in rows.tables)

    def closing_sections(self, context: SheetContext[TripsOptions], rows: TripRows) -> Sequence[Section]:
        """Return for how long and how far there is no data."""
        return silence_note(context.language, rows.silences)

    def sections(self, context: SheetContext[TripsOptions], data: TrackerData, rows: TripRows) -> Sequence[Section]:
        """Return the tables, the summary, and the odometer's footnote where its value is known."""
        language, figures = context.language, self.figures(context.options, data.vehicle)
        own = sensor_figures(context, data, filter_on=context.options.filter)
        place = len(figures) - context.options.show_idle_duration
        shown, sections = [*figures[:place], *own, *figures[place:]], []
        for header, trips in rows.tables:
            where = places(context, data, trips, show_coordinates=context.options.show_coordinates)
            columns: list[Column | Figure[Trips]] = [*where, *shown]
            made = table(language, header, columns, trips, self._groups(context, trips))
            sections.append(of_driver(language, made, header) if context.options.group_by_driver else made)
        summary = lines(language, figures, self.summed(rows))
        given_km, entered = data.first_odometer_km, data.odometer_lines
        value_km = odometer_with_lines(data.recording, context.end_ms, given_km, entered, context.detection)
        if value_km is None:
            return [*sections, lines_table(language.t(SUMMARY), summary)]
        summary += lines(language, [ODOMETER], value_km)
        return [*sections, lines_table(language.t(SUMMARY), summary), sentence(language.t(ODOMETER_NOTE), small=True)]

    @staticmethod
    def _groups(context: SheetContext[TripsOptions], trips: Trips) -> Groups:
        """Return the days; rows that are days themselves are one group with one total."""
        if context.options.split:
            return Groups.by_day(context.language, trips.start_ms)
        return Groups.single(len(trips), with_total=True)


def _trips(context: SheetContext[TripsOptions], data: TrackerData, windows: Windows) -> tuple[Trips, Silences]:
    """Return the rows and the time without data.

    A row is a trip, or a local day when trips are not split.
    """
    rules, days = Rules(data.parking, context.detection, context.options.filter), Windows.empty()
    if len(windows) and not context.options.split:
        days = local_days(int(windows.start_ms[0]), int(windows.end_ms[-1]), context.zone)
    edges_ms = np.union1d(windows.edges_ms(), days.edges_ms())
    found = find(data.recording, windows, Detector(rules, edges_ms), data.on_progress)
    trips = trips_of(found, windows) if context.options.split else days_of(found, windows, days)
    return trips, silences_of(found, windows)


def fuel_figures(vehicle: Vehicle | None) -> list[Figure[Trips]]:
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


def places(context: SheetContext[Any], data: TrackerData, trips: Trips, *, show_coordinates: bool) -> list[Column]:
    """Return the columns of where and when trips began and ended."""
    language, count = context.language, len(trips)
    lat, lng = np.append(trips.start_lat, trips.end_lat), np.append(trips.start_lng, trips.end_lng)
    addresses = data.addresses(lat, lng)
    starts = Spots(trips.start_ms, trips.start_lat, trips.start_lng, addresses[:count])
    ends = Spots(trips.end_ms, trips.end_lat, trips.end_lng, addresses[count:])
    start_titles, end_titles = (_("Movement start"), _("Start address")), (_("Movement end"), _("End address"))
    if not show_coordinates:
        return [
            time_with_address(language, "from", start_titles, starts),
            time_with_address(language, "to", end_titles, ends, start_field="from"),
        ]
    return [
        time_with_address(language, "from_address", start_titles, starts),
        *coordinates(language, "from_", (_("Start latitude"), _("Start longitude")), starts),
        time_with_address(language, "to_address", end_titles, ends, start_field="from_address"),
        *coordinates(language, "to_", (_("End latitude"), _("End longitude")), ends),
    ]
