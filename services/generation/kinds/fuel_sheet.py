"""Sheets of reports on fuel: what is found of each sensor of a tracker, and the sentences in its place."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from daybook.input.v1.sensors_pb2 import Sensor
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.columnar import Floats
from services.generation.domain.detection import Rules
from services.generation.domain.fuel_events import FuelEvents
from services.generation.domain.last_known import positions_at
from services.generation.domain.level_days import rows_of
from services.generation.domain.levels import Tank
from services.generation.domain.mileage import Mileage, covered_s
from services.generation.domain.on_intervals import find_intervals
from services.generation.domain.route import routes_through
from services.generation.domain.signal_quality import SignalQuality
from services.generation.domain.tank_levels import Ledger, Period, Use, keep_ledger
from services.generation.domain.value_series import Values
from services.generation.domain.windows import local_days
from services.generation.kinds.fuel_days import DayRows, FuelDays, fuel_days, norm_of
from services.generation.kit.columns import Spots, full_moment, text
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure
from services.generation.kit.fuel_units import FuelUnit
from services.generation.kit.kind import SheetContext
from services.generation.kit.measures import MILEAGE, NUMBER
from services.generation.kit.sections import NO_DATA, sentence
from services.generation.kit.sensor_readings import (
    is_known_unit,
    levels_of,
    lowering_of,
    qualities,
    sensors_of_types,
    tank_of,
)
from services.generation.kit.states import ignition_states
from services.generation.kit.trip_fuel import counted_events
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language
from services.generation.words.numbers import half_up

UNSUPPORTED_UNITS = _("The sensor's units are not supported by this report")
PRELIMINARY = _("The score is preliminary: it takes 14 days with trips.")
NOT_ENOUGH = _("Not enough readings to assess the sensor")
SCORE = _("{score} out of 10 ({word})")
HIGH, MODERATE, LOW = _("high"), _("moderate"), _("low")
HIGH_FROM, LOW_TO = 8.0, 3.0
ENOUGH_DAYS = 14


@dataclass(frozen=True, slots=True)
class FuelFound:
    """Results of a fuel sensor in a period."""

    sensor: Sensor
    unit: FuelUnit
    ledger: Ledger
    events: FuelEvents  # in the rows
    days: FuelDays
    quality: float | None


@dataclass(frozen=True, slots=True)
class FuelRows:
    """Results of each sensor of a tracker, or the sentence that stands in their place, a msgid."""

    parts: Sequence[tuple[Sensor, Any]]
    day_rows: DayRows

    def __len__(self) -> int:
        return len(self.found)

    @property
    def found(self) -> list[Any]:
        """The results there are."""
        return [part for _sensor, part in self.parts if not isinstance(part, str)]

    @property
    def sentence(self) -> str:
        """The sentence of a sheet without results, a msgid."""
        sentences = {part for _sensor, part in self.parts if isinstance(part, str)}
        return sentences.pop() if len(sentences) == 1 else NO_DATA


def day_rows_of(
    context: SheetContext[Any], data: TrackerData, *, filter_on: bool, by_ignition: bool = False
) -> DayRows:
    """Return the rows of a report, with the hours of travel or, `by_ignition`, those with the ignition on."""
    windows = context.windows
    days = local_days(context.start_ms, max(context.end_ms, context.start_ms + 1), context.zone)
    rows = rows_of(windows, days)
    rules = Rules(data.parking, context.detection, filter_on)
    mileage = Mileage.find(data.recording, rows, rules, data.on_progress)
    seconds = mileage.travel_s(rows)
    if by_ignition:
        on = find_intervals(ignition_states(data), rows, 0)
        seconds = covered_s(rows, on.start_ms, on.end_ms)
    return DayRows(rows, days, mileage, seconds / 3600)


def fuel_rows(data: TrackerData, types: Collection[int], day_rows: DayRows, find: Callable[[Sensor], Any]) -> FuelRows:
    """Return what a function finds of each sensor of some types; it returns a sentence where it finds nothing."""
    sensors = sensors_of_types(data, types)
    parts = [(sensor, find(sensor) if is_known_unit(sensor) else UNSUPPORTED_UNITS) for sensor in sensors]
    return FuelRows(parts, day_rows)


@dataclass(frozen=True, slots=True)
class Search:
    """Rules of a sensor: cleaning of its levels, whether drains are sought, their least size in litres or percent."""

    surge_threshold: float | None
    is_smoothed: bool
    with_drains: bool
    use: Use


def find_fuel(
    context: SheetContext[Any], data: TrackerData, sensor: Sensor, day_rows: DayRows, search: Search
) -> FuelFound | str:
    """Return the fuel of a sensor in the rows, or the sentence that there is none."""
    unit, readings = FuelUnit.of(sensor, context.language), levels_of(data, sensor)
    tank = tank_of(data, sensor)
    tank = replace(tank, surge_threshold=search.surge_threshold, is_smoothed=search.is_smoothed)
    period = Period(day_rows.rows, context.start_ms, context.end_ms)

    def use(levels: Values) -> None:
        search.use(replace(levels, value=unit.litres_of(levels.value)))

    ledger = keep_ledger(readings, tank, period, (lowering_of(sensor), day_rows.mileage.at), use)
    if not ledger.stats.count.any():
        return NO_DATA
    counted = counted_events(sensor, ledger.events, day_rows.mileage)
    if not search.with_drains:
        counted = counted[counted.is_filling]
    events = counted[day_rows.rows.at(counted.end_ms) >= 0]
    known = ledger.stats.count > 0
    levels = np.where(known, ledger.start, np.nan), ledger.end
    days = fuel_days(unit, day_rows, levels, events, norm_of(data))
    return FuelFound(sensor, unit, ledger, events, days, _quality(context, data, sensor))


def _quality(context: SheetContext[Any], data: TrackerData, sensor: Sensor) -> float | None:
    found = []
    for readings, volume in qualities(data, sensor):
        signal, tank = SignalQuality(volume), Tank(volume, 0)
        for block in readings.blocks(context.start_ms, context.end_ms):
            values = block.values
            signal.add(replace(block, values=values[~tank.losses(values.value)]), context.start_ms, context.end_ms)
        found.append(signal.index())
    return None if None in found or not found else min(one for one in found if one is not None)


def quality_sections(language: Language, rows: FuelRows, found: FuelFound) -> list[Section]:
    """Return the sentence on the quality of a sensor's signal, and the small print on few days."""
    name = f"{found.sensor.name}: " if len(rows.parts) > 1 else ""
    if found.quality is None:
        return [sentence(name + language.t(NOT_ENOUGH))]
    (score,) = half_up([found.quality], 1)
    word = HIGH if score >= HIGH_FROM else MODERATE if score > LOW_TO else LOW
    (number,) = language.numbers([score], 1)
    sections = [sentence(name + language.t(SCORE).format(score=number, word=language.t(word)))]
    days = np.unique(rows.day_rows.days.at(rows.day_rows.mileage.pieces.start_ms))
    return sections if len(days) >= ENOUGH_DAYS else [*sections, sentence(language.t(PRELIMINARY), small=True)]


