"""Middleware around every request: its id, the response when it fails, and its line in the access log."""

import logging
import re
from urllib.parse import parse_qsl

from aiohttp import hdrs, web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.typedefs import Handler
from grpc.aio import AioRpcError

from gateway.client_addresses import ADDRESSES, CLIENT, peer_of
from gateway.clients import SERVICES, shows_bearer
from gateway.compression import compress_whole
from gateway.cors import CORS
from gateway.errors import UNAUTHORIZED, WRONG_HASH, BearerRefused, Code, PublicError, public_error
from gateway.http_responses import REQUEST_ID, REQUEST_KEY, json_response, say_when, stamp
from gateway.metrics import SENT, count_others, measured
from gateway.toggl_errors import ROUTE, UNFORESEEN, TogglError, call_error, own_error
from gateway.web.page_routes import stamp_page
from services.runtime.callers import tell_of
from services.runtime.errors import failure_of
from services.runtime.logs import accept_request_id, log_event, request_id

log = logging.getLogger("daybook.gateway")

SHOWN = {"report_id", "format", "headless", "full", "iso_datetime"}  # of query strings, in the log; all others hide
MAX_SHOWN_LENGTH = 200
SECRET = re.compile(r"[0-9a-fA-F]{16,}")  # a share token in a path, or a hash there by a client's mistake; cut ones too
SERVER_ERROR = 500
CHALLENGE = 'NVX realm="daybook"'
TOGGL_HEADERS = {  # of every response on the timesheet side (reference section 3)
    "Cache-Control": "no-cache, private, no-store, must-revalidate, max-stale=0, post-check=0, pre-check=0",
}


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request its id and turn a failure into the published error. No unforeseen error shows its text."""
    request[REQUEST_KEY] = accept_request_id(request.headers.get(REQUEST_ID))
    addresses = request.app[ADDRESSES]
    request[CLIENT] = address = addresses.of(request)
    secret = request.app[SERVICES].settings.gateway_secret.get_secret_value()
    tell_of(address, is_proxy=addresses.is_proxy(address), secret=secret)
    with measured(request, request[REQUEST_KEY]) as measure:
        response = await _response(request, handler)
        await compress_whole(request, response)
        measure.status = response.status
        return response


async def _response(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (PublicError, TogglError) as error:
        failure: PublicError | TogglError = error
    except AioRpcError as error:
        failure = _of_call(error, request)
    except ConnectionError:
        raise  # the client is gone, or was cut off
    except web.HTTPNotFound:  # no path at all, such as "*"
        failure = PublicError(Code.WRONG_HANDLER)
    except Exception:
        log.exception("unforeseen error")
        failure = PublicError(Code.UNEXPECTED)
    if isinstance(failure, PublicError) and ROUTE in request:
        failure = own_error(failure)
    return _failed(request, failure)


def _failed(request: web.Request, failure: PublicError | TogglError) -> web.Response:
    """Return the response of a failure. Every 429 and 503 says when to come back."""
    if isinstance(failure, TogglError):
        response = json_response(failure.text, failure.status)
    else:
        status = failure.http_status(request.app[SERVICES].settings.generate_error_http_status)
        response = json_response(failure.body(), status)
        if status == UNAUTHORIZED:  # the timesheet side publishes its responses without it: browsers would ask
            response.headers[hdrs.WWW_AUTHENTICATE] = CHALLENGE
    say_when(response, failure.retry_after_s)
    return response


def _of_call(error: AioRpcError, request: web.Request) -> PublicError | TogglError:
    failure, route = failure_of(error), request.get(ROUTE)
    public = public_error(failure) if route is None else call_error(failure, route)
    if route is None and failure.reason == WRONG_HASH and shows_bearer(request.headers.get(hdrs.AUTHORIZATION, "")):
        return BearerRefused()
    if not failure.reason or is_unforeseen(public):
        log.error(
            "call failed", extra={"status": failure.code.name, "reason": failure.reason, "what": failure.message[:300]}
        )
    return public


def is_unforeseen(failure: PublicError | TogglError) -> bool:
    """Return whether the log must tell more of a failure than its response does."""
    if isinstance(failure, TogglError):
        return (failure.status, failure.text) == UNFORESEEN
    return failure.http_status() == SERVER_ERROR


async def stamp_response(request: web.Request, response: web.StreamResponse) -> None:
    """Stamp every response just before its headers are sent."""
    stamp_page(request, response)
    stamp(request, response)
    request.app[CORS].allow(request, response)
    request[SENT] = response.status
    if ROUTE in request:
        response.headers.update(TOGGL_HEADERS)


class AccessLog(AbstractAccessLogger):
    """Writes a line for each request.

    Of the query string the line shows names, and values only where they are harmless.
    """

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write the line; `time` is in seconds."""
        count_others(request, response.status, time)
        token = request_id.set(request.get(REQUEST_KEY, ""))
        log_event(
            self.logger,
            "request",
            {
                "method": request.method,
                "path": SECRET.sub("***", request.path)[:MAX_SHOWN_LENGTH],
                "query": redacted(request.rel_url.raw_query_string),
                "http_status": response.status,
                "ms": round(time * 1000, 1),
                "bytes": response.body_length,
                "remote": request.get(CLIENT) or peer_of(request.transport),
            },
        )
        request_id.reset(token)


def redacted(query: str) -> str:
    """Return a query string fit for a log."""
    if not query:
        return ""
    pairs = parse_qsl(query[: MAX_SHOWN_LENGTH * 10], keep_blank_values=True)
    shown = (f"{name}={value if name in SHOWN else '***'}" for name, value in pairs)
    return "&".join(shown)[:MAX_SHOWN_LENGTH]
