"""Settings of trip detection over HTTP, as their published clients use them."""

import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.builders.cases import DAY, FOLDER
from tests.e2e.stack import Client, Stack

READ, UPDATE = (f"tracker/settings/trip_detection/{action}" for action in ("read", "update"))
DEFAULTS = {
    "min_idle_duration_minutes": 5,
    "idle_speed_threshold": 3,
    "ignition_aware": False,
    "motion_sensor_aware": False,
}


@pytest.fixture
def client(stack: Stack, add_client: Callable[..., tuple[str, Client]]) -> Client:
    """Give the client of an account with a tracker that has a silence of its own."""
    login, client = add_client()
    words = ("tracker", "add", "--owner", login, "--label", "Van", "--gap-minutes", "25")
    client.tracker = stack.command(*words)["tracker_id"]
    return client


def read(client: Client) -> dict[str, Any]:
    """Return the settings of the client's tracker."""
    answer = client.post(READ, tracker_id=client.tracker)
    assert answer.ok, answer.text
    return dict(answer.json())


def test_settings_are_read_and_changed(stack: Stack, client: Client) -> None:
    """With curl; what an update leaves out stays as it is."""
    whole = f"{stack.addresses['gateway']}/v2/{UPDATE}"
    body = f'{{"hash": "{client.hash}", "tracker_id": {client.tracker}, "idle_speed_threshold": 7.5}}'

    assert {"success": True, **DEFAULTS} == read(client)
    words = ["curl", "-s", whole, "-H", "Content-Type: application/json", "-d", body]
    assert '{"success":true}' == subprocess.run(words, capture_output=True, text=True, check=True).stdout
    form = f"tracker_id={client.tracker}&ignition_aware=true&min_idle_duration_minutes=12"
    words = [
        "curl",
        "-s",
        f"{stack.addresses['gateway']}/{UPDATE}",
        "-H",
        f"Authorization: NVX {client.hash}",
        "-d",
        form,
    ]
    assert '{"success":true}' == subprocess.run(words, capture_output=True, text=True, check=True).stdout
    changed = {"min_idle_duration_minutes": 12, "idle_speed_threshold": 7.5, "ignition_aware": True}
    assert {"success": True, **DEFAULTS, **changed} == read(client)


def test_two_updates_at_once_lose_nothing(client: Client) -> None:
    """Each of them changes one setting, again and again."""
    updates: list[dict[str, Any]] = [
        change
        for number in range(1, 11)
        for change in (
            {"min_idle_duration_minutes": 10 + number},
            {"idle_speed_threshold": 20 + number},
            {"motion_sensor_aware": True},
        )
    ]
    for start in range(0, len(updates), 3):
        with ThreadPoolExecutor(3) as pool:
            answers = list(
                pool.map(lambda one: client.post(UPDATE, tracker_id=client.tracker, **one), updates[start : start + 3])
            )
        assert all(answer.ok for answer in answers)
        now = read(client)
        assert updates[start] | updates[start + 1] | updates[start + 2] == {
            name: now[name] for change in updates[start : start + 3] for name in change
        }


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ({"min_idle_duration_minutes": 0}, {"min_idle_duration_minutes"}),
        (
            {"min_idle_duration_minutes": 1441, "idle_speed_threshold": 201},
            set(DEFAULTS) - {"ignition_aware", "motion_sensor_aware"},
        ),
        (
            {"min_idle_duration_minutes": 1.5, "ignition_aware": "maybe"},
            {"min_idle_duration_minutes", "ignition_aware"},
        ),
        ({"idle_speed_threshold": "fast", "tracker_id": "x"}, {"idle_speed_threshold", "tracker_id"}),
    ],
)
def test_bad_values_are_named_and_change_nothing(client: Client, sent: dict[str, Any], named: set[str]) -> None:
    """All at once, with error 7."""
    answer = client.post(UPDATE, **{"tracker_id": client.tracker, **sent})

    assert (400, 7) == (answer.status_code, answer.json()["status"]["code"])
    assert named == {one["parameter"] for one in answer.json()["errors"]}
    assert {"success": True, **DEFAULTS} == read(client)


@pytest.mark.parametrize("path", [READ, UPDATE])
def test_a_foreign_tracker_is_answered_like_a_missing_one(client: Client, moscow: Client, path: str) -> None:
    """Error 201, word for word."""
    foreign, missing = (client.post(path, tracker_id=one, ignition_aware=True) for one in (moscow.tracker, 999_999))

    assert (400, 201) == (foreign.status_code, foreign.json()["status"]["code"])
    assert foreign.text == missing.text
    assert not moscow.post(READ, tracker_id=moscow.tracker).json()["ignition_aware"]


def test_reports_follow_the_settings(stack: Stack, client: Client) -> None:
    """A stop of ten minutes is none where the shortest is eleven."""
    stack.command("import", "track", FOLDER / "first-leg.csv", "--tracker", str(client.tracker))
    period = (f"{DAY} 00:00:00", f"{DAY} 23:59:59")
    before = client.made([client.tracker], period, plugin={"plugin_id": 6})
    assert client.post(UPDATE, tracker_id=client.tracker, min_idle_duration_minutes=11).ok
    after = client.made([client.tracker], period, plugin={"plugin_id": 6})

    assert ["table", "text"] == [one["sheets"][0]["sections"][0]["type"] for one in (before, after)]


def test_the_last_known_ignition_decides_about_trips(stack: Stack, client: Client, tmp_path: Path) -> None:
    """A van that reports the ignition only when it changes is towed with it off; it drives, and idles, with it on."""
    rows = []
    for minute in range(61):
        ignition = {10: 0, 30: 1}.get(minute, "")
        moves = 15 <= minute < 25 or 30 < minute < 50
        lat = 52 + 0.009 * (max(0, min(minute, 24) - 14) + max(0, min(minute, 49) - 30))
        rows.append(f"{DAY}T08:{minute:02}:00Z,{lat},13,{60 * moves},{ignition}".replace("T08:60", "T09:00"))
    file = tmp_path / "van.csv"
    file.write_text("\n".join(["time,lat,lng,speed_kmh,ignition", *rows]))
    stack.command("import", "track", file, "--tracker", str(client.tracker))
    assert client.post(UPDATE, tracker_id=client.tracker, ignition_aware=True).ok

    period = (f"{DAY} 00:00:00", f"{DAY} 23:59:59")
    trips, stops = (
        [
            [row[field].get("v", "").partition(" ")[0] for field in fields]
            for section in client.made([client.tracker], period, plugin={"plugin_id": plugin})["sheets"][0]["sections"]
            if section["type"] == "table"
            for group in section["data"]
            for row in group["rows"]
        ]
        for plugin, fields in ((4, ("from", "to")), (6, ("start", "end", "ignition_on")))
    )
    assert [["08:30", "08:50"]] == trips
    assert [["08:00", "08:30", "00:00"], ["08:50", "09:00", "00:10"]] == stops
