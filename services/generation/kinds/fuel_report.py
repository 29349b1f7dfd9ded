"""Fuel volume report: kind 10 (reference 6.6, 7.9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np
from daybook.input.v1.sensors_pb2 import Sensor
from daybook.report.v1.sheet_pb2 import Section

from services.generation.domain.detection import Rules
from services.generation.domain.level_days import RowStats
from services.generation.domain.route import routes_through
from services.generation.domain.thinning import Thinner
from services.generation.domain.value_series import Values
from services.generation.kinds.fuel_days import BY_LEVEL, Shape, days_table, norm_of
from services.generation.kinds.fuel_sheet import (
    FuelFound,
    FuelRows,
    Search,
    day_rows_of,
    event_columns,
    find_fuel,
    fuel_rows,
    headed,
    places_of,
    quality_sections,
    sentences_of,
)
from services.generation.kinds.fuel_summary import summary_row_of, summary_sections_of
from services.generation.kit.columns import address
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.kind import Group, SheetContext, SummaryRow, TrackerKind
from services.generation.kit.measures import VOLUME, Measure
from services.generation.kit.options import OVER, Flag, Number, SummaryOptions, option
from services.generation.kit.readings_chart import ChartWords, ReadingsChart
from services.generation.kit.readings_tables import statistics_table
from services.generation.kit.sections import columns_table
from services.generation.words.catalogue import mark as _

LEVEL = _("Fuel level")
FIELDS = ("number", "time", "type", "volume", "startVolume", "endVolume", "mileage")
TYPES = (Sensor.SENSOR_TYPE_FUEL,)


class FuelOptions(SummaryOptions):
    """Options of the fuel volume report."""

    filter: Flag = option(True, _("Smart filter"), _("Leave out trips that are too short to be real."))
    graph_type: Literal["time", "mileage"] = option(
        "time", _("Graph over"), _("Draw the level over time or mileage."), layout=True, labels=OVER
    )
    detailed_by_dates: Flag = option(True, _("Details by dates"), _("Show a table of the days."), layout=True)
    use_ignition_data_for_consumption: Flag = option(
        False, _("Consumption by ignition"), _("Count consumption an hour by the time with the ignition on.")
    )
    include_speed_plot: Flag = option(
        False, _("Speed in the graph"), _("Draw the speed beside the level."), layout=True
    )
    include_mileage_plot: Flag = option(
        False,
        _("Mileage in the graph"),
        _("Draw the mileage beside the level, when the graph is over time."),
        layout=True,
    )
    smoothing: Flag = option(False, _("Smoothing"), _("Use the mean of 5 readings; it makes events less exact."))
    surge_filter: Flag = option(False, _("Surge filter"), _("Leave out short peaks of the level."))
    surge_filter_threshold: Number = option(
        0.2, _("Surge filter threshold"), _("From 0.01, a strong filter, to 0.99, a weak one."), ge=0.01, le=0.99
    )


@dataclass(frozen=True, slots=True)
class FuelPart:
    """Results of a sensor, with its chart."""

    found: FuelFound
    chart: ReadingsChart

    @property
    def sensor(self) -> Sensor:
        """The sensor."""
        return self.found.sensor


class FuelReport(TrackerKind[FuelOptions, FuelRows]):
    """Fuel level of a tracker's sensors: fillings, drains and consumption by day."""

    id: ClassVar[int] = 10
    title: ClassVar[str] = _("Fuel volume report")
    description: ClassVar[str] = _("Fuel level with fillings and drains, and the consumption by day.")
    group: ClassVar[Group] = Group.TRANSPORT_USAGE
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.fuel"
    ui_module: ClassVar[str] = "Fuel"
    Options = FuelOptions
    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "vehicles", "employees", "sensors", "readings")

    def rows(self, context: SheetContext[FuelOptions], data: TrackerData) -> FuelRows:
        """Return what is found of each fuel sensor."""
        options = context.options
        by_ignition = options.use_ignition_data_for_consumption
        day_rows = day_rows_of(context, data, filter_on=options.filter, by_ignition=by_ignition)
        threshold = options.surge_filter_threshold if options.surge_filter else None

        def find(sensor: Sensor) -> FuelPart | str:
            chart = ReadingsChart(options.graph_type, day_rows.mileage)
            search = Search(threshold, options.smoothing, with_drains=True, use=chart.add)
            found = find_fuel(context, data, sensor, day_rows, search)
            return found if isinstance(found, str) else FuelPart(found, chart)

        return fuel_rows(data, TYPES, day_rows, find)

    def empty_sentence(self, context: SheetContext[FuelOptions], data: TrackerData, rows: FuelRows) -> str:
        """Return why nothing is found."""
        del context, data
        return rows.sentence

    def sections(self, context: SheetContext[FuelOptions], data: TrackerData, rows: FuelRows) -> Sequence[Section]:
        """Return the chart and the tables of each sensor."""
        speed = _speed(context, data) if context.options.include_speed_plot else None
        return sentences_of(context.language, rows, lambda part: _part_sections(context, data, rows, part, speed))

    def figures(self, options: FuelOptions) -> Sequence[Any]:
        """Return no figures: the summary has a row for each sensor."""
        del options
        return ()

    def summary_row(self, context: SheetContext[FuelOptions], data: TrackerData, rows: FuelRows) -> SummaryRow | None:
        """Return the totals of the tracker's sensors."""
        found = FuelRows([(sensor, getattr(part, "found", part)) for sensor, part in rows.parts], rows.day_rows)
        return summary_row_of(data, found, _shape(context, data), connected=len(context.windows) == 1)

    def summary_sections(self, context: SheetContext[FuelOptions], rows: Sequence[SummaryRow]) -> Sequence[Section]:
        """Return the table of all sensors."""
        shape = Shape(BY_LEVEL, None, per_hour=context.options.graph_type == "time")
        return summary_sections_of(context.language, rows, shape)


