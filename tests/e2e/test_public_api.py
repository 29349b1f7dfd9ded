"""The public API as its clients call it: the published examples, every transport, every error."""

import concurrent.futures
import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psutil
import pytest
import requests
from pymongo import MongoClient

from services.generation.kinds import KINDS
from tests.e2e.stack import Client, Stack

DAY = ("2020-10-06 00:00:00", "2020-10-06 23:59:59")
WAIT_S = 120
LOGGED_WITHIN_S = 60

GENERATE = """{"hash": "HASH", "title": "Trip report", "trackers": [TRACKER], "from": "2020-10-05 00:00:00",
 "to": "2020-10-06 23:59:59", "time_filter": {"from": "00:00:00", "to": "23:59:59", "weekdays": [1,2,3,4,5,6,7]},
 "plugin": {"hide_empty_tabs": true, "plugin_id": 4, "show_seconds": false, "include_summary_sheet_only": false,
 "split": true, "show_idle_duration": false, "show_coordinates": false, "filter": true, "group_by_driver": false}}"""


@pytest.fixture(scope="module")
def done(moscow: Client) -> int:
    """Give the id of a made report."""
    report_id = moscow.generate([moscow.tracker], DAY)
    moscow.wait(report_id)
    return report_id


@pytest.fixture(scope="module")
def reports(stack: Stack) -> Iterator[Any]:
    """Give the stored reports, to put one into a state that is over too soon to be met."""
    with MongoClient[dict[str, Any]](stack.mongodb_uri) as client:
        yield client[stack.database_name].reports


def code(answer: requests.Response) -> tuple[int, int]:
    """Return the public code and the HTTP status of an error."""
    body = answer.json()
    assert body["success"] is False
    assert {"code", "description"} == set(body["status"])
    return body["status"]["code"], answer.status_code


def test_the_published_curl_examples_run_as_they_are(moscow: Client) -> None:
    """POST with a JSON body: generate, status, list, retrieve, download, delete."""

    def curl(action: str, body: str) -> requests.Response:
        data = body.replace("HASH", moscow.hash).replace("TRACKER", str(moscow.tracker))
        headers = {"Content-Type": "application/json"}
        return requests.post(f"{moscow.base}/report/tracker/{action}", data=data, headers=headers, timeout=WAIT_S)

    report_id = curl("generate", GENERATE).json()["id"]
    moscow.wait(report_id)
    one = f'"hash": "HASH", "report_id": {report_id}'
    assert {"success": True, "percent_ready": 100} == curl("status", f"{{{one}}}").json()
    listed = next(entry for entry in curl("list", '{"hash": "HASH"}').json()["list"] if entry["id"] == report_id)
    assert {"created", "time_filter", "title", "id", "parameters", "percent", "type", "from", "to"} == set(listed)
    assert {"plugin_id": 4, "hide_empty_tabs": True, "split": True}.items() <= listed["parameters"]["plugins"][
        0
    ].items()
    assert report_id == curl("retrieve", f"{{{one}}}").json()["report"]["id"]
    assert curl("download", f'{{{one}, "format": "pdf"}}').content.startswith(b"%PDF")
    assert {"success": True} == curl("delete", f"{{{one}}}").json()
    for action, more in (("status", ""), ("retrieve", ""), ("download", ', "format": "pdf"'), ("delete", "")):
        assert (204, 404) == code(curl(action, f"{{{one}{more}}}"))


def test_every_transport_and_prefix_asks_for_the_same_report(moscow: Client) -> None:
    """JSON, form, GET and POST with a query give equal parameters, under all prefixes, with untidy slashes."""
    plugin = {"plugin_id": 6, "filter": False}
    window = {"from": "08:00", "to": "18:00", "weekdays": [5, 1]}
    period = {"from": "2020-10-6 00:00:00", "to": "2020-10-06 23:59:59"}
    values = {"trackers": [moscow.tracker], "plugin": plugin, "time_filter": window, **period}
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
    path = "report/tracker/generate"
    key, signed = {"hash": moscow.hash}, {"Authorization": f"NVX {moscow.hash}"}
    answers = [
        requests.post(f"{moscow.base}/{path}", json={**values, **key}, timeout=WAIT_S),
        requests.post(f"{moscow.base}/v2//{path}/", data={**texts, **key}, timeout=WAIT_S),
        requests.get(f"{moscow.base}/api-v2/{path}", params={**texts, **key}, timeout=WAIT_S),
        requests.post(f"{moscow.base}/{path}", params=texts, headers=signed, timeout=WAIT_S),
    ]
    ids = [answer.json()["id"] for answer in answers]
    for report_id in ids:
        moscow.wait(report_id)
    listed = {entry.pop("id"): entry for entry in moscow.post("report/tracker/list").json()["list"]}
    asked = [json.dumps({**listed[report_id], "created": ""}) for report_id in ids]

    assert 1 == len(set(asked))
    assert {"from": "08:00", "to": "18:00", "weekdays": [1, 5]} == listed[ids[0]]["time_filter"]
    assert "Stops report" == listed[ids[0]]["title"]


