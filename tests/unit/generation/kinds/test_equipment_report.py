"""The equipment working time report: sections per sensor, states of sensors, sentences (reference 7.16)."""

from typing import Any

import numpy as np
import pytest
from daybook.input.v1.sensors_pb2 import Sensor, SensorParameters, ValueTitle
from daybook.report.v1.sheet_pb2 import Sheet

from services.generation.domain.samples import Samples
from services.generation.inputs.readings import READINGS
from services.generation.kinds.equipment_report import EquipmentOptions, EquipmentReport
from tests.builders.kinds import at, built, column, raws, tables, texts
from tests.builders.tracks import track
from tests.fakes.entity_data import FakeInputs, FakeTracker

TRACKER = 311852
IN_RANGE, BIT_INDEX = SensorParameters.CALC_METHOD_IN_RANGE, SensorParameters.CALC_METHOD_BIT_INDEX
IDENTITY = SensorParameters.CALC_METHOD_IDENTITY
DRIVE = track((10, 0, 0), (20, 60, 1), (30, 0, 0))
PUMP = Sensor(id=1, tracker_id=TRACKER, kind=Sensor.KIND_DISCRETE, sensor_type=Sensor.SENSOR_TYPE_ENGINE, name="Pump")
METER = Sensor(id=2, tracker_id=TRACKER, kind=Sensor.KIND_METERING, sensor_type=Sensor.SENSOR_TYPE_CUSTOM, name="Meter")


def samples(*readings: tuple[float, float]) -> Samples:
    minutes, values = np.array(readings).T
    return READINGS.samples([at(minute) for minute in minutes], value=values)


def virtual(**parameters: Any) -> Sensor:
    return Sensor(
        id=5,
        tracker_id=TRACKER,
        kind=Sensor.KIND_VIRTUAL,
        sensor_type=Sensor.SENSOR_TYPE_STATE,
        name="Flap",
        parameters=SensorParameters(**parameters),
    )


def build(readings: dict[int, Samples], *sensors: Sensor, **options: Any) -> Sheet:
    """Return the sheet of a tracker with sensors and their readings."""
    inputs = FakeInputs({"sensors": sensors}, {("readings", one): found for one, found in readings.items()})
    named = [{"tracker_id": TRACKER, "sensor_id": sensor.id} for sensor in sensors]
    sheet = built(EquipmentReport(), FakeTracker(DRIVE, inputs=inputs), sensors=named, **options).sheet
    assert sheet is not None
    return sheet


def test_a_sensor_has_two_charts_and_two_tables() -> None:
    """On from 15:05 to 15:20, of which 10 km in movement."""
    sheet = build({1: samples((0, 0), (5, 1), (20, 0))}, PUMP)
    daily, details = tables(sheet)

    assert ["chart", "chart", "table", "table"] == [section.WhichOneof("content") for section in sheet.sections]
    assert ["Pump: operation time (daily)", "Pump: operation time (details)"] == [daily.header, details.header]
    assert (["00:15"], ["10"], ["60"]) == tuple(texts(daily, name) for name in ("duration", "mileage", "avg_speed"))
    assert ["Off", "On"] == [*sheet.sections[0].chart.categories]
    assert ["duration"] == [one.field for one in sheet.sections[1].chart.series]
    assert (["15:05"], ["15:20"]) == (texts(details, "start_time"), texts(details, "end_time"))


def test_without_idle_percent_the_parts_are_for_programs_only() -> None:
    """Their cells are there, their columns are hidden, and shares are left out."""
    daily, details = tables(build({1: samples((5, 1), (20, 0))}, PUMP))

    for table in (daily, details):
        assert ([600], [300]) == (raws(table, "in_movement"), raws(table, "idle"))
        assert column(table, "in_movement").hidden
    assert not {"in_movement_percent", "idle_percent"} & {one.field for one in daily.columns}


