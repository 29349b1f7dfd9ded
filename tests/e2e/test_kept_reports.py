"""Saved reports made, listed, changed and deleted through the published v9 routes (reference section 12)."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tests.e2e.office import Office
from tests.e2e.saved import WEEK, keep, told, v9
from tests.e2e.stack import ANSWER_WITHIN_S

PARAMS = {"report_type": "weekly", "tag_ids": [None], **WEEK}
FIELDS = (
    *("id", "uid", "name", "public", "fixed_daterange", "params", "token", "is_commenting_enabled", "isNAResource"),
    *("scheduled_email_uids", "scheduled_email_gids", "updated_at", "updated_by", "deleted_at", "show_emails"),
)


@pytest.fixture
def kept(office: Office) -> Iterator[list[dict[str, Any]]]:
    """Give three kept reports, two of Ann's and one of Bob's, and delete them afterwards."""
    reports = [
        keep(office, "weekly", name="Alpha", public=True),
        keep(office, "summary", name="Beta", fixed_daterange=True),
        keep(office, "detailed", name="Gamma", by=office.bob),
    ]
    yield reports
    for report in reports:
        v9(office, "DELETE", f"/{report['id']}")


def listed(office: Office, query: str, kept: list[dict[str, Any]], **options: Any) -> list[str]:
    """Return the names of those of the kept reports that a list has, in its order."""
    answer = v9(office, "GET", f"?{query}", **options)
    assert answer.ok, answer.text
    ids = [one["id"] for one in kept]
    return [one["name"] for one in answer.json() if one["id"] in ids]


def test_a_report_is_kept_as_it_was_given(office: Office) -> None:
    """Parameters are written as an object and read as JSON text; the same report is answered by its id."""
    body = {"name": "Kept", "public": True, "fixed_daterange": True, "show_emails": True, "params": PARAMS}
    made = v9(office, "POST", json=body).json()

    assert FIELDS == tuple(made)
    assert body == {**{name: made[name] for name in body}, "params": json.loads(made["params"])}
    assert re.fullmatch("[0-9a-f]{32}", made["token"])
    assert made["uid"] == made["updated_by"]
    age = datetime.now(UTC) - datetime.fromisoformat(made["updated_at"])
    assert timedelta(seconds=-1) <= age < timedelta(minutes=2)
    assert (None, False, False, [], []) == tuple(made[name] for name in ("deleted_at", *FIELDS[7:11]))
    assert made == v9(office, "GET", f"/{made['id']}").json()
    assert PARAMS == office.run(made["token"]).json()["saved_params"]


def test_text_of_parameters_may_be_sent_back(office: Office) -> None:
    """A client that changes the name of what it has read need not unpack it."""
    made = keep(office, "detailed")

    changed = v9(office, "PUT", f"/{made['id']}", json={**made, "name": "Renamed"}).json()

    assert {**made, "name": "Renamed", "updated_at": ""} == {**changed, "updated_at": ""}


def test_lists_are_filtered_ordered_and_paged(office: Office, kept: list[dict[str, Any]]) -> None:
    """Admins see all reports of the workspace, members their own."""
    assert ["Alpha", "Beta", "Gamma"] == listed(office, "sort_field=name&per_page=200", kept)
    assert ["Gamma", "Beta", "Alpha"] == listed(office, "sort_field=id&sort_direction=desc&per_page=200", kept)
    assert ["Alpha"] == listed(office, "public=true&per_page=200", kept)
    assert ["Beta"] == listed(office, "fixed_dates=true&per_page=200", kept)
    assert ["Beta"] == listed(office, "name=bet", kept)
    assert [] == listed(office, "scheduled=true", kept)
    assert ["Gamma"] == listed(office, "", kept, by=office.bob)
    newest = [v9(office, "GET", f"?sort_direction=desc&per_page=1&page={page}").json() for page in (1, 2, 3)]
    assert [["Gamma"], ["Beta"], ["Alpha"]] == [[one["name"] for one in page] for page in newest]


@pytest.mark.parametrize(
    ("query", "name"), [("public=maybe", "public"), ("page=0", "page"), ("per_page=x", "per_page")]
)
def test_a_wrong_parameter_of_a_list_is_named(office: Office, query: str, name: str) -> None:
    """In the published words."""
    assert (400, f"Invalid parameter {name}.") == told(v9(office, "GET", f"?{query}"))


def test_what_is_not_sent_stays(office: Office, kept: list[dict[str, Any]]) -> None:
    """One field is changed alone, by the owner or by an admin, who is named."""
    _, _, of_bob = kept

    changed = v9(office, "PUT", f"/{of_bob['id']}", json={"fixed_daterange": True}).json()

    assert of_bob["uid"] != changed["updated_by"] == kept[0]["uid"]
    moved = {"updated_at": "", "updated_by": 0, "fixed_daterange": True}
    assert {**of_bob, **moved} == {**changed, **moved}
    assert (403, "Public reports can be saved only by admins.") == told(
        v9(office, "PUT", f"/{of_bob['id']}", json={"public": True}, by=office.bob)
    )
    assert v9(office, "PUT", f"/{of_bob['id']}", json={"public": True}).json()["public"]


def test_a_new_token_ends_the_old_link(office: Office, kept: list[dict[str, Any]]) -> None:
    """At once, for everybody."""
    old = kept[0]["token"]
    assert 200 == office.run(old).status_code

    new = v9(office, "PUT", f"/{kept[0]['id']}", json={"regenerate_token": True}).json()["token"]

    assert (404, "Not found") == told(office.run(old))
    assert 200 == office.run(new).status_code


def test_several_are_changed_all_or_none(office: Office, kept: list[dict[str, Any]]) -> None:
    """A failure names the report it is about."""
    first, second, _ = (one["id"] for one in kept)
    assert v9(office, "PUT", json=[{"id": first, "name": "One"}, {"id": second, "name": "Two"}]).ok
    assert ["One", "Two", "Gamma"] == listed(office, "per_page=200", kept)

    blank = v9(office, "PUT", json=[{"id": first, "name": "Uno"}, {"id": second, "name": ""}])
    assert (400, f"Report ID {second} failed with: saved report name field can't be blank") == told(blank)
    typeless = v9(office, "PUT", json=[{"id": first, "name": "Uno"}, {"id": second, "params": {}}])
    assert (400, f"Report ID {second} failed with: parameter report_type invalid or blank") == told(typeless)
    unknown = v9(office, "PUT", json=[{"id": first, "name": "Uno"}, {"id": 9_999_999, "name": "x"}])
    assert (404, "Report ID 9999999 not found/accessible.") == told(unknown)
    assert ["One", "Two", "Gamma"] == listed(office, "per_page=200", kept)


def test_deleted_reports_are_gone(office: Office, kept: list[dict[str, Any]]) -> None:
    """Their links, too. Of several, all are deleted or none."""
    first, second, _ = (one["id"] for one in kept)
    some = v9(office, "PATCH", "/bulk_delete", json={"ids": [first, second, 9_999_999]})
    text = "Some IDs were not found: Only 2 Saved Reports found for 3 given IDs."
    assert (404, text) == told(some)
    assert ["Alpha", "Beta", "Gamma"] == listed(office, "per_page=200", kept)

    deleted = v9(office, "PATCH", "/bulk_delete", json={"ids": [second, first]}).json()
    assert [second, first] == [one["id"] for one in deleted]
    assert all(one["deleted_at"] for one in deleted)
    assert ["Gamma"] == listed(office, "per_page=200", kept)
    assert (404, "Not found") == told(office.run(kept[0]["token"]))
    for method in ("GET", "PUT", "DELETE"):
        gone = v9(office, method, f"/{first}", json={"name": "x"})
        assert (404, f"Report ID {first} not found/accessible.") == told(gone)
    assert v9(office, "DELETE", f"/{kept[2]['id']}", by=office.bob).json()["deleted_at"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"name": " "}, "saved report name field can't be blank"),
        ({"name": None}, "saved report name field can't be blank"),
        ({"public": None}, "saved report public can't be blank"),
        ({"fixed_daterange": "yes"}, "saved report fixed_daterange can't be blank"),
        ({"params": {}}, "parameter report_type is invalid or blank"),
        ({"params": {"report_type": "yearly"}}, "parameter report_type is invalid or blank"),
        ({"params": None}, "parameter report_type is invalid or blank"),
    ],
)
def test_what_cannot_be_saved_is_refused_in_the_published_words(
    office: Office, change: dict[str, Any], text: str
) -> None:
    """Name, flags and parameters; one that lacks a name is as bad as a blank one."""
    body = {"name": "Kept", "params": PARAMS, **change}

    assert (400, text) == told(v9(office, "POST", json=body))
    assert (400, "JSON is not valid") == told(v9(office, "POST", data=b"{"))


def test_only_members_get_at_what_a_workspace_keeps(office: Office, kept: list[dict[str, Any]]) -> None:
    """Others cannot tell it from one that is not there; a member cannot tell another's report from none."""
    foreign = (404, "Workspace not found/accessible.")
    assert foreign == told(v9(office, "GET", by=office.eve))
    assert foreign == told(v9(office, "POST", json={"name": "Kept", "params": PARAMS}, by=office.eve))
    missing = (404, f"Report ID {kept[0]['id']} not found/accessible.")
    for method in ("GET", "PUT", "DELETE"):
        assert missing == told(v9(office, method, f"/{kept[0]['id']}", json={"name": "x"}, by=office.bob))
    public = {"name": "Kept", "public": True, "params": PARAMS}
    assert (403, "Public reports can be saved only by admins.") == told(v9(office, "POST", json=public, by=office.bob))
    address = f"{office.base}/api/v9/workspaces/{office.workspace_id}/reports/shared"
    anonymous = requests.get(address, timeout=ANSWER_WITHIN_S)
    assert (401, "Unable to extract authentication data") == told(anonymous)
