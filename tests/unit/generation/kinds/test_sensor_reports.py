"""The reports on readings of sensors: 9 and 22 (reference 7.12)."""

from typing import Any

import numpy as np
import pytest
from daybook.input.v1.sensors_pb2 import Sensor, SensorParameters, ValueTitle
from daybook.report.v1.sheet_pb2 import Sheet

from services.generation.domain.value_series import Values
from services.generation.inputs.readings import READINGS
from services.generation.inputs.series import text_code
from services.generation.kinds.sensor_reports import SensorReport, VehicleReadingsReport
from tests.builders.kinds import at, built, column, raws, tables, texts
from tests.builders.readings import fuel_sensor, inputs, values
from tests.builders.tracks import track
from tests.fakes.entity_data import FakeTracker

DRIVE = track((60, 0), (60, 60), (60, 0))
ASKED = [{"tracker_id": 311852, "sensor_id": 71}]
HEAT = fuel_sensor(sensor_type=Sensor.SENSOR_TYPE_TEMPERATURE, name="Heat", units="°C")


def entity(known: Values, sensor: Sensor = HEAT) -> FakeTracker:
    """Return a tracker with one sensor."""
    return FakeTracker(DRIVE, inputs=inputs([sensor], {71: known}))


def sheet_of(entity_: FakeTracker, **options: Any) -> Sheet:
    """Return the sheet of a tracker."""
    sheet = built(SensorReport(), entity_, sensors=ASKED, **options).sheet
    assert sheet is not None
    return sheet


def sentences(sheet: Sheet) -> list[str]:
    """Return the sentences of a sheet."""
    return [section.text.text for section in sheet.sections if section.HasField("text")]


def test_a_sensor_has_a_graph_statistics_and_a_breakdown() -> None:
    """Titles end with the unit."""
    sheet = sheet_of(entity(values((90, 9))), details_interval_minutes=60)
    statistics, breakdown = tables(sheet)

    assert 'Readings of the "Heat" sensor, °C' == sheet.sections[0].line_chart.header
    assert ["Statistics data", "Data breakdown"] == [statistics.header, breakdown.header]
    assert ["Minimum,\n°C", True] == [statistics.columns[1].title, statistics.columns[1].highlight_min_max]
    assert ["54.5"] == [cell.text for cell in statistics.groups[0].total.cells if cell.field == "avg"]
    assert ["time", "value", "min", "max", "avg"] == [one.field for one in breakdown.columns]
    assert (["15:00", "16:00"], [55.9, 59]) == (texts(breakdown, "time"), pytest.approx(raws(breakdown, "value")))
    assert ["Oct 6, 2020 (Tue) : 2"] == [group.header for group in breakdown.groups]


def test_buckets_without_readings_say_so() -> None:
    """Between the first and the last reading."""
    known = Values(np.array([at(0), at(100)]), np.array([1.0, 2.0]))
    breakdown = tables(sheet_of(entity(known)))[1]

    assert ["1", "No data", "No data", "2"] == texts(breakdown, "value")
    assert ["1", "—", "—", "2"] == texts(breakdown, "avg")


def test_a_bucket_has_the_address_of_its_first_reading() -> None:
    """On request; without readings it has none."""
    known = Values(np.array([at(70), at(80), at(150)]), np.array([1.0, 2.0, 3.0]))
    breakdown = tables(sheet_of(entity(known), show_address=True))[1]

    assert ["55.09ville", "—", "—", "55.54ville"] == texts(breakdown, "address")


def test_a_graph_over_mileage_never_falls() -> None:
    """Its axis is the mileage since the start of the period."""
    sheet = sheet_of(entity(values((180, 18))), graph_type="mileage")
    x = list(sheet.sections[0].line_chart.series[0].x)

    assert (0, 60, sorted(x)) == (x[0], x[-1], x)


