"""Reports on visits of geofences and places (reference 7.4 to 7.6, decisions 3)."""

import math
from typing import Any

import pytest
from daybook.input.v1.landmarks_pb2 import Place, PlaceField, Zone
from daybook.report.v1.sheet_pb2 import RowTrack, Sheet
from google.protobuf.struct_pb2 import Value
from pydantic import ValidationError

from services.generation.kinds.visit_reports import PlaceOptions, PlaceReport, ZoneOptions, ZoneReport, ZoneStayReport
from services.generation.kinds.zone_event_report import ZoneEventReport
from services.generation.kit.option_violations import violations
from tests.builders.events import ANN, BOB, assignment, event
from tests.builders.field_service import place
from tests.builders.kinds import built, lines, raws, summary, tables, texts
from tests.builders.tracks import track
from tests.fakes.entity_data import FakeInputs, FakeTracker

DRIVE = track((30, 0), (30, 60), (30, 0), (30, 60), (30, 0))  # 30 km north, half an hour of rest, 30 km more
KM = 1 / 111.195  # degrees


def zone(zone_id: int, km: float, radius_m: float = 400, **more: Any) -> Zone:
    """Return a circle so many km north of the start."""
    found = Zone(id=zone_id, type=Zone.TYPE_CIRCLE, label=f"Zone {zone_id}", radius=radius_m, **more)
    found.center.lat, found.center.lng = 55 + km * KM, 37
    return found


def spot(place_id: int, km: float, employee_id: int = 0) -> Place:
    """Return a place so many km north of the start, linked to an employee where one is given."""
    found = Place(id=place_id, label=f"Place {place_id}", location=place(55 + km * KM, radius=400))
    if employee_id:
        found.fields["2332"].CopyFrom(PlaceField(type="employee", value=Value(number_value=employee_id)))
    return found


ZONES = [zone(5, 0), zone(2, 30), zone(9, 60), zone(7, 200)]
PLACES = [spot(1, 30, 9), spot(2, 60, 7), spot(3, 0)]


def tracker(*assignments: Any, known: Any = DRIVE, events: Any = (), zones: Any = ZONES) -> FakeTracker:
    stored = {"zones": zones, "places": PLACES, "employees": [ANN, BOB], "assignments": assignments, "events": events}
    return FakeTracker(known, inputs=FakeInputs(stored))


def kinds(sheet: Sheet | None) -> list[str | None]:
    """Return the kinds of sections."""
    assert sheet is not None
    return [section.WhichOneof("content") for section in sheet.sections]


@pytest.mark.parametrize("kind", [ZoneReport(), ZoneStayReport(), PlaceReport()])
def test_exits_may_be_dated_on_paper(kind: Any) -> None:
    """The column names its entries, as those of trips and stops do (T12)."""
    options = {"zone_ids": [5]} if isinstance(kind, ZoneStayReport) else {}
    visits = tables(built(kind, tracker(), **options).sheet)[0]

    assert RowTrack(start_field="in_time", end_field="out_time") == visits.row_track
    assert {"out_time": "in_time"} == {one.field: one.start_field for one in visits.columns if one.start_field}


def test_visits_stand_by_day_behind_charts() -> None:
    """Zones by id, their ids for programs, larger counts first in the table of zones."""
    sheet = built(ZoneReport(), tracker(), show_mileage=True).sheet
    assert sheet is not None
    visits, by_zone = tables(sheet)

    assert ["chart", "chart", "table", "table", "map_table"] == kinds(sheet)
    fields = ["zone_name", "in_time", "out_time", "in_address", "out_address", "duration", "mileage"]
    assert fields == [one.field for one in visits.columns]
    assert (["Zone 5", "Zone 2", "Zone 9"], [5, 2, 9]) == (texts(visits, "zone_name"), raws(visits, "zone_name"))
    assert ["Oct 6, 2020 (Tue) : 3"] == [group.header for group in visits.groups]
    assert sum(raws(visits, "duration")) == visits.groups[0].total.cells[0].raw
    assert ["zone_name", "count", "time", "avg_duration", "mileage"] == [one.field for one in by_zone.columns]
    assert ["Zone 2", "Zone 5", "Zone 9"] == texts(by_zone, "zone_name")
    assert ("Visits", "3") == (sheet.sections[4].map_table.rows[0].name, lines(sheet)["Visits"])
    numbers, time = (section.chart for section in sheet.sections[:2])
    assert ["Zone 5", "Zone 2", "Zone 9"] == sorted(numbers.categories, key=["Zone 5", "Zone 2", "Zone 9"].index)
    assert list(time.series[0].values) == sorted(time.series[0].values, reverse=True)


def test_without_charts_the_visits_stand_at_the_same_place() -> None:
    sheet = built(ZoneReport(), tracker(), hide_charts=True).sheet
    assert ["table", "map_table", "table"] == kinds(sheet)
    assert "in_time" in [one.field for one in tables(sheet)[1].columns]


def test_zones_that_nobody_visited_are_shown_on_request() -> None:
    """Not more than there is room for: of a thousand and one the number is told."""
    sheet = built(ZoneReport(), tracker(), show_not_visited_zones=True).sheet
    assert ["1", "1", "1", "0"] == texts(tables(sheet)[1], "count")
    assert 3 == len(texts(tables(sheet)[0], "duration"))

    many = [zone(number, 200) for number in range(1, 1001)] + [zone(2000, 30)]
    told = built(ZoneReport(), tracker(zones=many), show_not_visited_zones=True).sheet
    assert told is not None
    assert ["1"] == texts(tables(told)[1], "count")
    assert told.sections[-1].text.text.startswith("1000 geofences or places are not shown")

    nowhere = built(ZoneReport(), tracker(zones=ZONES[3:]), show_not_visited_zones=True).sheet
    assert ["0"] == texts(tables(nowhere)[1], "count")


