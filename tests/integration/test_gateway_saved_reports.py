"""Keeping saved reports through the gateway, and the caller's profile: the v9 routes."""

import pytest
from daybook.account.v1.account_service_pb2 import GetProfileResponse
from daybook.savedreport.v1.saved_report_service_pb2 import (
    CreateSavedReportResponse,
    DeleteSavedReportsResponse,
    GetSavedReportResponse,
    ListSavedReportsResponse,
    UpdateSavedReportsResponse,
)

from services import errors
from services.errors.workspaces import AdminNeeded, ReportTypeMissing, WorkspaceNotFound
from tests.builders.time_reports import TOKEN, saved_report

SHARED = "/api/v9/workspaces/5/reports/shared"
SIGNED = {"Authorization": "Basic YW5uOnNlY3JldA=="}
PAYLOAD = {"name": "Week", "public": True, "fixed_daterange": False, "params": {"report_type": "weekly"}}


async def test_a_report_is_saved(gateway):
    """Under the caller's name; the answer has id and token."""
    gateway.services.answers["CreateSavedReport"] = CreateSavedReportResponse(report=saved_report())

    found = await gateway.json(SHARED, json=PAYLOAD, headers=SIGNED)

    assert (4, TOKEN) == (found["id"], found["token"])
    asked = gateway.services.asked["CreateSavedReport"][0]
    assert (5, "Week", True, "") == (asked.workspace_id, asked.report.name, asked.report.public, asked.owner_login)
    metadata = gateway.services.metadata
    assert (SIGNED["Authorization"], "127.0.0.1") == (metadata["authorization"], metadata["x-client-address"])


async def test_a_report_is_read_and_changed(gateway):
    """By the id in its path, whatever the payload says."""
    gateway.services.answers |= {
        "GetSavedReport": GetSavedReportResponse(report=saved_report()),
        "UpdateSavedReports": UpdateSavedReportsResponse(reports=[saved_report()]),
    }

    read = await gateway.json(f"{SHARED}/4", method="GET", headers=SIGNED)
    changed = await gateway.json(f"{SHARED}/4", method="PUT", json={"id": 9, "regenerate_token": True}, headers=SIGNED)

    assert '{"report_type":"weekly","user_ids":[11,12]}' == read["params"]
    assert read == changed
    asked = gateway.services.asked["UpdateSavedReports"][0]
    assert [(5, 4, True)] == [(asked.workspace_id, one.id, one.regenerate_token) for one in asked.reports]


async def test_several_are_changed_at_once(gateway):
    """Each by the id in its payload; the answer is one report, as the page has it."""
    gateway.services.answers["UpdateSavedReports"] = UpdateSavedReportsResponse(reports=[saved_report()] * 2)

    found = await gateway.json(SHARED, method="PUT", json=[{"id": 4, "name": "A"}, {"id": 6, "name": "B"}])

    assert 4 == found["id"]
    assert [4, 6] == [one.id for one in gateway.services.asked["UpdateSavedReports"][0].reports]


async def test_reports_are_deleted(gateway):
    """One by its path, several by a list; both answer with what was deleted."""
    gateway.services.answers["DeleteSavedReports"] = DeleteSavedReportsResponse(reports=[saved_report()])

    one = await gateway.json(f"{SHARED}/4", method="DELETE", headers=SIGNED)
    several = await gateway.json(f"{SHARED}/bulk_delete", method="PATCH", json={"ids": [4, 5]}, headers=SIGNED)

    assert [one] == several
    assert [[4], [4, 5]] == [list(asked.report_ids) for asked in gateway.services.asked["DeleteSavedReports"]]


async def test_a_list_is_one_page(gateway):
    """The service filters: by name, by page, by whether a report has a schedule."""
    gateway.services.answers["ListSavedReports"] = ListSavedReportsResponse(reports=[saved_report()])

    assert [4] == [one["id"] for one in await gateway.json(f"{SHARED}?page=2&per_page=10&name=we", method="GET")]
    assert [4] == [one["id"] for one in await gateway.json(f"{SHARED}?scheduled=true", method="GET")]
    assert [(10, 10, "we", False), (50, 0, "", True)] == [
        (asked.page_size, asked.skip, asked.name, asked.scheduled)
        for asked in gateway.services.asked["ListSavedReports"]
    ]
    assert "Invalid parameter per_page." == await gateway.json(f"{SHARED}?per_page=0", 400, method="GET")


