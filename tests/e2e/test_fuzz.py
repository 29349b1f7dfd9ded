"""The document that a running stack serves is true, and strangers' requests do it no harm."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.e2e.office import Office
from tests.e2e.saved import WEEK, keep
from tests.e2e.stack import ANSWER_WITHIN_S, Client, Stack
from tests.fuzz import http_run, rpc_run
from tests.fuzz.http_check import Judge
from tests.fuzz.http_drafts import fetch_document
from tests.fuzz.http_request import Answer, Request
from tests.fuzz.ledger import Ledger
from tests.fuzz.memory import Memory
from tests.fuzz.world import PERIOD, World, open_world, seeded

REQUESTS, CALLS = 200, 50

pytestmark = pytest.mark.slow
WORKSPACE = "/reports/api/v3/workspace/{workspace}"
REPORTS = "/api/v9/workspaces/{workspace}/reports/shared"


@pytest.fixture(scope="module")
def document(stack: Stack) -> dict[str, Any]:
    """Give the document."""
    return fetch_document(stack.addresses["gateway"])


def misfit(document: dict[str, Any], route: str, answer: requests.Response) -> str:
    """Return in what an answer is not as the document says of its route."""
    assert answer.ok, answer.text
    told = Answer(answer.status_code, answer.headers, answer.content)
    return Judge(document).problem(Request(route, route.split(maxsplit=1)[0], b"", ()), told)


def test_what_the_tracker_side_answers_is_as_told(document: dict[str, Any], moscow: Client) -> None:
    """Each action's answer is valid by its schema, which allows no key that it does not name."""
    made = moscow.generate([moscow.tracker], PERIOD, time_filter={"from": "08:00", "to": "20:00"})
    moscow.wait(made)
    actions = ("status", "retrieve", "list")
    answers = {f"report/tracker/{name}": moscow.post(f"report/tracker/{name}", report_id=made) for name in actions}
    answers |= {name: moscow.post(name) for name in ("tracker/list", "plugin/list")}
    answers["report/tracker/download"] = moscow.post("report/tracker/download", report_id=made, format="xls")
    answers["report/tracker/delete"] = moscow.post("report/tracker/delete", report_id=made)
    answers |= scheduled(moscow)

    assert [""] * len(answers) == [misfit(document, f"POST /{path}", one) for path, one in answers.items()]


def scheduled(client: Client) -> dict[str, requests.Response]:
    """Return the answers of each action on a schedule, made for it."""
    report = {"trackers": [client.tracker], "plugin": {"plugin_id": 4}}
    days = {"type": "weekdays", "weekdays": [1]}
    schedule = {"parameters": {"period": "1d", "schedule": days, "report": report}}
    answers = {"create": client.post("report/schedule/create", schedule=schedule)}
    known = {"schedule_id": answers["create"].json()["id"]}
    answers["run"] = client.post("report/schedule/run", **known)
    answers["test"] = client.post("report/schedule/test", **known, emails=["told@example.com"])
    for action in ("list", "runs/list"):
        answers[action] = client.post(f"report/schedule/{action}", **known)
    entry = next(one for one in answers["list"].json()["list"] if one["id"] == known["schedule_id"])
    answers["update"] = client.post("report/schedule/update", schedule=entry)
    answers["delete"] = client.post("report/schedule/delete", **known)
    return {f"report/schedule/{action}": answer for action, answer in answers.items()}


def test_what_the_timesheet_side_answers_is_as_told(document: dict[str, Any], office: Office) -> None:
    """Reports of each kind, saved and of the workspace, what is kept, and the caller's profile."""
    kinds = {kind: keep(office, kind, public=True) for kind in ("detailed", "summary", "weekly")}
    ran = [office.run(kept["token"], json={"distinguish_rates": True}) for kept in kinds.values()]
    paths = ("search/time_entries", "summary/time_entries", "weekly/time_entries", "search/time_entries/totals")
    workspace = {path: office.workspace(path, {**WEEK, "with_graph": True}) for path in (*paths, "projects/summary")}
    base = office.base + REPORTS.format(workspace=office.workspace_id)
    kept = [
        requests.get(address, auth=office.ann.by_token, timeout=ANSWER_WITHIN_S)
        for address in (base, f"{base}/{kinds['weekly']['id']}", f"{office.base}/api/v9/me")
    ]
    routes = (f"GET {REPORTS}", f"GET {REPORTS}/{{report}}", "GET /api/v9/me")
    users = requests.get(base.replace("reports/shared", "users"), auth=office.ann.by_token, timeout=ANSWER_WITHIN_S)
    wanted = {"bookmark_id": kinds["weekly"]["id"], "frequency": 7, "user_ids": [users.json()[0]["id"]]}
    address = base.replace("reports/shared", "scheduled_reports")
    mailed = [
        requests.request(method, address, json=body, auth=office.ann.by_token, timeout=ANSWER_WITHIN_S)
        for method, body in (("POST", wanted), ("GET", None))
    ]

    assert [""] * 3 == [misfit(document, "POST /reports/api/v3/shared/{token}", one) for one in ran]
    assert {} == {
        path: wrong for path, one in workspace.items() if (wrong := misfit(document, f"POST {WORKSPACE}/{path}", one))
    }
    assert [""] * 3 == [misfit(document, route, one) for route, one in zip(routes, kept, strict=True)]
    assert ["", ""] == [
        misfit(document, f"{one.request.method} {REPORTS.replace('reports/shared', 'scheduled_reports')}", one)
        for one in mailed
    ]


async def test_no_request_does_harm(stack: Stack, moscow: Client, office: Office) -> None:
    """Requests by the document, past it and past HTTP are answered in the published forms, and never with a crash."""
    world = seeded(World(stack, moscow, office))
    ledger = Ledger(Memory(stack.process.pid))

    await http_run.run(world, REQUESTS, 1, ledger)

    assert REQUESTS == ledger.total
    assert [] == list(ledger.violations.values())


async def test_no_call_does_harm(tmp_path: Path) -> None:
    """Calls with messages that their descriptors allow end with an answer or a reason; what they stored can be read.

    On a stack of its own: an operator's calls may change anything.
    """
    own = Stack(tmp_path / "data").start()
    ledger = Ledger(Memory(own.process.pid))
    try:
        world = await asyncio.to_thread(open_world, own, tmp_path)
        await rpc_run.run(world, CALLS, 1, ledger)
    finally:
        await asyncio.to_thread(own.stop)

    assert CALLS == ledger.total
    assert [] == list(ledger.violations.values())