def test_idle_percent_divides_charts_and_tables() -> None:
    """As in the report on engine hours."""
    sheet = build({1: samples((5, 1), (20, 0))}, PUMP, show_idle_percent=True)

    assert ["Off", "In movement", "Idle"] == [*sheet.sections[0].chart.categories]
    assert ["66.7%", "33.3%"] == [texts(tables(sheet)[0], f"{part}_percent")[0] for part in ("in_movement", "idle")]


def test_a_shorter_working_period_is_left_out() -> None:
    """The minimum itself is kept."""
    readings = {1: samples((0, 1), (1, 0), (2, 1), (2.5, 0))}

    assert ["00:01"] == texts(tables(build(readings, PUMP))[1], "duration")
    assert ["00:01", "00:00"] == texts(tables(build(readings, PUMP, min_working_period_duration=30))[1], "duration")


@pytest.mark.parametrize(
    ("parameters", "on", "off"),
    [
        (
            {"calc_method": IN_RANGE, "range_from": 10, "range_to": 20},
            (10, 20),
            (9.9, 20.1),
        ),
        ({"calc_method": IN_RANGE, "range_from": 10}, (10, 1e9), (9, -5)),
        ({"calc_method": BIT_INDEX, "bit_index": 1}, (1, 3), (2, 0)),
        ({"calc_method": BIT_INDEX, "bit_index": 3}, (4, 5), (3, 8)),
        ({"calc_method": IDENTITY}, (1, -2), (0, 0)),
    ],
)
def test_a_virtual_sensor_is_on_by_its_method(
    parameters: dict[str, Any], on: tuple[float, float], off: tuple[float, float]
) -> None:
    """Bounds are included; bit 1 is the lowest."""
    readings = samples((0, on[0]), (5, off[0]), (10, on[1]), (20, off[1]))

    assert ["00:05", "00:10"] == texts(tables(build({5: readings}, virtual(**parameters)))[1], "duration")


def test_titles_of_values_replace_on_and_off() -> None:
    """Those of 1 and 0."""
    titles = [ValueTitle(value="0", title="closed"), ValueTitle(value="1", title="open")]
    flap = virtual(calc_method=IDENTITY, value_titles=titles)

    assert ["closed", "open"] == [*build({5: samples((0, 1), (5, 0))}, flap).sections[0].chart.categories]


def test_an_ignition_sensor_without_readings_reads_the_points() -> None:
    """They have it on for 20 minutes."""
    key = Sensor(id=9, tracker_id=TRACKER, kind=Sensor.KIND_DISCRETE, name="Key")
    key.sensor_type = Sensor.SENSOR_TYPE_IGNITION

    assert ["00:20"] == texts(tables(build({}, key))[0], "duration")


def test_a_metering_sensor_and_other_texts_are_invalid_data() -> None:
    """Alone in a sentence, among several sensors after the name."""
    text = READINGS.samples([at(0)], ["half"], value=[np.nan], text=[1.0])

    assert ["Invalid sensor data"] == [one.text.text for one in build({2: samples((0, 1), (5, 0))}, METER).sections]
    assert ["Invalid sensor data"] == [one.text.text for one in build({1: text}, PUMP).sections]
    sheet = build({1: samples((0, 1), (5, 0))}, METER, PUMP, virtual(calc_method=IDENTITY))
    assert ["Meter: Invalid sensor data", "Flap: No data found for the selected period"] == [
        one.text.text for one in sheet.sections if one.HasField("text")
    ]
    assert "Pump: Daily activity histogram" == sheet.sections[2].chart.header


def test_trackers_that_only_sensors_name_come_last() -> None:
    """Each once."""
    options = EquipmentOptions(sensors=[{"tracker_id": one, "sensor_id": 1} for one in (7, 8, 7)])

    assert (9, 8, 7) == tuple(EquipmentReport().entity_ids(options, [9, 8], []))
    assert (7, 8) == tuple(EquipmentReport().entity_ids(options, [], []))
