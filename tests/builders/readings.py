"""Short ways to make sensors and their readings, as tables of minutes and changes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from daybook.input.v1.sensors_pb2 import Sensor

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.samples import Samples
from services.generation.domain.value_series import Readings, Values
from services.generation.inputs.readings import READINGS
from tests.builders.tracks import NOON_MS
from tests.fakes.entity_data import FakeInputs


def values(*steps: tuple[float, float], first: float = 50, every_s: float = 60, start_ms: int = NOON_MS) -> Values:
    """Return values that change evenly: steps of minutes and of how much the value changes in them."""
    clock_s, level, seconds, levels = 0.0, first, [0.0], [first]
    for minutes, change in steps:
        count = max(round(minutes * 60 / every_s), 1)
        seconds += (clock_s + np.arange(1, count + 1) * minutes * 60 / count).tolist()
        levels += (level + np.arange(1, count + 1) * change / count).tolist()
        clock_s, level = clock_s + minutes * 60, level + change
    return Values(start_ms + np.rint(np.array(seconds) * 1000).astype(np.int64), np.array(levels))


def readings(known: Values) -> Readings:
    """Return values as readings that are read from memory."""

    def read(start_ms: int, end_ms: int) -> Values:
        first, end = np.searchsorted(known.time_ms, [start_ms, end_ms])
        return known[first:end]

    return Readings(read, (int(known.time_ms[0]), int(known.time_ms[-1])) if len(known) else None)


def samples(time_ms: Ints | Sequence[int], value: Floats | Sequence[float]) -> Samples:
    """Return samples of readings."""
    return READINGS.samples(time_ms, value=value)


def fuel_sensor(sensor_id: int = 71, *, name: str = "Tank", volume: float = 100, **more: Any) -> Sensor:
    """Return a fuel sensor whose readings are litres, in a tank of so many."""
    kind, sensor_type = Sensor.KIND_METERING, more.pop("sensor_type", Sensor.SENSOR_TYPE_FUEL)
    sensor = Sensor(id=sensor_id, tracker_id=311852, kind=kind, sensor_type=sensor_type, name=name, **more)
    if volume:
        sensor.parameters.volume = volume
    return sensor


def inputs(sensors: Sequence[Sensor], by_id: Mapping[int, Values]) -> FakeInputs:
    """Return sensors with their readings."""
    sampled = {("readings", id_): samples(known.time_ms, known.value) for id_, known in by_id.items()}
    return FakeInputs({"sensors": sensors}, sampled)
