"""Application: routes, middleware and channels, and the server that runs it."""

import asyncio
import errno
import logging
import os
import signal
from functools import lru_cache, partial

from aiohttp import web

from gateway.client_addresses import ADDRESSES, ClientAddresses
from gateway.clients import open_services
from gateway.connections import HEADER_S, READER_WINDOW_S, Runner
from gateway.cors import CORS, Cors
from gateway.endpoints.plain_endpoints import DOCUMENTS, Documents
from gateway.listener import Site
from gateway.middleware import AccessLog, answer_errors, stamp_response
from gateway.openapi.document import document_bytes
from gateway.routes import dispatch, invite_body
from gateway.settings import Settings
from gateway.shapes.toggl_responses import HEADERS
from gateway.web.frame import FRAME, Frame, end_streams
from services.runtime.memory import keep_what_is_loaded
from services.runtime.serve import CannotListen

log = logging.getLogger("daybook.gateway")


def make_app(settings: Settings) -> web.Application:
    """Return the application; its channels open when it starts and close when it stops."""
    app = web.Application(middlewares=[answer_errors], client_max_size=settings.max_body_bytes)
    app[ADDRESSES] = ClientAddresses(settings.trusted_proxies)
    app[CORS] = Cors(settings.cors_origins, list(HEADERS.keys))
    app[READER_WINDOW_S] = settings.client_idle_seconds
    app[HEADER_S] = settings.header_seconds
    app[DOCUMENTS] = Documents(lru_cache(1)(partial(document_bytes, settings)))
    app[FRAME] = Frame(settings)
    app.on_shutdown.append(end_streams)
    app.router.add_route("*", "/{path:.*}", dispatch, expect_handler=invite_body)
    app.on_response_prepare.append(stamp_response)
    app.cleanup_ctx.append(partial(open_services, settings=settings))
    return app


def make_runner(settings: Settings) -> web.AppRunner:
    """Return the runner of the application: a handler is cancelled when its client goes."""
    return Runner(
        make_app(settings),
        handler_cancellation=True,
        keepalive_timeout=settings.keep_alive_seconds,
        access_log_class=AccessLog,
        access_log=logging.getLogger("daybook.access"),
        shutdown_timeout=settings.stop_grace_seconds,
    )


def warn_of_addresses(settings: Settings) -> None:
    """Log once when the services cannot believe this gateway about its clients' addresses."""
    if not settings.gateway_secret.get_secret_value() and settings.grpc_tls.tls_certificate is None:
        log.warning("no GATEWAY_SECRET: for the services all clients have the address of this gateway")


async def listen(runner: web.AppRunner, settings: Settings) -> None:
    """Take connections, HTTPS where there is a certificate. Raises CannotListen when the port cannot be had."""
    try:
        await Site(runner, settings).start()
    except OSError as error:
        number = error.errno or 0  # of a name that is not found, it is none of the system's
        reason = os.strerror(number) if number in errno.errorcode else error.strerror or "no such address"
        raise CannotListen(f"cannot listen on {settings.gateway_listen}: {reason} (see GATEWAY_LISTEN)") from error
    log.info("listening", extra={"address": runner.addresses[0][:2], "tls": settings.public_tls.is_on})


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then accept nothing more and let running requests finish within the grace.

    Raises CannotListen when the port is taken or not allowed.
    """
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    runner = make_runner(settings)
    await runner.setup()
    try:
        await listen(runner, settings)
        warn_of_addresses(settings)
        keep_what_is_loaded()
        await stopping.wait()
        log.info("stopping", extra={"grace_s": settings.stop_grace_seconds})
    finally:
        await runner.cleanup()
