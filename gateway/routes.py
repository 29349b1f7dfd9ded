"""URL table: paths of both sides and their endpoints, and the dispatch of requests by path, those of the page too."""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from aiohttp import HttpVersion11, web

from gateway.clients import SERVICES
from gateway.endpoints.lookup_endpoints import LOOKUP_ENDPOINTS
from gateway.endpoints.plain_endpoints import PLAIN_ENDPOINTS
from gateway.endpoints.saved_report_endpoints import SAVED_REPORT_ENDPOINTS
from gateway.endpoints.scheduled_report_endpoints import SCHEDULED_REPORT_ENDPOINTS
from gateway.endpoints.toggl_endpoints import FILE, KIND, TIME_REPORT_ENDPOINTS, TogglEndpoint
from gateway.endpoints.tracker_endpoints import TRACKER_ENDPOINTS
from gateway.errors import Code, PublicError
from gateway.http_responses import json_response
from gateway.toggl_errors import ROUTE, UNKNOWN_PATH, WRONG_METHOD, Api, RouteMatch, TogglError
from gateway.web.page_routes import find_page, respond, wants_page
from gateway.web.session import HOME

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PREFIXES = ("v2", "api-v2")
TRACKER_TABLE: Mapping[str, Handler] = {**TRACKER_ENDPOINTS, **PLAIN_ENDPOINTS}
RESOURCES = {path.rpartition("/")[0] for path in TRACKER_TABLE} - {""}
METHODS = ("GET", "HEAD", "POST")
PLAIN_METHODS = ("GET", "HEAD")

TOGGL_TABLE = {
    "reports/api/v3": TIME_REPORT_ENDPOINTS,
    "api/v9": SAVED_REPORT_ENDPOINTS | SCHEDULED_REPORT_ENDPOINTS | LOOKUP_ENDPOINTS,
}
PATTERNS = {
    prefix: [(re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+?)", path)), methods) for path, methods in paths.items()]
    for prefix, paths in TOGGL_TABLE.items()
}
TEMPLATES = {
    prefix: [f"/{prefix}/{path.replace(FILE, '.{format}').replace(KIND, '{kind}')}" for path in paths]
    for prefix, paths in TOGGL_TABLE.items()
}
UNKNOWN = "unknown"
MAX_CACHED_PATHS = 1024


def methods_of(path: str) -> tuple[str, ...]:
    """Return the methods of a path of the tracker side."""
    return PLAIN_METHODS if path in PLAIN_ENDPOINTS else METHODS


def find_tracker(path: str) -> str:
    """Return a path as it stands in the tracker side's table; prefix, trailing and doubled slashes do not matter.

    Raises PublicError 111 for an unknown resource and 112 for an unknown action of a known one.
    """
    words = _without_prefix(_words(path))
    whole = "/".join(words)
    if whole in TRACKER_TABLE:
        return whole
    known = whole in RESOURCES or "/".join(words[:-1]) in RESOURCES
    raise PublicError(Code.WRONG_METHOD if known else Code.WRONG_HANDLER)


def find_toggl(path: str, method: str) -> tuple[RouteMatch, Mapping[str, TogglEndpoint]] | None:
    """Return the route of a path of the timesheet side and its endpoints by method, none for an unknown path.

    Returns None for a path of the tracker side. Trailing and doubled slashes do not matter.
    """
    whole = "/".join(_words(path))
    for prefix, patterns in PATTERNS.items():
        if whole == prefix or whole.startswith(f"{prefix}/"):
            rest = whole.removeprefix(prefix).removeprefix("/")
            found = next(((match, methods) for line, methods in patterns if (match := line.fullmatch(rest))), None)
            words = {name: _text(word) for name, word in found[0].groupdict().items()} if found else {}
            endpoints = found[1] if found else {}
            return RouteMatch(_api(prefix, endpoints), method, words), endpoints
    return None


def _api(prefix: str, endpoints: Mapping[str, TogglEndpoint]) -> Api:
    default: Api = "v9" if prefix == "api/v9" else "v3"
    return next((one.api for one in endpoints.values() if one.api), default)


@lru_cache(MAX_CACHED_PATHS)
def route_of(path: str) -> str:
    """Return the line of the table that a path belongs to, or `unknown`: all that metrics and traces may show of it."""
    if (page := find_page(path)) is not None:
        return page.template if page.methods else UNKNOWN
    words = _words(path)
    whole = "/".join(words)
    for prefix, patterns in PATTERNS.items():
        if whole.startswith(f"{prefix}/"):
            rest = whole.removeprefix(f"{prefix}/")
            lines = zip(patterns, TEMPLATES[prefix], strict=True)
            return next((template for (line, _), template in lines if line.fullmatch(rest)), UNKNOWN)
    known = "/".join(_without_prefix(words))
    return f"/{known}" if known in TRACKER_TABLE else UNKNOWN


async def dispatch(request: web.Request) -> web.StreamResponse:
    """Respond to a request by its path. Actions of the tracker side take GET and POST, plain ones GET; HEAD is GET.

    Browsers that ask for `/` are sent to the page.
    """
    page = find_page(request.path)
    if page is not None:
        return await respond(request, page)
    if request.path == "/" and wants_page(request):
        return web.Response(status=303, headers={"Location": HOME, "Vary": "Accept"})
    found = find_toggl(request.path, request.method)
    if found is not None:
        request[ROUTE], endpoints = found
        return await _by_method(request, endpoints)
    path = find_tracker(request.path)
    methods = methods_of(path)
    if request.method == "OPTIONS":
        return web.Response(status=204, headers={"Allow": ", ".join((*methods, "OPTIONS"))})
    if request.method not in methods:
        raise PublicError(Code.WRONG_METHOD)
    return await TRACKER_TABLE[path](request)


async def _by_method(request: web.Request, endpoints: Mapping[str, TogglEndpoint]) -> web.StreamResponse:
    if not endpoints:
        raise TogglError(*UNKNOWN_PATH)
    method = "GET" if request.method == "HEAD" else request.method
    if method in endpoints:
        return await endpoints[method](request)
    status, text = WRONG_METHOD
    response = web.Response(status=204) if request.method == "OPTIONS" else json_response(text, status)
    response.headers["Allow"] = ", ".join((*_with_head(endpoints), "OPTIONS"))
    return response


def _with_head(methods: Iterable[str]) -> Iterator[str]:
    for method in methods:
        yield from ("GET", "HEAD") if method == "GET" else (method,)


def _text(word: str) -> str:
    """Return a word of a path as text, whatever its bytes were."""
    return word.encode(errors="replace").decode()


def _words(path: str) -> list[str]:
    return [word for word in path.split("/") if word]


def _without_prefix(words: list[str]) -> list[str]:
    return words[1:] if words and words[0] in PREFIXES else words


async def invite_body(request: web.Request) -> None:
    """Respond to `Expect: 100-continue`, but do not invite a body that is announced as too long."""
    too_long = (request.content_length or 0) > request.app[SERVICES].settings.max_body_bytes
    if request.version >= HttpVersion11 and not too_long:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the response itself has not begun