def _shape(context: SheetContext[FuelOptions], data: TrackerData) -> Shape:
    return Shape(BY_LEVEL, norm_of(data), per_hour=context.options.graph_type == "time")


def _part_sections(
    context: SheetContext[FuelOptions], data: TrackerData, rows: FuelRows, part: FuelPart, speed: Values | None
) -> list[Section]:
    language, found, options = context.language, part.found, context.options
    sensor, day_rows = found.sensor, rows.day_rows
    header = language.t(_('Fuel consumption "{sensor}"')).format(sensor=sensor.name)
    with_mileage = options.include_mileage_plot and options.graph_type == "time"
    words = ChartWords(header, language.t(LEVEL), level_measure(found))
    sections = [part.chart.section(language, words, speed=speed, with_mileage=with_mileage, events=found.events)]
    sections.append(_events_table(context, data, rows, found))
    if options.detailed_by_dates:
        title = headed(language, rows, sensor, _("Details by dates"))
        days = found.days.with_total(connected=len(context.windows) == 1)
        sections.append(days_table(title, f"{sensor.id}-summaryDetailed", days, found.unit, _shape(context, data)))
    statistics = headed(language, rows, sensor, _("Statistics data"))
    stats = in_litres(found, found.ledger.stats)
    table = statistics_table(language, statistics, stats, day_rows.day_ms, _statistic(found))
    table.table.section_id = f"{sensor.id}-statistics"
    return [*sections, table, *quality_sections(language, rows, found)]


def level_measure(found: FuelFound) -> Measure:
    """Return the measure of levels on a chart, whose values are litres, or percent."""
    return found.unit.axis


def in_litres(found: FuelFound, stats: RowStats) -> RowStats:
    """Return statistics of levels in litres; those in percent stay."""
    scale = found.unit.litres or 1.0
    return replace(stats, total=stats.total * scale, least=stats.least * scale, most=stats.most * scale)


def _statistic(found: FuelFound) -> Measure:
    return replace(VOLUME, dimension="", unit="%") if found.unit.litres is None else VOLUME


def _events_table(context: SheetContext[FuelOptions], data: TrackerData, rows: FuelRows, found: FuelFound) -> Section:
    language, events = context.language, found.events
    known = event_columns(found.unit, events, rows.day_rows.mileage)
    spots = places_of(context, data, events, filter_on=context.options.filter)
    columns = [known[name] for name in FIELDS]
    columns.append(address(language, "address", _("Address"), spots))
    section = columns_table(language, headed(language, rows, found.sensor, _("Fillings and drains")), columns)
    section.table.section_id = f"{found.sensor.id}-fuelEvents"
    return section


def _speed(context: SheetContext[FuelOptions], data: TrackerData) -> Values:
    """Return the reported speeds in the windows, thinned where they are many."""
    windows = context.windows
    rules = Rules(data.parking, context.detection, context.options.filter)
    line = Thinner((float(context.start_ms), float(context.end_ms)))
    for piece in routes_through(data.recording, context.start_ms, context.end_ms, rules):
        own = piece[windows.at(piece.time_ms) >= 0]
        line.add(own.time_ms, own.speed_kmh.astype(np.float64))
    time_ms, speed_kmh = line.points()
    return Values(time_ms.astype(np.int64), speed_kmh)