def test_zones_are_those_asked_for_in_their_order() -> None:
    """Null and none mean all; so does `use_all_zones`, whatever is chosen."""
    data = tracker()
    assert ["Zone 9"] == texts(tables(built(ZoneReport(), data, zone_ids=[9, 7]).sheet)[0], "zone_name")
    for everything in ({"zone_ids": None}, {"zone_ids": []}, {"zone_ids": ["?"], "use_all_zones": True}):
        assert 3 == len(texts(tables(built(ZoneReport(), data, **everything).sheet)[0], "zone_name"))
    assert ZoneOptions(use_all_zones=True, zone_ids=[1]).zone_ids == []


def test_a_summary_has_the_zones_of_all_trackers() -> None:
    total = summary(ZoneReport(), [tracker(), tracker(), tracker(zones=ZONES[3:])])
    (by_zone,) = tables(total)
    assert ["Zone 2", "Zone 5", "Zone 9"] == texts(by_zone, "zone_name")
    assert ["2", "2", "2"] == texts(by_zone, "count")
    assert "6" == lines(total)["Visits"]


def test_no_visit_is_told_by_a_sentence() -> None:
    sheet = built(ZoneReport(), tracker(zones=ZONES[3:])).sheet
    assert sheet is not None
    assert ["No data found for the selected period"] == [section.text.text for section in sheet.sections]


def test_stays_have_tags_on_request_and_need_zones() -> None:
    tagged = [zone(5, 0, tags=["north", "7"]), zone(2, 30)]
    sheet = built(ZoneStayReport(), tracker(zones=tagged), zone_ids=[2, 5], show_tags=True).sheet
    stays, by_zone = tables(sheet)
    assert ["table", "table", "map_table"] == kinds(sheet)
    assert ["zone_name", "in_time", "out_time", "duration", "tags"] == [one.field for one in stays.columns]
    assert (["Zone 5", "Zone 2"], ["north, 7", "—"]) == (texts(stays, "zone_name"), texts(stays, "tags"))
    assert ["zone_name", "count", "time", "avg_duration"] == [one.field for one in by_zone.columns]


def test_places_of_the_drivers_are_those_that_name_them() -> None:
    """With a column of who they are; without the option all places count."""
    every = built(PlaceReport(), tracker()).sheet
    assert ["Place 3", "Place 1", "Place 2"] == texts(tables(every)[0], "place_name")
    drivers = built(PlaceReport(), tracker(assignment(-600, 9)), fetch_places_by_employees=True).sheet
    visits = tables(drivers)[0]
    assert (["Place 1"], ["Ann Lee"]) == (texts(visits, "place_name"), texts(visits, "employee"))


def test_places_are_either_chosen_or_the_drivers() -> None:
    with pytest.raises(ValidationError) as caught:
        PlaceOptions(place_ids=[1], fetch_places_by_employees=True)
    (fault,) = violations(caught.value, PlaceOptions)
    assert ("plugin.fetch_places_by_employees", "must be false when place_ids names places") == (
        fault.field,
        fault.description,
    )


def passages(*events: Any, **options: Any) -> Sheet:
    sheet = built(ZoneEventReport(), tracker(known=DRIVE[:0], events=events), **options).sheet
    assert sheet is not None
    return sheet


def zoned(event_id: int, minutes: float, event_type: str, *ids: int, **more: Any) -> Any:
    """Return an entry or an exit of zones."""
    return event(event_id, minutes, event_type, extra={"zone_ids": ids, **more})


def test_an_entry_is_paired_with_the_next_exit_of_its_zone() -> None:
    """A second entry before it is ignored, a short passage dropped, what has no partner shown."""
    sheet = passages(
        zoned(1, 0, "outzone", 9),
        zoned(2, 10, "inzone", 2, 5),
        zoned(3, 15, "inzone", 2),
        zoned(4, 30, "outzone", 2),
        zoned(5, 40, "inzone", 9),
        zoned(6, 42, "outzone", 9),
        zoned(7, 60, "inzone", 77, zone_labels=["Far"]),
        event(8, 70, "inzone"),
    )
    visits, by_zone = tables(sheet)

    assert ["Zone 9", "Zone 2", "Zone 5", "Far", "—"] == texts(visits, "zone_name")
    assert ["—", "15:10", "15:10", "16:00", "16:10"] == texts(visits, "in_time")
    assert ["15:00", "15:30", "—", "—", "—"] == texts(visits, "out_time")
    assert ["—", "00:20", "—", "—", "—"] == texts(visits, "duration")
    assert [9, 2, 5, 77] == [one for one in raws(visits, "zone_name") if not math.isnan(one)]
    assert {"Visits": "5", "Total time": "00:20", "Average duration": "00:20"} == lines(sheet)
    averages = dict(zip(texts(by_zone, "zone_name"), texts(by_zone, "avg_duration"), strict=True))
    assert ("00:20", "—") == (averages["Zone 2"], averages["Zone 5"])


def test_passages_stand_under_the_day_of_their_entry_else_of_their_exit() -> None:
    """15:00 in Moscow is noon; midnight comes nine hours later, and the period is one day."""
    sheet = passages(zoned(1, -800, "outzone", 9), zoned(2, 500, "inzone", 2), min_minutes_in_zone=0)
    assert ["Oct 6, 2020 (Tue) : 2"] == [group.header for group in tables(sheet)[0].groups]
