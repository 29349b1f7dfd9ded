"""Reports on movement, shifts, states, points, speeding, engines and equipment, from files to JSON and documents."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import openpyxl
import pypdf
import pytest
import xlrd

from tests.builders.tracks import track
from tests.e2e.imports import add_tracker, import_records
from tests.e2e.stack import Client, Stack

DAY = ("2020-10-06 00:00:00", "2020-10-06 23:59:59")
PUMP, KEY, BUS_KEY = 71, 72, 73
EQUIPMENT = 12
SHIFTS = [
    {"name": "Day", "start_time": "08:00", "end_time": "20:00"},
    {"name": "Night", "start_time": "20:00", "end_time": "08:00"},
]
# 15:00 in Moscow: two trips, at 60 and at 90 km/h, the ignition on from 15:05 to 15:50 and from 16:10 to 16:40
DRIVES = track(
    (5, 0, 0), (5, 0, 1), (30, 60, 1), (10, 0, 1), (20, 0, 0), (20, 90, 1), (10, 0, 1), (30, 0, 0), at=(55.6, 37.6)
)
EXAMPLES: dict[int, dict[str, Any]] = {
    77: {"shifts": SHIFTS, "split_at_midnight": True, "show_coordinates": False, "filter": True},
    73: {"group_type": "country", "filter": True, "include_summary_sheet": True},
    91: {"show_seconds": True},
    27: {"max_speed": 80, "min_duration_minutes": 5, "group_by_driver": False, "filter": True},
    7: {"show_detailed": True, "filter": True, "include_summary_sheet_only": False},
    EQUIPMENT: {"min_working_period_duration": 60, "show_idle_percent": True, "filter": True},
}
BARE: dict[int, dict[str, Any]] = {77: {"shifts": SHIFTS}}
KINDS = tuple(EXAMPLES)


@dataclass(frozen=True)
class Fleet:
    """Account with three trackers: the van has a vehicle, sensors and a driver, the bus no ignition in its points."""

    client: Client
    van: int
    car: int
    bus: int


READINGS = {
    PUMP: {"12:00:00": False, "12:07:00": True, "12:31:00": "off", "13:15:00": 1, "13:21:00": 0},
    BUS_KEY: {"12:20:05": True, "12:36:35": False},
}
RECORDS: dict[str, list[dict[str, Any]]] = {
    "employees": [{"id": 9, "first_name": "Samantha", "last_name": "Reed"}],
    "vehicles": [{"id": 3, "tracker_id": "Van", "label": "Van", "norm_avg_fuel_consumption": 10, "fuel_cost": 2}],
    "assignments": [{"tracker_id": "Van", "employee_id": 9, "start_time": "2020-10-06T13:15:00Z", "source": "manual"}],
    "sensors": [
        {"id": PUMP, "tracker_id": "Van", "kind": "discrete", "sensor_type": "engine", "name": "Pump"},
        {"id": KEY, "tracker_id": "Van", "kind": "discrete", "sensor_type": "ignition", "name": "Key"},
        {"id": BUS_KEY, "tracker_id": "Bus", "kind": "discrete", "sensor_type": "ignition", "name": "Key of the bus"},
    ],
    "readings": [
        {"sensor_id": sensor_id, "time": f"2020-10-06T{moment}Z", "value": value}
        for sensor_id, readings in READINGS.items()
        for moment, value in readings.items()
    ],
}


@pytest.fixture(scope="module")
def fleet(
    stack: Stack, add_client: Callable[..., tuple[str, Client]], tmp_path_factory: pytest.TempPathFactory
) -> Fleet:
    """Give the fleet with its tracks and records."""
    folder = tmp_path_factory.mktemp("engine")
    login, client = add_client("--time-zone", "Europe/Moscow")
    tracks = {"Van": DRIVES, "Car": DRIVES[:200], "Bus": replace(DRIVES, ignition=np.full(len(DRIVES), np.nan))}
    ids = {name: add_tracker(stack, login, name, known, folder) for name, known in tracks.items()}
    owned = {
        kind: [one | {"tracker_id": ids[one["tracker_id"]]} if "tracker_id" in one else one for one in records]
        for kind, records in RECORDS.items()
    }
    import_records(stack, login, owned, folder)
    return Fleet(client, *ids.values())


def plugin(kind: int, fleet: Fleet, **options: Any) -> dict[str, Any]:
    """Return the options of a report; one on sensors is about both of the van."""
    if kind == EQUIPMENT:
        options = {"sensors": [{"tracker_id": fleet.van, "sensor_id": one} for one in (PUMP, KEY)]} | options
    return {"plugin_id": kind, **options}


def refused(fleet: Fleet, trackers: list[int], plugin: dict[str, Any], period: tuple[str, str] = DAY) -> dict[str, Any]:
    """Return the answer to a report that is not made."""
    asked = {"trackers": trackers, "plugin": plugin, "from": period[0], "to": period[1]}
    return dict(fleet.client.post("report/tracker/generate", **asked).json())


def parameters(answer: dict[str, Any]) -> tuple[int, list[str]]:
    """Return the code of an error and the parameters it names."""
    return answer["status"]["code"], [error["parameter"] for error in answer["errors"]]


def sheet(fleet: Fleet, kind: int, **options: Any) -> dict[str, Any]:
    """Return the only sheet of a report on the first tracker."""
    (found,) = fleet.client.made([fleet.van], DAY, plugin=plugin(kind, fleet, **options))["sheets"]
    return dict(found)


def rows(section: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for group in section["data"] for row in group["rows"]]


def values(section: dict[str, Any], field: str) -> list[str]:
    return [row[field]["v"] for row in rows(section)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_makes_a_report_without_options_of_its_own(fleet: Fleet, kind: int) -> None:
    """Every option has a default, but for shifts and sensors."""
    found = sheet(fleet, kind, **BARE.get(kind, {}))

    assert [fleet.van] == found["entity_ids"]
    assert "text" != found["sections"][0]["type"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_a_document_in_every_format(fleet: Fleet, kind: int) -> None:
    """Each opens and has the tracker's label."""
    trackers = [fleet.van] if kind == 91 else [fleet.van, fleet.car]
    report_id = fleet.client.generate(trackers, DAY, plugin=plugin(kind, fleet, **EXAMPLES[kind]))
    fleet.client.wait(report_id)
    contents = {}
    for suffix in ("xlsx", "xls", "pdf", "csv", "json"):
        answer = fleet.client.post("report/tracker/download", report_id=report_id, format=suffix)
        assert answer.ok, (suffix, answer.text)
        contents[suffix] = answer.content

    assert any("Van" in name for name in openpyxl.load_workbook(io.BytesIO(contents["xlsx"])).sheetnames)
    assert any("Van" in name for name in xlrd.open_workbook(file_contents=contents["xls"]).sheet_names())
    assert "Van" in "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(contents["pdf"])).pages)
    assert b"Van" in contents["csv"]
    assert json.loads(contents["json"])


