"""Saved reports as their clients run them: whole answers, bodies of every kind, parameters over the saved ones."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from daybook.input.v1.workspace_pb2 import Group, Project

from tests.builders.workbooks import GOLDEN
from tests.e2e.office import Office
from tests.e2e.saved import WEEK, keep, operator, told

CHANGED = re.compile(r'"at": "([^"]*)", "at_tz": "([^"]*)"')
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def ids(office: Office) -> dict[str, int | str]:
    """Give what the names in golden files stand for, when projects have colours and prices and Ann is in a group."""
    with operator(office) as records:
        members = {member.name: member.user_id for member in records.listed("members")}
        website, internal = records.listed("projects")
        estimate = {"estimated_seconds": 36_000, "fixed_fee_cents": 120_000}
        days = {"start_date": "2026-01-01", "end_date": "2026-12-31", "external_reference": "W-1"}
        website.MergeFrom(Project(color="#2da608", **estimate, **days))
        internal.MergeFrom(Project(color="#123456"))
        records.put("projects", website, internal)
        records.put("groups", Group(name="Makers", user_ids=[members["Ann"]]))
        kinds = ("clients", "projects", "project_tasks", "tags", "groups")
        named = {one.name: one.id for kind in kinds for one in records.listed(kind)}
        entries = records.listed("time_entries")
    emails = {"Ann's email": office.ann.login, "Bob's email": office.bob.login}
    return members | named | emails | {f"entry {number}": entry.id for number, entry in enumerate(entries, 1)}


def golden(name: str, ids: Mapping[str, int | str]) -> str:
    """Return a golden answer with real ids, one field a line."""
    text = (GOLDEN / name).read_text(encoding="utf-8")
    for word, value in ids.items():
        text = text.replace(f'"<{word}>":', f'"{value}":').replace(f'"<{word}>"', json.dumps(value))
    return json.dumps(json.loads(text), indent=1)


def answered(report: Mapping[str, Any]) -> str:
    """Return an answer, one field a line. Times of change are hidden; at_tz must be `at` on a clock of Berlin."""

    def checked(times: re.Match[str]) -> str:
        at, at_tz = (datetime.fromisoformat(text) for text in times.groups())
        assert (timedelta(), at.astimezone(BERLIN).isoformat()) == (at.utcoffset(), at_tz.isoformat())
        return '"at": "<utc>", "at_tz": "<local>"'

    return json.dumps(json.loads(CHANGED.sub(checked, json.dumps(report))), indent=1)


@pytest.mark.parametrize("kind", ["detailed", "summary", "weekly"])
def test_a_report_has_every_published_field_in_the_published_order(
    office: Office, ids: dict[str, int | str], kind: str
) -> None:
    """The whole answer over the office's week is what the golden file says, to the order of its fields."""
    token = keep(office, kind, name=f"A {kind} one", params={"project_ids": [ids["Website"], None, ids["Internal"]]})

    answer = office.run(token["token"], auth=office.ann.by_token)

    assert golden(f"office_{kind}.json", ids) == answered(answer.json())


@pytest.mark.parametrize("body", [None, b"", b"{}", b"\xef\xbb\xbf{}", b'{"order_desc": true, "posted": {}}'])
def test_a_body_may_be_missing_and_of_any_type(office: Office, body: bytes | None) -> None:
    """No body, an empty one, {} and unknown keys run the report as it was saved, whatever the Content-Type."""
    token = keep(office, "detailed", public=True)["token"]
    saved = office.run(token).json()

    for media_type in (None, "application/json", "text/plain", "application/x-www-form-urlencoded"):
        answer = office.run(token, data=body, headers={"Content-Type": media_type} if media_type else {})
        assert saved == answer.json(), media_type


