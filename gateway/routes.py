"""The whole URL table, and how a path finds its handler."""

from collections.abc import Awaitable, Callable

from aiohttp import HttpVersion11, web

from gateway.calls import SERVICES
from gateway.errors import Code, PublicError
from gateway.handlers import accounts, downloads, fleet, health, tracker_reports

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
}

PREFIXES = ("v2", "api-v2")
RESOURCES = {path.rpartition("/")[0] for path in TABLE} - {""}
METHODS = ("GET", "POST")


def find(path: str) -> Handler:
    """Return the handler of a path; prefix, trailing and doubled slashes do not matter.

    Raises PublicError 111 for an unknown resource and 112 for an unknown action of a known one.
    """
    words = [word for word in path.split("/") if word]
    if words and words[0] in PREFIXES:
        words = words[1:]
    handler = TABLE.get("/".join(words))
    if handler is not None:
        return handler
    known = "/".join(words) in RESOURCES or "/".join(words[:-1]) in RESOURCES
    raise PublicError(Code.WRONG_METHOD if known else Code.WRONG_HANDLER)


async def dispatch(request: web.Request) -> web.StreamResponse:
    """Answer a request by its path. All actions take GET and POST; health also HEAD."""
    handler = find(request.path)
    methods = ("GET", "HEAD") if handler is health.health else METHODS
    if request.method == "OPTIONS":
        return web.Response(status=204, headers={"Allow": ", ".join((*methods, "OPTIONS"))})
    if request.method not in methods:
        raise PublicError(Code.WRONG_METHOD)
    return await handler(request)


async def invite_body(request: web.Request) -> None:
    """Answer `Expect: 100-continue`, but do not invite a body that is announced as too long."""
    too_long = (request.content_length or 0) > request.app[SERVICES].settings.max_body_bytes
    if request.version >= HttpVersion11 and not too_long:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the response itself has not begun