def test_trips_by_shifts(fleet: Fleet) -> None:
    """Groups, fuel by norm, the stop that follows and the summary by shift."""
    trips, summary = sheet(fleet, 77, shifts=SHIFTS)["sections"]

    assert ["Day | Oct 6, 2020 08:00 - Oct 6, 2020 20:00 | 2"] == [group["header"] for group in trips["data"]]
    assert (["30", "30"], ["3", "3"]) == (values(trips, "length"), values(trips, "norm_fuel"))
    assert (["00:30", "00:40"], ["00:10", "00:10"]) == (values(trips, "idle_duration"), values(trips, "ignition_on"))
    assert (["Metric", "Day", "Night", "Summary"]) == [column["title"] for column in summary["columns"]]
    assert ["2", "60", "00:50", "72", "90", "01:10", "6", "$12.00", "00:20", "28.6%"] == values(summary, "shift_1")
    assert values(summary, "shift_1") == values(summary, "summary")
    assert "raw" not in rows(summary)[0]["metric"]


def test_wrong_shifts_are_named(fleet: Fleet) -> None:
    """None at all, one that lasts no time, two that overlap, a member that is no time."""
    overlapping = [SHIFTS[0], SHIFTS[1] | {"end_time": "09:00"}]
    malformed = [SHIFTS[0], SHIFTS[1] | {"start_time": "8 pm"}]
    for options, parameter in (
        ({}, "plugin.shifts"),
        ({"shifts": overlapping}, "plugin.shifts"),
        ({"shifts": malformed}, "plugin.shifts[1].start_time"),
    ):
        assert (7, [parameter]) == parameters(refused(fleet, [fleet.van], plugin(77, fleet, **options)))


