"""Trips and stops by shifts: kind 77 (reference 7.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from daybook.input.v1.fleet_pb2 import Vehicle
from daybook.report.v1.sheet_pb2 import Column, Section
from pydantic import Field, field_validator, model_validator

from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.odometer_lines import odometer_with_lines
from services.generation.domain.recordings import find
from services.generation.domain.shifts import Shift, ShiftTimes, ShiftTrips
from services.generation.domain.silences import Silences, silences_of
from services.generation.domain.stops import stops_of
from services.generation.domain.trips import trips_of
from services.generation.domain.windows import SECONDS_PER_DAY, Windows, local_days
from services.generation.kinds.trips_report import (
    AVERAGE,
    COUNT,
    FASTEST,
    LENGTH,
    NO_MOVEMENTS,
    ODOMETER,
    ODOMETER_NOTE,
    TIME,
    TRIPS,
    fuel_figures,
    places,
)
from services.generation.kit import measures
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure, Quotient, Totals
from services.generation.kit.groups import Groups
from services.generation.kit.kind import Group, SheetContext, TrackerKind
from services.generation.kit.options import Flag, Options, OptionsModel, option
from services.generation.kit.sections import SUMMARY, figures_table, sentence, silence_note, table
from services.generation.kit.trip_fuel import sensor_figures
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

LAST_MINUTE_S = SECONDS_PER_DAY - 60  # as an end it means the end of the day
NO_TIME_S = 1e-9  # of a stop that is none, so that no share of it is on

IDLE = Figure[ShiftTrips](
    "idle_duration",
    _("Stops duration"),
    lambda trips: trips.idle_s,
    measures.DURATION,
    line_title=_("Idle duration"),
)
IGNITION = Figure[ShiftTrips](
    "ignition_on", _("Ignition ON"), lambda trips: trips.ignition_on_s, measures.DURATION, "known_sum", unknown_raw=0
)
KNOWN = Figure[ShiftTrips](
    "",
    "",
    lambda trips: np.where(np.isnan(trips.ignition_on_s), np.nan, np.where(trips.stopped, trips.idle_s, NO_TIME_S)),
    measures.EXACT,
    "known_sum",
)
IGNITION_PERCENT = Figure(
    "ignition_percent",
    _("Ignition ON percentage"),
    Quotient(IGNITION, KNOWN, 100),
    measures.PERCENT,
    unknown_raw=0,
)
Clock = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["08:00"])]


class ShiftOption(OptionsModel):
    """Shift with a name, from one time of day to another."""

    name: str = option(..., _("Name"), _("Name of the shift."), min_length=1, max_length=100)
    start_time: Clock = option(..., _("Start"), _("Time of day at which the shift starts."))
    end_time: Clock = option(
        ..., _("End"), _("Time of day at which it ends; on the next day if it is before the start.")
    )

    @property
    def shift(self) -> Shift:
        """The shift in seconds of the day."""
        start_s, end_s = (60 * (60 * int(clock[:2]) + int(clock[3:])) for clock in (self.start_time, self.end_time))
        return Shift(start_s, SECONDS_PER_DAY if end_s == LAST_MINUTE_S else end_s)

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.start_time == self.end_time:
            raise ValueError("must end at another time than it starts")
        return self


class TripShiftsOptions(Options):
    """Options of the report on trips and stops by shifts."""

    shifts: list[ShiftOption] = option(
        ..., _("Shifts"), _("Working hours of each day that do not overlap."), min_length=1, max_length=4
    )
    split_at_midnight: Flag = option(
        False, _("Split at midnight"), _("Show a shift that goes on after midnight in two groups, one a day.")
    )
    show_coordinates: Flag = option(
        False, _("Coordinates"), _("Show latitude and longitude beside addresses."), layout=True
    )
    filter: Flag = option(True, _("Smart filter"), _("Leave out trips that are too short to be real."))

    @field_validator("shifts")
    @classmethod
    def _apart(cls, shifts: list[ShiftOption]) -> list[ShiftOption]:
        for one, other in combinations(shifts, 2):
            if one.name == other.name:
                raise ValueError(f"must have different names; {one.name} comes twice")
            if one.shift.overlaps(other.shift):
                raise ValueError(f"must not overlap as {one.name} and {other.name} do")
        return shifts


@dataclass(frozen=True, slots=True)
class ShiftRows:
    """Trips inside shifts, the times of the shifts that group them, and the time without data."""

    trips: ShiftTrips
    times: ShiftTimes
    silences: Silences

    def __len__(self) -> int:
        return len(self.trips)


class TripShiftsReport(TrackerKind[TripShiftsOptions, ShiftRows]):
    """Trips that lie wholly inside a shift, by shift and day, with the stops that follow, and a summary by shift."""

    id: ClassVar[int] = 77
    title: ClassVar[str] = _("Trips and stops by shifts report")
    description: ClassVar[str] = _("Trips inside working hours by shift and day, with the stops that follow them.")
    group: ClassVar[Group] = Group.ACTIVITY
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.trip_shifts"
    ui_module: ClassVar[str] = "TripShifts"
    Options = TripShiftsOptions
    inputs: ClassVar[tuple[str, ...]] = (
        "points",
        "trackers",
        "vehicles",
        "employees",
        "counters",
        "sensors",
        "readings",
    )
    no_rows: ClassVar[str] = NO_MOVEMENTS
    all_rows: ClassVar[str] = _("All trips")

    def rows(self, context: SheetContext[TripShiftsOptions], data: TrackerData) -> ShiftRows:
        """Return the trips in the windows that lie inside a shift."""
        windows, zone = context.windows, context.zone
        if not len(windows):
            return ShiftRows(ShiftTrips.empty(), ShiftTimes.empty(), Silences.empty())
        times = ShiftTimes.of([one.shift for one in context.options.shifts], windows, zone)
        pieces = times.windows.cut(windows.start_ms, windows.end_ms)
        inside = Windows(pieces.start_ms, pieces.end_ms)
        rules = Rules(data.parking, context.detection, context.options.filter)
        edges_ms = np.union1d(windows.edges_ms(), inside.edges_ms())
        found = find(data.recording, windows, Detector(rules, edges_ms), data.on_progress)
        trips = ShiftTrips.of(trips_of(found, windows), stops_of(found, inside), times)
        if context.options.split_at_midnight and len(times):
            days = local_days(int(times.start_ms[0]), int(times.end_ms[-1]), zone)
            times = times.split_at(days.edges_ms())
        return ShiftRows(trips, times, silences_of(found, windows))

    def closing_sections(self, context: SheetContext[TripShiftsOptions], rows: ShiftRows) -> Sequence[Section]:
        """Return for how long and how far there is no data."""
        return silence_note(context.language, rows.silences)

    def sections(
        self, context: SheetContext[TripShiftsOptions], data: TrackerData, rows: ShiftRows
    ) -> Sequence[Section]:
        """Return the trips by shift and day, the summary by shift, and the odometer's footnote."""
        language, options = context.language, context.options
        columns: list[Column | Figure[ShiftTrips]] = [
            *places(context, data, rows.trips, show_coordinates=options.show_coordinates),
            *_figures(rows.trips, data.vehicle, sensor_figures(context, data, filter_on=options.filter)),
        ]
        trips = table(language, language.t(TRIPS), columns, rows.trips, _groups(context, rows))
        given_km, entered = data.first_odometer_km, data.odometer_lines
        value_km = odometer_with_lines(data.recording, context.end_ms, given_km, entered, context.detection)
        note = [] if value_km is None else [sentence(language.t(ODOMETER_NOTE), small=True)]
        return [trips, _summary(context, rows, _lines(rows.trips, data.vehicle), value_km), *note]


