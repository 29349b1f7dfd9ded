"""Speed violation report: kind 27 (reference 6.4, 7.13)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.columnar import Flags, Ints
from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.findings import Findings
from services.generation.domain.recordings import find
from services.generation.domain.speeding import Speeding, Violations, find_speeding
from services.generation.domain.windows import Windows
from services.generation.kit import measures
from services.generation.kit.columns import Spots, address, time_of_day
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure, Quotient
from services.generation.kit.groups import Groups
from services.generation.kit.kind import Group, SheetContext, TrackerKind
from services.generation.kit.options import Flag, Options, Whole, option
from services.generation.kit.route_chart import RouteChart
from services.generation.kit.sections import UNIDENTIFIED, of_driver, table
from services.generation.words.catalogue import mark as _

HEADER = _("Speed violations (above {limit} {unit} with duration of {minutes}+ min.)")

LENGTH = Figure[Violations]("", "", lambda rows: rows.length_km, measures.EXACT)
LASTED = Figure[Violations]("", "", lambda rows: (rows.end_ms - rows.start_ms) / 1000, measures.EXACT)
DURATION = Figure[Violations](
    "duration", _("Duration"), lambda rows: (rows.end_ms - rows.start_ms) // 1000, measures.DURATION
)
AVERAGE = Figure("avg_speed", _("Average speed"), Quotient(LENGTH, LASTED, 3600), measures.SPEED)
FASTEST = Figure[Violations]("max_speed", _("Max. speed"), lambda rows: rows.max_kmh, measures.SPEED, "max")


class SpeedViolationOptions(Options):
    """Options of the speed violation report."""

    max_speed: Whole = option(
        60, _("Speed limit"), _("Speed above which driving is a violation."), ge=1, le=400, unit="km/h"
    )
    min_duration_minutes: Whole = option(
        5, _("Shortest duration"), _("Leave out violations that last no longer."), ge=0, le=1440, unit="min"
    )
    group_by_driver: Flag = option(
        False, _("Group by driver"), _("Show a table for each driver."), said=_("Grouped by driver")
    )
    filter: Flag = option(True, _("Smart filter"), _("Leave out violations in trips that are too short to be real."))


@dataclass(frozen=True, slots=True)
class SpeedViolations:
    """Violations by the header of their table, and the chart of the route."""

    tables: Sequence[tuple[str, Violations]]
    chart: RouteChart

    def __len__(self) -> int:
        return sum(len(violations) for _header, violations in self.tables)


class SpeedViolationReport(TrackerKind[SpeedViolationOptions, SpeedViolations]):
    """Times at a speed above a limit, by day, in a table or in one for each driver; it never has a summary sheet."""

    id: ClassVar[int] = 27
    title: ClassVar[str] = _("Speed violation report")
    description: ClassVar[str] = _("Times at a speed above a limit: when, where, for how long and how fast.")
    group: ClassVar[Group] = Group.DRIVING_QUALITY
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.speed_violation"
    ui_module: ClassVar[str] = "SpeedViolation"
    Options = SpeedViolationOptions
    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "employees", "assignments")

    def rows(self, context: SheetContext[SpeedViolationOptions], data: TrackerData) -> SpeedViolations:
        """Return the violations in the windows."""
        options, language, windows = context.options, context.language, context.windows
        rules, chart = Rules(data.parking, context.detection, options.filter), RouteChart(windows)
        found = find_speeding(
            data.recording, windows, rules, lambda speed_kmh: speed_kmh > options.max_speed, chart.add
        ).longer_than(60 * options.min_duration_minutes)
        if options.filter and len(found):
            found = found[~_in_dropped_trips(data, rules, found)]
        parts = [(_header(context), windows)]
        if options.group_by_driver:
            parts = [(name or language.t(UNIDENTIFIED), own) for name, own in data.drivers(windows)]
        tables = [(header, found.inside(own)) for header, own in parts]
        return SpeedViolations([(header, violations) for header, violations in tables if len(violations)], chart)

    def sections(
        self, context: SheetContext[SpeedViolationOptions], data: TrackerData, rows: SpeedViolations
    ) -> Sequence[Section]:
        """Return the chart and the tables by day."""
        language = context.language
        chart = rows.chart.section(language, language.t(_("Speed")), context.options.max_speed)
        return [chart, *(_table(context, data, header, violations) for header, violations in rows.tables)]


def _header(context: SheetContext[SpeedViolationOptions]) -> str:
    language, options = context.language, context.options
    (limit,) = measures.SPEED.texts(language, measures.SPEED.rounded(language, [options.max_speed]))
    unit = measures.SPEED.unit_text(language)
    return language.t(HEADER).format(limit=limit, unit=unit, minutes=options.min_duration_minutes)


def _table(
    context: SheetContext[SpeedViolationOptions], data: TrackerData, header: str, violations: Violations
) -> Section:
    language = context.language
    spots = Spots(violations.start_ms, violations.lat, violations.lng, data.addresses(violations.lat, violations.lng))
    columns: list[Column | Figure[Violations]] = [
        time_of_day(language, "start_time", _("Start time"), violations.start_ms),
        DURATION,
        AVERAGE,
        FASTEST,
        address(language, "max_speed_address", _("Address of the maximum speed"), spots),
    ]
    made = table(language, header, columns, violations, Groups.by_day(language, violations.start_ms))
    return of_driver(language, made, header) if context.options.group_by_driver else made


def _in_dropped_trips(data: TrackerData, rules: Rules, episodes: Speeding) -> Flags:
    """Return of each episode whether it begins inside a trip that the smart filter drops."""
    start_ms = episodes.start_ms
    span = Windows.of([(int(start_ms[0]), int(start_ms[-1]) + 1)])
    kept = find(data.recording, span, Detector(rules, span.edges_ms()), data.on_progress)
    every = Findings.of(kept.segments, replace(rules, filter_on=False))
    dropped: Flags = _are_in_trips(every, start_ms) & ~_are_in_trips(kept, start_ms)
    return dropped


def _are_in_trips(found: Findings, time_ms: Ints) -> Flags:
    trips = found.stretches[found.stretches.on_way]
    inside: Flags = Windows(trips.start_ms, trips.end_ms).at(time_ms) >= 0
    return inside