def test_trips_by_state(fleet: Fleet) -> None:
    """The total is that of the trips report; the summary sheet has the regions of both trackers."""
    (table,) = sheet(fleet, 73)["sections"]
    trackers, by_country = [fleet.van, fleet.car], plugin(73, fleet, group_type="country")
    summary, *_ = fleet.client.made(trackers, DAY, plugin=by_country)["sheets"]

    assert "Trips by state" == table["header"]
    assert {"Moscow", "Moscow Oblast"} >= set(values(table, "region"))
    assert "60" == table["data"][0]["total"]["length"]["v"]
    assert ("Summary", [], ["Russia"], ["3"]) == (
        summary["header"],
        summary.get("entity_ids", []),
        values(summary["sections"][0], "region"),
        values(summary["sections"][0], "count"),
    )


def test_points(fleet: Fleet) -> None:
    """Every point of at most a day of one tracker."""
    (table,) = sheet(fleet, 91)["sections"]

    assert len(DRIVES) == len(rows(table))
    assert {"Moving", "Parked"} == set(values(table, "status"))
    assert float(DRIVES.lat[0]) == rows(table)[0]["lat"]["raw"]
    points = {"plugin_id": 91}
    assert (7, ["trackers"]) == parameters(refused(fleet, [fleet.van, fleet.car], points))
    answer = refused(fleet, [fleet.van], points, (DAY[0], "2020-10-07 00:00:01"))
    assert (211, "PT24H") == (answer["status"]["code"], answer["max_time_span"])
    assert refused(fleet, [fleet.van], points, (DAY[0], "2020-10-07 00:00:00"))["success"]


def test_speed_violations(fleet: Fleet) -> None:
    """The chart first, then the table; a table for each driver when asked for."""
    chart, table = sheet(fleet, 27, max_speed=80)["sections"]
    drivers = sheet(fleet, 27, max_speed=80, group_by_driver=True, min_duration_minutes=1)["sections"][1:]

    assert ("line_chart", [80]) == (chart["type"], [line["y"] for line in chart["thresholds"]])
    assert "Speed violations (above 80 km/h with duration of 5+ min.)" == table["header"]
    assert (["16:10"], ["00:20"], [90.0]) == (
        values(table, "start_time"),
        values(table, "duration"),
        [row["max_speed"]["raw"] for row in rows(table)],
    )
    assert "location" in rows(table)[0]["max_speed_address"]
    assert ["Samantha Reed", "Unidentified driver"] == [section["header"] for section in drivers]
    assert (["00:15"], ["00:05"]) == tuple(values(section, "duration") for section in drivers)


def test_engine_hours(fleet: Fleet) -> None:
    """Lines by their index, a row for each tracker in the summary."""
    trackers, detailed = [fleet.van, fleet.car], plugin(7, fleet, show_detailed=True)
    summary, van, _ = fleet.client.made(trackers, DAY, plugin=detailed)["sheets"]
    pie, bars, daily, details, lines = van["sections"]

    assert ["pie_chart", "stacked_bar_chart", "table", "table", "map_table"] == [one["type"] for one in van["sections"]]
    assert [81_900, 3000, 1500] == [one["raw"] for one in pie["data"]]
    assert [3000, 1500] == [bars["data"][0]["bars"][field]["raw"] for field in ("in_movement", "idle")]
    assert (["01:15"], ["00:50"], ["60"], ["2"]) == tuple(
        values(daily, field) for field in ("duration", "in_movement", "mileage", "intervals")
    )
    assert (["15:05", "16:10"], ["15:50", "16:40"]) == (values(details, "start_time"), values(details, "end_time"))
    assert (50.0, 72.0) == (lines["rows"][1]["raw"], lines["rows"][5]["raw"])
    assert ["Van", "Car"] == values(summary["sections"][0], "object")
    assert 7 == len(summary["sections"][1]["rows"])


