"""Endpoints of the timesheet side that show workspaces and what is in them, by path and method."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any, TypeVar

from aiohttp import web
from google.protobuf.message import Message
from grpc.aio import UnaryUnaryMultiCallable

from gateway.clients import SERVICES, Services
from gateway.endpoints.toggl_endpoints import Described, Respond, TogglEndpoint
from gateway.http_responses import json_response
from gateway.requests import lookup_requests as requests
from gateway.requests.query_fields import QueryField
from gateway.requests.toggl_requests import caller_of
from gateway.shapes import lookup_responses as responses
from gateway.shapes.json_schema import in_json, several
from gateway.shapes.shape import Json, Shape

Q = TypeVar("Q", bound=Message)
R = TypeVar("R", bound=Message)
Write = Callable[[Any, Any], list[Json]]  # of a request and a page of its response


def _lookup(
    read: Callable[[web.Request], Awaitable[Q]],
    method: Callable[[Services], UnaryUnaryMultiCallable[Q, R]],
    write: Write,
) -> Respond:
    """Return the response with a list: the page that the request asks for, else all, page by page."""

    async def respond(request: web.Request) -> web.StreamResponse:
        services, message = request.app[SERVICES], await read(request)
        caller = caller_of(request)
        if getattr(message, "page_size", 0):
            return json_response(write(message, await services.call(method(services), message, caller)))
        found: list[Json] = []
        async with aclosing(services.pages(method(services), message, caller)) as pages:
            async for page in pages:
                found += write(message, page)
        return json_response(found)

    return respond


async def _workspace(request: web.Request) -> web.Response:
    services, message = request.app[SERVICES], await requests.workspace(request)
    found = await services.call(services.workspaces.GetWorkspace, message, caller_of(request))
    return json_response(responses.WORKSPACE.write(found.workspace))


def _projects(asked: Any, page: Any) -> list[Json]:
    known = asked.workspace_id
    return responses.listed(responses.PROJECT, page.projects, workspace_id=known, wid=known)


def _clients(asked: Any, page: Any) -> list[Json]:
    known = asked.workspace_id
    return responses.listed(responses.CLIENT, page.clients, workspace_id=known, wid=known)


def _tags(asked: Any, page: Any) -> list[Json]:
    return responses.listed(responses.TAG, page.tags, workspace_id=asked.workspace_id, creator_id=page.owner_user_id)


def _get(
    summary: str, respond: Respond, shape: Shape, query: Mapping[str, QueryField] | None = None
) -> dict[str, TogglEndpoint]:
    schemas = {name: field.schema for name, field in (query or {}).items()}
    described = Described(None, in_json(several(shape.ref)))
    return {"GET": TogglEndpoint(summary, respond, described, query=schemas, api="lookup")}


WORKSPACES = _get(
    "The caller's workspaces",
    _lookup(
        requests.workspaces,
        lambda to: to.workspaces.ListWorkspaces,
        lambda _, page: responses.WORKSPACE.write_all(page.workspaces),
    ),
    responses.WORKSPACE,
)
LOOKUP_ENDPOINTS: dict[str, dict[str, TogglEndpoint]] = {
    "me/workspaces": WORKSPACES,
    "workspaces": WORKSPACES,
    "workspaces/{workspace}": {
        "GET": TogglEndpoint(
            "One workspace", _workspace, Described(None, in_json(responses.WORKSPACE.ref)), api="lookup"
        )
    },
    "workspaces/{workspace}/projects": _get(
        "A page of projects by name",
        _lookup(requests.projects, lambda to: to.workspaces.ListProjects, _projects),
        responses.PROJECT,
        requests.PROJECT_FIELDS,
    ),
    "workspaces/{workspace}/clients": _get(
        "Clients by name",
        _lookup(requests.clients, lambda to: to.workspaces.ListClients, _clients),
        responses.CLIENT,
        requests.CLIENT_FIELDS,
    ),
    "workspaces/{workspace}/tags": _get(
        "Tags by name, all unless a page is asked for",
        _lookup(requests.tags, lambda to: to.workspaces.ListTags, _tags),
        responses.TAG,
        requests.TAG_FIELDS,
    ),
    "workspaces/{workspace}/users": _get(
        "Members by name",
        _lookup(
            requests.members,
            lambda to: to.workspaces.ListMembers,
            lambda _, page: responses.USER.write_all(page.members),
        ),
        responses.USER,
        requests.USER_FIELDS,
    ),
}
