"""JSON responses, and the headers that every response bears."""

import math

import orjson
from aiohttp import hdrs, web

RETRIED = {429, 503}  # statuses whose responses say when to come back
REQUEST_ID = "X-Request-Id"
REQUEST_KEY = web.RequestKey("request_id", str)
STRICT_TRANSPORT = "max-age=31536000"
JSON_TYPE = "application/json; charset=utf-8"


def json_response(body: object, status: int = 200) -> web.Response:
    """Return a response in JSON."""
    return web.Response(body=orjson.dumps(body), status=status, headers={"Content-Type": JSON_TYPE})


def say_when(response: web.StreamResponse, retry_after_s: float | None) -> None:
    """Let a response that refuses for now say after how many whole seconds to repeat the request, at least one."""
    if response.status in RETRIED:
        response.headers[hdrs.RETRY_AFTER] = str(max(1, math.ceil(retry_after_s or 0)))


def stamp(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Put the request's id on its response, a server name that does not tell the software, and what browsers obey."""
    response.headers[REQUEST_ID] = request.get(REQUEST_KEY, "")
    response.headers["Server"] = "daybook"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    if hdrs.RETRY_AFTER not in response.headers:
        say_when(response, None)
    if request.secure:
        response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
