"""Reports on eco driving, tasks, forms, work statuses and check-ins, from files to JSON and documents."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import openpyxl
import pypdf
import pytest
import xlrd

from tests.builders.tracks import track
from tests.e2e.imports import add_tracker, import_records
from tests.e2e.stack import Client, Stack
from tests.e2e.test_engine_reports import parameters, rows, values

DAY = ("2020-10-06 00:00:00", "2020-10-06 23:59:59")
SUNDAY = ("2020-10-04 00:00:00", "2020-10-04 23:59:59")
SAMANTHA, JOHN = 9, 10
BY_DRIVERS = 82
# 15:00 in Moscow: 60 km/h, 101 km/h from 15:10 for 1:37, at rest with the ignition on for 8:14, 60 km/h again
DRIVE = track((10, 60, 1), (97 / 60, 101, 1), (20, 60, 1), (494 / 60, 0, 1), (20, 60, 1), every_s=1, at=(55.6, 37.6))
HARSH = {"harshAcceleration": 5, "harshBraking": 5, "harshTurn": 5, "harshQuickLaneChange": 12}
ECO = {
    "harsh_driving_penalties": HARSH | {"harshAccelerationNTurn": 12, "harshBrakingNTurn": 12},
    "speeding_penalties": {"10": 2, "20": 10, "30": 25, "50": 75},
    "speed_limit": 80,
    "use_vehicle_speed_limit": True,
    "idling_penalty": 5,
    "min_idling_duration": 5,
    "min_speeding_duration": 1,
    "show_seconds": False,
}
EXAMPLES: dict[int, dict[str, Any]] = {
    46: ECO,
    BY_DRIVERS: ECO,
    42: dict.fromkeys(("show_external_id", "show_description", "show_forms", "show_places_and_zones"), True),
    47: {"show_seconds": False},
    70: {"show_nonselected": False},
    80: dict.fromkeys(("show_coordinates", "show_forms", "show_places_and_zones"), True),
}
KINDS = tuple(EXAMPLES)
SPOT = {"lat": 55.6, "lng": 37.6}
FIELDS = [
    {"id": "who", "label": "Received by", "type": "text"},
    {"id": "ok", "label": "State", "type": "dropdown", "options": [{"label": "whole"}, {"label": "damaged"}]},
]
ANSWERS = {"who": {"type": "text", "value": "J. Doe"}, "ok": {"type": "dropdown", "value_index": 0}}
AT = "2020-10-06T{}:00Z".format


@dataclass(frozen=True)
class Fleet:
    """Account with two trackers and two people."""

    client: Client
    van: int
    car: int


def records(van: int) -> dict[str, list[dict[str, Any]]]:
    """Return the records of the account by kind."""
    own = {"tracker_id": van}
    task = {"id": 1, "label": "Deliver", "from": AT("12:00"), "to": AT("15:00"), "status": "done", **own}
    form = {"label": "Receipt", "template_id": 2, "fields": FIELDS, "submit_location": SPOT}
    return {
        "employees": [
            {"id": SAMANTHA, "first_name": "Samantha", "last_name": "Reed"},
            {"id": JOHN, "first_name": "John", "last_name": "Doe"},
        ],
        "vehicles": [{"id": 3, "label": "Van", "max_speed": 80, **own}],
        "assignments": [
            {"employee_id": SAMANTHA, "start_time": AT("11:00"), "source": "manual", **own},
            {"employee_id": JOHN, "start_time": AT("12:11"), "source": "manual", **own},
        ],
        "events": [
            {"id": 900 + minute, "event": "harsh_driving", "time": AT(f"12:0{minute}"), "extra": {"harsh_type": kind}}
            | own
            for minute, kind in ((4, "harshBraking"), (6, "harshBraking"), (8, "harshTurn"))
        ],
        "zones": [{"id": 1, "type": "circle", "label": "Depot", "center": SPOT, "radius": 250}],
        "places": [{"id": 5, "label": "Client 5", "location": SPOT | {"radius": 150, "address": "Main 1"}}],
        "tasks": [
            task | {"external_id": "A-17", "arrival_date": AT("12:41"), "stay_duration": 900, "location": SPOT},
            {"id": 2, "label": "Fetch", "from": AT("14:00"), "to": AT("15:00"), "description": "Ring twice", **own},
        ],
        "forms": [
            form | {"id": 7, "task_id": 1, "submitted": AT("12:55"), "values": ANSWERS},
            form | {"id": 8, "checkin_id": 4, "submitted": AT("13:05"), "values": {}},
            form | {"id": 9, "submitted": AT("13:10"), "template_id": 3, "label": "Unanswered", "values": {}, **own},
        ],
        "checkins": [
            {"id": 4, "marker_time": AT("13:00"), "employee_id": SAMANTHA, "location": SPOT, "comment": "here"}
            | {"files": [{"name": "door.jpg"}]}
            | own
        ],
        "statuses": [
            {"id": 11, "new_status_id": 2, "label": "Busy", "changed": AT("12:00"), "origin": "employee", **own},
            {"id": 12, "new_status_id": 1, "label": "Free", "changed": AT("12:30"), "origin": "supervisor", **own},
            {"id": 13, "new_status_id": None, "changed": AT("13:00"), **own},
        ],
    }


@pytest.fixture(scope="module")
def fleet(
    stack: Stack, add_client: Callable[..., tuple[str, Client]], tmp_path_factory: pytest.TempPathFactory
) -> Fleet:
    """Give an account with two trackers; the first has all that these reports are about."""
    folder = tmp_path_factory.mktemp("eco")
    login, client = add_client("--time-zone", "Europe/Moscow")
    van, car = (
        add_tracker(stack, login, name, known, folder) for name, known in (("Van", DRIVE), ("Car", DRIVE[:300]))
    )
    import_records(stack, login, records(van), folder)
    return Fleet(client, van, car)


def asked(fleet: Fleet, kind: int, *, both: bool = False) -> dict[str, Any]:
    """Return the entities of a report: trackers, or employees."""
    if kind == BY_DRIVERS:
        return {"trackers": [], "employees": [SAMANTHA, JOHN] if both else [SAMANTHA]}
    return {"trackers": [fleet.van, fleet.car] if both else [fleet.van]}


def sheets(fleet: Fleet, kind: int, period: tuple[str, str] = DAY, **options: Any) -> list[dict[str, Any]]:
    """Return the sheets of a report on the first entity."""
    plugin = {"plugin_id": kind, **options}
    return list(fleet.client.made(period=period, plugin=plugin, **asked(fleet, kind))["sheets"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_makes_a_report_without_options(fleet: Fleet, kind: int) -> None:
    """Every option has a default."""
    found = sheets(fleet, kind)[-1]

    assert [SAMANTHA if kind == BY_DRIVERS else fleet.van] == found["entity_ids"]
    assert "text" != found["sections"][0]["type"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_a_document_in_every_format(fleet: Fleet, kind: int) -> None:
    """Each opens and has the name of the first entity."""
    name = "Samantha" if kind == BY_DRIVERS else "Van"
    plugin = {"plugin_id": kind, **EXAMPLES[kind]}
    report_id = fleet.client.generate(period=DAY, plugin=plugin, **asked(fleet, kind, both=True))
    fleet.client.wait(report_id)
    contents = {}
    for suffix in ("xlsx", "xls", "pdf", "csv", "json"):
        answer = fleet.client.post("report/tracker/download", report_id=report_id, format=suffix)
        assert answer.ok, (suffix, answer.text)
        contents[suffix] = answer.content

    assert any(name in one for one in openpyxl.load_workbook(io.BytesIO(contents["xlsx"])).sheetnames)
    assert any(name in one for one in xlrd.open_workbook(file_contents=contents["xls"]).sheet_names())
    assert name in "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(contents["pdf"])).pages)
    assert name.encode() in contents["csv"]
    assert json.loads(contents["json"])


def test_eco_driving_by_trackers(fleet: Fleet) -> None:
    """A client reads charts, the summary of one tracker, tables told apart by their fields."""
    summary, van = sheets(fleet, 46, **ECO)
    bars, rating, table = summary["sections"]
    chart, lines, *tables = van["sections"]

    assert ("Summary", []) == (summary["header"], summary.get("entity_ids", []))
    assert {"speeding", "harsh_driving", "idling"} == set(bars["data"][0]["bars"])
    assert "Van" == bars["data"][0]["x"]["v"] == rating["bars"][0]["title"] == values(table, "name")[0]
    total = rows(table)[0]["avg_penalty"]["raw"] * rows(table)[0]["penalties_number"]["raw"]
    assert total == pytest.approx(6.1667 + 15 + 16.1667, abs=0.001)
    assert rows(table)[0]["rating"]["v"] == rating["bars"][0]["x"]["v"] == lines["rows"][0]["v"] == "★★ (29.2)"
    assert {"v": "Oct 6, 2020", "raw": 1_601_931_600_000} == chart["data"][0]["x"]
    assert 6 == len(lines["rows"])
    speeding, harsh, idling = tables
    assert ([21], ["6.2"]) == ([row["overspeed"]["raw"] for row in rows(speeding)], values(speeding, "penalty"))
    assert (["Harsh braking", "Harsh turn"], ["10", "5"]) == (values(harsh, "event"), values(harsh, "penalty"))
    assert (["00:08"], ["16.2"]) == (values(idling, "duration"), values(idling, "penalty"))
    assert "location" in rows(harsh)[0]["event_address"]
    assert "event" not in rows(idling)[0]


def test_eco_driving_by_drivers(fleet: Fleet) -> None:
    """A violation belongs to the driver at its start, and the way to the driver of its time."""
    plugin = {"plugin_id": BY_DRIVERS, **ECO}
    found = fleet.client.made(period=DAY, plugin=plugin, **asked(fleet, BY_DRIVERS, both=True))["sheets"]
    summary, samantha, john = found
    table = summary["sections"][2]

    assert (["Samantha Reed", "John Doe"], ["3", "1"]) == (values(table, "name"), values(table, "penalties_number"))
    assert [SAMANTHA, JOHN] == [samantha["entity_ids"][0], john["entity_ids"][0]]
    way = sum(row["mileage"]["raw"] for row in rows(table))
    whole = rows(sheets(fleet, 46)[0]["sections"][2])[0]["mileage"]["raw"]
    assert whole == pytest.approx(way, abs=0.011)
    assert ["Van"] == values(samantha["sections"][2], "object") == values(john["sections"][2], "object")


def test_wrong_penalties_are_named(fleet: Fleet) -> None:
    for options, parameter in (
        ({"speeding_penalties": {}}, "plugin.speeding_penalties"),
        ({"speed_limit": 0}, "plugin.speed_limit"),
        ({"harsh_driving_penalties": {"harshTurn": -1}}, "plugin.harsh_driving_penalties.harshTurn"),
    ):
        plugin = {"plugin_id": 46, **options}
        answer = fleet.client.post(
            "report/tracker/generate", trackers=[fleet.van], **{"from": DAY[0]}, to=DAY[1], plugin=plugin
        ).json()
        assert (7, [parameter]) == parameters(answer)
    unknown = fleet.client.post(
        "report/tracker/generate", employees=[99], **{"from": DAY[0]}, to=DAY[1], plugin={"plugin_id": BY_DRIVERS}
    ).json()
    assert 217 == unknown["status"]["code"]


def test_options_are_told_as_they_count(fleet: Fleet) -> None:
    """The list has the keys of tiers as texts, and types that were left out with 0."""
    options = {"speeding_penalties": {"10": 2}, "harsh_driving_penalties": {"harshTurn": 3}}
    report_id = fleet.client.generate([fleet.van], DAY, plugin={"plugin_id": 46, **options})
    listed = {one["id"]: one for one in fleet.client.post("report/tracker/list").json()["list"]}
    (plugin,) = listed[report_id]["parameters"]["plugins"]

    assert ({"10": 2}, 3, 0) == (
        plugin["speeding_penalties"],
        plugin["harsh_driving_penalties"]["harshTurn"],
        plugin["harsh_driving_penalties"]["harshBraking"],
    )


def test_tasks(fleet: Fleet) -> None:
    """Columns as asked for, a line for each status, the summary of two trackers."""
    (found,) = sheets(fleet, 42, **EXAMPLES[42])
    table, lines = found["sections"]

    assert ["Deliver", "Fetch"] == values(table, "label")
    assert (["Done", "Assigned"], [1, 2]) == (values(table, "status"), [row["id"]["raw"] for row in rows(table)])
    assert (["Samantha Reed", "John Doe"], ["A-17", "—"]) == (values(table, "employee"), values(table, "external_id"))
    assert (["Client 5", "—"], ["Depot", "—"]) == (values(table, "places"), values(table, "zones"))
    assert (["J. Doe", "—"], ["whole", "—"]) == (values(table, "form_1"), values(table, "form_2"))
    assert values(table, "address")[0].startswith("[Client 5] [Depot] ")
    assert ["—", "1", "1", "—", "—", "—", "—"] == [row["v"] for row in lines["rows"]]
    assert [0, 1] == [row["raw"] for row in lines["rows"]][:2]
    summary = fleet.client.made([fleet.van, fleet.car], DAY, plugin={"plugin_id": 42})["sheets"][0]["sections"][0]
    assert (["2", "0"], ["1", "0"]) == (values(summary, "count"), values(summary, "done"))


def test_work_statuses(fleet: Fleet) -> None:
    """Seconds in the table, minutes in the totals."""
    (found,) = sheets(fleet, 47)
    table, lines = found["sections"]

    assert (["Busy", "Free"], ["Employee", "Supervisor"]) == (values(table, "status"), values(table, "origin"))
    assert [1800, 1800] == [row["duration"]["raw"] for row in rows(table)]
    assert [("Busy", 30), ("Free", 30)] == [(row["name"], row["raw"]) for row in lines["rows"]]
    assert "location" in rows(table)[0]["address"]


def test_forms(fleet: Fleet) -> None:
    """A form of a task and one of a check-in, of one template; then the choices, none of a field nobody answered."""
    (found,) = sheets(fleet, 70, show_nonselected=True)
    table, _, choices, _ = found["sections"]
    *_, unanswered = sheets(fleet, 70)[0]["sections"]

    assert ("Receipt", "Receipt: State") == (table["header"], choices["header"])
    assert ("Unanswered: State", []) == (unanswered["header"], rows(unanswered))
    assert ["Oct 6, 2020 15:55", "Oct 6, 2020 16:05"] == values(table, "submitted")
    assert (["J. Doe", "—"], ["whole", "—"]) == (values(table, "field_1"), values(table, "field_2"))
    assert (["whole", "damaged"], ["1", "0"], ["100%", "0%"]) == tuple(
        values(choices, field) for field in ("option", "count", "percent")
    )


def test_check_ins(fleet: Fleet) -> None:
    (found,) = sheets(fleet, 80, **EXAMPLES[80])
    (table,) = found["sections"]

    assert (["16:00"], ["Samantha Reed"], ["here"]) == tuple(
        values(table, field) for field in ("time", "employee", "comment")
    )
    assert ([55.6], ["door.jpg"], ["Depot"]) == (
        [row["lat"]["raw"] for row in rows(table)],
        values(table, "files"),
        values(table, "zones"),
    )
    assert ["Received by", "State"] == [
        column["title"] for column in table["columns"] if column["field"].startswith("form_")
    ]


def test_days_without_anything_are_empty_sheets(fleet: Fleet) -> None:
    """One sentence each, and no sheet at all when empty ones are hidden."""
    for kind in KINDS:
        found = sheets(fleet, kind, SUNDAY)
        what = "movements" if kind in (46, BY_DRIVERS) else "data"
        assert [f"No {what} found"] * len(found) == [
            " ".join(section["text"].split()[:3]) for one in found for section in one["sections"]
        ]
        assert [] == sheets(fleet, kind, SUNDAY, hide_empty_tabs=True)
