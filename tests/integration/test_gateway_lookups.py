"""Look-ups in a workspace through the gateway: the v9 routes that clients call first."""

from typing import Any

import pytest
from daybook.input.v1.workspace_pb2 import Client, Member, Project, Tag, Workspace
from daybook.workspace.v1 import workspace_service_pb2 as pb
from google.protobuf.timestamp_pb2 import Timestamp

from services import errors
from services.errors.workspaces import WorkspaceNotFound

SIGNED = {"Authorization": "Basic YW5uOnNlY3JldA=="}
V9 = "/api/v9"
THEN, LATER = Timestamp(seconds=1767603600), Timestamp(seconds=1767607200)
NO_ACCESS = "User does not have access to this resource."
STUDIO = Workspace(id=5, name="Studio", currency_code="EUR", hourly_rate_cents=4050, create_time=THEN)
SEEN = pb.SeenWorkspace(workspace=STUDIO, is_admin=True)
WEBSITE = pb.SeenProject(
    project=Project(
        id=7,
        name="Website",
        client_id=6,
        color="#0b83d9",
        currency_code="EUR",
        hourly_rate_cents=5000,
        estimated_seconds=9000,
        create_time=THEN,
        update_time=LATER,
    ),
    client_name="Acme",
    actual_seconds=5400,
    billable=True,
)


async def read(gateway: Any, path: str, status: int = 200) -> Any:
    return await gateway.json(f"{V9}/{path}", status, method="GET", headers=SIGNED)


async def test_a_workspace_is_told_as_published(gateway):
    """Both lists are the same, and one workspace is an entry of them."""
    gateway.services.answers |= {
        "ListWorkspaces": pb.ListWorkspacesResponse(workspaces=[SEEN]),
        "GetWorkspace": pb.GetWorkspaceResponse(workspace=SEEN),
    }

    [found] = await read(gateway, "me/workspaces")

    assert [found] == await read(gateway, "workspaces")
    assert found == await read(gateway, "workspaces/5")
    moment = "2026-01-05T09:00:00Z"
    assert {
        "id": 5, "organization_id": 5, "name": "Studio", "admin": True, "role": "admin", "default_currency": "EUR",
        "default_hourly_rate": 40.5, "logo_url": "", "at": moment, "last_modified": moment, "premium": True,
        "business_ws": True, "rounding": 0, "rounding_minutes": 0, "reports_collapse": True,
        "only_admins_see_billable_rates": True, "only_admins_see_team_dashboard": False,
        "only_admins_may_create_projects": True, "only_admins_may_create_tags": True,
        "projects_billable_by_default": False, "projects_enforce_billable": False,
        "projects_private_by_default": False, "hide_start_end_times": False, "ical_enabled": False,
        "csv_upload": None, "ical_url": None, "rate_last_updated": None, "server_deleted_at": None,
        "suspended_at": None, "working_hours_in_minutes": None,
    } == found  # fmt: skip


async def test_settings_of_a_workspace_are_told_the_other_way_round(gateway):
    workspace = Workspace(id=5, name="Studio", members_see_amounts=True, members_see_others=False)
    seen = pb.SeenWorkspace(workspace=workspace)
    gateway.services.answers["GetWorkspace"] = pb.GetWorkspaceResponse(workspace=seen)

    found = await read(gateway, "workspaces/5")

    assert (False, True) == (found["only_admins_see_billable_rates"], found["only_admins_see_team_dashboard"])
    assert ("user", False, None) == (found["role"], found["admin"], found["default_hourly_rate"])


