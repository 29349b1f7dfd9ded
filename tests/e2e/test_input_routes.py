"""Lists of what an account has over HTTP: published names and types, filters, errors, and nothing of others."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from gateway.endpoints.input_endpoints import INPUT_ENDPOINTS
from gateway.endpoints.track_endpoints import TRACK_ENDPOINTS
from tests.e2e.imports import add_tracker, import_records
from tests.e2e.stack import ANSWER_WITHIN_S, Client, Stack
from tests.fuzz.http_check import Judge
from tests.fuzz.http_drafts import fetch_document
from tests.fuzz.http_request import Answer, Request

PERIOD = {"from": "2026-01-05 00:00:00", "to": "2026-01-06 00:00:00"}
RECORDS: dict[str, list[dict[str, Any]]] = {
    "tracker_groups": [{"id": 4, "title": "North", "color": "1E96DC"}, {"id": 2, "title": "South"}],
    "zones": [
        {
            "id": 1,
            "type": "circle",
            "label": "Dépôt <b>",
            "center": {"lat": 52.5, "lng": 13.4},
            "radius": 250,
            "tags": [7, "x"],
        },
        {
            "id": 2,
            "type": "polygon",
            "label": "Fiji",
            "color": "00FF00",
            "tags": ["7", "8"],
            "points": [
                {"lat": -17, "lng": 179},
                {"lat": -17, "lng": -179},
                {"lat": -18, "lng": -179},
                {"lat": -17.5, "lng": 179},
            ],
        },
        {
            "id": 3,
            "type": "sausage",
            "label": "Route",
            "radius": 60,
            "points": [{"lat": 52, "lng": 13}, {"lat": 52, "lng": 14}],
        },
    ],
    "places": [
        {
            "id": 5,
            "label": "Client",
            "location": {"lat": 52.5, "lng": 13.4, "radius": 150, "address": "Main 1"},
            "fields": {"23": {"type": "employee", "value": 9}, "24": {"type": "text", "value": "x"}},
            "description": "two\nlines",
            "tags": ["12"],
            "external_id": "A-1",
        },
        {"id": 6, "label": "Other", "location": {"lat": 1, "lng": 2, "radius": 1.5}},
    ],
    "employees": [{"id": 9, "first_name": "Ann", "tags": ["3", "fast"], "phone": "+4930"}],
    "vehicles": [
        {
            "id": 3,
            "tracker_id": 0,
            "label": "Ford",
            "max_speed": 90.4,
            "type": "Car",
            "fuel_cost": 1.25,
            "fuel_tank_volume": 55,
        },
        {"id": 4, "label": "Bike", "type": "bicycle", "reg_number": "B-X 1"},
    ],
    "sensors": [
        {
            "id": 71,
            "tracker_id": 0,
            "kind": "metering",
            "sensor_type": "fuel",
            "name": "Tank",
            "input_name": "lls",
            "units": "L",
            "parameters": {"min": 0, "max": 4095},
        },
        {"id": 72, "tracker_id": 0, "kind": "discrete", "sensor_type": "ignition", "name": "Key", "input_number": 1},
        {
            "id": 73,
            "tracker_id": 0,
            "kind": "virtual",
            "sensor_type": "state",
            "name": "Flap",
            "input_name": "flap",
            "parameters": {"calc_method": "identity", "value_titles": [{"value": "0", "title": "closed"}]},
        },
    ],
}
Listed = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def fleet(
    stack: Stack, add_client: Callable[..., tuple[str, Client]], tmp_path_factory: pytest.TempPathFactory
) -> Client:
    """Give an account with a record of every kind; another account has the same."""
    for _ in range(2):
        folder: Path = tmp_path_factory.mktemp("records")
        login, client = add_client("--time-zone", "Europe/Berlin")
        client.tracker = add_tracker(stack, login, "Van One")
        own = json.loads(json.dumps(RECORDS).replace('"tracker_id": 0', f'"tracker_id": {client.tracker}'))
        import_records(stack, login, own, folder)
    return client


@pytest.fixture
def listed(fleet: Client) -> Listed:
    """Give a function that lists what the account has."""

    def found(path: str, **more: Any) -> list[dict[str, Any]]:
        answer = fleet.post(path, **more)
        assert answer.ok, answer.text
        return list(answer.json()["list"])

    return found


def code_of(client: Client, path: str, **more: Any) -> int:
    return int(client.post(path, **more).json()["status"]["code"])


def ids(entries: list[dict[str, Any]]) -> list[int]:
    return [one["id"] for one in entries]


def test_groups_and_trackers_have_the_published_keys(fleet: Client, listed: Listed) -> None:
    [tracker] = listed("tracker/list")

    assert [
        {"id": 2, "title": "South", "color": "FF6DDC"},
        {"id": 4, "title": "North", "color": "1E96DC"},
    ] == listed("tracker/group/list")
    assert {"id", "label", "clone", "group_id", "source", "tag_bindings"} == set(tracker)
    assert {"id", "blocked", "tariff_id", "status_listing_id", "creation_date", "tariff_end_date"} <= set(
        tracker["source"]
    )
    assert [fleet.tracker] == ids(listed("tracker/list", labels=["x", "n o"]))
    assert [] == listed("tracker/list", labels=["two"])
    for labels in ([], ["a", "a"], [""], ["x" * 61], [None], [str(one) for one in range(1025)]):
        assert 7 == code_of(fleet, "tracker/list", labels=labels)


def test_zones_have_the_keys_of_their_types_and_points_where_these_are_wanted(listed: Listed) -> None:
    circle, polygon, corridor = listed("zone/list")
    shared = {"id", "type", "label", "address", "color", "bounds", "tags"}

    assert shared | {"radius", "center"} == set(circle)
    assert shared == set(polygon)
    assert shared | {"radius"} == set(corridor)
    assert ("27A9E3", 250, [7], "Dépôt <b>") == (circle["color"], circle["radius"], circle["tags"], circle["label"])
    assert circle["bounds"]["nw"]["lat"] == pytest.approx(52.5 + 250 / 111_195, abs=1e-5)
    assert circle["bounds"]["se"]["lng"] > 13.4 > circle["bounds"]["nw"]["lng"]
    assert {"nw": {"lat": -17.0, "lng": 179.0}, "se": {"lat": -18.0, "lng": -179.0}} == {
        name: {axis: round(one, 5) for axis, one in corner.items()} for name, corner in polygon["bounds"].items()
    }
    with_points = listed("zone/list", with_points="true")
    assert [False, True, True] == ["points" in one for one in with_points]
    assert {"lat": 52.0, "lng": 13.0, "node": True} == with_points[2]["points"][0]


def test_zones_are_filtered_and_cut_into_parts(listed: Listed) -> None:
    assert [1, 2] == ids(listed("zone/list", tag_ids=[7]))
    assert [2] == ids(listed("zone/list", tag_ids=[7, 8]))
    assert [3] == ids(listed("zone/list", filter="ROUTE"))
    assert [2] == ids(listed("zone/list", offset=1, limit=1))


def test_points_of_a_zone_are_read_and_simplified(fleet: Client, listed: Listed) -> None:
    whole, few = listed("zone/point/list", zone_id=2), listed("zone/point/list", zone_id=2, count=3)

    assert 4 == len(whole)
    assert 3 == len(few)
    assert all(one in whole for one in few)
    assert 201 == code_of(fleet, "zone/point/list", zone_id=77)
    assert 230 == code_of(fleet, "zone/point/list", zone_id=1)
    assert 7 == code_of(fleet, "zone/point/list", zone_id=2, count=2)
    assert 7 == code_of(fleet, "zone/point/list", zone_id=2, count=1025)


def test_places_are_counted_ordered_and_filtered(fleet: Client, listed: Listed) -> None:
    answer = fleet.post("place/list", limit=1).json()
    [client] = answer["list"]

    assert 2 == answer["count"]
    assert {
        "id": 5,
        "location": {"lat": 52.5, "lng": 13.4, "address": "Main 1", "radius": 150},
        "fields": {"23": {"type": "employee", "value": 9}, "24": {"type": "text", "value": "x"}},
        "label": "Client",
        "description": "two\nlines",
        "tags": [12],
        "external_id": "A-1",
    } == client
    assert {"id", "location", "label", "tags"} == set(listed("place/list", place_ids=[6])[0])
    assert [6, 5] == ids(listed("place/list", ascending=False))
    assert [6, 5] == ids(listed("place/list", order_by="label", ascending="false"))
    assert [5] == ids(listed("place/list", tag_ids=["12"]))
    assert 7 == code_of(fleet, "place/list", order_by="radius")
    assert 7 == code_of(fleet, "place/list", filter="x" * 101)


def test_vehicles_tell_what_is_known_and_null_or_nothing_else(listed: Listed) -> None:
    ford, bike = listed("vehicle/list")

    expected = {
        "label": "Ford",
        "tracker_label": "Van One",
        "max_speed": 90,
        "type": "car",
        "fuel_cost": 1.25,
        "tags": [],
    }
    assert expected.items() <= ford.items()
    assert {"tracker_id": None, "tracker_label": None, "garage_id": None, "reg_number": "B-X 1"}.items() <= bike.items()
    assert not {"type", "max_speed", "fuel_cost"} & set(bike)
    assert [4, 3] == ids(listed("vehicle/list", sort=["label=asc"]))
    assert [4] == ids(listed("vehicle/list", filter="b-x"))


def test_employees_tell_the_tags_that_are_ids(fleet: Client, listed: Listed) -> None:
    [ann] = listed("employee/list")

    assert ([3], "4930", None) == (ann["tags"], ann["phone"], ann["tracker_id"])
    assert 7 == code_of(fleet, "employee/list", sort=["id=asc", "last_name=asc", "first_name=asc"])
    assert 7 == code_of(fleet, "employee/list", filter="x" * 101)


def test_sensors_have_the_keys_of_their_types(fleet: Client, listed: Listed) -> None:
    tank, key, flap = sensors = listed("tracker/sensor/list", tracker_id=fleet.tracker)

    assert {
        "type": "metering",
        "sensor_type": "fuel",
        "divider": 1,
        "accuracy": 0,
        "units": "L",
    }.items() <= tank.items()
    assert {"min": 0, "max": 4095, "refuel_gap_minutes": 5, "ignore_drains_in_move": False}.items() <= tank[
        "parameters"
    ].items()
    assert {"type": "discrete", "id": 72, "sensor_type": "ignition", "name": "Key", "input_number": 1} == key
    assert {"calc_method": "identity", "value_titles": [{"value": "0", "title": "closed"}]} == flap["parameters"]
    by_tracker = fleet.post("tracker/sensor/batch_list", trackers=[fleet.tracker]).json()
    assert {"success": True, "result": {str(fleet.tracker): sensors}} == by_tracker
    assert {"success": True, "result": {}} == fleet.post("tracker/sensor/batch_list", trackers=[]).json()
    assert 201 == code_of(fleet, "tracker/sensor/list", tracker_id=2_000_000_000)
    assert 217 == code_of(fleet, "tracker/sensor/batch_list", trackers=[fleet.tracker, 2_000_000_000])
    assert 221 == code_of(fleet, "tracker/sensor/batch_list", trackers=[*range(1, 502)])
    assert 7 == code_of(fleet, "tracker/sensor/batch_list")


def test_what_is_listed_is_as_the_document_tells(stack: Stack, fleet: Client) -> None:
    """Each answer is valid by its schema, which allows no key that it does not name."""
    judge = Judge(fetch_document(stack.addresses["gateway"]))
    asked = {"tracker_id": fleet.tracker, "trackers": [fleet.tracker], "zone_id": 2, "with_points": True, **PERIOD}
    found = {path: fleet.post(path, **asked) for path in (*INPUT_ENDPOINTS, *TRACK_ENDPOINTS)}
    found |= {path: fleet.post(path) for path in ("user/get_info", "user/settings/read", "zone/list")}

    for path, answer in found.items():
        assert answer.ok, answer.text
        told = Answer(answer.status_code, answer.headers, answer.content)
        assert "" == judge.problem(Request(f"POST /{path}", "POST", b"", ()), told)


@pytest.mark.parametrize(
    "path",
    [
        *("tracker/list", "tracker/group/list", "employee/list", "vehicle/list", "zone/list", "place/list"),
        *("tracker/sensor/list", "tracker/sensor/batch_list"),
    ],
)
def test_every_transport_lists_the_same_and_nothing_of_the_other_account(fleet: Client, path: str) -> None:
    asked = {"hash": fleet.hash, "tracker_id": fleet.tracker, "trackers": json.dumps([fleet.tracker])}
    address = f"{fleet.base}/{path}"
    answers = [
        requests.post(address, json=asked, timeout=ANSWER_WITHIN_S),
        requests.post(address, data=asked, timeout=ANSWER_WITHIN_S),
        requests.get(address, params=asked, timeout=ANSWER_WITHIN_S),
    ]

    assert {200} == {one.status_code for one in answers}
    assert 1 == len({one.text for one in answers})
    found = answers[0].json().get("list", [])
    assert len({one["id"] for one in found}) == len(found)
