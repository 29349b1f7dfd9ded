"""States of a tracker over time: its ignition, and what its two-state sensors say."""

import numpy as np
from daybook.input.v1.sensors_pb2 import Sensor

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.on_intervals import States
from services.generation.inputs.readings import READINGS
from services.generation.inputs.sensors import IGNITION_TYPES
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.sensor_quantities import values_of


def ignition_states(data: TrackerData) -> States:
    """Return the ignition of a tracker; what is on at the end is on until the last point."""
    return States(data.ignition, data.recording.span, data.recording.chunk_days, looks_back=True)


def sensor_states(data: TrackerData, sensor: Sensor) -> States:
    """Return the states of a two-state sensor; one of ignition without any reading reads the points."""
    span = data.span(READINGS, sensor.id)
    if span is None and sensor.sensor_type in IGNITION_TYPES:
        return ignition_states(data)

    def read(start_ms: int, end_ms: int) -> tuple[Ints, Floats]:
        readings = data.readings(sensor, start_ms, end_ms)
        values = values_of(sensor, readings)
        return readings.time_ms, np.where(np.isnan(values), np.nan, values != 0)

    return States(read, span, data.recording.chunk_days)
