"""Tracks over HTTP: the rows of the trips report under the published names, on every transport."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
import requests

from tests.e2e.stack import ANSWER_WITHIN_S, Client

PERIOD = {"from": "2020-10-06 00:00:00", "to": "2020-10-06 23:59:59"}
REGULAR = {
    "id": int,
    "start_date": str,
    "start_address": str,
    "max_speed": int,
    "end_date": str,
    "end_address": str,
    "length": float,
    "points": int,
    "avg_speed": int,
    "type": str,
    "bounds": dict,
}
POINT = {"lat": float, "lng": float, "mileage": float, "get_time": str, "address": str, "speed": int}


def answered(client: Client, path: str, **more: Any) -> dict[str, Any]:
    answer = client.post(path, **{"tracker_id": client.tracker, **PERIOD} | more)
    assert answer.ok, answer.text
    return dict(answer.json())


def code_of(client: Client, path: str, **more: Any) -> int:
    return int(client.post(path, **{"tracker_id": client.tracker, **PERIOD} | more).json()["status"]["code"])


def types_of(entry: Mapping[str, Any]) -> dict[str, type]:
    """Return the type of each value; numbers that happen to be whole count as floats."""
    return {name: type(value) for name, value in entry.items()}


def rows(client: Client, **options: Any) -> list[dict[str, Any]]:
    report = client.made([client.tracker], tuple(PERIOD.values()), plugin={"plugin_id": 4, **options})
    sheet = next(one for one in report["sheets"] if one["entity_ids"])
    return [row for group in sheet["sections"][0]["data"] for row in group["rows"]]


@pytest.mark.parametrize("split", [True, False])
def test_tracks_are_the_rows_of_the_trips_report(moscow: Client, split: bool) -> None:
    """A merged one has no id."""
    shown = rows(moscow, split=split)

    found = answered(moscow, "track/list", split=split)

    assert {"success": True, "limit_exceeded": False}.items() <= found.items()
    assert [(row["length"]["raw"], row["avg_speed"]["raw"], row["max_speed"]["raw"]) for row in shown] == [
        (one["length"], one["avg_speed"], one["max_speed"]) for one in found["list"]
    ]
    assert {"regular" if split else "merged"} == {one["type"] for one in found["list"]}
    for one in found["list"]:
        wanted = REGULAR if split else {name: type_ for name, type_ in REGULAR.items() if name != "id"}
        assert wanted == types_of(one)
        assert {"nw", "se"} == set(one["bounds"])
        assert one["bounds"]["nw"]["lat"] >= one["bounds"]["se"]["lat"]


def test_a_track_of_the_list_is_read_by_its_id(moscow: Client) -> None:
    """Its points lie in its time and its box, and the way to the last is its length."""
    track = answered(moscow, "track/list")["list"][1]
    points = answered(moscow, "track/read", track_id=track["id"], simplify=False)["list"]

    assert all(POINT.items() <= types_of(one).items() for one in points)
    assert (track["start_date"], track["end_date"]) == (points[0]["get_time"], points[-1]["get_time"])
    assert track["length"] == pytest.approx(points[-1]["mileage"], abs=0.01)
    assert all(track["bounds"]["se"]["lat"] <= one["lat"] <= track["bounds"]["nw"]["lat"] for one in points)
    assert len(points) > len(answered(moscow, "track/read", track_id=track["id"], point_limit=10)["list"])


def test_what_is_asked_for_is_told_and_nothing_else(moscow: Client) -> None:
    plain = answered(moscow, "track/list", omit_addresses=True)["list"]
    whole = answered(moscow, "track/list", count_events=True, with_points=True, point_limit=50)["list"]
    iso = answered(moscow, "track/list", iso_datetime=True)["list"]

    assert {""} == {one["start_address"] for one in plain}
    assert {0} == {one["event_count"] for one in whole}
    assert all({"lat", "lng", "speed", "get_time"} == set(one["points_list"][0]) for one in whole)
    assert iso[0]["start_date"] == plain[0]["start_date"].replace(" ", "T") + "+03:00"


def test_the_mileage_of_a_day_is_that_of_the_report(moscow: Client) -> None:
    [day] = rows(moscow, split=False)

    found = answered(moscow, "tracker/stats/mileage/read", trackers=[moscow.tracker], to="2020-10-07 10:00:00")

    days = {"2020-10-06": {"mileage": day["length"]["raw"]}, "2020-10-07": {"mileage": 0.0}}
    assert {"success": True, "result": {str(moscow.tracker): days}, "limit_exceeded": False} == found


@pytest.mark.parametrize("path", ["track/list", "track/read", "tracker/stats/mileage/read"])
def test_every_transport_answers_the_same(moscow: Client, path: str) -> None:
    asked = {"hash": moscow.hash, "tracker_id": moscow.tracker, "trackers": [moscow.tracker], **PERIOD}
    flat = asked | {"trackers": json.dumps(asked["trackers"])}
    address = f"{moscow.base}/{path}"
    answers = [
        requests.post(address, json=asked, timeout=ANSWER_WITHIN_S),
        requests.post(address, data=flat, timeout=ANSWER_WITHIN_S),
        requests.get(address, params=flat, timeout=ANSWER_WITHIN_S),
    ]

    assert {200} == {one.status_code for one in answers}
    assert 1 == len({one.text for one in answers})


def test_errors_have_the_published_codes(moscow: Client) -> None:
    for path in ("track/list", "track/read"):
        assert 201 == code_of(moscow, path, tracker_id=2_000_000_000)
        assert 211 == code_of(moscow, path, to="2021-10-06 00:00:00")
        assert 7 == code_of(moscow, path, point_limit=1)
        assert 7 == code_of(moscow, path, point_limit=3001)
        assert 7 == code_of(moscow, path, to="2020-10-05 00:00:00")
        assert 7 == code_of(moscow, path, **{"from": "yesterday"})
    assert 204 == code_of(moscow, "track/read", track_id=1)
    mileage = "tracker/stats/mileage/read"
    assert 217 == code_of(moscow, mileage, trackers=[2_000_000_000])
    assert 221 == code_of(moscow, mileage, trackers=[*range(1, 130)])
    assert 211 == code_of(moscow, mileage, trackers=[moscow.tracker], to="2020-12-06 00:00:00")
    assert 7 == code_of(moscow, mileage, trackers=[])
