"""Requests to each route in the table of access, about an account's records, and the names of its failures."""

import base64
import re
from collections.abc import Iterable
from typing import Any

import requests

from gateway.errors import Code
from tests.e2e.access_calls import doomed_report, doomed_saved, doomed_schedule, doomed_time_schedule
from tests.e2e.access_table import METRICS
from tests.e2e.access_world import PASSWORD, PERIOD, WEEK, Things, World
from tests.e2e.stack import ANSWER_WITHIN_S

TRACKER_WORDS = {
    Code.WRONG_HASH: "unsigned",
    Code.SESSION_ENDED: "wrong",
    Code.NOT_PERMITTED: "right",
    Code.NOT_FOUND: "missing",
    Code.NOT_IN_DATABASE: "missing",
    Code.NONEXISTENT_ENTITIES: "unlisted",
    Code.NOT_READY: "unready",
}
TIME_WORDS = {  # by the first two words of the text
    (401, "Unable to"): "unsigned",
    (401, "Incorrect username"): "wrong",
    (403, "Workspace not"): "nowhere",
    (404, "Workspace not"): "nowhere",
    (403, "User does"): "nowhere",
    (404, "Report ID"): "missing",
    (404, "Some IDs"): "unlisted",
    (403, "Invalid token"): "private",
    (403, "Public reports"): "admins",
    (403, "Can't remove"): "admins",
    (404, "Scheduled report"): "missing",
    (400, "Bookmark not"): "missing",
    (400, "No usable"): "unusable",
}
TIME_SIDE = ("/reports/api", "/api/v9")
REPORT = "/report/tracker/"
SCHEDULE, SCHEDULED = "/report/schedule/", "/scheduled_reports"
NO_ZONE = 9999


def send(called: str, who: str, it: Things, whose: str, world: World) -> list[requests.Response]:
    """Send a request to a route as somebody; metrics have three, on ports of their own."""
    if called == METRICS:
        return [requests.get(one, timeout=ANSWER_WITHIN_S) for one in world.stack.addresses["metrics"].values()]
    method, _, path = called.rpartition(" ")
    if path.startswith(TIME_SIDE):
        body = time_body(called, it, whose, world)
        path = path.format(
            token=it.token,
            workspace=it.workspace,
            project=it.project,
            report=_report_of(method, path, it, world),
            kind="search",
            format="csv",
        )
        headers = _time_headers(world, who) | {"Accept": "application/json"}
    else:
        method = "GET" if path in {"/health", "/ready", "/openapi.json"} else "POST"
        body = tracker_body(path, it, world)
        headers = {"Authorization": dict(world.metadata(who)).get("authorization")}
    address = world.stack.addresses["gateway"] + path
    query = WEEK if called.startswith("GET /reports/api/v3/shared") else None
    return [requests.request(method, address, params=query, json=body, headers=headers, timeout=ANSWER_WITHIN_S)]


def _report_of(method: str, path: str, it: Things, world: World) -> int:
    """Return what the word for a report in a path stands for."""
    if method != "DELETE":
        return it.saved
    return doomed_time_schedule(it, world) if SCHEDULED in path else doomed_saved(it, world)


def _time_headers(world: World, who: str) -> dict[str, str]:
    if who == "nobody":
        return {}
    if who == "operator":
        return dict(world.metadata(who))
    words = f"{world.keys.get(who, '0' * 32)}:api_token"
    return {"Authorization": f"Basic {base64.b64encode(words.encode()).decode()}"}


def tracker_body(path: str, it: Things, world: World) -> dict[str, Any]:
    """Return the parameters of a request of the tracker side."""
    if path == f"{REPORT}generate":
        period = {"from": PERIOD["period_start"], "to": PERIOD["period_end"]}
        return {"trackers": [it.tracker], "plugin": {"plugin_id": 4}, **period}
    if path == "/user/auth":
        return {"login": it.owner_login, "password": PASSWORD}
    if path.startswith(SCHEDULE):
        return schedule_body(path.removeprefix(SCHEDULE), it, world)
    if path == f"{REPORT}delete":
        return {"report_id": doomed_report(it, world)}
    if path.startswith(("/track/", "/tracker/s", "/zone/point/")):
        period = {"from": PERIOD["period_start"], "to": PERIOD["period_end"]}
        return {"tracker_id": it.tracker, "trackers": [it.tracker], "zone_id": NO_ZONE, **period}
    return {"report_id": it.report, "format": "csv"} if path.startswith(REPORT) else {}


def schedule_body(action: str, it: Things, world: World) -> dict[str, Any]:
    """Return the parameters of a request about schedules; what is changed or deleted is made for it."""
    if action == "runs/resolve":
        return {"run_id": it.run, "number": 1, "resolution": "drop"}
    if action not in ("create", "update"):
        wanted = doomed_schedule(it, world) if action == "delete" else it.schedule
        return {"schedule_id": wanted, "emails": ["ops@example.com"]}
    days = {"type": "weekdays", "weekdays": [1]}
    report = {"trackers": [it.tracker], "plugin": {"plugin_id": 4}}
    schedule = {"enabled": False, "parameters": {"period": "1d", "schedule": days, "report": report}}
    return {"schedule": {**schedule, "id": doomed_schedule(it, world)} if action == "update" else schedule}


def time_body(called: str, it: Things, whose: str, world: World) -> object:
    """Return the body of a request of the timesheet side."""
    if called.endswith("/bulk_delete"):
        return {"ids": [doomed_saved(it, world)]}
    if called.endswith(SCHEDULED):
        return {"bookmark_id": it.saved, "frequency": 1, "user_ids": [it.member]} if called.startswith("POST") else None
    if called.startswith("POST /api/v9"):
        return {"name": "Saved", "public": whose == "public", "params": {"report_type": "detailed", **WEEK}}
    if called.startswith("PUT"):
        return {} if called.endswith("{report}") else [{"id": it.saved}]
    return WEEK if called.startswith("POST") else None


def word(answers: Iterable[requests.Response]) -> str | None:
    """Return how a failure is called in the table, none when nothing failed."""
    [answer] = {one.status_code: one for one in answers}.values()
    if answer.ok:
        return None
    told = answer.json()
    if isinstance(told, str):
        ended = (answer.status_code, " ".join(told.split()[:2]))
        return TIME_WORDS.get(ended, str(ended))
    return TRACKER_WORDS.get(told["status"]["code"], str(told))


def bytes_of(answer: requests.Response) -> tuple[int, str, str]:
    """Return a failure as it came, but for the id that was asked for."""
    return answer.status_code, answer.headers["Content-Type"], re.sub(r"(?<=Report ID )\d+", "#", answer.text)
