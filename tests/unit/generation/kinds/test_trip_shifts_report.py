"""Trips and stops by shifts: groups, stops that follow, summary and options (reference 7.3)."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from daybook.input.v1.fleet_pb2 import Vehicle
from daybook.report.v1.sheet_pb2 import Sheet
from pydantic import ValidationError

from services.generation.domain.tracks import Track
from services.generation.domain.windows import Daily, windows_of
from services.generation.kinds.trip_shifts_report import TripShiftsOptions, TripShiftsReport
from services.generation.kit.option_violations import violations
from tests.builders.kinds import DAY, MOSCOW, built, column, context, raws, tables, texts
from tests.builders.tracks import DAY_MS, NOON_MS, track
from tests.fakes.entity_data import FakeTracker

# 15:00 in Moscow: trips 15:10 to 15:30, 16:00 to 16:20, 16:50 to 17:10
DRIVES = track((10, 0), (20, 60), (30, 0), (20, 60), (30, 0), (20, 90), (60, 0))
DAY_SHIFT = {"name": "Day", "start_time": "15:00", "end_time": "16:40"}
LATE = {"name": "Late", "start_time": "16:40", "end_time": "23:59"}
NIGHT = {"name": "Night", "start_time": "00:00", "end_time": "06:00"}


def build(known: Track, *shifts: dict[str, str], **more: Any) -> Sheet:
    sheet = built(TripShiftsReport(), FakeTracker(known, **more.pop("tracker", {})), shifts=list(shifts), **more).sheet
    assert sheet is not None
    return sheet


def test_trips_are_grouped_by_shift_and_day() -> None:
    """Headers have the shift, its times and the number of trips; a shift without trips has no group."""
    trips, _ = tables(build(DRIVES, NIGHT, DAY_SHIFT, LATE))

    assert [
        "Day | Oct 6, 2020 15:00 - Oct 6, 2020 16:40 | 2",
        "Late | Oct 6, 2020 16:40 - Oct 7, 2020 00:00 | 1",
    ] == [group.header for group in trips.groups]
    assert ["15:10 - 55.00ville", "16:00 - 55.18ville", "16:50 - 55.36ville"] == texts(trips, "from")
    assert [1800, 1200, 3600] == raws(trips, "idle_duration")
    assert ["00:40", "00:20"] == [group.total.cells[1].text for group in trips.groups]
    fields = ["from", "to", "length", "time", "avg_speed", "max_speed"]
    assert [*fields, "idle_duration", "ignition_on", "ignition_percent"] == [one.field for one in trips.columns]


def test_a_trip_that_is_not_wholly_inside_a_shift_is_left_out() -> None:
    """It is dropped, not cut."""
    trips, _ = tables(build(DRIVES, {"name": "Short", "start_time": "15:20", "end_time": "16:40"}))

    assert ["16:00 - 55.18ville"] == texts(trips, "from")


def test_ignition_is_that_of_the_stop_that_follows() -> None:
    """Where no stop follows in the shift all three are zero."""
    known = track((10, 0, 0), (20, 60, 1), (20, 0, 1), (10, 0, 0), (20, 60, 1), (30, 0, 0))
    trips, summary = tables(build(known, {"name": "One", "start_time": "15:00", "end_time": "16:20"}))

    assert (["00:30", "00:00"], ["00:20", "00:00"]) == (texts(trips, "idle_duration"), texts(trips, "ignition_on"))
    assert (["66.7%", "0%"], [66.7, 0]) == (texts(trips, "ignition_percent"), raws(trips, "ignition_percent"))
    assert ["00:20", "66.7%"] == texts(summary, "shift_1")[-2:]


def test_without_an_ignition_input_clients_read_zeros_and_people_see_no_column() -> None:
    """The cells are there."""
    trips, summary = tables(build(DRIVES, DAY_SHIFT))

    assert [0, 0] == raws(trips, "ignition_on")
    assert ["—", "—"] == texts(trips, "ignition_percent")
    assert column(trips, "ignition_on").hidden
    assert "Ignition ON" not in texts(summary, "metric")


def test_the_summary_has_a_column_for_each_shift_and_zeros_without_trips() -> None:
    """The odometer is in the last column alone."""
    sheet = build(DRIVES, NIGHT, DAY_SHIFT, tracker={"first_odometer_km": 1000.0})
    _, summary = tables(sheet)

    assert ["Metric", "Night", "Day", "Summary"] == [one.title for one in summary.columns]
    assert [
        "Trips",
        "Total trips length, km",
        "Travel time",
        "Average speed, km/h",
        "Max. speed, km/h",
        "Idle duration",
        "Odometer value *, km",
    ] == texts(summary, "metric")
    assert ["0", "0", "00:00", "0", "0", "00:00", "—"] == texts(summary, "shift_1")
    assert ["2", "40", "00:40", "60", "60", "00:50", "—"] == texts(summary, "shift_2")
    assert ["2", "40", "00:40", "60", "60", "00:50", "1070"] == texts(summary, "summary")
    assert [2, 40, 2400, 60, 60, 3000] == raws(summary, "summary")[:6]
    assert "Odometer value at the end of the selected period." == sheet.sections[2].text.text


def test_fuel_by_norm_stands_in_rows_and_summary() -> None:
    """As in the trips report."""
    vehicle = Vehicle(norm_avg_fuel_consumption=10, fuel_cost=2, currency_code="USD")
    trips, summary = tables(build(DRIVES, DAY_SHIFT, tracker={"vehicle": vehicle}))

    assert ["2", "2"] == texts(trips, "norm_fuel")
    assert ["4", "$8.00"] == texts(summary, "shift_1")[6:8]


@pytest.mark.parametrize("split", [False, True])
def test_an_overnight_shift_is_one_group_or_two_and_loses_no_trip(*, split: bool) -> None:
    """A trip over midnight stands in the group of its start."""
    evening = track((10, 0), (20, 60), (30, 0), (60, 60), (30, 0), (20, 60), (30, 0), start_ms=NOON_MS + 7 * 3_600_000)
    shift = {"name": "Night", "start_time": "22:00", "end_time": "06:00"}
    sheet = build_two_days(evening, shift, split_at_midnight=split)
    trips = tables(sheet)[0]

    assert ["22:10", "23:00", "00:30"] == [text[:5] for text in texts(trips, "from")]
    assert [
        ["Night | Oct 6, 2020 22:00 - Oct 7, 2020 06:00 | 3"],
        ["Night | Oct 6, 2020 22:00 - Oct 7, 2020 00:00 | 2", "Night | Oct 7, 2020 00:00 - Oct 7, 2020 06:00 | 1"],
    ][split] == [group.header for group in trips.groups]


def build_two_days(known: Track, *shifts: dict[str, str], **options: Any) -> Sheet:
    """Return the sheet of a period of two days."""
    kind, zone, end_ms = TripShiftsReport(), ZoneInfo(MOSCOW.time_zone), DAY[1] + DAY_MS
    day = context(kind.Options(shifts=list(shifts), **options))
    days = replace(day, windows=windows_of(DAY[0], end_ms, Daily(), zone), end_ms=end_ms + 1000)
    sheet = kind.sheet(days, FakeTracker(known)).sheet
    assert sheet is not None
    return sheet


def test_without_trips_in_shifts_there_are_no_movements() -> None:
    """Although there are trips outside."""
    sheet = build(DRIVES, NIGHT)

    assert ["No movements found for the specified period"] == [section.text.text for section in sheet.sections]


def faults(*shifts: Any) -> list[str]:
    try:
        TripShiftsOptions(shifts=list(shifts))
    except ValidationError as error:
        return [violation.field for violation in violations(error, TripShiftsOptions)]
    return []


def test_shifts_are_checked() -> None:
    """Each fault names the option or the member."""
    assert [] == faults(DAY_SHIFT, LATE, NIGHT)
    assert ["plugin.shifts"] == faults()
    assert ["plugin.shifts"] == faults(*[DAY_SHIFT] * 5)
    assert ["plugin.shifts"] == faults(DAY_SHIFT, DAY_SHIFT | {"start_time": "17:00", "end_time": "18:00"})
    assert ["plugin.shifts"] == faults(DAY_SHIFT, LATE | {"end_time": "15:01"})
    assert ["plugin.shifts[1].start_time"] == faults(DAY_SHIFT, LATE | {"start_time": "24:00"})
    assert ["plugin.shifts[0].end_time"] == faults({"name": "Day", "start_time": "08:00"})
    assert ["plugin.shifts[0].name"] == faults(DAY_SHIFT | {"name": ""})
    assert ["plugin.shifts[0]"] == faults(DAY_SHIFT | {"end_time": "15:00"})
    with pytest.raises(ValidationError):
        TripShiftsOptions()