def test_smoothing_changes_the_graph_alone() -> None:
    """It shows the mean of 5 readings."""
    wild = values((60, 0))
    wild.value[30] += 10
    plain, smooth = sheet_of(entity(wild)), sheet_of(entity(wild), smoothing=True)

    assert (60, 52) == tuple(max(sheet.sections[0].line_chart.series[0].y) for sheet in (plain, smooth))
    assert tables(plain)[1] == tables(smooth)[1]


def test_a_long_silence_is_a_gap_of_the_graph() -> None:
    """From 30 minutes on."""
    known = Values(np.array([at(0), at(30), at(61)]), np.array([1.0, 2.0, 3.0]))
    (gap,) = sheet_of(entity(known)).sections[0].line_chart.gaps

    assert (at(30), at(61)) == (gap.start, gap.end)


def test_values_of_a_virtual_sensor_have_titles() -> None:
    """Statistics are of the numbers; a text among them is left out."""
    flap = Sensor(id=71, tracker_id=311852, kind=Sensor.KIND_VIRTUAL, sensor_type=Sensor.SENSOR_TYPE_STATE, name="Flap")
    flap.parameters.calc_method = SensorParameters.CALC_METHOD_IDENTITY
    flap.parameters.value_titles.extend([ValueTitle(value="1", title="open"), ValueTitle(value="0", title="closed")])
    known = Values(np.array([at(0), at(1), at(30), at(61)]), np.array([0.0, np.nan, 1.0, 7.0]))
    breakdown = tables(sheet_of(entity(known, flap)))[1]

    assert (["closed", "open", "7"], [0, 1, 7]) == (texts(breakdown, "value"), raws(breakdown, "value"))


def test_what_cannot_be_shown_is_told_in_a_sentence() -> None:
    """A discrete sensor, one without readings, one with texts alone."""
    switch = Sensor(
        id=71, tracker_id=311852, kind=Sensor.KIND_DISCRETE, sensor_type=Sensor.SENSOR_TYPE_DOOR, name="Door"
    )
    words = entity(values())
    texts_alone = READINGS.samples([at(0)], {"open"}, text=[text_code("open")])
    words.inputs.sampled = {("readings", 71): texts_alone}

    assert ["The sensor is not a measuring sensor"] == sentences(sheet_of(entity(values((9, 1)), switch)))
    assert ["No data found for the selected period"] == sentences(sheet_of(entity(values()[:0])))
    assert ["Unable to calculate sensor report"] == sentences(sheet_of(words))


def test_of_several_sensors_each_is_named() -> None:
    """In the order asked."""
    two = FakeTracker(
        DRIVE, inputs=inputs([HEAT, fuel_sensor(72, name="Cold", units_type="celsius")], {71: values((9, 1))})
    )
    asked = [{"tracker_id": 311852, "sensor_id": 72}, *ASKED]
    sheet = built(VehicleReadingsReport(), two, sensors=asked).sheet

    assert sheet is not None
    assert ["Cold: No data found for the selected period"] == sentences(sheet)
    assert ["Heat: Statistics data", "Heat: Data breakdown"] == [table.header for table in tables(sheet)]


def test_minutes_count_where_no_seconds_are_given() -> None:
    """Beside seconds even wrong ones are not looked at; the validated options can be read again."""
    kind = SensorReport.Options
    intervals = [{}, {"details_interval_minutes": 5}, {"details_interval_minutes": 7, "details_interval_seconds": 7}]
    found = [kind(sensors=ASKED, **one).details_interval_seconds for one in intervals]

    assert [1800, 300, 7] == found
    once = kind(sensors=ASKED, details_interval_minutes=5)
    assert once == kind(**once.model_dump())
    for wrong in ({"details_interval_minutes": 7}, {"details_interval_seconds": 4}, {"sensors": []}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            kind(**{"sensors": ASKED, **wrong})


def test_a_day_ends_its_last_bucket() -> None:
    """Buckets begin at each local midnight."""
    known = values((600, 0), start_ms=at(0))
    times = texts(tables(sheet_of(entity(known), details_interval_seconds=21_600))[1], "time")

    assert (["12:00", "18:00"], "time") == (times, column(tables(sheet_of(entity(known)))[1], "time").field)