def sentences_of(language: Language, rows: FuelRows, sections: Callable[[Any], Sequence[Section]]) -> list[Section]:
    """Return the sections of each sensor, or the sentence in their place."""
    shown: list[Section] = []
    for sensor, part in rows.parts:
        if isinstance(part, str):
            words = language.t(part)
            shown.append(sentence(f"{sensor.name}: {words}" if len(rows.parts) > 1 else words))
        else:
            shown += sections(part)
    return shown


def headed(language: Language, rows: FuelRows, sensor: Sensor, title: str) -> str:
    """Return a header, given as a msgid, that names the sensor where there are several."""
    return f"{sensor.name}: {language.t(title)}" if len(rows.parts) > 1 else language.t(title)


def places_of(context: SheetContext[Any], data: TrackerData, events: FuelEvents, *, filter_on: bool) -> Spots:
    """Return the places of events: the last accepted point at or before each."""
    if not len(events):
        return Spots(events.end_ms, np.empty(0), np.empty(0), [])
    rules = Rules(data.parking, context.detection, filter_on)
    way = routes_through(data.recording, int(events.end_ms[0]), int(events.end_ms[-1]) + 1, rules)
    lat, lng = positions_at(way, events.end_ms)
    return Spots(events.end_ms, lat, lng, data.addresses(lat, lng))


def event_columns(unit: FuelUnit, events: FuelEvents, mileage: Mileage) -> Mapping[str, Column]:
    """Return columns of events by field, but for the address."""
    language, volume = unit.language, unit.volume
    words = [language.t(_("Filling")) if filling else language.t(_("Drain")) for filling in events.is_filling.tolist()]
    start, end = unit.shown(events.start_level), unit.shown(events.end_level)
    shown = {
        "number": (_("No."), np.arange(1, len(events) + 1), NUMBER),
        "volume": (_("Volume"), np.abs(half_up(end - start, volume.decimals)), volume),
        "startVolume": (_("Initial volume"), start, volume),
        "endVolume": (_("Final volume"), end, volume),
        "mileage": (_("From start"), mileage.at(events.end_ms), MILEAGE),
    }
    found = {name: _number_column(language, name, *one) for name, one in shown.items()}
    found["time"] = full_moment(language, "time", _("Time"), events.end_ms)
    found["type"] = text(language, "type", _("Type"), words)
    return found


def _number_column(language: Language, field: str, title: str, values: Floats, measure: Any) -> Column:
    figure = Figure[Floats](field, title, lambda own: own, measure)
    return figure.column(language, figure.parts(values))
