"""Connections that respond to malformed HTTP in the published envelope, and log nothing of its bytes."""

import asyncio
import logging
from collections.abc import Callable
from typing import cast

from aiohttp import HttpVersion10, web
from aiohttp.http import RawRequestMessage
from aiohttp.http_exceptions import BadHttpMessage
from aiohttp.streams import EMPTY_PAYLOAD
from aiohttp.web_protocol import _ErrInfo

from gateway.errors import Code, PublicError
from gateway.http_responses import REQUEST_KEY, json_response, stamp
from gateway.reader_watch import ReaderWatch
from services.runtime.logs import accept_request_id

HEADER_S = web.AppKey("header_s", float)
READER_WINDOW_S = web.AppKey("reader_window_s", float)

log = logging.getLogger("daybook.gateway")

SERVER_ERROR = 500


class Connection(web.RequestHandler):
    """Connection of a client, whose reader is watched and whose header must be whole in time.

    It does not quote a bad request, as aiohttp does.
    """

    __slots__ = ("_header_timer", "_watch", "when_lost")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to watch the reader, and to wait for the first header."""
        super().connection_made(transport)
        self._watch = ReaderWatch(cast("asyncio.Transport", transport), self._server.reader_window_s)
        self._header_timer: asyncio.TimerHandle | None = None
        self._expect_header()

    def connection_lost(self, exc: BaseException | None) -> None:
        """End the watch, and tell who counts connections."""
        self._watch.end()
        self._header_is_there()
        super().connection_lost(exc)
        when_lost: Callable[[], None] | None = getattr(self, "when_lost", None)
        if when_lost is not None:
            when_lost()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol: a part of a header, of a body, or several requests."""
        count = self._request_count
        if self._header_timer is None and self._waiter is not None and not self._waiter.done():
            self._expect_header()  # of a further request
        super().data_received(data)
        if self._request_count > count:
            self._header_is_there()
            self._refuse_other_versions()

    @property
    def _server(self) -> "Connections":
        return cast("Connections", self._manager)

    def _expect_header(self) -> None:
        self._header_timer = self._loop.call_later(self._server.header_s, self._cut_off)

    def _header_is_there(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _cut_off(self) -> None:
        self._header_timer = None
        if self.transport is not None:
            self.transport.abort()

    def _refuse_other_versions(self) -> None:
        """Take a request line without a version, or with another than 1.x, for malformed.

        HTTP/0.9 has no status, so that it cannot be told; HTTP/2 is not spoken here.
        """
        for place, (message, _) in enumerate(self._messages):
            if isinstance(message, RawRequestMessage) and message.version.major != HttpVersion10.major:
                refusal = BadHttpMessage("no such version")
                self._messages[place] = (_ErrInfo(refusal.code, refusal, refusal.message), EMPTY_PAYLOAD)

    def pause_writing(self) -> None:
        """See asyncio.Protocol: too much waits for the reader."""
        super().pause_writing()
        self._watch.begin()

    def resume_writing(self) -> None:
        """See asyncio.Protocol: the reader has taken it."""
        super().resume_writing()
        self._watch.end()

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
    """Server whose connections are of our class; a reader that takes too little over the window is cut off."""

    reader_window_s: float
    header_s: float

    def __call__(self) -> Connection:
        """Return a new connection."""
        return Connection(self, loop=self._loop, **self._kwargs)


class Runner(web.AppRunner):
    """Runner of an application with our connections. aiohttp has no public way to choose them."""

    __slots__ = ()

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        server.__class__ = Connections
        ours = cast("Connections", server)
        ours.reader_window_s, ours.header_s = self.app[READER_WINDOW_S], self.app[HEADER_S]
        return server
