"""Messages as the public JSON."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from daybook.generation.v1.generation_service_pb2 import KindEntity, KindGroup, KindInfo
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.report.v1.report_pb2 import LocaleInfo, Plugin, Report, TimeFilter
from google.protobuf.struct_pb2 import Struct

from gateway.http_responses import json_response
from gateway.shapes.tracker_responses import KIND, PARAMETERS, TRACKER, moment, report_entry


def options(**values) -> Struct:
    struct = Struct()
    struct.update(values)
    return struct


REPORT = Report(
    id=5601797,
    title="Trip report",
    percent=100,
    type="REPORT_TYPE_USER",
    create_time=datetime(2020, 10, 8, 16, 59, 30, 123456, tzinfo=UTC),
    from_time=datetime(2020, 10, 4, 19, tzinfo=UTC),
    to_time=datetime(2020, 10, 6, 18, 59, 59, tzinfo=UTC),
    time_filter=TimeFilter(start_time_of_day="00:00:00", end_time_of_day="23:59:59", weekdays=[1, 2, 3]),
    plugin=Plugin(id=4, options=options(split=True, min_idle=5, ratio=0.5, deep={"list": [1, "a"]})),
    tracker_ids=[669673],
    geocoder="GEOCODER_GOOGLE",
    include_places_in_address=True,
    locale_info=LocaleInfo(
        locale="ru_RU", time_zone="Asia/Yekaterinburg", measurement_system="MEASUREMENT_SYSTEM_METRIC"
    ),
)


def test_a_listed_report_has_the_seeds_shape():
    """Dates in the report's zone, plugins a list whose entry begins with the id, integers as integers."""
    expected = {
        "created": "2020-10-08 21:59:30",
        "time_filter": {"from": "00:00:00", "to": "23:59:59", "weekdays": [1, 2, 3]},
        "title": "Trip report",
        "id": 5601797,
        "parameters": {
            "geocoder": "google",
            "trackers": [669673],
            "plugins": [{"plugin_id": 4, "deep": {"list": [1, "a"]}, "min_idle": 5, "ratio": 0.5, "split": True}],
            "include_places_in_address": True,
            "include_zones_in_address": False,
            "locale_info": {"locale": "ru_RU", "time_zone": "Asia/Yekaterinburg", "measurement_system": "metric"},
        },
        "percent": 100,
        "type": "user",
        "from": "2020-10-05 00:00:00",
        "to": "2020-10-06 23:59:59",
    }

    found = report_entry(iso=False).write(REPORT)

    assert expected == found
    assert list(expected) == list(found)
    assert json_response(expected).body == json_response(found).body


def test_a_report_by_employees_names_them():
    parameters = PARAMETERS.write(Report(employee_ids=[7]))

    assert [7] == parameters["employees"]
    assert "trackers" not in parameters


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Yekaterinburg", "2020-10-08T21:59:30+05:00"),
        ("Africa/Abidjan", "2020-10-08T16:59:30+00:00"),
        ("UTC", "2020-10-08T16:59:30Z"),
    ],
)
def test_iso_mode_writes_the_offset(zone, text):
    """With a colon, and Z in the zone UTC."""
    assert text == moment(REPORT.create_time, ZoneInfo(zone), iso=True)


def test_the_second_of_two_equal_hours_has_its_own_offset():
    """Berlin, 25 October 2020: 02:30 happened twice."""
    later = Report(create_time=datetime(2020, 10, 25, 1, 30, tzinfo=UTC)).create_time

    assert "2020-10-25T02:30:00+01:00" == moment(later, ZoneInfo("Europe/Berlin"), iso=True)


def test_a_tracker_leaves_out_what_is_unknown():
    expected = {
        "id": 1,
        "label": "Van",
        "group_id": 0,
        "source": {
            "id": 1,
            "device_id": "35",
            "blocked": False,
            "tariff_id": 1,
            "status_listing_id": None,
            "creation_date": "2020-01-01",
            "tariff_end_date": None,
        },
        "tag_bindings": [],
        "clone": False,
    }

    born = datetime(2020, 1, 1, tzinfo=UTC)
    assert expected == TRACKER.write(Tracker(id=1, label="Van", device_id="35", create_time=born))


def test_a_plugin_is_listed_for_all_models():
    module = "com.navixy.plugin.tracker.report.trip"
    expected = {
        "id": 4,
        "type": "tracker_report",
        "module": module,
        "ui_module": "Trip",
        "filter": {"exclusion": True, "values": []},
        "parameters": {
            "title": "Trips",
            "description": "By day",
            "group": "safety_and_security",
            "entity": "employee",
            "max_time_span": "PT24H",
            "max_entities": None,
            "schema": {"type": "object", "properties": {"split": {"type": "boolean"}}},
        },
    }
    info = KindInfo(
        id=4,
        title="Trips",
        description="By day",
        group=KindGroup.KIND_GROUP_SAFETY_AND_SECURITY,
        entity=KindEntity.KIND_ENTITY_EMPLOYEE,
        max_span=timedelta(hours=24),
        module=module,
        ui_module="Trip",
        options_schema='{"type": "object", "properties": {"split": {"type": "boolean"}}}',
    )

    assert expected == KIND.write(info)
