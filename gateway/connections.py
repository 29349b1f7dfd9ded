"""Connections that respond to malformed HTTP in the published envelope, and log nothing of its bytes."""

import logging

from aiohttp import web

from gateway.errors import Code, PublicError
from gateway.http_responses import REQUEST_KEY, json_response, stamp
from services.runtime.logs import accept_request_id

log = logging.getLogger("daybook.gateway")

SERVER_ERROR = 500


class Connection(web.RequestHandler):
    """Connection of a client. Unlike aiohttp's, it does not quote a bad request, hash and all."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  # the signature is aiohttp's
    ) -> web.StreamResponse:
        """Respond where no handler could: error 5 for malformed HTTP, 6 for anything else. The connection closes."""
        if request.writer.output_size > 0 or isinstance(exc, ConnectionError):
            raise ConnectionError("the client is gone, or a response is under way")
        request[REQUEST_KEY] = accept_request_id(None)
        if status < SERVER_ERROR:
            log.info("bad request", extra={"cause": type(exc).__name__})
            failure = PublicError(Code.WRONG_FORMAT, "malformed HTTP")
        else:
            log.error("unforeseen error", exc_info=exc)
            failure = PublicError(Code.UNEXPECTED)
        response = json_response(failure.body(), failure.http_status())
        stamp(request, response)
        response.force_close()
        return response

    def log_exception(self, *args: object, **kw: object) -> None:
        """Log a failure of the connection itself, such as a body that is not the gzip it says it is."""
        cause = kw.get("exc_info")
        log.info("bad connection", extra={"what": str(args[0]), "cause": type(cause).__name__})


class Connections(web.Server):
    """Server whose connections are of our class."""

    def __call__(self) -> Connection:
        """Return a new connection."""
        return Connection(self, loop=self._loop, **self._kwargs)


class Runner(web.AppRunner):
    """Runner of an application with our connections. aiohttp has no public way to choose them."""

    __slots__ = ()

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        server.__class__ = Connections
        return server
