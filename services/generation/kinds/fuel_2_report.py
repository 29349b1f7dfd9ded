"""Fuel volume report 2.0: kind 95 (reference 7.10)."""

from collections.abc import Sequence
from typing import ClassVar

from daybook.input.v1.sensors_pb2 import Sensor
from daybook.report.v1.sheet_pb2 import Section

from services.generation.kinds.fuel_days import BY_LEVEL, Shape, days_table
from services.generation.kinds.fuel_report import LEVEL, TYPES, FuelPart, level_measure
from services.generation.kinds.fuel_sheet import (
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
from services.generation.kit.columns import address
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.kind import Group, SheetContext, TrackerKind
from services.generation.kit.options import Options
from services.generation.kit.readings_chart import ChartWords, ReadingsChart
from services.generation.kit.sections import columns_table
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language, Locale

SURGE_THRESHOLD = 0.2
FIELDS = (
    "mileage_by_gps",
    "start",
    "end",
    "fillingsCount",
    "fillingsVolume",
    "consumed",
    "consumption_per_dist",
)


class Fuel2Options(Options):
    """Options of the fuel volume report 2.0, whose times have seconds."""

    def language(self, info: Locale) -> Language:
        """Return the language of a report with these options."""
        return Language.of(info, show_seconds=True)


class Fuel2Report(TrackerKind[Fuel2Options, FuelRows]):
    """Fuel level of a tracker's sensors, cleaned well: fillings and consumption by day, no drains."""

    id: ClassVar[int] = 95
    title: ClassVar[str] = _("Fuel volume report 2.0")
    description: ClassVar[str] = _("Fuel level with fillings, and the consumption by day, from well cleaned data.")
    group: ClassVar[Group] = Group.TRANSPORT_USAGE
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.fuel_2"
    ui_module: ClassVar[str] = "Fuel2"
    Options = Fuel2Options
    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "vehicles", "employees", "sensors", "readings")

    def rows(self, context: SheetContext[Fuel2Options], data: TrackerData) -> FuelRows:
        """Return what is found of each fuel sensor."""
        day_rows = day_rows_of(context, data, filter_on=True)

        def find(sensor: Sensor) -> FuelPart | str:
            chart = ReadingsChart("time", day_rows.mileage)
            search = Search(SURGE_THRESHOLD, is_smoothed=True, with_drains=False, use=chart.add)
            found = find_fuel(context, data, sensor, day_rows, search)
            return found if isinstance(found, str) else FuelPart(found, chart)

        return fuel_rows(data, TYPES, day_rows, find)

    def empty_sentence(self, context: SheetContext[Fuel2Options], data: TrackerData, rows: FuelRows) -> str:
        """Return why nothing is found."""
        del context, data
        return rows.sentence

    def sections(self, context: SheetContext[Fuel2Options], data: TrackerData, rows: FuelRows) -> Sequence[Section]:
        """Return the chart and the tables of each sensor."""
        return sentences_of(context.language, rows, lambda part: _part_sections(context, data, rows, part))


def _part_sections(
    context: SheetContext[Fuel2Options], data: TrackerData, rows: FuelRows, part: FuelPart
) -> list[Section]:
    language, found, events = context.language, part.found, part.found.events
    name, day_rows = found.sensor.name, rows.day_rows
    header = language.t(_('Fuel consumption "{sensor}"')).format(sensor=name)
    words = ChartWords(header, language.t(LEVEL), level_measure(found))
    known = event_columns(found.unit, events, day_rows.mileage)
    spots = places_of(context, data, events, filter_on=True)
    columns = [known["number"], known["time"], known["volume"], address(language, "address", _("Address"), spots)]
    fillings = columns_table(language, headed(language, rows, found.sensor, _("Fillings")), columns)
    fillings.table.section_id = f"{found.sensor.id}-fuelEvents"
    details = headed(language, rows, found.sensor, _("Details by dates"))
    days = found.days.with_total(connected=len(context.windows) == 1)
    shape = Shape(BY_LEVEL, None, fields=FIELDS)
    return [
        part.chart.section(language, words, with_mileage=True, events=events),
        fillings,
        days_table(details, f"{found.sensor.id}-summaryDetailed", days, found.unit, shape),
        *quality_sections(language, rows, found),
    ]