@pytest.mark.parametrize(
    ("error", "request_", "status", "text"),
    [
        (WorkspaceNotFound(), ("POST", "", PAYLOAD), 404, "Workspace not found/accessible."),
        (AdminNeeded(), ("POST", "", PAYLOAD), 403, "Public reports can be saved only by admins."),
        (ReportTypeMissing(), ("POST", "", PAYLOAD), 400, "parameter report_type is invalid or blank"),
        (ReportTypeMissing(), ("PUT", "/4", PAYLOAD), 400, "parameter report_type invalid or blank"),
        (errors.NotFound(report_id="4"), ("PUT", "/4", PAYLOAD), 404, "Report ID 4 not found/accessible."),
        (errors.NotFound(report_id="9"), ("PUT", "", [{"id": 9}]), 404, "Report ID 9 not found/accessible."),
        (
            errors.NonexistentEntities(found_count="1", asked_count="2"),
            ("PATCH", "/bulk_delete", {"ids": [4, 5]}),
            404,
            "Some IDs were not found: Only 1 Saved Reports found for 2 given IDs.",
        ),
        (
            errors.NonexistentEntities(found_count="0", asked_count="1"),
            ("DELETE", "/4", None),
            404,
            "Report ID 4 not found/accessible.",
        ),
        (errors.NotAuthenticated(), ("GET", "", None), 401, "Unable to extract authentication data"),
    ],
)
async def test_failures_have_the_texts_of_their_page(gateway, error, request_, status, text):
    """Reference section 12."""
    method, path, body = request_
    names = ("CreateSavedReport", "ListSavedReports", "UpdateSavedReports", "DeleteSavedReports")
    gateway.services.answers = dict.fromkeys(names, error)

    assert text == await gateway.json(SHARED + path, status, method=method, json=body)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("PUT", "", {}), ("PUT", "", []), ("PUT", "", [4]), ("POST", "", []), ("PATCH", "/bulk_delete", {"ids": "4"})],
)
async def test_a_body_of_the_wrong_kind_is_refused(gateway, method, path, body):
    """A list where an object is wanted, or the other way round."""
    assert "JSON is not valid" == await gateway.json(SHARED + path, 400, method=method, json=body)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", f"{SHARED}?per_page=0", None, 401),
        ("GET", "/api/v9/workspaces/x/reports/shared", None, 401),
        ("POST", SHARED, [], 401),
        ("POST", SHARED, {"name": 4}, 401),
        ("GET", f"{SHARED}/x", None, 401),
        ("GET", "/api/v9/workspaces/x/reports/shared/4", None, 401),
        ("PUT", SHARED, [], 400),
        ("PUT", f"{SHARED}/4", {"name": 4}, 400),
        ("PUT", f"{SHARED}/x", {}, 404),
        ("DELETE", f"{SHARED}/x", None, 404),
        ("PATCH", f"{SHARED}/bulk_delete", {"ids": "4"}, 400),
        ("PUT", "/api/v9/workspaces/x/reports/shared", [{"id": 4}], 401),
        ("PUT", "/api/v9/workspaces/x/reports/shared/4", {}, 401),
        ("DELETE", "/api/v9/workspaces/x/reports/shared/4", None, 401),
        ("PATCH", "/api/v9/workspaces/x/reports/shared/bulk_delete", {"ids": [4]}, 401),
        ("POST", "/reports/api/v3/workspace/5/search/time_entries", [], 400),
        ("POST", "/reports/api/v3/workspace/x/summary/time_entries.csv", {}, 400),
    ],
)
async def test_unreadable_credentials_come_before_a_bad_workspace_and_when_saving_and_showing_before_all_else(
    gateway, method, path, body, status
):
    """Elsewhere the fault in the body or in the report's id is named first; no service is called."""
    unreadable = {"Authorization": "Basic \u00e4"}

    await gateway.json(path, status, method=method, json=body, headers=unreadable)

    assert {} == dict(gateway.services.asked)


async def test_the_caller_has_a_profile(gateway):
    """Whoever only wants to know whether the credentials are good gets an empty answer."""
    gateway.services.answers["GetProfile"] = GetProfileResponse(user_id=11, email="ann@example.com")

    assert "ann@example.com" == (await gateway.json("/api/v9/me", method="GET", headers=SIGNED))["email"]
    async with gateway.client.get("/api/v9/me/logged", headers=SIGNED) as response:
        assert (200, b"") == (response.status, await response.read())

    gateway.services.answers["GetProfile"] = errors.WrongLogin()
    for path in ("/api/v9/me", "/api/v9/me/logged"):
        assert "Incorrect username and/or password" == await gateway.json(path, 401, method="GET", headers=SIGNED)
