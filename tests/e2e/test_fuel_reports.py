"""Reports on fuel and on readings of sensors, from files to JSON and documents."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
import xlrd

from services.generation.domain.value_series import Values
from tests.builders.readings import values
from tests.builders.tracks import track
from tests.e2e.imports import add_tracker, import_records
from tests.e2e.stack import Client, Stack

DAY = ("2020-10-06 00:00:00", "2020-10-06 23:59:59")
TANK, METER, HEAT, DOOR = 71, 72, 73, 74
# 15:00 in Moscow: filled at 15:35, 60 km from 16:00, drained at 17:25, 20 km from 18:00
DRIVES = track((60, 0), (60, 60), (60, 0), (30, 40), (30, 0), at=(55.6, 37.6))
LEVELS = values((30, 0), (5, 30), (25, 0), (60, -6), (20, 0), (5, -12), (35, 0), (30, -3), (30, 0))
KNOWN = {TANK: LEVELS, METER: values((120, 20), (1, -70), (60, 5)), HEAT: values((90, 9), first=20)}
SENSORS: list[dict[str, Any]] = [
    {
        "id": TANK,
        "sensor_type": "fuel",
        "name": "Tank",
        "units_type": "litre",
        "calibration": [{"in": 0, "out": 0}, {"in": 200, "out": 100}],
    },
    {"id": METER, "sensor_type": "flow_meter", "name": "Meter"},
    {"id": HEAT, "sensor_type": "temperature", "name": "Heat", "units_type": "celsius"},
    {"id": DOOR, "kind": "discrete", "sensor_type": "door", "name": "Door", "input_number": 3},
]
EXAMPLES: dict[int, dict[str, Any]] = {
    10: {
        "show_seconds": False,
        "graph_type": "mileage",
        "detailed_by_dates": True,
        "include_summary_sheet_only": False,
        "use_ignition_data_for_consumption": False,
        "include_mileage_plot": False,
        "filter": True,
        "include_speed_plot": False,
        "smoothing": False,
        "surge_filter": True,
        "surge_filter_threshold": 0.2,
        "speed_filter": False,
        "speed_filter_threshold": 10,
    },
    95: {"show_seconds": True},
    78: {"detailed_by_dates": True, "filter": True, "include_summary_sheet_only": False},
    9: {
        "details_interval_seconds": 1800,
        "graph_type": "time",
        "smoothing": True,
        "show_address": True,
        "filter": True,
    },
    22: {"details_interval_minutes": 60, "graph_type": "mileage", "smoothing": False},
}
KINDS = tuple(EXAMPLES)


@dataclass(frozen=True)
class Fleet:
    """Account with two trackers."""

    client: Client
    van: int
    car: int


@pytest.fixture(scope="module")
def fleet(
    stack: Stack, add_client: Callable[..., tuple[str, Client]], tmp_path_factory: pytest.TempPathFactory
) -> Fleet:
    """Give an account with two trackers; the first has a vehicle with a norm, sensors and readings."""
    folder = tmp_path_factory.mktemp("fuel")
    login, client = add_client("--time-zone", "Europe/Moscow")
    van, car = add_tracker(stack, login, "Van", DRIVES, folder), add_tracker(stack, login, "Car")
    of_van = {"tracker_id": van}
    records = {
        "vehicles": [{"id": 3, "label": "Van", "norm_avg_fuel_consumption": 7.5} | of_van],
        "sensors": [{"kind": "metering"} | one | of_van for one in SENSORS],
    }
    import_records(stack, login, records, folder)
    readings = write_readings(folder / "readings.csv")
    assert 0 == stack.command("import", "readings", readings, "--owner", login)["refused"]
    return Fleet(client, van, car)


def write_readings(file: Path) -> Path:
    """Write the readings of all sensors as a CSV file and return it; those of the tank are calibrated later."""
    lines = ["value,sensor_id,time"]
    for sensor_id, known in KNOWN.items():
        scale = 2 if sensor_id == TANK else 1
        lines += [f"{value * scale:.4f},{sensor_id},{time}Z" for time, value in moments(known)]
    file.write_text("\n".join(lines))
    return file


def moments(known: Values) -> list[tuple[str, float]]:
    """Return values with their times as text."""
    return list(zip(known.time_ms.astype("datetime64[ms]").astype(str), known.value.tolist(), strict=True))


def plugin(kind: int, fleet: Fleet, **options: Any) -> dict[str, Any]:
    """Return the options of a report; one on sensors is about two of the van."""
    if kind in (9, 22):
        options = {"sensors": [{"tracker_id": fleet.van, "sensor_id": one} for one in (HEAT, TANK)]} | options
    return {"plugin_id": kind, **options}


def sections(fleet: Fleet, kind: int, **options: Any) -> list[dict[str, Any]]:
    """Return the sections of the only sheet of a report on the first tracker."""
    (found,) = fleet.client.made([fleet.van], DAY, plugin=plugin(kind, fleet, **options))["sheets"]
    return list(found["sections"])


def rows(section: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a table."""
    return [row for group in section["data"] for row in group["rows"]]