def test_clients_sign_in_and_look_around_first(moscow: Client) -> None:
    """user/auth gives a session that works like a key until user/logout ends it."""
    signed = requests.post(
        f"{moscow.base}/user/auth", json={"login": moscow.login, "password": "secret"}, timeout=WAIT_S
    )
    session = Client(moscow.base, signed.json()["hash"])

    assert [moscow.tracker] == [tracker["id"] for tracker in session.post("tracker/list").json()["list"]]
    assert sorted(kind.id for kind in KINDS) == [plugin["id"] for plugin in session.post("plugin/list").json()["list"]]
    assert {"success": True} == session.post("user/logout").json()
    assert (4, 400) == code(session.post("tracker/list"))
    wrong = requests.post(f"{moscow.base}/user/auth", json={"login": moscow.login, "password": "wrong"}, timeout=WAIT_S)
    assert (102, 400) == code(wrong)


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ({"from": "yesterday"}, {"from"}),
        ({"from": "2020-10-07 00:00:00"}, {"to"}),
        ({"trackers": []}, {"trackers"}),
        ({"title": "x" * 101}, {"title"}),
        ({"title": "a\nb"}, {"title"}),
        ({"title": {"a": 1}}, {"title"}),
        ({"time_filter": {"from": "25:00", "weekdays": [8]}}, {"time_filter.from", "time_filter.weekdays"}),
        ({"plugin": {"plugin_id": 4, "split": "perhaps"}}, {"plugin.split"}),
        ({"geocoder": "nobody", "locale": "klingon"}, {"geocoder", "locale"}),
        ({"from": "?", "to": "?", "plugin": {"plugin_id": 4, "filter": 7}}, {"from", "to", "plugin.filter"}),
        ({"title": {}, "from": "?"}, {"title", "from"}),
    ],
)
def test_each_bad_parameter_is_named(moscow: Client, sent: dict[str, Any], named: set[str]) -> None:
    """Error 7 says of each bad parameter what would be right."""
    values = {"from": DAY[0], "to": DAY[1], "trackers": [moscow.tracker], "plugin": {"plugin_id": 4}, **sent}
    answer = moscow.post("report/tracker/generate", **values)

    assert (7, 400) == code(answer)
    assert named == {error["parameter"] for error in answer.json()["errors"]}
    assert all(error["error"] for error in answer.json()["errors"])


def test_errors_have_the_published_codes(
    stack: Stack, moscow: Client, done: int, add_client: Callable[..., Any]
) -> None:
    """Who, what and how long: each refusal has its own code and status."""

    def ask(**changed: Any) -> requests.Response:
        values = {"from": DAY[0], "to": DAY[1], "trackers": [moscow.tracker], "plugin": {"plugin_id": 4}, **changed}
        return moscow.post("report/tracker/generate", **values)

    long = ask(to="2021-02-06 00:00:00")
    assert (211, 400, "P90D") == (*code(long), long.json()["max_time_span"])
    assert (217, 400) == code(ask(trackers=[moscow.tracker, 999_999]))
    assert (222, 400) == code(ask(plugin={"plugin_id": 12345}))
    assert (3, 400) == code(requests.post(f"{moscow.base}/report/tracker/list", timeout=WAIT_S))
    assert (4, 400) == code(Client(moscow.base, "0" * 32).post("report/tracker/list"))
    assert (5, 400) == code(requests.post(f"{moscow.base}/report/tracker/list", data="{", timeout=WAIT_S))
    assert (9, 412) == code(moscow.post("report/tracker/list", padding="x" * 10_000_000))
    assert (111, 400) == code(moscow.post("no/such/thing"))
    assert (112, 400) == code(moscow.post("report/tracker/paint"))
    assert (7, 400) == code(moscow.post("report/tracker/download", report_id=done, format="doc"))
    login, stranger = add_client()
    stack.command("tracker", "add", "--owner", login, "--label", "Idle", "--id", "777", "--no-reports")
    tariff = {"trackers": [777], "plugin": {"plugin_id": 4}, "from": DAY[0], "to": DAY[1]}
    assert (236, 402) == code(stranger.post("report/tracker/generate", **tariff))
    assert (204, 404) == code(stranger.post("report/tracker/retrieve", report_id=done))
    _, demo = add_client("--demo")
    assert (101, 403) == code(demo.post("report/tracker/delete", report_id=done))
    _, sub = add_client("--master", login)
    assert (13, 403) == code(sub.post("report/tracker/list"))
    _, allowed = add_client("--master", login, "--right", "reports")
    assert [] == allowed.post("report/tracker/list").json()["list"]