async def test_a_project_is_told_as_published(gateway):
    gateway.services.answers["ListProjects"] = pb.ListProjectsResponse(projects=[WEBSITE])

    [found] = await read(gateway, "workspaces/5/projects")

    assert {
        "id": 7, "workspace_id": 5, "wid": 5, "client_id": 6, "cid": 6, "client_name": "Acme", "name": "Website",
        "color": "#0b83d9", "active": True, "status": "active", "is_private": False, "billable": True, "rate": 50,
        "currency": "EUR", "fixed_fee": None, "estimated_hours": 2, "estimated_seconds": 9000, "actual_hours": 1,
        "actual_seconds": 5400, "start_date": "2026-01-05", "end_date": None, "at": "2026-01-05T10:00:00Z",
        "created_at": "2026-01-05T09:00:00Z", "external_reference": None, "can_track_time": True,
        "auto_estimates": False, "recurring": False, "template": False, "pinned": False, "rate_last_updated": None,
        "recurring_parameters": None, "template_id": None, "server_deleted_at": None,
    } == found  # fmt: skip


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", {"page_size": 151, "archived": False}),
        ("active=both&per_page=200&page=3", {"page_size": 200, "skip": 400}),
        ("active=False&sort_order=DESC&sort_field=name", {"page_size": 151, "archived": True, "descending": True}),
        ("client_ids=1&client_ids=2,3&project_ids[]=4&only_me=x",
         {"page_size": 151, "archived": False, "client_ids": [1, 2, 3], "project_ids": [4]}),
        ("name=web&billable=true&since=1767603600",
         {"page_size": 151, "archived": False, "name": "web", "billable": True, "changed_since": THEN}),
    ],
)  # fmt: skip
async def test_projects_are_asked_for_by_the_query(gateway, query, asked):
    """One page is one call; unknown names are ignored."""
    gateway.services.answers["ListProjects"] = pb.ListProjectsResponse(next_page_token="more")

    assert [] == await read(gateway, f"workspaces/5/projects?{query}")
    assert [pb.ListProjectsRequest(workspace_id=5, **asked)] == gateway.services.asked["ListProjects"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("projects?per_page=201", "Invalid parameter per_page."),
        ("projects?page=0", "Invalid parameter page."),
        ("projects?page=2147483647", "Invalid parameter page."),
        ("projects?active=maybe", "Invalid parameter active."),
        ("projects?client_ids=1,x", "Invalid parameter client_ids."),
        ("projects?since=yesterday", "Invalid parameter since."),
        ("projects?sort_field=id", "Invalid parameter sort_field."),
        ("clients?status=gone", "Client status is invalid"),
        ("users?exclude_deleted=2", "Invalid parameter exclude_deleted."),
        ("tags?per_page=-1", "Invalid parameter per_page."),
    ],
)
async def test_a_bad_query_is_named(gateway, path, text):
    assert text == await read(gateway, f"workspaces/5/{path}", 400)


async def test_clients_tags_and_members_are_told_as_published(gateway):
    """Lists without pages are read to their end."""
    gateway.services.answers |= {
        "ListClients": [
            pb.ListClientsResponse(clients=[Client(id=6, name="Acme", update_time=THEN)], next_page_token="more"),
            pb.ListClientsResponse(clients=[Client(id=8, name="Beta", archived=True, external_reference="b")]),
        ],
        "ListTags": pb.ListTagsResponse(tags=[Tag(id=3, name="ui", update_time=THEN)], owner_user_id=11),
        "ListMembers": pb.ListMembersResponse(
            members=[Member(user_id=12, name="Bob", email="bob@example.com", role=Member.ROLE_MEMBER, inactive=True)]
        ),
    }

    clients = await read(gateway, "workspaces/5/clients?status=both")

    moment = "2026-01-05T09:00:00Z"
    ids = {"wid": 5, "workspace_id": 5}
    acme = {"id": 6, **ids, "name": "Acme", "archived": False, "at": moment, "notes": "", "external_reference": None}
    assert acme == clients[0]
    assert ("Beta", True, "b") == tuple(clients[1][name] for name in ("name", "archived", "external_reference"))
    assert ["", "more"] == [asked.page_token for asked in gateway.services.asked["ListClients"]]
    tag = {"id": 3, "workspace_id": 5, "name": "ui", "at": moment, "creator_id": 11, "deleted_at": None}
    assert [tag] == await read(gateway, "workspaces/5/tags?search=u&page=2")
    assert ("u", 200, 200) == tuple(
        getattr(gateway.services.asked["ListTags"][0], name) for name in ("name", "page_size", "skip")
    )
    bob = {"id": 12, "email": "bob@example.com", "fullname": "Bob", "inactive": True, "is_active": False}
    assert [bob | {"is_admin": False, "role": "user"}] == await read(gateway, "workspaces/5/users?exclude_deleted=1")
    assert gateway.services.asked["ListMembers"][0].active_only


@pytest.mark.parametrize("path", ["", "/projects", "/clients", "/tags", "/users"])
async def test_those_who_are_no_active_members_are_told_so(gateway, path):
    """Without credentials the answer is 401, for a workspace that is no number 400."""
    names = ("GetWorkspace", "ListProjects", "ListClients", "ListTags", "ListMembers")
    gateway.services.answers |= dict.fromkeys(names, WorkspaceNotFound())

    assert NO_ACCESS == await read(gateway, f"workspaces/5{path}", 403)
    assert "Invalid workspace id" == await read(gateway, f"workspaces/x{path}", 400)
    gateway.services.answers |= dict.fromkeys(names, errors.NotAuthenticated())
    assert "Unable to extract authentication data" == await read(gateway, f"workspaces/5{path}", 401)