def test_engine_hours_by_an_ignition_sensor(fleet: Fleet) -> None:
    """Its readings lie between the points of the bus, and the way of a leg is shared by time."""
    (found,) = fleet.client.made([fleet.bus], DAY, plugin={"plugin_id": 7, "show_seconds": True})["sheets"]
    daily = found["sections"][2]

    assert (["00:16:30"], ["00:16:30"], ["16.5"]) == tuple(
        values(daily, field) for field in ("duration", "in_movement", "mileage")
    )
    windows = {"from": "15:25", "to": "15:30", "weekdays": [2]}
    (cut,) = fleet.client.made([fleet.bus], DAY, plugin={"plugin_id": 7}, time_filter=windows)["sheets"]
    assert (["00:05"], ["5"]) == tuple(values(cut["sections"][2], field) for field in ("duration", "mileage"))


def test_equipment_working_time(fleet: Fleet) -> None:
    """Sections per sensor; an ignition sensor without readings reads the points; a foreign sensor is error 217."""
    sections = sheet(fleet, 12)["sections"]
    tables = [one for one in sections if one["type"] == "table"]

    assert 8 == len(sections)
    assert ["Pump: operation time (daily)", "Pump: operation time (details)"] == [one["header"] for one in tables[:2]]
    assert (["00:30"], ["30"]) == (values(tables[0], "duration"), values(tables[0], "mileage"))
    assert ["01:15"] == values(tables[2], "duration")
    assert "in_movement" in rows(tables[0])[0]
    assert "in_movement" not in [column["field"] for column in tables[0]["columns"]]
    foreign = {"plugin_id": EQUIPMENT, "sensors": [{"tracker_id": fleet.car, "sensor_id": PUMP}]}
    assert 217 == refused(fleet, [], foreign)["status"]["code"]
    assert (7, ["plugin.sensors"]) == parameters(refused(fleet, [fleet.van], {"plugin_id": EQUIPMENT}))


def test_days_without_movement_are_empty_sheets(fleet: Fleet) -> None:
    """One sentence each, and no sheet at all when empty ones are hidden."""
    sunday = ("2020-10-04 00:00:00", "2020-10-04 23:59:59")
    movements, data = (f"No {what} found for the" for what in ("movements", "data"))
    sentences = {77: movements, 73: movements, 91: data, 27: data, 7: data, EQUIPMENT: data}
    for kind, words in sentences.items():
        asked = plugin(kind, fleet, **BARE.get(kind, {}))
        (empty,) = fleet.client.made([fleet.van], sunday, plugin=asked)["sheets"]
        assert [words] == [section["text"][: len(words)] for section in empty["sections"]]
        hidden = fleet.client.made([fleet.van], sunday, plugin=asked | {"hide_empty_tabs": True})
        assert [] == hidden["sheets"]


def test_a_period_cut_in_two_adds_up(fleet: Fleet) -> None:
    """Engine hours, their mileage and the time of violations."""
    halves = (DAY[0], "2020-10-06 15:19:59"), ("2020-10-06 15:20:00", DAY[1])

    def lines_of(span: tuple[str, str]) -> list[float]:
        (found,) = fleet.client.made([fleet.van], span, plugin={"plugin_id": 7, "show_seconds": True})["sheets"]
        return [row["raw"] for row in found["sections"][-1]["rows"]]

    whole, (first, second) = lines_of(DAY), map(lines_of, halves)
    for line in (0, 1, 2, 4):
        assert whole[line] == pytest.approx(first[line] + second[line], abs=0.011)
