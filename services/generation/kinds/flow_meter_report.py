"""Flow meter report: kind 78 (reference 6.7, 7.11)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from daybook.input.v1.sensors_pb2 import Sensor
from daybook.report.v1.sheet_pb2 import Section

from services.generation.domain.flow_meter import find_flow
from services.generation.domain.tank_levels import Period
from services.generation.kinds.fuel_days import DayRows, FuelDays, Shape, columns, days_table, from_record, norm_of
from services.generation.kinds.fuel_sheet import FuelRows, day_rows_of, fuel_rows, sentences_of
from services.generation.kinds.fuel_summary import summary_row_of
from services.generation.kit.columns import text
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure
from services.generation.kit.fuel_units import FuelUnit
from services.generation.kit.kind import TRACKER, Group, SheetContext, SummaryRow, TrackerKind
from services.generation.kit.measures import MILEAGE, VOLUME
from services.generation.kit.options import Flag, SummaryOptions, option
from services.generation.kit.sections import NO_DATA, SUMMARY, columns_table
from services.generation.kit.sensor_readings import readings_of
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language
from services.generation.words.numbers import UNKNOWN, half_up

BY_METER = _("By data from flow meter")
ENDS = (_("Initial value"), _("Final value"))
TYPES = (Sensor.SENSOR_TYPE_FLOW_METER, Sensor.SENSOR_TYPE_FUEL_CONSUMPTION)
IN_SUMMARY = ("mileage_by_gps", "consumed_by_norm", "consumed", "consumption_per_dist")
SAVINGS = Figure[FuelDays](
    "savings",
    _("Savings / overrun of fuel"),
    lambda rows: half_up(rows.norm - rows.consumed, VOLUME.decimals),
    unknown_raw=0,
)


class FlowMeterOptions(SummaryOptions):
    """Options of the flow meter report."""

    filter: Flag = option(True, _("Smart filter"), _("Leave out trips that are too short to be real."))
    detailed_by_dates: Flag = option(True, _("Details by dates"), _("Show a row for each day."), layout=True)


@dataclass(frozen=True, slots=True)
class FlowPart:
    """Consumption of a flow meter by day."""

    sensor: Sensor
    unit: FuelUnit
    days: FuelDays


class FlowMeterReport(TrackerKind[FlowMeterOptions, FuelRows]):
    """Fuel consumed by flow meters, by day, beside the norm."""

    id: ClassVar[int] = 78
    title: ClassVar[str] = _("Flow meter report")
    description: ClassVar[str] = _("Fuel consumption by day that flow meters count, beside the norm.")
    group: ClassVar[Group] = Group.TRANSPORT_USAGE
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.flow_meter"
    ui_module: ClassVar[str] = "FlowMeter"
    Options = FlowMeterOptions
    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "vehicles", "employees", "sensors", "readings")

    def rows(self, context: SheetContext[FlowMeterOptions], data: TrackerData) -> FuelRows:
        """Return what each flow meter counted."""
        day_rows = day_rows_of(context, data, filter_on=context.options.filter)
        return fuel_rows(data, TYPES, day_rows, lambda sensor: _found(context, data, sensor, day_rows))

    def empty_sentence(self, context: SheetContext[FlowMeterOptions], data: TrackerData, rows: FuelRows) -> str:
        """Return why nothing is found."""
        del context, data
        return rows.sentence

    def sections(self, context: SheetContext[FlowMeterOptions], data: TrackerData, rows: FuelRows) -> Sequence[Section]:
        """Return the table of each flow meter."""
        return sentences_of(context.language, rows, lambda part: [_table(context, data, part)])

    def summary_row(
        self, context: SheetContext[FlowMeterOptions], data: TrackerData, rows: FuelRows
    ) -> SummaryRow | None:
        """Return the totals of the tracker's flow meters."""
        return summary_row_of(data, rows, _shape(data), connected=len(context.windows) == 1)

    def summary_sections(
        self, context: SheetContext[FlowMeterOptions], rows: Sequence[SummaryRow]
    ) -> Sequence[Section]:
        """Return the table of all flow meters with what was saved against the norm."""
        return [_summary(context.language, rows)]


def _found(
    context: SheetContext[FlowMeterOptions], data: TrackerData, sensor: Sensor, day_rows: DayRows
) -> FlowPart | str:
    language, unit = context.language, FuelUnit.of(sensor, context.language)
    flow = find_flow(readings_of(data, sensor), Period(day_rows.rows, context.start_ms, context.end_ms))
    filled = flow.count > 0
    if not filled.any():
        return NO_DATA
    km, norm = day_rows.mileage.between(day_rows.rows), norm_of(data)
    nothing = np.zeros(len(km))
    days = FuelDays(
        start_ms=day_rows.day_ms,
        mileage=MILEAGE.rounded(language, km),
        norm=VOLUME.rounded(language, km * (np.nan if norm is None else norm) / 100),
        start=unit.shown(flow.start),
        end=unit.shown(flow.end),
        consumed=unit.shown(flow.consumed),
        hours=day_rows.hours,
        fillings_count=nothing,
        fillings_volume=nothing,
        drains_count=nothing,
        drains_volume=nothing,
    )
    return FlowPart(sensor, unit, days[filled])


def _shape(data: TrackerData) -> Shape:
    return Shape(BY_METER, norm_of(data), with_events=False, ends=ENDS)


def _table(context: SheetContext[FlowMeterOptions], data: TrackerData, part: FlowPart) -> Section:
    header = context.language.t(_("Fuel consumption by dates for {sensor}")).format(sensor=part.sensor.name)
    days = part.days.with_total(connected=len(context.windows) == 1)
    own = days if context.options.detailed_by_dates else days[-1:]
    return days_table(header, f"{part.sensor.id}-summaryDetailed", own, part.unit, _shape(data))


def _summary(language: Language, rows: Sequence[SummaryRow]) -> Section:
    empty: list[Any] = [(UNKNOWN, 1.0, None)]
    found = [(row["object"], *part) for row in rows for part in row["parts"] or empty]
    nothing = FuelDays.empty().with_total(connected=True)
    days = FuelDays.join([nothing if record is None else from_record(record) for *_names, record in found])
    unit = FuelUnit(language, 1.0)
    shape = Shape(BY_METER, 0.0, with_events=False, fields=IN_SUMMARY)
    savings = replace(SAVINGS, measure=unit.volume)
    shown = [
        text(language, "object", TRACKER, [name for name, *_others in found]),
        text(language, "sensor", _("Sensor"), [sensor for _name, sensor, *_others in found]),
        *columns(unit, shape, days),
        savings.column(language, savings.parts(days)),
    ]
    section = columns_table(language, language.t(SUMMARY), shown)
    section.table.section_id = "summary"
    return section
