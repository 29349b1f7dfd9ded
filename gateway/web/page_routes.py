"""URL table of the page, beside the API's tables, and the dispatch of its requests."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from aiohttp import web

from gateway.clients import Caller
from gateway.errors import Code, PublicError
from gateway.requests.shared_links import prefers_json
from gateway.web import session
from gateway.web.headers import ENDPOINT, dress
from gateway.web.page_endpoint import Access, Endpoints, PageEndpoint, PageRequest
from gateway.web.page_errors import ForeignWrite, SignInNeeded, failed
from gateway.web.views.asset_files import ASSET_ENDPOINTS
from gateway.web.views.mailbox import MAILBOX_ENDPOINTS
from gateway.web.views.pickers import PICKER_ENDPOINTS
from gateway.web.views.report_links import REPORT_LINK_ENDPOINTS
from gateway.web.views.report_list import REPORT_LIST_ENDPOINTS
from gateway.web.views.report_progress import REPORT_PROGRESS_ENDPOINTS
from gateway.web.views.report_view import REPORT_VIEW_ENDPOINTS
from gateway.web.views.saved_reports import SAVED_REPORT_ENDPOINTS
from gateway.web.views.schedules import SCHEDULE_ENDPOINTS
from gateway.web.views.share import SHARE_ENDPOINTS
from gateway.web.views.sign_in import SIGN_IN_ENDPOINTS
from gateway.web.views.unsubscribe import UNSUBSCRIBE_ENDPOINTS

PREFIXES = {"page", "share", "shared-report", "u", "favicon.ico"}
READ = {"GET", "HEAD"}


def _joined(*tables: Endpoints) -> Endpoints:
    """Return one table of several, in which the same path may have other methods."""
    joined: dict[str, dict[str, PageEndpoint]] = {}
    for table in tables:
        for path, methods in table.items():
            joined.setdefault(path, {}).update(methods)
    return joined


PAGE_TABLE = _joined(
    ASSET_ENDPOINTS,
    SIGN_IN_ENDPOINTS,
    REPORT_LIST_ENDPOINTS,
    REPORT_PROGRESS_ENDPOINTS,
    REPORT_VIEW_ENDPOINTS,
    PICKER_ENDPOINTS,
    REPORT_LINK_ENDPOINTS,
    SHARE_ENDPOINTS,
    SCHEDULE_ENDPOINTS,
    SAVED_REPORT_ENDPOINTS,
    MAILBOX_ENDPOINTS,
    UNSUBSCRIBE_ENDPOINTS,
)
REST = re.compile(r"{(\w+):rest}")
WORD = re.compile(r"{(\w+)}")


def _pattern(path: str) -> re.Pattern[str]:
    dots = path.replace(".", r"\.")
    return re.compile(WORD.sub(r"(?P<\1>[^/]+?)", REST.sub(r"(?P<\1>.+)", dots)))


PATTERNS = [(_pattern(path), methods) for path, methods in PAGE_TABLE.items()]
TEMPLATES = ["/" + REST.sub(r"{\1}", path) for path in PAGE_TABLE]


class PageMatch(NamedTuple):
    """Line of the table that a path of the page is in: the words in it and its methods, none for an unknown path."""

    template: str
    words: Mapping[str, str]
    methods: Mapping[str, PageEndpoint]


def find_page(path: str) -> PageMatch | None:
    """Return the line of a path, None for a path that is not of the page. Doubled slashes do not matter."""
    parts = [part for part in path.split("/") if part]
    if not parts or parts[0] not in PREFIXES:
        return None
    whole = "/".join(parts)
    for (pattern, methods), template in zip(PATTERNS, TEMPLATES, strict=True):
        if match := pattern.fullmatch(whole):
            return PageMatch(template, match.groupdict(), methods)
    return PageMatch("/" + parts[0], {}, {})


def wants_page(request: web.Request) -> bool:
    """Return whether a request for `/` comes from a browser, which is sent to the page."""
    accepted = request.headers.getall("Accept", ())
    return any("text/html" in one for one in accepted) and not prefers_json(accepted)


async def respond(request: web.Request, match: PageMatch) -> web.StreamResponse:
    """Respond to a request for a path of the page; failures are answered in its own form."""
    method = "GET" if request.method == "HEAD" else request.method
    endpoint = match.methods.get(method)
    if endpoint is not None:
        request[ENDPOINT] = endpoint
    page = PageRequest(request, match.words, Caller())
    try:
        if endpoint is None:
            return await _without_endpoint(page, match)
        return await endpoint.respond(_admitted(page, endpoint))
    except (ConnectionError, web.HTTPException):
        raise
    except Exception as error:  # noqa: BLE001  # each is answered, and logged unless it was foreseen
        return await failed(_signed(page, endpoint), endpoint, error)


def stamp_page(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Set the headers of an answer on the page; other answers stay as they are."""
    if ENDPOINT in request or find_page(request.path) is not None:
        dress(request, response, request.get(ENDPOINT))


def _admitted(page: PageRequest, endpoint: PageEndpoint) -> PageRequest:
    """Return the request with its credentials. Raises SignInNeeded and ForeignWrite."""
    if endpoint.access is Access.TOKEN:
        return page
    is_form = endpoint.access is Access.OPEN
    if page.http.method not in READ and not session.is_from_page(page.http, form=is_form):
        raise ForeignWrite
    signed = _signed(page, endpoint)
    if endpoint.access is Access.SESSION and signed.caller.authorization is None:
        raise SignInNeeded
    return signed


def _signed(page: PageRequest, endpoint: PageEndpoint | None) -> PageRequest:
    if endpoint is None or endpoint.access is Access.TOKEN:
        return page
    return PageRequest(page.http, page.words, session.caller_of(page.http) or Caller())


async def _without_endpoint(page: PageRequest, match: PageMatch) -> web.Response:
    if not match.methods:
        raise PublicError(Code.NOT_FOUND)
    allowed = [*match.methods, *(["HEAD"] if "GET" in match.methods else []), "OPTIONS"]
    status = 204 if page.http.method == "OPTIONS" else 405
    return web.Response(status=status, headers={"Allow": ", ".join(allowed)})
