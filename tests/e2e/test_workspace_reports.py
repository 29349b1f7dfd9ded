"""The same engine behind the routes of a workspace: rows, totals, pages and files (reference sections 5 to 7)."""

from typing import Any

import pytest

from tests.e2e.office import Office
from tests.e2e.saved import WEEK, keep, told

NAMES = ("client_name", "email", "project_color", "project_hex", "project_name", "tag_names", "task_name")


def test_rows_come_in_pages(office: Office) -> None:
    """X-Next headers say where the next page begins, each of them finds it; the last page has none."""
    pages, more = [], {}
    while True:
        answer = office.workspace("search/time_entries", {**WEEK, "page_size": 2, **more})
        assert tuple(WEEK.values()) == (answer.headers["X-Range-Start"], answer.headers["X-Range-End"])
        pages.append(answer.json())
        row = answer.headers.get("X-Next-Row-Number")
        if row is None:
            break
        assert {"X-Next-ID", "X-Next-Timestamp"} <= set(answer.headers)
        more = {"first_row_number": int(row)}
        by_time = {**more, "first_timestamp": int(answer.headers["X-Next-Timestamp"])}
        by_id = {**by_time, "first_id": int(answer.headers["X-Next-ID"])}
        for how in (more, by_time, by_id):
            shown = office.workspace("search/time_entries", {**WEEK, "page_size": 2, **how}).json()
            assert [int(row)] == [shown[0]["row_number"]]

    assert [[1, 2], [3, 4], [5]] == [[one["row_number"] for one in page] for page in pages]
    assert not {"X-Next-ID", "X-Next-Row-Number", "X-Next-Timestamp"} & set(answer.headers)
    entries = [entry["id"] for page in pages for one in page for entry in one["time_entries"]]
    assert 5 == len(set(entries))


def test_names_come_only_where_they_are_asked_for(office: Office) -> None:
    """enrich_response adds them; a saved report always has them. All else is the same."""
    bare = office.workspace("search/time_entries", WEEK).json()
    enriched = office.workspace("search/time_entries", {**WEEK, "enrich_response": True}).json()
    token = keep(office, "detailed", public=True)["token"]

    assert bare == [{name: one for name, one in row.items() if name not in NAMES} for row in enriched]
    assert enriched == office.run(token, auth=office.ann.by_token).json()["detailed_results"]["report"]


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ({"order_by": "duration", "order_dir": "DESC"}, [5400, 5400, 2700, 1200, 600]),
        ({"order_by": "date", "order_dir": "DESC"}, [600, 2700, 5400, 1200, 5400]),
        ({"order_by": "description"}, [600, 2700, 5400, 5400, 1200]),
        ({"order_by": "user"}, [5400, 1200, 600, 5400, 2700]),
        ({"billable": False}, [5400, 2700, 600]),
        ({"client_ids": [None]}, [2700, 600]),
        ({"tag_ids": [None]}, [1200, 2700, 600]),
        ({"description": "des"}, [5400, 5400]),
        ({"min_duration_seconds": 1200, "max_duration_seconds": 2700}, [1200, 2700]),
        ({"rounding": 1, "rounding_minutes": 60}, [7200, 3600, 7200, 3600, 3600]),
        ({"rounding": -1, "rounding_minutes": 15}, [5400, 900, 5400, 2700, 0]),
    ],
)
def test_rows_are_ordered_chosen_and_rounded(office: Office, body: dict[str, Any], seconds: list[int]) -> None:
    """By the parameters of the published page."""
    rows = office.workspace("search/time_entries", {**WEEK, **body}).json()

    assert seconds == [entry["seconds"] for row in rows for entry in row["time_entries"]]


def test_totals_are_those_of_a_saved_report(office: Office) -> None:
    """Their graph only where it is asked for, in the buckets asked for."""
    token = keep(office, "weekly", public=True)["token"]
    whole = office.run(token).json()["weekly_results"]["totals"]

    assert {**whole, "graph": []} == office.workspace("search/time_entries/totals", WEEK).json()
    assert whole == office.workspace("search/time_entries/totals", {**WEEK, "with_graph": True}).json()
    by_month = office.workspace("search/time_entries/totals", {**WEEK, "with_graph": True, "granularity": "month"})
    assert ("month", [15_300]) == (by_month.json()["resolution"], [one["seconds"] for one in by_month.json()["graph"]])


