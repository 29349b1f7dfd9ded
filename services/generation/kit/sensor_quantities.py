"""Sensors as reports show them: the values of their readings, their titles and their units."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from daybook.input.v1.sensors_pb2 import Sensor, SensorParameters

from services.generation.domain.columnar import Floats
from services.generation.domain.samples import Samples
from services.generation.domain.sensor_values import Calibration, Method, bit_of, identity, in_range
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

FUELS = (Sensor.SENSOR_TYPE_FUEL, Sensor.SENSOR_TYPE_FLOW_METER, Sensor.SENSOR_TYPE_FUEL_CONSUMPTION)
LITRES: Mapping[str, float] = {"litre": 1.0, "gallon": 3.785411784, "imperial_gallon": 4.54609}  # in one unit
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?")
PERCENT = "percent"
UNITS: Mapping[str, str] = {
    "litre": _("L"),
    "gallon": _("gal"),
    "imperial_gallon": _("gal"),
    PERCENT: "%",
    "celsius": "°C",
    "fahrenheit": "°F",
    "custom": "",
}


def calibration_of(sensor: Sensor) -> Calibration:
    """Return the meaning of the readings of a metering sensor."""
    parameters = sensor.parameters
    return Calibration(
        low=parameters.min if parameters.HasField("min") else -np.inf,
        high=parameters.max if parameters.HasField("max") else np.inf,
        divider=sensor.divider if sensor.HasField("divider") else 1.0,
        inputs=np.array([entry.input for entry in sensor.calibration]),
        outputs=np.array([entry.output for entry in sensor.calibration]),
    )


def method_of(sensor: Sensor) -> Method:
    """Return how a sensor makes values from readings; a discrete one takes them as they are."""
    if sensor.kind == Sensor.KIND_METERING:
        return calibration_of(sensor).values
    parameters = sensor.parameters
    match parameters.calc_method if sensor.kind == Sensor.KIND_VIRTUAL else None:
        case SensorParameters.CALC_METHOD_IN_RANGE:
            low = parameters.range_from if parameters.HasField("range_from") else -np.inf
            return in_range(low, parameters.range_to if parameters.HasField("range_to") else np.inf)
        case SensorParameters.CALC_METHOD_BIT_INDEX:
            return bit_of(parameters.bit_index)
    return identity


def values_of(sensor: Sensor, readings: Samples) -> Floats:
    """Return the values of readings of a sensor, NaN for those that are no numbers or not valid."""
    return method_of(sensor)(np.asarray(readings.column("value"), np.float64))


def titles_of(sensor: Sensor, values: Sequence[float], texts: Sequence[str]) -> list[str]:
    """Return the titles of values of a virtual sensor, empty where it has none; a text that was read comes first.

    A title belongs to a value as text; "1" also stands for the number 1.
    """
    titles = {key: one.title for one in sensor.parameters.value_titles for key in (one.value, _number_key(one.value))}
    numbers = ["" if np.isnan(value) else f"{value:.15g}" for value in values]
    return [
        titles.get(text) or titles.get(_number_key(text)) or titles.get(number, "")
        for number, text in zip(numbers, texts, strict=True)
    ]


def units_type(sensor: Sensor) -> str:
    """Return the unit of a sensor that is known by name: its own, else one that follows from its text or its type."""
    if sensor.units_type:
        return sensor.units_type
    if sensor.units in UNITS:
        return sensor.units
    return "litre" if sensor.sensor_type in FUELS else ""


def unit_text(sensor: Sensor, language: Language) -> str:
    """Return the unit as it is shown: the sensor's own text, else the word of its type, localised if known."""
    known = units_type(sensor)
    word = UNITS.get(known, known)
    return sensor.units or (language.t(word) if word else "")


def _number_key(text: str) -> str:
    """Return a number as text in its shortest form, another text as it is."""
    return f"{float(text):.15g}" if NUMBER.fullmatch(text) else text
