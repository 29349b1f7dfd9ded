"""The whole URL table, and how a path finds its handler."""

import re
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import HttpVersion11, web

from gateway.clients import SERVICES
from gateway.endpoints import accounts, downloads, fleet, health, profile
from gateway.endpoints import openapi_json as document
from gateway.endpoints import saved_report_endpoints as saved_reports
from gateway.endpoints import time_report_endpoints as time_reports
from gateway.endpoints import tracker_endpoints as tracker_reports
from gateway.errors import Code, PublicError
from gateway.http_responses import json_response
from gateway.toggl_errors import PLACE, UNKNOWN_PATH, WRONG_METHOD, Place, TimeError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

TABLE: dict[str, Handler] = {
    "report/tracker/generate": tracker_reports.generate,
    "report/tracker/list": tracker_reports.list_reports,
    "report/tracker/status": tracker_reports.status,
    "report/tracker/retrieve": downloads.retrieve,
    "report/tracker/download": downloads.download,
    "report/tracker/delete": tracker_reports.delete,
    "user/auth": accounts.log_in,
    "user/logout": accounts.log_out,
    "tracker/list": fleet.list_trackers,
    "plugin/list": tracker_reports.list_plugins,
    "health": health.health,
    "openapi.json": document.document,
}

PREFIXES = ("v2", "api-v2")
RESOURCES = {path.rpartition("/")[0] for path in TABLE} - {""}
METHODS = ("GET", "POST")
PLAIN: dict[Handler, tuple[str, ...]] = {  # the methods of those that take nothing
    health.health: ("GET", "HEAD"),
    document.document: ("GET", "HEAD"),
}

FILE = "[./](?P<format>csv|xlsx|pdf)"  # both spellings are published
KIND = "(?P<kind>search|summary|weekly)"

TIME_TABLE: dict[str, dict[str, dict[str, Handler]]] = {
    "reports/api/v3": {
        f"shared/{{token}}{FILE}": {"POST": time_reports.export_saved},
        "shared/{token}": {"POST": time_reports.run_saved},
        f"workspace/{{workspace}}/{KIND}/time_entries{FILE}": {"POST": time_reports.export},
        f"workspace/{{workspace}}/{KIND}/time_entries": {"POST": time_reports.search},
        "workspace/{workspace}/search/time_entries/totals": {"POST": time_reports.totals},
        "workspace/{workspace}/projects/summary": {"POST": time_reports.projects},
        "workspace/{workspace}/projects/{project}/summary": {"POST": time_reports.project},
    },
    "api/v9": {
        "workspaces/{workspace}/reports/shared": {
            "GET": saved_reports.list_reports,
            "POST": saved_reports.create,
            "PUT": saved_reports.update_several,
        },
        "workspaces/{workspace}/reports/shared/bulk_delete": {"PATCH": saved_reports.delete_several},
        "workspaces/{workspace}/reports/shared/{report}": {
            "GET": saved_reports.get,
            "PUT": saved_reports.update,
            "DELETE": saved_reports.delete,
        },
        "me": {"GET": profile.me},
        "me/logged": {"GET": profile.logged},
    },
}

PATTERNS = {
    prefix: [(re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+?)", path)), handlers) for path, handlers in paths.items()]
    for prefix, paths in TIME_TABLE.items()
}
TEMPLATES = {
    prefix: [f"/{prefix}/{path.replace(FILE, '.{format}').replace(KIND, '{kind}')}" for path in paths]
    for prefix, paths in TIME_TABLE.items()
}
UNKNOWN = "unknown"


def find(path: str) -> Handler:
    """Return the tracker side's handler of a path; prefix, trailing and doubled slashes do not matter.

    Raises PublicError 111 for an unknown resource and 112 for an unknown action of a known one.
    """
    words = _words(path)
    if words and words[0] in PREFIXES:
        words = words[1:]
    handler = TABLE.get("/".join(words))
    if handler is not None:
        return handler
    known = "/".join(words) in RESOURCES or "/".join(words[:-1]) in RESOURCES
    raise PublicError(Code.WRONG_METHOD if known else Code.WRONG_HANDLER)


def find_time(path: str, method: str) -> tuple[Place, Mapping[str, Handler]] | None:
    """Return where a path of the timesheet side leads and its handlers by method, none for an unknown path.

    Returns None for a path of the tracker side. Trailing and doubled slashes do not matter.
    """
    whole = "/".join(_words(path))
    for prefix, patterns in PATTERNS.items():
        if whole == prefix or whole.startswith(f"{prefix}/"):
            rest = whole.removeprefix(prefix).removeprefix("/")
            found = next(((match, handlers) for one, handlers in patterns if (match := one.fullmatch(rest))), None)
            words = {name: _text(word) for name, word in found[0].groupdict().items()} if found else {}
            return Place("v9" if prefix == "api/v9" else "v3", method, words), found[1] if found else {}
    return None


def route_of(path: str) -> str:
    """Return the route of a path as it stands in the table, or `unknown`: what metrics and traces may show of it."""
    words = _words(path)
    whole = "/".join(words)
    for prefix, patterns in PATTERNS.items():
        if whole.startswith(f"{prefix}/"):
            rest = whole.removeprefix(f"{prefix}/")
            routes = zip(patterns, TEMPLATES[prefix], strict=True)
            return next((template for (one, _), template in routes if one.fullmatch(rest)), UNKNOWN)
    known = "/".join(words[1:] if words and words[0] in PREFIXES else words)
    return f"/{known}" if known in TABLE else UNKNOWN


async def dispatch(request: web.Request) -> web.StreamResponse:
    """Answer a request by its path. All actions of the tracker side take GET and POST; plain ones GET and HEAD."""
    found = find_time(request.path, request.method)
    if found is not None:
        request[PLACE], handlers = found
        return await _by_method(request, handlers)
    handler = find(request.path)
    methods = PLAIN.get(handler, METHODS)
    if request.method == "OPTIONS":
        return web.Response(status=204, headers={"Allow": ", ".join((*methods, "OPTIONS"))})
    if request.method not in methods:
        raise PublicError(Code.WRONG_METHOD)
    return await handler(request)


async def _by_method(request: web.Request, handlers: Mapping[str, Handler]) -> web.StreamResponse:
    if not handlers:
        raise TimeError(*UNKNOWN_PATH)
    if request.method in handlers:
        return await handlers[request.method](request)
    status, text = WRONG_METHOD
    options = request.method == "OPTIONS"
    response = web.Response(status=204) if options else json_response(text, status)
    response.headers["Allow"] = ", ".join((*handlers, "OPTIONS"))
    return response


def _text(word: str) -> str:
    """Return a word of a path as text, whatever its bytes were."""
    return word.encode(errors="replace").decode()


def _words(path: str) -> list[str]:
    return [word for word in path.split("/") if word]


async def invite_body(request: web.Request) -> None:
    """Answer `Expect: 100-continue`, but do not invite a body that is announced as too long."""
    too_long = (request.content_length or 0) > request.app[SERVICES].settings.max_body_bytes
    if request.version >= HttpVersion11 and not too_long:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the response itself has not begun
