"""Fuel consumed on trips, a column for each fuel sensor (reference 7.1)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from daybook.input.v1.sensors_pb2 import Sensor

from services.generation.domain.columnar import Floats
from services.generation.domain.detection import Rules
from services.generation.domain.fuel_events import FuelEvents, apart_from_trips
from services.generation.domain.mileage import Mileage
from services.generation.domain.tank_levels import Period, keep_ledger
from services.generation.domain.windows import Windows
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure
from services.generation.kit.fuel_units import FuelUnit
from services.generation.kit.kind import SheetContext
from services.generation.kit.measures import VOLUME
from services.generation.kit.sensor_readings import is_known_unit, levels_of, lowering_of, sensors_of_types, tank_of
from services.generation.words.catalogue import mark as _

SURGE_THRESHOLD = 0.2
FUEL = (Sensor.SENSOR_TYPE_FUEL,)


def counted_events(sensor: Sensor, events: FuelEvents, mileage: Mileage) -> FuelEvents:
    """Return the events without those in movement that a sensor ignores."""
    parameters = sensor.parameters
    gap_ms = (parameters.refuel_gap_minutes if parameters.HasField("refuel_gap_minutes") else 5) * 60_000
    apart = apart_from_trips(events, *mileage.trips_ms, gap_ms)
    ignored = np.where(events.is_filling, parameters.ignore_refuels_in_move, parameters.ignore_drains_in_move)
    return events[apart | ~ignored.astype(np.bool_)]


def sensor_figures(context: SheetContext[Any], data: TrackerData, *, filter_on: bool) -> list[Figure[Any]]:
    """Return the figures of trips, or of days, that tell how much fuel each sensor saw consumed."""
    language = context.language
    title, short = language.t(_("Fuel consumed ({sensor})")), language.t(_("Fuel ({sensor})"))
    found: list[Figure[Any]] = []
    for sensor in sensors_of_types(data, FUEL):
        if is_known_unit(sensor):
            unit = FuelUnit.of(sensor, language)
            measure = replace(VOLUME, dimension="", unit="%") if unit.litres is None else VOLUME
            values = _consumed_by(context, data, sensor, filter_on=filter_on)
            name = title.format(sensor=sensor.name)
            figure = Figure(f"sensor_{sensor.id}", name, values, measure, "known_sum", in_lines=False)
            found.append(replace(figure, short_title=short.format(sensor=sensor.name)))
    return found


def _consumed_by(
    context: SheetContext[Any], data: TrackerData, sensor: Sensor, *, filter_on: bool
) -> Callable[[Any], Floats]:
    """Return the function that tells for each trip what is consumed, in litres, or in percent of the tank."""
    tank = replace(tank_of(data, sensor), surge_threshold=SURGE_THRESHOLD)
    scale = FuelUnit.of(sensor, context.language).litres or 1.0
    rules = Rules(data.parking, context.detection, filter_on)
    known: dict[bytes, Floats] = {}

    def consumed(trips: Any) -> Floats:
        rows = Windows(trips.start_ms, trips.end_ms)
        key = rows.start_ms.tobytes() + rows.end_ms.tobytes()
        if key not in known:
            mileage = Mileage.find(data.recording, rows, rules)
            period = Period(rows, *_span(rows), from_first=False)
            ledger = keep_ledger(levels_of(data, sensor), tank, period, (lowering_of(sensor), mileage.at))
            events = counted_events(sensor, ledger.events, mileage)
            row = rows.at(events.end_ms)
            volume = np.bincount(row[row >= 0], events.volume[row >= 0], minlength=len(rows))
            known[key] = scale * (ledger.start - ledger.end + volume)
        return known[key]

    return consumed


def _span(rows: Windows) -> tuple[int, int]:
    return (int(rows.start_ms[0]), int(rows.end_ms[-1]) + 1) if len(rows) else (0, 0)
