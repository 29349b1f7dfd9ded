"""The reports on fuel: 10, 95, 78, and the columns of fuel sensors of the trips report (reference 7.1, 7.9 to 7.11)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from daybook.input.v1.fleet_pb2 import Vehicle
from daybook.input.v1.sensors_pb2 import CalibrationEntry, Sensor
from daybook.report.v1.sheet_pb2 import Marker, Sheet

from services.generation.domain.value_series import Values
from services.generation.kinds.flow_meter_report import FlowMeterReport
from services.generation.kinds.fuel_2_report import Fuel2Report
from services.generation.kinds.fuel_report import FuelReport
from services.generation.kinds.trips_report import TripsReport
from services.generation.words.language import Locale
from tests.builders.kinds import DAY, MOSCOW, built, column, raws, summary, tables, texts
from tests.builders.readings import fuel_sensor, inputs, values
from tests.builders.tracks import track
from tests.fakes.entity_data import FakeTracker

DRIVE = track((60, 0), (60, 60), (60, 0), (30, 40), (30, 0))
NORM = Vehicle(id=1, norm_avg_fuel_consumption=7.5)
FUEL = values((30, 0), (5, 30), (25, 0), (60, -6), (20, 0), (5, -12), (35, 0), (30, -3), (30, 0))
COUNTER = values((120, 20), (1, -70), (60, 5))
METER = Sensor.SENSOR_TYPE_FLOW_METER


def entity(known: Values = FUEL, vehicle: Vehicle | None = NORM, **sensor: Any) -> FakeTracker:
    """Return a tracker with one sensor."""
    return FakeTracker(DRIVE, vehicle=vehicle, inputs=inputs([fuel_sensor(**sensor)], {71: known}))


def sentences(sheet: Sheet | None) -> list[str]:
    """Return the sentences of a sheet."""
    assert sheet is not None
    return [section.text.text for section in sheet.sections if section.HasField("text")]


def fields(sheet: Sheet | None, place: int) -> list[str]:
    """Return the fields of a table of a sheet."""
    return [one.field for one in tables(sheet)[place].columns]


def test_sections_and_fields_of_the_fuel_report() -> None:
    """Chart, events, days and statistics, each table with its section id."""
    sheet = built(FuelReport(), entity()).sheet

    assert sheet is not None
    assert 'Fuel consumption "Tank"' == sheet.sections[0].line_chart.header
    assert ["71-fuelEvents", "71-summaryDetailed", "71-statistics"] == [one.section_id for one in tables(sheet)]
    assert ["Fillings and drains", "Details by dates", "Statistics data"] == [one.header for one in tables(sheet)]
    assert ["number", "time", "type", "volume", "startVolume", "endVolume", "mileage", "address"] == fields(sheet, 0)
    by_norm = ["date", "mileage_by_gps", "consumed_by_norm", "consumption_by_norm"]
    by_level = ["start", "end", "consumed", "consumption_per_dist", "consumption_per_hour"]
    events = ["fillingsCount", "fillingsVolume", "drainsCount", "drainsVolume"]
    assert [*by_norm, *by_level, *events] == fields(sheet, 1)
    assert ["date", "min", "max", "avg"] == fields(sheet, 2)


def test_a_filling_and_a_drain_are_told() -> None:
    """With levels, the mileage since the start, and the place at their end."""
    events = tables(built(FuelReport(), entity()).sheet)[0]

    assert [["1", "2"], ["Filling", "Drain"], ["30", "12"]] == [
        texts(events, one) for one in ("number", "type", "volume")
    ]
    assert ["Oct 6, 2020 15:35", "Oct 6, 2020 17:25"] == texts(events, "time")
    assert ([50, 74], [80, 62]) == (raws(events, "startVolume"), raws(events, "endVolume"))
    assert ([0, 60], ["55.00ville", "55.54ville"]) == (raws(events, "mileage"), texts(events, "address"))


def test_a_day_balances_and_the_last_row_is_the_total() -> None:
    """Consumed = initial + filled - drained - final; the total has no moment."""
    days = tables(built(FuelReport(), entity()).sheet)[1]

    assert (["Oct 6, 2020", "In total:"], True) == (texts(days, "date"), np.isnan(raws(days, "date")[1]))
    assert {
        "mileage_by_gps": 80,
        "consumed_by_norm": 6,
        "consumption_by_norm": 7.5,
        "start": 50,
        "end": 59,
        "consumed": 9,
        "consumption_per_dist": 11.25,
        "consumption_per_hour": 6,
        "fillingsCount": 1,
        "fillingsVolume": 30,
        "drainsCount": 1,
        "drainsVolume": 12,
    } == {one.field: one.raw[1] for one in days.columns[1:]}


def test_markers_are_numbered_and_told_apart() -> None:
    """They stand at the end of events."""
    sheet = built(FuelReport(), entity()).sheet

    assert sheet is not None
    marks = [(mark.label, mark.kind, mark.x) for mark in sheet.sections[0].line_chart.markers]
    times = raws(tables(sheet)[0], "time")
    assert [("1", Marker.KIND_FILLING, times[0]), ("2", Marker.KIND_DRAIN, times[1])] == marks


def test_plots_are_drawn_on_request() -> None:
    """Speed and mileage beside the level; over mileage the latter is the axis itself."""
    over_time = built(FuelReport(), entity(), include_speed_plot=True, include_mileage_plot=True).sheet
    over_mileage = built(FuelReport(), entity(), graph_type="mileage", include_mileage_plot=True).sheet

    assert over_time is not None
    assert over_mileage is not None
    level, speed, mileage = over_time.sections[0].line_chart.series
    assert (60, 80) == (max(speed.y), mileage.y[-1])
    (line,) = over_mileage.sections[0].line_chart.series
    assert (0, 80, len(level.x)) == (line.x[0], line.x[-1], len(line.x))
    assert "consumption_per_hour" not in fields(over_mileage, 1)


def test_volumes_are_shown_in_the_units_of_the_reader() -> None:
    """A sensor in US gallons becomes litres, one in litres imperial gallons; percent stays."""
    gallons = tables(built(FuelReport(), entity(units_type="gallon")).sheet)
    imperial = tables(built(FuelReport(), entity(), Locale("en", MOSCOW.time_zone, "imperial")).sheet)
    percent = tables(built(FuelReport(), entity(units_type="percent")).sheet)

    assert ([189.3, 302.8], "Initial volume,\nL") == (
        [gallons[0].columns[4].raw[0], gallons[0].columns[5].raw[0]],
        gallons[0].columns[4].title,
    )
    assert [11, 17.6] == [imperial[0].columns[4].raw[0], imperial[0].columns[5].raw[0]]
    assert ([50, 74], "Initial volume,\n%") == (raws(percent[0], "startVolume"), percent[0].columns[4].title)


@pytest.mark.parametrize("report", [FuelReport(), Fuel2Report()])
def test_charts_are_drawn_in_the_units_of_the_reader(report: FuelReport | Fuel2Report) -> None:
    """As the tables are; percent stays."""
    for units_type, first, unit in (("gallon", 189.27, "L"), ("litre", 50, "L"), ("percent", 50, "%")):
        sheet = built(report, entity(units_type=units_type)).sheet
        assert sheet is not None
        chart = sheet.sections[0].line_chart
        assert (first, unit) == (chart.series[0].y[0], chart.y_axes[0].quantity.unit)


@pytest.mark.parametrize("system", ["metric", "imperial", "us", "nautical"])
@pytest.mark.parametrize("seed", range(5))
def test_every_row_and_the_total_balance_as_they_are_shown(system: str, seed: int) -> None:
    """In whatever unit."""
    rng = np.random.default_rng(seed)
    steps = [(float(rng.integers(5, 90)), float(rng.choice([0, -3.37, -6.12, 30.4, -25.9]))) for _ in range(20)]
    known = values(*steps, first=200, start_ms=DAY[0] + 3_600_000)
    days = tables(built(FuelReport(), entity(known), Locale("en", MOSCOW.time_zone, system)).sheet)[1]
    own = {one.field: np.array(one.raw) for one in days.columns}
    balance = own["start"] + own["fillingsVolume"] - own["drainsVolume"] - own["end"]

    assert own["consumed"].tolist() == pytest.approx(balance.tolist())


def test_the_summary_has_a_row_for_each_sensor_and_for_trackers_without() -> None:
    """It shows the totals; what is unknown is a dash, counts are 0."""
    (table,) = tables(summary(FuelReport(), [entity(), FakeTracker(DRIVE)]))

    assert ("summary", ["object", "sensor", "mileage_by_gps"]) == (
        table.section_id,
        [one.field for one in table.columns][:3],
    )
    assert (["Tank", "—"], ["9", "—"], [1, 0]) == (
        texts(table, "sensor"),
        texts(table, "consumed"),
        raws(table, "fillingsCount"),
    )


def test_a_sensor_in_other_units_is_refused_in_a_sentence() -> None:
    """In place of its sections; beside others it is named."""
    alone = built(FuelReport(), entity(units_type="celsius")).sheet
    both = FakeTracker(
        DRIVE, inputs=inputs([fuel_sensor(), fuel_sensor(72, name="Odd", units_type="custom")], {71: FUEL})
    )
    beside = built(FuelReport(), both).sheet

    assert ["The sensor's units are not supported by this report"] == sentences(alone)
    assert "Odd: The sensor's units are not supported by this report" == sentences(beside)[-1]
    assert "Tank: Details by dates" == tables(beside)[1].header


def test_a_tracker_without_readings_has_one_sentence() -> None:
    """And no sheet when empty ones are hidden."""
    for kind in (FuelReport(), Fuel2Report(), FlowMeterReport()):
        assert ["No data found for the selected period"] == sentences(built(kind, FakeTracker(DRIVE)).sheet)
        assert built(kind, FakeTracker(DRIVE), hide_empty_tabs=True).sheet is None


def test_members_of_a_composite_sensor_are_hidden() -> None:
    """It shows their sum."""
    whole = fuel_sensor(70, name="Both")
    whole.parameters.parent_ids.extend([71, 72])
    known = {71: FUEL, 72: values((240, 0), first=10)}
    sheet = built(FuelReport(), FakeTracker(DRIVE, inputs=inputs([whole, fuel_sensor(), fuel_sensor(72)], known))).sheet

    assert ["70-fuelEvents", "70-summaryDetailed", "70-statistics"] == [one.section_id for one in tables(sheet)]
    assert 60 == raws(tables(sheet)[1], "start")[0]


def test_raw_readings_are_calibrated() -> None:
    """Out of bounds they are dropped, else divided and looked up."""
    table = [CalibrationEntry(input=0, output=0), CalibrationEntry(input=200, output=100)]
    sensor = fuel_sensor(divider=2, calibration=table, volume=0)
    sensor.parameters.max = 400
    known = Values(FUEL.time_ms, np.where(np.arange(len(FUEL)) == 100, 4095, FUEL.value * 4))
    days = tables(built(FuelReport(), FakeTracker(DRIVE, inputs=inputs([sensor], {71: known}))).sheet)[1]

    assert ([50, 50], [30, 30]) == (raws(days, "start"), raws(days, "fillingsVolume"))


def test_fuel_2_has_fillings_with_seconds_and_no_drains() -> None:
    """Drained fuel counts as consumed."""
    sheet = built(Fuel2Report(), entity()).sheet
    fillings, days = tables(sheet)

    assert ["number", "time", "volume", "address"] == fields(sheet, 0)
    assert (["Fillings", "Details by dates"], ["Oct 6, 2020 15:37:00"]) == (
        [fillings.header, days.header],
        texts(fillings, "time"),
    )
    assert [
        "date",
        "mileage_by_gps",
        "start",
        "end",
        "fillingsCount",
        "fillingsVolume",
        "consumed",
        "consumption_per_dist",
    ] == fields(sheet, 1)
    assert [21, 21] == raws(days, "consumed")
    assert sheet is not None
    assert ["Fuel level", "Mileage"] == [one.name for one in sheet.sections[0].line_chart.series]


def test_a_flow_meter_that_began_again_has_counted_on() -> None:
    """The savings are the norm less what was consumed."""
    tracker = entity(COUNTER, sensor_type=METER)
    sheet = built(FlowMeterReport(), tracker).sheet
    (days,), (total,) = tables(sheet), tables(built(FlowMeterReport(), tracker, detailed_by_dates=False).sheet)
    (whole,) = tables(summary(FlowMeterReport(), [tracker, FakeTracker(DRIVE)]))

    assert ("Fuel consumption by dates for Tank", "71-summaryDetailed") == (days.header, days.section_id)
    assert ([50, 50], [5, 5], [25, 25]) == tuple(raws(days, one) for one in ("start", "end", "consumed"))
    assert (["In total:"], [25]) == (texts(total, "date"), raws(total, "consumed"))
    assert (["-19", "—"], [-19, 0]) == (texts(whole, "savings"), raws(whole, "savings"))


def test_trips_have_a_column_for_each_fuel_sensor() -> None:
    """Level at the start less that at the end, plus what was filled, less what was drained."""
    trips = tables(built(TripsReport(), entity()).sheet)[0]

    assert ("Fuel consumed (Tank),\nL", [6, 3]) == (column(trips, "sensor_71").title, raws(trips, "sensor_71"))
    assert "9" == next(cell.text for cell in trips.groups[0].total.cells if cell.field == "sensor_71")


def test_options_out_of_bounds_are_refused() -> None:
    """And null stands for the default."""
    options: Sequence[dict[str, Any]] = [{"surge_filter_threshold": 1}, {"graph_type": "speed"}, {"smoothing": "maybe"}]

    for wrong in options:
        with pytest.raises(ValueError, match=next(iter(wrong))):
            FuelReport.Options(**wrong)
    assert 0.2 == FuelReport.Options(surge_filter_threshold=None).surge_filter_threshold