def raws(section: dict[str, Any], field: str) -> list[float | None]:
    """Return the machine values of a column."""
    return [row[field].get("raw") for row in rows(section)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_on_fuel_or_sensors_is_a_document_in_every_format(fleet: Fleet, kind: int) -> None:
    """Each opens and has the tracker's label; charts are native in XLSX."""
    report_id = fleet.client.generate([fleet.van, fleet.car], DAY, plugin=plugin(kind, fleet, **EXAMPLES[kind]))
    fleet.client.wait(report_id)
    contents = {}
    for suffix in ("xlsx", "xls", "pdf", "csv", "json"):
        answer = fleet.client.post("report/tracker/download", report_id=report_id, format=suffix)
        assert answer.ok, (suffix, answer.text)
        contents[suffix] = answer.content

    book = openpyxl.load_workbook(io.BytesIO(contents["xlsx"]))
    assert any("Van" in name for name in book.sheetnames)
    assert (kind != 78) == any(sheet._charts for sheet in book.worksheets)
    assert any("Van" in name for name in xlrd.open_workbook(file_contents=contents["xls"]).sheet_names())
    assert "Van" in "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(contents["pdf"])).pages)
    assert b"Van" in contents["csv"]
    assert json.loads(contents["json"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_on_fuel_or_sensors_needs_no_options_but_sensors(fleet: Fleet, kind: int) -> None:
    """A tracker without sensors has one sentence."""
    van, car = fleet.client.made([fleet.van, fleet.car], DAY, plugin=plugin(kind, fleet))["sheets"][-2:]

    assert "text" != van["sections"][0]["type"]
    assert ["No data found for the selected period"] == [one["text"] for one in car["sections"]]


def test_fuel_volume(fleet: Fleet) -> None:
    """Clients look for parts of section ids in every section with data, and take the last row of days as the total."""
    found = sections(fleet, 10)
    by_id = {one["section_id"]: one for one in found if "data" in one and one["type"] == "table"}
    events = next(one for id_, one in by_id.items() if "fuelEvents" in id_)
    details = next(one for id_, one in by_id.items() if "summaryDetailed" in id_)
    day, total = rows(details)

    assert ["line_chart", "table", "table", "table", "text", "text"] == [one["type"] for one in found]
    assert (["Filling", "Drain"], [30, 12]) == ([row["type"]["v"] for row in rows(events)], raws(events, "volume"))
    assert [{"kind": "filling", "label": "1"}, {"kind": "drain", "label": "2"}] == [
        {name: mark[name] for name in ("kind", "label")} for mark in found[0]["markers"]
    ]
    assert "location" in rows(events)[0]["address"]
    assert ("In total:", False) == (total["date"]["v"], "raw" in total["date"])
    for row in (day, total):
        balance = row["start"]["raw"] + row["fillingsVolume"]["raw"] - row["drainsVolume"]["raw"] - row["end"]["raw"]
        assert (9, balance) == (row["consumed"]["raw"], pytest.approx(9))
    assert "10 out of 10 (high)" == found[-2]["text"]


def test_fuel_of_two_trackers_has_a_summary(fleet: Fleet) -> None:
    """With a row for each, also without data."""
    summary, *_ = fleet.client.made([fleet.van, fleet.car], DAY, plugin={"plugin_id": 10})["sheets"]
    (table,) = summary["sections"]

    assert ("summary", ["Van", "Car"]) == (table["section_id"], [row["object"]["v"] for row in rows(table)])
    assert ([9, None], [1, 0]) == (raws(table, "consumed"), raws(table, "fillingsCount"))


def test_fuel_2_and_the_flow_meter(fleet: Fleet) -> None:
    """Consumption with drains, and over a counter that began again."""
    level, (meter,) = sections(fleet, 95), sections(fleet, 78)

    assert ["71-fuelEvents", "71-summaryDetailed"] == [one["section_id"] for one in level[1:3]]
    assert [21, 21] == raws(level[2], "consumed")
    assert ([25, 25], [6, 6]) == (raws(meter, "consumed"), raws(meter, "consumed_by_norm"))


def test_sensors_have_a_graph_statistics_and_a_breakdown(fleet: Fleet) -> None:
    """In the order asked; a discrete one has a sentence, a foreign one is error 217, none at all error 7."""
    found = sections(fleet, 9, details_interval_seconds=3600, show_address=True)
    door = sections(fleet, 9, sensors=[{"tracker_id": fleet.van, "sensor_id": DOOR}])
    foreign = {"plugin_id": 22, "sensors": [{"tracker_id": fleet.car, "sensor_id": HEAT}]}
    asked = {"trackers": [], "from": DAY[0], "to": DAY[1]}

    assert ["line_chart", "table", "table"] * 2 == [one["type"] for one in found]
    assert 'Readings of the "Heat" sensor, °C' == found[0]["header"]
    assert ([20, 26], [25.9, 29]) == (raws(found[2], "min"), raws(found[2], "value"))
    assert 24.5 == found[1]["data"][0]["total"]["avg"]["raw"]
    assert ["The sensor is not a measuring sensor"] == [one["text"] for one in door]
    assert 217 == fleet.client.post("report/tracker/generate", **asked, plugin=foreign).json()["status"]["code"]
    assert 7 == fleet.client.post("report/tracker/generate", **asked, plugin={"plugin_id": 9}).json()["status"]["code"]


def test_trips_show_the_fuel_of_each_sensor(fleet: Fleet) -> None:
    """Clients sum up the fields that begin with the word sensor."""
    shifts = [{"name": "Day", "start_time": "08:00", "end_time": "20:00"}]
    for kind, options in ((4, {}), (77, {"shifts": shifts})):
        trips = sections(fleet, kind, **options)[0]
        assert [6, 3] == raws(trips, "sensor_71")
        assert 9 == trips["data"][0]["total"]["sensor_71"]["raw"]


def test_two_periods_consume_what_the_whole_does(fleet: Fleet) -> None:
    """Cut where the tank is still."""
    halves = (DAY[0], "2020-10-06 17:09:59"), ("2020-10-06 17:10:00", DAY[1])

    def consumed(span: tuple[str, str]) -> float:
        (found,) = fleet.client.made([fleet.van], span, plugin={"plugin_id": 10})["sheets"]
        return float(rows(found["sections"][2])[-1]["consumed"]["raw"])

    assert consumed(DAY) == pytest.approx(sum(map(consumed, halves)))
