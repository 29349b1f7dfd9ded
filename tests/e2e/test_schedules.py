"""Schedules over a real stack: the published actions of the fleet API, Toggl's routes, and the command."""

import asyncio
import json
from copy import deepcopy
from typing import Any

import pytest
import requests

from services.cli.client import Access
from services.cli.demo_schedule import add_schedule
from tests.builders.schedules import EXAMPLE
from tests.e2e.office import Office, Person
from tests.e2e.saved import keep, told, v9
from tests.e2e.stack import ANSWER_WITHIN_S, Client, Stack

NO_SUCH_TRACKER, NO_SUCH_PLUGIN, NO_SUCH_USER = 999_999_999, 9999, 999_999_999
WRONG_FREQUENCY = "Invalid scheduled report frequency. Must be one of: 1 (daily), 7 (weekly) or 30 (monthly)."


def example(client: Client, **parameters: Any) -> dict[str, Any]:
    """Return the published example of a client's tracker, mailed to nobody; `parameters` are put into it."""
    schedule = deepcopy(EXAMPLE)
    schedule["parameters"]["report"]["trackers"] = [client.tracker]
    schedule["parameters"] |= {"emails": [], **parameters}
    return schedule


def act(client: Client, action: str, **body: Any) -> Any:
    """Return the JSON of an action, whatever came of it."""
    return client.post(f"report/schedule/{action}", **body).json()


def entry(client: Client, schedule_id: int) -> dict[str, Any]:
    """Return a schedule as the list tells it."""
    return next(one for one in act(client, "list")["list"] if one["id"] == schedule_id)


def codes(answer: Any) -> tuple[int, list[str]]:
    """Return the code of an error and the parameters that it names."""
    return answer["status"]["code"], [one["parameter"] for one in answer.get("errors", [])]


@pytest.mark.parametrize("as_form", [False, True])
def test_the_published_example_comes_back_by_names_and_types(moscow: Client, as_form: bool) -> None:
    """With what it left out at its default; sent back as an update, it stays as it is."""
    wanted = example(moscow, emails=["test@example.com"])
    address = f"{moscow.base}/report/schedule/create"
    body = {"hash": moscow.hash, "schedule": json.dumps(wanted) if as_form else wanted}
    how: dict[str, Any] = {"data": body} if as_form else {"json": body}
    made = requests.post(address, timeout=ANSWER_WITHIN_S, **how).json()

    found = entry(moscow, made["id"])
    added = {"email_zip": False, "sending_time": "00:00:00"}
    report = wanted["parameters"]["report"] | {"include_places_in_address": True, "include_zones_in_address": True}
    expected = wanted | {"id": made["id"], "parameters": wanted["parameters"] | added | {"report": report}}
    assert expected == found
    assert {"success": True} == act(moscow, "update", schedule=found)
    assert found == entry(moscow, made["id"])
    address = f"{moscow.base}/report/schedule/delete"
    gone = requests.get(address, params={"hash": moscow.hash, "schedule_id": made["id"]}, timeout=ANSWER_WITHIN_S)
    assert {"success": True} == gone.json()
    assert made["id"] not in [one["id"] for one in act(moscow, "list")["list"]]


