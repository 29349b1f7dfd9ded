"""Sensors as reports show them: titles of values, and units."""

import numpy as np
import pytest
from daybook.input.v1.sensors_pb2 import Sensor, SensorParameters, ValueTitle

from services.generation.inputs.readings import READINGS
from services.generation.kit.sensor_quantities import titles_of, unit_text, units_type, values_of
from services.generation.words.language import Language, Locale

NAN = float("nan")
RUSSIAN = Language.of(Locale("ru_RU", "Europe/Moscow", "metric"))


def virtual(**parameters: object) -> Sensor:
    return Sensor(kind=Sensor.KIND_VIRTUAL, parameters=SensorParameters(**parameters))  # type: ignore[arg-type]


def test_a_title_belongs_to_a_text_or_a_number() -> None:
    """1.0 matches "1", and a text that was read comes before the number it counts as."""
    titles = [ValueTitle(value=value, title=title) for value, title in (("0", "shut"), ("1.0", "ajar"), ("on", "lit"))]
    flap = virtual(value_titles=titles)

    assert ["shut", "ajar", "lit", "", "", "ajar"] == titles_of(
        flap, [0.0, 1.0, 1.0, 2.0, NAN, NAN], ["", "", "on", "", "other", "1"]
    )


def test_values_follow_the_method() -> None:
    """Texts that are no numbers have none."""
    readings = READINGS.samples([1, 2, 3], ["a"], value=[4.0, NAN, 6.0], text=[NAN, 5.0, NAN])
    methods = [
        virtual(calc_method=SensorParameters.CALC_METHOD_IDENTITY),
        virtual(calc_method=SensorParameters.CALC_METHOD_IN_RANGE, range_from=5),
        virtual(calc_method=SensorParameters.CALC_METHOD_BIT_INDEX, bit_index=2),
        Sensor(kind=Sensor.KIND_METERING, divider=2),
    ]

    expected = [[4, NAN, 6], [0, NAN, 1], [0, NAN, 1], [2, NAN, 3]]
    np.testing.assert_array_equal(expected, [values_of(sensor, readings) for sensor in methods])


@pytest.mark.parametrize(
    ("sensor", "type_", "text"),
    [
        (Sensor(sensor_type=Sensor.SENSOR_TYPE_FUEL), "litre", "л"),
        (Sensor(sensor_type=Sensor.SENSOR_TYPE_FUEL, units="gallon"), "gallon", "gallon"),
        (Sensor(sensor_type=Sensor.SENSOR_TYPE_FUEL, units_type="percent"), "percent", "%"),
        (Sensor(sensor_type=Sensor.SENSOR_TYPE_FUEL, units="Liter", units_type="litre"), "litre", "Liter"),
        (Sensor(sensor_type=Sensor.SENSOR_TYPE_TEMPERATURE), "", ""),
        (Sensor(sensor_type=Sensor.SENSOR_TYPE_TEMPERATURE, units_type="celsius"), "celsius", "°C"),
        (Sensor(sensor_type=Sensor.SENSOR_TYPE_CUSTOM, units_type="furlong"), "furlong", "furlong"),
        (Sensor(sensor_type=Sensor.SENSOR_TYPE_CUSTOM, units_type="custom"), "custom", ""),
    ],
)
def test_a_unit_is_the_sensors_own_text_or_the_word_of_its_type(sensor: Sensor, type_: str, text: str) -> None:
    """Fuel without either is in litres."""
    assert (type_, text) == (units_type(sensor), unit_text(sensor, RUSSIAN))