def _is_ignition_known(trips: ShiftTrips) -> bool:
    return bool((~np.isnan(trips.ignition_on_s) & (trips.stopped > 0)).any())


def _figures(trips: ShiftTrips, vehicle: Vehicle | None, by_sensors: list[Figure[Any]]) -> list[Figure[Any]]:
    """Return the figures of the table; clients read those of the ignition unguarded, whether people see them or not."""
    hidden = not _is_ignition_known(trips)
    ignition = [replace(figure, hidden=hidden) for figure in (IGNITION, IGNITION_PERCENT)]
    return [LENGTH, TIME, AVERAGE, FASTEST, *fuel_figures(vehicle), *by_sensors, IDLE, *ignition]


def _lines(trips: ShiftTrips, vehicle: Vehicle | None) -> list[Figure[Any]]:
    """Return the figures of the summary."""
    ignition = [IGNITION, IGNITION_PERCENT] if _is_ignition_known(trips) else []
    return [COUNT, LENGTH, TIME, AVERAGE, FASTEST, IDLE, *fuel_figures(vehicle), *ignition]


def _groups(context: SheetContext[TripShiftsOptions], rows: ShiftRows) -> Groups:
    """Return a group for each shift and day with trips."""
    place = rows.times.windows.at(rows.trips.start_ms)
    groups, counts = np.unique(place, return_counts=True)
    times = rows.times[groups]
    moments = (context.language.clock.moments(moments) for moments in (times.start_ms, times.end_ms))
    labels = [
        f"{context.options.shifts[shift].name} | {start} - {end}"
        for shift, start, end in zip(times.shift.tolist(), *moments, strict=True)
    ]
    headers = [f"{label} | {count}" for label, count in zip(labels, counts.tolist(), strict=True)]
    return Groups.of_counts(headers, counts, labels)


def _summary(
    context: SheetContext[TripShiftsOptions],
    rows: ShiftRows,
    figures: Sequence[Figure[Any]],
    value_km: float | None,
) -> Section:
    """Return the table with a row for each figure and a column for each shift, and for all of them."""
    language, shifts = context.language, context.options.shifts
    names = {f"shift_{place + 1}": shift.name for place, shift in enumerate(shifts)}
    totals = _by_shift(language, rows, figures, len(shifts))
    if value_km is not None:
        odometer = np.append(np.full(len(shifts), np.nan), value_km)[:, np.newaxis]
        totals = Totals(language, [*figures, ODOMETER], [*totals.parts, odometer])
    return figures_table(language.t(SUMMARY), _("Metric"), totals, names | {"summary": language.t(SUMMARY)})


def _by_shift(language: Language, rows: ShiftRows, figures: Sequence[Figure[Any]], shift_count: int) -> Totals:
    """Return the totals of each shift, zeros where it has no trips, and those of all."""
    shift = rows.times.shift[rows.times.windows.at(rows.trips.start_ms)]
    order = np.argsort(shift, kind="stable")
    starts = np.searchsorted(shift[order], np.arange(shift_count))
    each = Totals.of(language, figures, rows.trips[order], starts)
    every = Totals.of(language, figures, rows.trips)
    parts = [np.vstack(pair) for pair in zip(each.parts, every.parts, strict=True)]
    idle = np.flatnonzero(np.diff(starts, append=len(shift)) == 0)
    for own in parts:
        own[idle] = [0.0] if own.shape[1] == 1 else [0.0, 1.0]  # a quotient of zero by something
    return Totals(language, figures, parts)
