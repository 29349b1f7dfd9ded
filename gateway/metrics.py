"""Metrics and traces of HTTP requests."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from aiohttp import web

from gateway.routes import route_of
from services.runtime import tracing
from services.runtime.metrics import seconds
from services.runtime.tracer import TRACE_PARENT_KEY

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
SERVER_ERROR = 500
GONE = 499  # of a client that went before there was a response, as nginx numbers it
SENT = web.RequestKey("sent", int)  # the status whose headers are out
MEASURED = web.RequestKey("measured", bool)

HTTP_SECONDS = seconds(
    "daybook_http_request_seconds",
    "HTTP requests until their answer was whole; status 499: the client went before it began",
    "method",
    "route",
    "status",
)
seconds_of = cache(HTTP_SECONDS.labels)  # the values of its labels come from closed sets


@dataclass(slots=True)
class Measure:
    """A request under way: its status, None until it is known."""

    status: int | None = None


@contextmanager
def measured(request: web.Request, request_id: str) -> Iterator[Measure]:
    """Count and trace the request that is handled inside, also when its client goes away meanwhile."""
    request[MEASURED] = True
    method, route = _name(request)
    began, measure = time.monotonic(), Measure()
    attributes = {"http.request.method": method, "http.route": route, "daybook.request_id": request_id}
    parent = request.headers.get(TRACE_PARENT_KEY, "")
    with tracing.span(f"{method} {route}", attributes, kind="server", parent=parent) as span:
        try:
            yield measure
        finally:
            status = measure.status or request.get(SENT, GONE)
            seconds_of(method, route, str(status)).observe(time.monotonic() - began)
            span.note({"http.response.status_code": status})
            if status >= SERVER_ERROR:
                span.fail(str(status))


def count_others(request: web.BaseRequest, status: int, spent_s: float) -> None:
    """Count a response to less than a whole request, which `measured` never sees."""
    if MEASURED not in request:
        seconds_of(*_name(request), str(status)).observe(spent_s)


def _name(request: web.BaseRequest) -> tuple[str, str]:
    """Return method and route of a request in words from closed sets."""
    return request.method if request.method in METHODS else "other", route_of(request.path)