def test_the_parameters_of_a_run_go_over_the_saved_ones(office: Office) -> None:
    """A null takes a saved one away; input_params shows what held, saved_params what is saved."""
    params = {"billable": True, "description": "DESIGN", "grouping": "users"}
    token = keep(office, "summary", public=True, params=params)["token"]

    def run(**body: Any) -> dict[str, Any]:
        report: dict[str, Any] = office.run(token, auth=office.ann.by_token, json=body).json()
        assert {"report_type": "summary", **WEEK, **params} == report["saved_params"]
        return report

    assert 5400 == run()["summary_results"]["totals"]["seconds"]
    assert 10_800 == run(billable=None)["summary_results"]["totals"]["seconds"]
    changed = run(billable=False, description=None, grouping="projects", sub_grouping="users", rounding=1)
    assert 8700 == changed["summary_results"]["totals"]["seconds"]
    titles = [[sub["title"] for sub in group["sub_groups"]] for group in changed["summary_results"]["report"]["groups"]]
    assert [["Bob"], ["Bob"], ["Ann"]] == titles
    held = {"billable": False, "grouping": "projects", "sub_grouping": "users", "rounding": 1, "rounding_minutes": 1}
    assert held.items() <= changed["input_params"].items()
    assert "description" not in changed["input_params"]


def test_entries_are_rounded_one_by_one(office: Office) -> None:
    """90, 20, 90, 45 and 10 minutes up to half hours are 300; what is charged goes up with them."""
    token = keep(office, "weekly", public=True)["token"]

    totals = office.run(token, json={"rounding": 1, "rounding_minutes": 30}).json()["weekly_results"]["totals"]

    assert (300 * 60, 2 * 5000) == (totals["seconds"], totals["billable_amount_in_cents"])


def test_fixed_dates_cannot_be_chosen_by_those_who_run(office: Office) -> None:
    """Dates and named periods of its owner are ignored, in JSON and in files; those of others must lie within."""
    token = keep(office, "detailed", public=True, fixed_daterange=True)["token"]
    others = {"start_date": "2025-06-01", "end_date": "2025-06-02", "period": "today", "billable": True}

    report = office.run(token, auth=office.ann.by_token, json=others).json()

    assert report["fixed_daterange"]
    assert WEEK.items() <= report["input_params"].items()
    assert 2 == len(report["detailed_results"]["report"])
    assert 1 + 2 == office.run(f"{token}.csv", auth=office.ann.by_token, json=others).text.count("\n")
    for tail in ("", ".csv", ".xlsx", "/pdf"):
        assert (400, "The report period is not supported") == told(office.run(token + tail, json=others))
        assert 200 == office.run(token + tail, json={"start_date": WEEK["start_date"]}).status_code


@pytest.mark.parametrize("period", ["today", "yesterday", "prevWeek", "thisMonth", "prevMonth", "last12Months"])
def test_a_named_period_is_found_when_the_report_is_run(office: Office, period: str) -> None:
    """It counts from the owner's today; explicit dates win over it."""
    dates = {"start_date": None, "end_date": None}
    token = keep(office, "summary", public=True, params={"period": period, **dates})["token"]

    before = days_of(period, datetime.now(BERLIN).date())
    answer = office.run(token)
    after = days_of(period, datetime.now(BERLIN).date())

    shown = tuple(date.fromisoformat(answer.headers[f"X-Range-{end}"]) for end in ("Start", "End"))
    assert shown in {before, after}
    asked = answer.json()["input_params"]
    assert (period, *(day.isoformat() for day in shown)) == (asked["period"], asked["start_date"], asked["end_date"])
    assert 15_300 == office.run(token, json=WEEK).json()["summary_results"]["totals"]["seconds"]


def days_of(period: str, today: date) -> tuple[date, date]:
    """Return the first and the last day of a named period."""
    day = timedelta(days=1)
    first = today.replace(day=1)
    monday = today - today.weekday() * day
    return {
        "today": (today, today),
        "yesterday": (today - day, today - day),
        "prevWeek": (monday - 7 * day, monday - day),
        "thisMonth": (first, (first + 31 * day).replace(day=1) - day),
        "prevMonth": ((first - day).replace(day=1), first - day),
        "last12Months": ((first - 330 * day).replace(day=1), today),
    }[period]
