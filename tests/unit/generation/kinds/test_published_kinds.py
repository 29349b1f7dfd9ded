"""Kinds of reports as they are published: ids, titles, modules, groups and subjects."""

from services.generation.kinds import KINDS
from services.generation.kit.options import options_schema

TABLE = """
4   trip              activity             tracker   Trips report
6   parking           activity             tracker   Stops report
77  trip_shifts       activity             tracker   Trips and stops by shifts report
8   zone              landmarks            tracker   Geofence visits report
85  place             landmarks            tracker   POI visits report
84  zone_stay         landmarks            tracker   Stay in zones report
15  car_security      safety_and_security  tracker   Car security report
16  sos               safety_and_security  tracker   Emergency button (SOS) report
17  fall              safety_and_security  tracker   Fall detection report
18  detach            safety_and_security  tracker   Tracker detach report
19  safety            safety_and_security  tracker   Overall security report
20  location_request  device_status        tracker   SMS locations report
23  device_switching  device_status        tracker   Device switching ON/OFF report
13  connection_lost   device_status        tracker   GSM connection lost report
7   engine_hours      transport_usage      tracker   Engine hours report
10  fuel              transport_usage      tracker   Fuel volume report
95  fuel_2            transport_usage      tracker   Fuel volume report 2.0
78  flow_meter        transport_usage      tracker   Flow meter report
22  vehicle_readings  transport_usage      sensor    Vehicle sensors report
27  speed_violation   driving_quality      tracker   Speed violation report
46  eco_trackers      driving_quality      tracker   Eco-driving report by trackers
82  eco_drivers       driving_quality      employee  Eco-driving report by drivers
12  equipment         connected_devices    sensor    Equipment working time report
9   sensor            connected_devices    sensor    Measuring sensors report
42  task              business             tracker   Tasks report
70  form              business             tracker   Form statistics report
47  work_status       business             tracker   Work statuses report
80  checkin           business             tracker   Check-ins report
66  driver_change     business             tracker   Driver shift change report
73  trip_state        business             tracker   Trips by state report
11  event             activity             tracker   Report on all events
89  zone_event        landmarks            tracker   Geofence entry/exit report
91  point             activity             tracker   Point report
"""
PREFIX = "com.navixy.plugin.tracker.report."
PUBLISHED = {int(line.split()[0]): tuple(line.split(maxsplit=4)[1:]) for line in TABLE.strip().splitlines()}
REQUIRED = {77: ["shifts"], 84: ["zone_ids"], 9: ["sensors"], 12: ["sensors"], 22: ["sensors"]}


def test_every_published_kind_is_there_as_it_is_published() -> None:
    found = {kind.id: (kind.module.removeprefix(PREFIX), kind.group, kind.entity, kind.title) for kind in KINDS}
    assert PUBLISHED == {kind_id: found.get(kind_id) for kind_id in PUBLISHED}


def test_names_in_the_user_interface_are_those_of_modules_in_camel_case() -> None:
    published = [kind for kind in KINDS if kind.id in PUBLISHED]
    words = {kind.id: kind.module.removeprefix(PREFIX) for kind in published}
    assert {kind.id: words[kind.id].title().replace("_", "") for kind in published} == {
        kind.id: kind.ui_module for kind in published
    }


def test_options_without_a_default_are_few() -> None:
    """All other kinds are made of their id alone."""
    schemas = {kind.id: options_schema(kind.Options) for kind in KINDS if kind.id in PUBLISHED}
    assert REQUIRED == {kind_id: schema["required"] for kind_id, schema in schemas.items() if "required" in schema}
