"""Engine hours report: kind 7 (reference 6.3, 7.8)."""

from collections.abc import Sequence
from typing import Any, ClassVar

from daybook.report.v1.sheet_pb2 import Section

from services.generation.domain.detection import Rules
from services.generation.domain.working_time import WorkingTime
from services.generation.kinds.working_time_sheet import (
    OFF,
    Figures,
    Words,
    Worked,
    charts,
    daily_table,
    details_table,
    over_halves,
    worked,
)
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure, Totals
from services.generation.kit.kind import Group, SheetContext, SummaryRow, TrackerKind
from services.generation.kit.options import Flag, SummaryOptions, option
from services.generation.kit.sections import IN_TOTAL, SUMMARY, lines, lines_table
from services.generation.kit.states import ignition_states
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

SHORTEST_S = 60
ENGINE_HOURS = _("Engine hours")
PIE, HISTOGRAM = _("Overall activity diagram for the period"), _("Daily activity histogram")
FIGURES = Figures(ENGINE_HOURS)


class EngineHoursOptions(SummaryOptions):
    """Options of the engine hours report."""

    filter: Flag = option(True, _("Smart filter"), _("Count trips that are too short to be real as idle time."))
    show_detailed: Flag = option(False, _("Details"), _("Show a table of the single intervals too."), layout=True)


class EngineHoursReport(TrackerKind[EngineHoursOptions, Worked]):
    """Time with the ignition on, in movement and idle, by day and by interval."""

    id: ClassVar[int] = 7
    title: ClassVar[str] = _("Engine hours report")
    description: ClassVar[str] = _("Time with the ignition on by day, in movement and idle, with the mileage.")
    group: ClassVar[Group] = Group.TRANSPORT_USAGE
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.engine_hours"
    ui_module: ClassVar[str] = "EngineHours"
    Options = EngineHoursOptions
    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "employees", "sensors", "readings")

    def figures(self, options: EngineHoursOptions) -> Sequence[Figure[WorkingTime]]:
        """Return the figures of days and of the summary sheet."""
        del options
        return FIGURES.daily

    def rows(self, context: SheetContext[EngineHoursOptions], data: TrackerData) -> Worked:
        """Return the time with the ignition on."""
        rules = Rules(data.parking, context.detection, context.options.filter)
        (found,) = worked(context, data, [ignition_states(data)], rules, SHORTEST_S)
        return found

    def summed(self, rows: Worked) -> WorkingTime:
        """Return the days with working time."""
        return rows.active_days

    def sections(self, context: SheetContext[EngineHoursOptions], data: TrackerData, rows: Worked) -> Sequence[Section]:
        """Return the charts, the table by day, the intervals and the summary."""
        language, words = context.language, _words(context.language)
        details = [details_table(language, data, rows, words, FIGURES)] if context.options.show_detailed else []
        return [
            *charts(language, rows, words, divided=True),
            daily_table(language, rows, words, FIGURES),
            *details,
            lines_table(language.t(SUMMARY), lines(language, FIGURES.daily, rows.active_days)),
        ]

    def summary_sections(self, context: SheetContext[Any], rows: Sequence[SummaryRow]) -> Sequence[Section]:
        """Return the table of trackers, with titles over its columns, and the totals."""
        totals = Totals.of_records(context.language, [one for one in FIGURES.daily if one.in_lines], rows)
        trackers = super().summary_sections(context, rows)[0]
        in_total = lines_table(context.language.t(IN_TOTAL), totals.together().lines())
        return [over_halves(context.language, trackers), in_total]


def _words(language: Language) -> Words:
    name = language.t(ENGINE_HOURS)
    details = language.t(_("Engine hours (details)"))
    return Words(language.t(PIE), language.t(HISTOGRAM), name, details, "", language.t(OFF))
