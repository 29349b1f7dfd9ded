"""Reports as a third party writes them: the way of each day, by trackers and by employees."""

from collections.abc import Sequence
from typing import ClassVar

from daybook.report.v1.sheet_pb2 import Section

from services.generation.domain.detection import Rules
from services.generation.domain.recordings import find_trips
from services.generation.domain.trips import Trips
from services.generation.kit.entity_data import EntityData
from services.generation.kit.figures import Figure, Quotient, count_of
from services.generation.kit.groups import Groups
from services.generation.kit.kind import EmployeeKind, Group, SheetContext, TrackerKind
from services.generation.kit.measures import DURATION, MILEAGE, SPEED
from services.generation.kit.options import SummaryOptions, Whole, option
from services.generation.kit.sections import SUMMARY, lines, lines_table, table

TRIPS = count_of("Trips")
WAY = Figure[Trips]("way", "Way", lambda trips: trips.length_km, MILEAGE)
TIME = Figure[Trips]("time", "Travel time", lambda trips: trips.travel_s, DURATION)
FIGURES = (TRIPS, WAY, TIME, Figure("avg_speed", "Average speed", Quotient(WAY, TIME, 3600), SPEED))


class WayOptions(SummaryOptions):
    """Options of both reports."""

    min_minutes: Whole = option(0, "Shortest trip", "Leave out shorter trips.", ge=0, le=1440, unit="min")


class _Ways:
    title = "Way report"
    description = "The way of each day."
    group = Group.ACTIVITY
    module, ui_module = "com.example.way", "Way"
    Options = WayOptions
    inputs = ("points", "trackers", "employees", "assignments")

    def figures(self, options: WayOptions) -> Sequence[Figure[Trips]]:
        return FIGURES

    def rows(self, context: SheetContext[WayOptions], data: EntityData) -> Trips:
        found = Trips.join(
            find_trips(tracker.recording, windows, Rules(tracker.parking, context.detection), data.on_progress)
            for tracker, windows in data.trackers(context.windows)
        )
        return found[found.travel_s >= 60 * context.options.min_minutes]

    def sections(self, context: SheetContext[WayOptions], data: EntityData, rows: Trips) -> Sequence[Section]:
        days = Groups.by_day(context.language, rows.start_ms)
        return [
            table(context.language, "Ways", FIGURES, rows, days),
            lines_table(context.language.t(SUMMARY), lines(context.language, FIGURES, rows)),
        ]


class WayReport(_Ways, TrackerKind[WayOptions, Trips]):
    id: ClassVar[int] = 900


class EmployeeWayReport(_Ways, EmployeeKind[WayOptions, Trips]):
    id: ClassVar[int] = 901