def test_days_of_the_month_and_a_bare_letter_are_taken_and_told_as_they_came(moscow: Client) -> None:
    days = {"type": "month_days", "month_days": [1, 10, 31]}
    wanted = example(moscow, schedule=days, period="w", sending_time="12:30:00")
    made = act(moscow, "create", schedule=wanted)["id"]

    parameters = entry(moscow, made)["parameters"]

    assert (days, "w", "12:30:00") == tuple(parameters[name] for name in ("schedule", "period", "sending_time"))
    act(moscow, "delete", schedule_id=made)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"period": "1x"}, (7, ["schedule.parameters.period"])),
        ({"period": "367d"}, (7, ["schedule.parameters.period"])),
        ({"period": "2y"}, (211, [])),
        ({"sending_time": "12:00:30"}, (7, ["schedule.parameters.sending_time"])),
        ({"schedule": {"type": "weekdays", "weekdays": []}}, (7, ["schedule.parameters.schedule"])),
        ({"emails": [f"a{number}@b.example" for number in range(21)]}, (7, ["schedule.parameters.emails"])),
        ({"emails": ["a@b.example", "a@b\r\nBcc: c@d.example"]}, (7, ["schedule.parameters.emails"])),
        ({"emails": ["a@b.example", "nowhere"]}, (7, ["schedule.parameters.emails[1]"])),
        ({"email_format": "doc"}, (7, ["schedule.parameters.email_format"])),
        (
            {"period": "x", "email_zip": "perhaps", "emails": ["nowhere"]},
            (7, ["schedule.parameters.email_zip", "schedule.parameters.period", "schedule.parameters.emails[0]"]),
        ),
    ],
)
def test_a_wrong_value_is_named_by_its_place(moscow: Client, parameters: Any, expected: Any) -> None:
    found = codes(act(moscow, "create", schedule=example(moscow, **parameters)))

    assert (expected[0], sorted(expected[1])) == (found[0], sorted(found[1]))


def test_what_is_not_there_has_its_published_code(moscow: Client) -> None:
    """Trackers 217, kinds of reports 222, schedules 201; an update without an id is 7."""
    without = example(moscow)
    without["parameters"]["report"]["trackers"] = [NO_SUCH_TRACKER]
    unknown = example(moscow)
    unknown["parameters"]["report"]["plugin"] = {"plugin_id": NO_SUCH_PLUGIN}

    assert 217 == codes(act(moscow, "create", schedule=without))[0]
    assert 222 == codes(act(moscow, "create", schedule=unknown))[0]
    assert (7, ["schedule.id"]) == codes(act(moscow, "update", schedule=example(moscow)))
    missing = {"schedule_id": NO_SUCH_TRACKER}
    for action in ("delete", "run", "test", "runs/list"):
        assert 201 == codes(act(moscow, action, **missing))[0], action
    assert 201 == codes(act(moscow, "update", schedule=example(moscow) | {"id": NO_SUCH_TRACKER}))[0]


def test_the_schedule_of_another_user_is_as_one_that_never_was(moscow: Client, add_client: Any) -> None:
    made = act(moscow, "create", schedule=example(moscow))["id"]
    _, other = add_client()

    for action in ("delete", "run", "runs/list"):
        assert 201 == codes(act(other, action, schedule_id=made))[0], action
    assert [] == act(other, "list")["list"]
    act(moscow, "delete", schedule_id=made)


def test_the_command_schedules_changes_runs_and_removes(stack: Stack, moscow: Client) -> None:
    """Whatever it prints can be read as JSON; a change leaves what it does not name."""
    caller = ("--hash", moscow.hash)
    tracker = ("--tracker", str(moscow.tracker), "--title", "By command")
    made = stack.command("schedule", "add", *caller, *tracker, "--period", "1w", "--weekdays", "1,5", "--at", "06:00")
    change = ("--title", "By change", "--format", "csv", "--format", "pdf")
    changed = stack.command("schedule", "change", str(made["schedule_id"]), *caller, *change)
    listed = [one for one in stack.command("schedule", "list", *caller, "--json") if one["id"] == made["schedule_id"]]
    ran = stack.command("schedule", "run", str(made["schedule_id"]), *caller, "--wait", "--json")
    runs = stack.command("schedule", "runs", str(made["schedule_id"]), *caller, "--json")

    assert [{"days": [1, 5]}] == [one["rule"]["weekdays"] for one in listed]
    assert made == changed
    assert [("1w", ["csv", "pdf"])] == [(one["period"], one["formats"]) for one in listed]
    assert ("sent", "manual", "By change", []) == tuple(ran[name] for name in ("state", "kind", "title", "deliveries"))
    assert [ran["id"]] == [one["id"] for one in runs]
    removed = stack.command("schedule", "remove", str(made["schedule_id"]), *caller, "--yes", "--json")
    assert {"deleted": 1} == removed


