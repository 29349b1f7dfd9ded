"""Equipment working time report: kind 12 (reference 6.3, 7.16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from daybook.input.v1.sensors_pb2 import Sensor
from daybook.report.v1.sheet_pb2 import Section

from services.generation.domain.detection import Rules
from services.generation.kinds.engine_hours_report import HISTOGRAM, PIE
from services.generation.kinds.working_time_sheet import (
    OFF,
    Figures,
    Words,
    Worked,
    charts,
    daily_table,
    details_table,
    worked,
)
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.kind import Group, SheetContext
from services.generation.kit.options import Flag, Whole, option
from services.generation.kit.sections import NO_DATA, sentence
from services.generation.kit.sensor_kind import SensorKind, SensorOptions, sensors_of
from services.generation.kit.sensor_quantities import titles_of
from services.generation.kit.states import sensor_states
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

INVALID = _("Invalid sensor data")
OPERATION_TIME = _("Operation time")
ON = _("On")
ON_WORDS, OFF_WORDS = ("", "true", "on"), ("", "false", "off")  # texts of the two values


class EquipmentOptions(SensorOptions):
    """Options of the equipment working time report."""

    min_working_period_duration: Whole = option(
        60, _("Shortest working period"), _("Leave out working periods that are shorter."), ge=1, le=86_400, unit="s"
    )
    show_idle_percent: Flag = option(
        False, _("Idle time"), _("Divide working time into that in movement and idle."), layout=True
    )
    filter: Flag = option(True, _("Smart filter"), _("Count trips that are too short to be real as idle time."))


@dataclass(frozen=True, slots=True)
class SensorTime:
    """Working time of a sensor, or the sentence, a msgid, that stands in its place."""

    sensor: Sensor
    time: Worked | None
    sentence: str


@dataclass(frozen=True, slots=True)
class EquipmentTime:
    """Working time of the sensors of a tracker."""

    sensors: Sequence[SensorTime]

    def __len__(self) -> int:
        return sum(one.time is not None for one in self.sensors)


class EquipmentReport(SensorKind[EquipmentOptions, EquipmentTime]):
    """Time in which equipment worked, by sensor, day and interval."""

    id: ClassVar[int] = 12
    title: ClassVar[str] = _("Equipment working time report")
    description: ClassVar[str] = _("Time in which equipment worked by day and by interval, with the mileage.")
    group: ClassVar[Group] = Group.CONNECTED_DEVICES
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.equipment"
    ui_module: ClassVar[str] = "Equipment"
    Options = EquipmentOptions
    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "employees", "sensors", "readings")

    def rows(self, context: SheetContext[EquipmentOptions], data: TrackerData) -> EquipmentTime:
        """Return the working time of each sensor."""
        rules = Rules(data.parking, context.detection, context.options.filter)
        sensors = sensors_of(context.options, data)
        valid = [sensor for sensor in sensors if _is_valid(context, data, sensor)]
        states = [sensor_states(data, sensor) for sensor in valid]
        found = worked(context, data, states, rules, context.options.min_working_period_duration) if states else []
        times = {sensor.id: time for sensor, time in zip(valid, found, strict=True)}
        return EquipmentTime([_sensor_time(sensor, times) for sensor in sensors])

    def empty_sentence(self, context: SheetContext[EquipmentOptions], data: TrackerData, rows: EquipmentTime) -> str:
        """Return what all sensors say, if they say the same."""
        del context, data
        sentences = {one.sentence for one in rows.sensors}
        return sentences.pop() if len(sentences) == 1 else NO_DATA

    def sections(
        self, context: SheetContext[EquipmentOptions], data: TrackerData, rows: EquipmentTime
    ) -> Sequence[Section]:
        """Return the sections of each sensor."""
        sections: list[Section] = []
        for one in rows.sensors:
            if one.time is None:
                sections.append(sentence(f"{one.sensor.name}: {context.language.t(one.sentence)}"))
            else:
                sections += _sections(context, data, one.sensor, one.time, named=len(rows.sensors) > 1)
        return sections


def _is_valid(context: SheetContext[EquipmentOptions], data: TrackerData, sensor: Sensor) -> bool:
    """Return whether a sensor has two states, and no reading of the period is a text that says neither."""
    if sensor.kind == Sensor.KIND_METERING:
        return False
    readings = data.readings(sensor, context.start_ms, context.end_ms)
    return not np.isnan(readings.column("value")).any()


def _sensor_time(sensor: Sensor, times: dict[int, Worked]) -> SensorTime:
    time = times.get(sensor.id)
    if time is None:
        return SensorTime(sensor, None, INVALID)
    return SensorTime(sensor, time if len(time) else None, NO_DATA)


def _sections(
    context: SheetContext[EquipmentOptions], data: TrackerData, sensor: Sensor, time: Worked, *, named: bool
) -> list[Section]:
    language, divided = context.language, context.options.show_idle_percent
    figures, words = Figures(OPERATION_TIME, divided), _words(language, sensor, named=named)
    return [
        *charts(language, time, words, divided=divided),
        daily_table(language, time, words, figures),
        details_table(language, data, time, words, figures),
    ]


def _words(language: Language, sensor: Sensor, *, named: bool) -> Words:
    prefix = f"{sensor.name}: " if named else ""
    on, off = (
        next(filter(None, titles_of(sensor, [value] * len(words), words)), language.t(default))
        for value, words, default in ((1.0, ON_WORDS, ON), (0.0, OFF_WORDS, OFF))
    )
    return Words(
        prefix + language.t(PIE),
        prefix + language.t(HISTOGRAM),
        language.t(_("{sensor}: operation time (daily)")).format(sensor=sensor.name),
        language.t(_("{sensor}: operation time (details)")).format(sensor=sensor.name),
        on,
        off,
    )