def test_a_report_in_the_making_is_not_ready(moscow: Client, reports: Any, done: int) -> None:
    """229 is answered as 404 while it is made, 6 once it has failed; status tells the percentage."""
    made = reports.find_one({"_id": done}) | {"request_id": ""}
    lease = datetime.now(UTC) + timedelta(hours=1)
    reports.insert_one(made | {"_id": 500_001, "state": "running", "percent": 40, "lease_time": lease, "slot": 0})
    reports.insert_one(made | {"_id": 500_002, "state": "failed", "percent": 40, "failure": "a reason"})

    assert {"success": True, "percent_ready": 40} == moscow.post("report/tracker/status", report_id=500_001).json()
    for action in ("retrieve", "download"):
        assert (229, 404) == code(moscow.post(f"report/tracker/{action}", report_id=500_001, format="pdf"))
    for action in ("status", "retrieve", "download"):
        assert (6, 500) == code(moscow.post(f"report/tracker/{action}", report_id=500_002, format="pdf"))
    for report_id in (500_001, 500_002):
        assert moscow.post("report/tracker/delete", report_id=report_id).ok


def test_exactly_five_reports_of_a_user_are_made_at_once(stack: Stack, moscow: Client) -> None:
    """Of forty calls at once five are admitted while none has finished; the others are error 15, and lose nothing."""
    ask = {"trackers": [moscow.tracker], "from": DAY[0], "to": DAY[1], "plugin": {"plugin_id": 4}}
    workers = all_workers(stack, moscow)
    for worker in workers:
        worker.suspend()
    while any(worker.status() != psutil.STATUS_STOPPED for worker in workers):  # a busy machine takes a moment
        time.sleep(0.01)
    try:
        with concurrent.futures.ThreadPoolExecutor(40) as threads:
            calls = [threads.submit(moscow.post, "report/tracker/generate", **ask) for _ in range(40)]
        answers = [call.result() for call in calls]
    finally:
        for worker in workers:
            worker.resume()
    admitted = [answer.json()["id"] for answer in answers if answer.ok]

    assert 5 == len(admitted)
    assert {(15, 429)} == {code(answer) for answer in answers if not answer.ok}
    for report_id in admitted:
        moscow.wait(report_id)


def all_workers(stack: Stack, client: Client) -> set[psutil.Process]:
    """Return the processes that compute, after giving them so much to do that all of them have been started.

    Workers of tracks may be among them: they have a pool of their own.
    """
    parts = psutil.Process(stack.process.pid).children(recursive=True)
    generation = next(part for part in parts if is_generation(part))
    before: set[psutil.Process] = set()
    while True:
        for report_id in [client.generate([client.tracker], DAY) for _ in range(4)]:
            client.wait(report_id)
        workers = {worker for server in generation.children() for worker in server.children()}
        if workers == before and len(workers) >= (os.cpu_count() or 1):
            return workers
        before = workers


def is_generation(process: psutil.Process) -> bool:
    """Return whether a process is the generation service itself."""
    return process.cmdline()[-1:] == ["services.generation"]


def test_a_repeated_request_answers_with_the_first_report(moscow: Client) -> None:
    """Idempotency-Key makes a client's second try safe."""
    body = {"hash": moscow.hash, "trackers": [moscow.tracker], "from": DAY[0], "to": DAY[1], "plugin": {"plugin_id": 4}}
    url, headers = f"{moscow.base}/report/tracker/generate", {"Idempotency-Key": f"try-{time.time()}"}
    first, second = (requests.post(url, json=body, headers=headers, timeout=WAIT_S).json()["id"] for _ in range(2))

    assert first == second


def test_the_request_id_travels_to_every_service(stack: Stack, moscow: Client, done: int) -> None:
    """A client's own id stands in the logs of gateway, rendering and generation; its key stands in none."""
    headers = {"X-Request-Id": "trace-me-42"}
    url = f"{moscow.base}/report/tracker/retrieve?hash={moscow.hash}&report_id={done}"
    assert "trace-me-42" == requests.get(url, headers=headers, timeout=WAIT_S).headers["X-Request-Id"]
    for part in ("gateway", "rendering", "generation"):
        ends = time.monotonic() + LOGGED_WITHIN_S
        while not (traced := [line for line in stack.log(part) if line["request_id"] == "trace-me-42"]):
            assert time.monotonic() < ends, part
            time.sleep(0.05)
        assert traced
        assert not any(moscow.hash in json.dumps(line) for line in stack.log(part)), part