def test_the_demo_account_gets_its_schedule_once(stack: Stack, add_client: Any) -> None:
    """And keeps no session of those who made it."""
    login, client = add_client()
    tracker = stack.command("tracker", "add", "--owner", login, "--label", "Van")["tracker_id"]
    access = Access(stack.addresses["generation"], stack.addresses["rendering"], "")

    for _ in range(2):
        asyncio.run(add_schedule(access, login, "secret", [tracker]))

    [made] = act(client, "list")["list"]
    assert (True, "Trips of the week") == (made["enabled"], made["parameters"]["report"]["title"])
    assert ("previous_week", "06:00:00") == tuple(made["parameters"][name] for name in ("period", "sending_time"))
    assert [] == stack.command("session", "list", login, "--json")


def scheduled(office: Office, method: str, path: str = "", *, by: Person | None = None, **options: Any) -> Any:
    """Call a route of the workspace's scheduled reports, as Ann unless somebody else is named."""
    address = f"{office.base}/api/v9/workspaces/{office.workspace_id}/scheduled_reports{path}"
    return requests.request(method, address, auth=(by or office.ann).by_token, timeout=ANSWER_WITHIN_S, **options)


def members(office: Office) -> dict[str, int]:
    """Return the ids of the members of the office's workspace by their e-mail addresses."""
    address = f"{office.base}/api/v9/workspaces/{office.workspace_id}/users"
    found = requests.get(address, auth=office.ann.by_token, timeout=ANSWER_WITHIN_S).json()
    return {one["email"]: one["id"] for one in found}


def test_a_saved_report_is_mailed_to_members_until_its_schedule_is_removed(office: Office) -> None:
    """The report tells to whom, and lists are of those that have a schedule or of the others."""
    report, ids = keep(office, "summary", name="Mailed"), members(office)
    ann, bob = ids[office.ann.login], ids[office.bob.login]
    body = {"bookmark_id": report["id"], "frequency": 30, "user_ids": [bob, ann], "group_ids": []}

    made = scheduled(office, "POST", json=body).json()

    created = made.pop("created_at")
    expected = {
        "report_id": made["report_id"], "bookmark_id": report["id"], "workspace_id": office.workspace_id,
        "creator_id": ann, "frequency": 30, "user_ids": [bob, ann], "group_ids": [], "deleted_at": None,
    }  # fmt: skip
    assert expected == made
    assert expected | {"created_at": created} in scheduled(office, "GET", by=office.bob).json()
    told_to = v9(office, "GET", f"/{report['id']}").json()["scheduled_email_uids"]
    assert sorted([ann, bob]) == told_to
    lists = {word: v9(office, "GET", f"?scheduled={word}&per_page=200").json() for word in ("true", "false")}
    assert [True, False] == [report["id"] in [one["id"] for one in found] for found in lists.values()]

    path = f"/{made['report_id']}"
    assert (403, "Can't remove the schedule.") == told(scheduled(office, "DELETE", path, by=office.bob))
    assert 200 == scheduled(office, "DELETE", path).status_code
    assert (404, "Scheduled report not found.") == told(scheduled(office, "DELETE", path))
    assert [] == v9(office, "GET", f"/{report['id']}").json()["scheduled_email_uids"]


def test_wrong_schedules_of_saved_reports_have_their_published_texts(office: Office) -> None:
    report, ids = keep(office, "summary"), members(office)
    good = {"bookmark_id": report["id"], "frequency": 1, "user_ids": [ids[office.bob.login]]}

    for change, text in (
        ({"bookmark_id": NO_SUCH_USER}, "Bookmark not found."),
        ({"frequency": 2}, WRONG_FREQUENCY),
        ({"user_ids": []}, "No usable recipients found."),
        ({"user_ids": [NO_SUCH_USER]}, "No usable recipients found."),
        ({"user_ids": [*good["user_ids"], NO_SUCH_USER]}, "Unable to use all requested recipients."),
        ({"group_ids": [1]}, "Unable to use all requested recipients."),
    ):
        assert (400, text) == told(scheduled(office, "POST", json=good | change)), change
    for method in ("GET", "POST"):
        answer = scheduled(office, method, by=office.eve, json=good)
        assert (404, "Workspace not found/accessible") == told(answer)