def test_a_summary_is_the_saved_ones_groups(office: Office) -> None:
    """With the grouping in headers, and ids of entries where they are asked for."""
    body = {"grouping": "clients", "sub_grouping": "users"}
    token = keep(office, "summary", public=True)["token"]

    answer = office.workspace("summary/time_entries", {**WEEK, **body})

    assert ("clients", "users") == tuple(answer.headers[f"X-{name}"] for name in ("Grouping", "Sub-Grouping"))
    assert office.run(token, json=body).json()["summary_results"]["report"] == answer.json()
    acme, rest = answer.json()["groups"]
    assert [["Acme"], [], None] == [acme["names"], rest["names"], rest["id"]]
    shown = [[(sub["title"], sub["seconds"]) for sub in group["sub_groups"]] for group in (acme, rest)]
    assert [[("Ann", 6600), ("Bob", 5400)], [("Ann", 600), ("Bob", 2700)]] == shown
    with_ids = office.workspace("summary/time_entries", {**WEEK, **body, "include_time_entry_ids": True}).json()
    assert [[2, 1], [1, 1]] == [[len(sub["ids"]) for sub in group["sub_groups"]] for group in with_ids["groups"]]


def test_a_week_is_seven_days_from_its_first(office: Office) -> None:
    """Whatever the last day sent; by task where asked for."""
    body = {"start_date": "2026-01-05", "end_date": "2026-03-31"}
    token = keep(office, "weekly", public=True)["token"]

    answer = office.workspace("weekly/time_entries", body)

    assert tuple(WEEK.values()) == (answer.headers["X-Range-Start"], answer.headers["X-Range-End"])
    assert office.run(token).json()["weekly_results"]["report"] == answer.json()
    by_task = office.workspace("weekly/time_entries", {**body, "group_by_task": True}).json()
    assert 5 == len(by_task)
    assert [1200] == [sum(row["seconds"]) for row in by_task if row["planned_task_id"]]


def test_projects_are_summed_up_by_member(office: Office) -> None:
    """And one project alone as totals."""
    rows = office.workspace("projects/summary", WEEK).json()

    assert {"billable_seconds", "project_id", "tracked_seconds", "user_id"} == set(rows[0])
    assert [(0, 2700), (6600, 6600), (0, 5400), (0, 600)] == [
        (row["billable_seconds"], row["tracked_seconds"]) for row in rows
    ]
    one = office.workspace(f"projects/{rows[1]['project_id']}/summary", WEEK).json()
    assert (12_000, 9_167) == (one["seconds"], one["billable_amount_in_cents"])


@pytest.mark.parametrize(
    ("path", "name", "begins"),
    [
        ("search/time_entries.csv", "Detailed", b'\xef\xbb\xbf"User","Email"'),
        ("search/time_entries/xlsx", "Detailed", b"PK"),
        ("search/time_entries.pdf", "Detailed", b"%PDF-"),
        ("summary/time_entries.csv", "Summary", b'\xef\xbb\xbf"Project","Client"'),
        ("summary/time_entries.xlsx", "Summary", b"PK"),
        ("summary/time_entries/pdf", "Summary", b"%PDF-"),
        ("weekly/time_entries.csv", "Weekly", b'\xef\xbb\xbf"User","Email"'),
        ("weekly/time_entries.pdf", "Weekly", b"%PDF-"),
    ],
)
def test_files_hold_every_row(office: Office, path: str, name: str, begins: bytes) -> None:
    """Exports ignore paging, even a page size of 0."""
    answer = office.workspace(path, {**WEEK, "page_size": 0})

    assert answer.content.startswith(begins)
    suffix = path[-3:] if not path.endswith("xlsx") else "xlsx"
    shown = f'filename="{name}-report_2026-01-05_2026-01-11.{suffix}"'
    assert shown in answer.headers["Content-Disposition"]
    if path == "search/time_entries.csv":
        assert 1 + 5 == answer.text.count("\n")


def test_errors_of_a_workspace_are_texts(office: Office) -> None:
    """Who, what and how long."""
    asked = "search/time_entries"
    assert (403, "Workspace not found/accessible") == told(office.workspace(asked, WEEK, auth=office.eve.by_token))
    wrong = told(office.workspace(asked, WEEK, auth=("0" * 32, "api_token")))
    assert (401, "Incorrect username and/or password") == wrong
    assert (400, "At least one parameter must be set") == told(office.workspace(asked, {}))
    long = {"start_date": "2025-01-01", "end_date": "2026-01-02"}
    assert (400, "The report period is not supported") == told(office.workspace(asked, long))
    pair = {**WEEK, "grouping": "projects", "sub_grouping": "projects"}
    allowed = "time_entries, tasks, users, clients, days, weeks, months, tags, billable"
    text = f"Invalid 'sub_grouping' value, allowed values are: '{allowed}'"
    assert (400, text) == told(office.workspace("summary/time_entries", pair))
    assert (500, "parameter `since` is missing") == told(office.workspace(f"{asked}.csv", {"billable": True}))
    assert (404, "Not found") == told(office.workspace("yearly/time_entries", WEEK))
    assert 200 == office.workspace(asked, WEEK, auth=office.bob.by_password).status_code
