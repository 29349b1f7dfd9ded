"""Tracker reports as known clients read them: by the names of fields and the places of sections (reference 7)."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from services.generation.kinds import find_kind
from tests.e2e.vans import Vans

Cell = Mapping[str, Any]
Row = Mapping[str, Cell]


def report(vans: Vans, plugin_id: int, **options: Any) -> Sequence[Mapping[str, Any]]:
    """Return the sheets of a report."""
    kind = find_kind(plugin_id)
    return list(vans.report(kind, options=options)["sheets"])


def rows(section: Mapping[str, Any]) -> list[Row]:
    """Return the rows of a table over all its groups."""
    return [row for group in section["data"] for row in group["rows"]]


def without_summary(sheets: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the sheets of trackers: clients tell them by their entities."""
    return [sheet for sheet in sheets if sheet["entity_ids"]]


def titled(sheet: Mapping[str, Any], **by: Any) -> list[Mapping[str, Any]]:
    """Return the sections of a type."""
    return [section for section in sheet["sections"] if all(section.get(name) == value for name, value in by.items())]


def test_trips_are_read_by_field(vans: Vans) -> None:
    """Client of trips: the first table, times before the dash, lengths by `raw`, fuel in fields of sensors."""
    sheets = report(vans, 4, show_idle_duration=True)
    (summary, *rest) = sheets
    assert not summary["entity_ids"]
    for row in rows(summary["sections"][0]):
        assert {"object", "count", "length", "time", "avg_speed", "max_speed", "idle_duration"} <= row.keys()
    for sheet in rest:
        (table, *_) = titled(sheet, type="table")
        for row in rows(table):
            assert row["from"]["v"].split(" - ")[0].count(":") == 1
            assert {"lat", "lng", "address"} >= row["to"]["location"].keys() >= {"lat", "lng"}
            assert all(row[name]["raw"] >= 0 for name in ("length", "time", "avg_speed", "max_speed", "idle_duration"))
            assert [name for name in row if name.startswith("sensor_")]


def test_places_of_trips_are_read_apart_from_their_coordinates(vans: Vans) -> None:
    """With `show_coordinates` the client reads address, latitude and longitude of both ends."""
    for sheet in without_summary(report(vans, 4, show_coordinates=True)):
        for row in rows(titled(sheet, type="table")[0]):
            assert {"from_address", "from_lat", "from_lng", "to_address", "to_lat", "to_lng"} <= row.keys()
            assert row["from_lat"]["raw"] == pytest.approx(row["from_address"]["location"]["lat"], abs=1e-6)


def test_stops_are_read_without_a_guard(vans: Vans) -> None:
    """The client indexes the entity of every sheet and reads `ignition_on` of every row."""
    for sheet in report(vans, 6):
        assert sheet["entity_ids"][0] in vans.trackers
        for row in rows(sheet["sections"][0]):
            hours, minutes = row["start"]["v"][:5].split(":")
            assert int(hours) < 24 > int(minutes) // 3
            assert row["idle_duration"]["raw"] > 0
            assert row["ignition_on"]["raw"] >= 0
            assert row["address"]["location"]


def test_engine_hours_are_read_by_line(vans: Vans) -> None:
    """The client reads the second line in minutes and the sixth as a speed, and rows of days and details by field."""
    for sheet in without_summary(report(vans, 7, show_detailed=True)):
        lines = sheet["sections"][-1]["rows"]
        assert sheet["sections"][-1]["type"] == "map_table"
        days, details = titled(sheet, type="table")
        moved_s = sum(row["in_movement"]["raw"] for row in rows(days))
        assert lines[1]["raw"] == pytest.approx(moved_s / 60, abs=1)
        assert lines[5]["raw"] > 0
        for row in rows(details):
            assert {"duration", "in_movement", "idle", "start_time", "end_time", "start", "end"} <= row.keys()


@pytest.mark.parametrize("hidden", [True, False])
def test_visits_are_read_at_their_place(vans: Vans, hidden: bool) -> None:
    """The client reads the table at index 2, with charts and without, and the zone's id in `raw`."""
    for sheet in without_summary(report(vans, 8, hide_charts=hidden, show_mileage=True)):
        for row in rows(sheet["sections"][2]):
            assert row["zone_name"]["raw"] in range(1, 12)
            assert {"in_time", "out_time", "in_address", "out_address", "mileage"} <= row.keys()
            assert row["duration"]["raw"] >= 300


def test_sensors_are_read_section_by_section(vans: Vans) -> None:
    """The client reads the table of days and the breakdown behind each chart."""
    for sheet in report(vans, 9, show_address=True):
        chart, days, breakdown = sheet["sections"][:3]
        assert "line_chart" == chart["type"]
        assert {"date", "min", "max", "avg"} <= rows(days)[0].keys()
        assert {"time", "value", "min", "max", "avg", "address"} <= rows(breakdown)[0].keys()


def test_fuel_is_read_by_section_id(vans: Vans) -> None:
    """The client indexes `section_id` of whatever has data, and takes the last row of days as the total."""
    for sheet in without_summary(report(vans, 10)):
        tables = {section["section_id"]: section for section in sheet["sections"] if "data" in section}
        (events,) = (table for name, table in tables.items() if "fuelEvents" in name)
        (days,) = (table for name, table in tables.items() if "summaryDetailed" in name)
        fields = {"number", "time", "type", "volume", "startVolume", "endVolume", "mileage", "address"}
        assert all(fields <= row.keys() for row in rows(events))
        *single, total = rows(days)
        for name in ("consumed", "fillingsVolume", "drainsVolume", "mileage_by_gps"):
            assert total[name]["raw"] == pytest.approx(sum(row[name].get("raw", 0) for row in single), abs=0.05)
        assert total["end"]["raw"] == single[-1]["end"]["raw"]


def test_events_are_read_from_the_first_table(vans: Vans) -> None:
    """The client reads time, event and address of each."""
    for sheet in report(vans, 11):
        for row in rows(sheet["sections"][0]):
            assert {"time", "event", "address"} <= row.keys()
            assert row["event"]["v"]


def test_speed_violations_are_read_at_their_place(vans: Vans) -> None:
    """The client reads the table at index 1."""
    for sheet in report(vans, 27, max_speed=50, min_duration_minutes=0):
        for row in rows(sheet["sections"][1]):
            assert row["max_speed"]["raw"] >= row["avg_speed"]["raw"]
            assert row["duration"]["raw"] >= 0
            assert row["max_speed_address"]["location"]


def test_eco_driving_is_read_from_its_summary_and_told_apart_by_fields(vans: Vans) -> None:
    """The client reads penalties and ratings of the summary, and tells tables by whether they have `event`."""
    summary, *sheets = report(vans, 46)
    penalties, ratings, table = summary["sections"][:3]
    assert {"speeding", "harsh_driving", "idling"} == penalties["data"][0]["bars"].keys()
    assert [bar["title"] for bar in ratings["bars"]] == [row["name"]["v"] for row in rows(table)]
    for row in rows(table):
        assert 0 <= row["rating"]["raw"] <= 100
        assert {"mileage", "penalties_number", "avg_penalty"} <= row.keys()
    for sheet in sheets:
        for section in titled(sheet, type="table"):
            row = rows(section)[0]
            wanted = {"event", "event_address"} if "event" in row else {"duration"}
            assert wanted | {"start_time", "penalty"} <= row.keys()
