"""Measuring sensors report and vehicle sensors report: kinds 9 and 22 (reference 7.12)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeVar

import numpy as np
from daybook.input.v1.sensors_pb2 import Sensor
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.columnar import Ints
from services.generation.domain.detection import Rules
from services.generation.domain.last_known import positions_at
from services.generation.domain.level_days import RowStats, rows_of
from services.generation.domain.levels import smoothed
from services.generation.domain.mileage import Mileage
from services.generation.domain.route import routes_through
from services.generation.domain.sensor_buckets import Breakdown, Buckets
from services.generation.domain.value_series import Readings
from services.generation.domain.windows import Windows, local_days
from services.generation.inputs.readings import READINGS
from services.generation.kinds.sensor_options import ReadingsOptions, SensorReportOptions
from services.generation.kit.columns import Spots, address, time_of_day
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure
from services.generation.kit.groups import Groups
from services.generation.kit.kind import Group, SheetContext
from services.generation.kit.measures import Measure
from services.generation.kit.readings_chart import ChartWords, ReadingsChart
from services.generation.kit.readings_tables import statistics_table, value_figures
from services.generation.kit.sections import NO_DATA, columns_table, sentence
from services.generation.kit.sensor_kind import SensorKind, sensors_of
from services.generation.kit.sensor_quantities import titles_of, unit_text
from services.generation.kit.sensor_readings import readings_of
from services.generation.words.catalogue import mark as _

NOT_MEASURING = _("The sensor is not a measuring sensor")
NO_NUMBERS = _("Unable to calculate sensor report")
IN_BUCKET = _("No data")

AnyReadingsOptions = TypeVar("AnyReadingsOptions", bound=ReadingsOptions)


@dataclass(frozen=True, slots=True)
class SensorPart:
    """Results of a sensor in a period."""

    sensor: Sensor
    stats: RowStats
    breakdown: Breakdown
    chart: ReadingsChart


@dataclass(frozen=True, slots=True)
class SensorRows:
    """Results of each sensor, or the sentence that stands in their place, a msgid; with the rows of the period."""

    parts: Sequence[tuple[Sensor, SensorPart | str]]
    rows: Windows
    days: Windows

    @property
    def day_ms(self) -> Ints:
        """The first moment of the day of each row."""
        first_ms: Ints = self.days.start_ms[self.days.at(self.rows.start_ms)]
        return first_ms

    def __len__(self) -> int:
        return sum(isinstance(part, SensorPart) for _sensor, part in self.parts)


class ReadingsReport(SensorKind[AnyReadingsOptions, SensorRows]):
    """Readings of sensors: a graph, statistics by day and a breakdown into equal times."""

    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "employees", "sensors", "readings")

    def rows(self, context: SheetContext[AnyReadingsOptions], data: TrackerData) -> SensorRows:
        """Return what is found of each sensor."""
        days = local_days(context.start_ms, max(context.end_ms, context.start_ms + 1), context.zone)
        rows = rows_of(context.windows, days)
        mileage = Mileage.empty(rows)
        if context.options.graph_type == "mileage":
            rules = Rules(data.parking, context.detection, context.options.filters_trips)
            mileage = Mileage.find(data.recording, rows, rules, data.on_progress)
        parts = [
            (sensor, _found(context, data, sensor, (rows, days, mileage)))
            for sensor in sensors_of(context.options, data)
        ]
        return SensorRows(parts, rows, days)

    def empty_sentence(self, context: SheetContext[AnyReadingsOptions], data: TrackerData, rows: SensorRows) -> str:
        """Return why nothing is found."""
        del context, data
        sentences = {part for _sensor, part in rows.parts if isinstance(part, str)}
        return sentences.pop() if len(sentences) == 1 else NO_DATA

    def sections(
        self, context: SheetContext[AnyReadingsOptions], data: TrackerData, rows: SensorRows
    ) -> Sequence[Section]:
        """Return the graph and the tables of each sensor, or the sentence in their place."""
        language, sections = context.language, list[Section]()
        for sensor, part in rows.parts:
            prefix = f"{sensor.name}: " if len(rows.parts) > 1 else ""
            if isinstance(part, str):
                sections.append(sentence(prefix + language.t(part)))
            else:
                sections += _part_sections(context, data, rows, part, prefix)
        return sections


def _found(
    context: SheetContext[Any], data: TrackerData, sensor: Sensor, period: tuple[Windows, Windows, Mileage]
) -> SensorPart | str:
    if sensor.kind == Sensor.KIND_DISCRETE:
        return NOT_MEASURING
    rows, days, mileage = period
    options, readings = context.options, readings_of(data, sensor)
    chart = ReadingsChart(options.graph_type, mileage)
    stats, buckets = RowStats.of(len(rows)), Buckets(days, options.details_interval_seconds * 1000)
    for block in readings.blocks(context.start_ms, context.end_ms):
        row = np.where(block.holds(block.values.time_ms), rows.at(block.values.time_ms), -1)
        inside = row >= 0
        stats.add(row[inside], block.values.value[inside])
        buckets.add(block.values[inside])
        shown = replace(block.values, value=smoothed(block.values.value)) if options.smoothing else block.values
        chart.add(shown[inside])
    if stats.count.any():
        return SensorPart(sensor, stats, buckets.found().inside(context.windows), chart)
    return NO_NUMBERS if _has_only_texts(context, data, sensor, readings) else NO_DATA


def _has_only_texts(context: SheetContext[Any], data: TrackerData, sensor: Sensor, readings: Readings) -> bool:
    if readings.span is None:
        return False
    for block in readings.blocks(context.start_ms, context.end_ms):
        start_ms, end_ms = max(block.start_ms, context.start_ms), min(block.end_ms, context.end_ms)
        found = data.samples(READINGS, sensor.id, start_ms, end_ms)
        inside = context.windows.at(found.time_ms) >= 0
        if inside.any():
            return bool(np.isnan(found.column("value")[inside]).all())
    return False


def _part_sections(
    context: SheetContext[Any], data: TrackerData, rows: SensorRows, part: SensorPart, prefix: str
) -> list[Section]:
    language, sensor = context.language, part.sensor
    unit = unit_text(sensor, language)
    measure = Measure(decimals=2, unit=unit)
    header = language.t(_('Readings of the "{sensor}" sensor')).format(sensor=sensor.name)
    words = ChartWords(f"{header}, {unit}" if unit else header, sensor.name, measure)
    statistics = prefix + language.t(_("Statistics data"))
    return [
        part.chart.section(language, words),
        statistics_table(language, statistics, part.stats, rows.day_ms, measure),
        _breakdown_table(context, data, part, prefix + language.t(_("Data breakdown")), measure),
    ]


def _breakdown_table(
    context: SheetContext[Any], data: TrackerData, part: SensorPart, header: str, measure: Measure
) -> Section:
    language, found = context.language, part.breakdown
    columns: list[Column] = [time_of_day(language, "time", _("Time"), found.start_ms), _values(context, part, measure)]
    figures = value_figures(measure, highlighted=False)
    columns += [figure.column(language, figure.parts(found.stats)) for figure in figures]
    if context.options.shows_address:
        columns.append(address(language, "address", _("Address"), _spots(context, data, found)))
    groups = replace(Groups.by_day(language, found.start_ms), with_totals=False)
    return columns_table(language, header, columns, groups)


def _values(context: SheetContext[Any], part: SensorPart, measure: Measure) -> Column:
    figure = Figure[Breakdown]("value", _("Value"), lambda found: found.last, measure)
    column = figure.column(context.language, figure.parts(part.breakdown))
    titles = titles_of(part.sensor, part.breakdown.last.tolist(), [""] * len(part.breakdown))
    no_data = context.language.t(IN_BUCKET)
    shown = zip(titles, column.text, part.breakdown.filled.tolist(), strict=True)
    column.text[:] = [(title or text) if filled else no_data for title, text, filled in shown]
    return column


def _spots(context: SheetContext[Any], data: TrackerData, found: Breakdown) -> Spots:
    """Return the places of the first readings of buckets; those without readings have none."""
    filled = np.flatnonzero(found.filled)
    moments = found.first_ms[filled]
    lat, lng = np.full((2, len(found)), np.nan)
    rules = Rules(data.parking, context.detection, context.options.filters_trips)
    way = routes_through(data.recording, int(moments[0]), int(moments[-1]) + 1, rules)
    lat[filled], lng[filled] = positions_at(way, moments)
    return Spots(found.start_ms, lat, lng, data.addresses(lat, lng))


class SensorReport(ReadingsReport[SensorReportOptions]):
    """Readings of measuring sensors."""

    id: ClassVar[int] = 9
    title: ClassVar[str] = _("Measuring sensors report")
    description: ClassVar[str] = _("Readings of measuring sensors: a graph, statistics by day and details.")
    group: ClassVar[Group] = Group.CONNECTED_DEVICES
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.sensor"
    ui_module: ClassVar[str] = "Sensor"
    Options = SensorReportOptions


class VehicleReadingsReport(ReadingsReport[ReadingsOptions]):
    """Readings of the sensors of a vehicle (CAN, OBD2)."""

    id: ClassVar[int] = 22
    title: ClassVar[str] = _("Vehicle sensors report")
    description: ClassVar[str] = _("Readings of the vehicle's own sensors: a graph, statistics by day and details.")
    group: ClassVar[Group] = Group.TRANSPORT_USAGE
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.vehicle_readings"
    ui_module: ClassVar[str] = "VehicleReadings"
    Options = ReadingsOptions
