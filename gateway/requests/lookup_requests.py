"""Requests for look-ups in a workspace: v9 queries as messages."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from daybook.workspace.v1.workspace_service_pb2 import (
    GetWorkspaceRequest,
    ListClientsRequest,
    ListMembersRequest,
    ListProjectsRequest,
    ListTagsRequest,
    ListWorkspacesRequest,
)

from gateway.requests.query_fields import (
    IDS,
    MAX_PAGE_SIZE,
    PART,
    SWITCH,
    QueryField,
    choice,
    count,
    skipped,
    values_of,
)
from gateway.requests.toggl_requests import caller_of, workspace_id
from gateway.shapes.json_schema import COUNT

PROJECTS_PER_PAGE = 151  # as published
MOST_SECONDS = 253_402_300_799  # of the year 9999
DIRECTIONS = {"asc": False, "desc": True}
ARCHIVED_BY_ACTIVE = {"true": False, "1": False, "false": True, "0": True, "both": None}
ARCHIVED_BY_STATUS = {"active": False, "archived": True, "both": None}


def _moment(text: str | None) -> int | None:
    seconds = int(text) if text else None
    if seconds is not None and not 0 <= seconds <= MOST_SECONDS:
        raise ValueError(text)
    return seconds


PROJECT_FIELDS: Mapping[str, QueryField] = {
    "active": choice(ARCHIVED_BY_ACTIVE, "true"),
    "name": PART,
    "client_ids": IDS,
    "project_ids": IDS,
    "billable": SWITCH,
    "since": QueryField({**COUNT, "description": "Moment of the earliest change in UTC seconds"}, _moment),
    "page": count(1),
    "per_page": count(PROJECTS_PER_PAGE, MAX_PAGE_SIZE),
    "sort_field": choice({"name": "name"}, "name"),
    "sort_order": choice(DIRECTIONS, "asc"),
}
CLIENT_FIELDS: Mapping[str, QueryField] = {
    "status": choice(ARCHIVED_BY_STATUS, "active", "Client status is invalid"),
    "name": PART,
}
TAG_FIELDS: Mapping[str, QueryField] = {"search": PART, "page": count(0), "per_page": count(0, MAX_PAGE_SIZE)}
USER_FIELDS: Mapping[str, QueryField] = {"exclude_deleted": SWITCH}


def _asked(request: web.Request, fields: Mapping[str, QueryField]) -> tuple[int, dict[str, Any]]:
    """Return the workspace in the path and the values of the query. Raises TogglError 401 before 400."""
    caller_of(request)
    return workspace_id(request), values_of(request, fields)


async def workspaces(request: web.Request) -> ListWorkspacesRequest:
    """Return the request for the caller's workspaces."""
    caller_of(request)
    return ListWorkspacesRequest()


async def workspace(request: web.Request) -> GetWorkspaceRequest:
    """Return the workspace that the path names."""
    return GetWorkspaceRequest(workspace_id=_asked(request, {})[0])


async def projects(request: web.Request) -> ListProjectsRequest:
    """Return the page of projects that is asked for. Raises TogglError 400."""
    workspace_id_, asked = _asked(request, PROJECT_FIELDS)
    message = ListProjectsRequest(
        workspace_id=workspace_id_,
        page_size=asked["per_page"],
        skip=skipped(asked["page"], asked["per_page"]),
        name=asked["name"],
        project_ids=asked["project_ids"],
        client_ids=asked["client_ids"],
        billable=asked["billable"],
        archived=asked["active"],
        descending=asked["sort_order"],
    )
    if asked["since"] is not None:
        message.changed_since.FromSeconds(asked["since"])
    return message


async def clients(request: web.Request) -> ListClientsRequest:
    """Return the clients that are asked for. Raises TogglError 400."""
    workspace_id_, asked = _asked(request, CLIENT_FIELDS)
    return ListClientsRequest(workspace_id=workspace_id_, name=asked["name"], archived=asked["status"])


async def tags(request: web.Request) -> ListTagsRequest:
    """Return the tags that are asked for: a page where the query says which, else all. Raises TogglError 400."""
    workspace_id_, asked = _asked(request, TAG_FIELDS)
    page, size = asked["page"] or 1, asked["per_page"]
    if asked["page"] and not size:
        size = MAX_PAGE_SIZE
    skip = skipped(page, size) if size else 0
    return ListTagsRequest(workspace_id=workspace_id_, name=asked["search"], page_size=size, skip=skip)


async def members(request: web.Request) -> ListMembersRequest:
    """Return the members that are asked for. Raises TogglError 400."""
    workspace_id_, asked = _asked(request, USER_FIELDS)
    return ListMembersRequest(workspace_id=workspace_id_, active_only=bool(asked["exclude_deleted"]))
