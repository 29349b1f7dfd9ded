"""Application: routes, middleware and channels, and the server that runs it."""

import asyncio
import logging
import signal
from functools import lru_cache, partial

from aiohttp import web

from gateway.clients import open_services
from gateway.connections import Runner
from gateway.endpoints.plain_endpoints import DOCUMENTS, Documents
from gateway.middleware import AccessLog, answer_errors, stamp_response
from gateway.openapi.document import document_bytes
from gateway.routes import dispatch, invite_body
from gateway.settings import Settings
from services.runtime.memory import keep_what_is_loaded

log = logging.getLogger("daybook.gateway")


def make_app(settings: Settings) -> web.Application:
    """Return the application; its channels open when it starts and close when it stops."""
    app = web.Application(middlewares=[answer_errors], client_max_size=settings.max_body_bytes)
    app[DOCUMENTS] = Documents(lru_cache(1)(partial(document_bytes, settings)))
    app.router.add_route("*", "/{path:.*}", dispatch, expect_handler=invite_body)
    app.on_response_prepare.append(stamp_response)
    app.cleanup_ctx.append(partial(open_services, settings=settings))
    return app


def make_runner(settings: Settings) -> web.AppRunner:
    """Return the runner of the application: a handler is cancelled when its client goes."""
    return Runner(
        make_app(settings),
        handler_cancellation=True,
        access_log_class=AccessLog,
        access_log=logging.getLogger("daybook.access"),
        shutdown_timeout=settings.stop_grace_seconds,
    )


async def listen(runner: web.AppRunner, settings: Settings) -> None:
    """Take connections, HTTPS where there is a certificate. Raises OSError when the port is taken or not allowed."""
    await web.TCPSite(runner, *settings.host_and_port, ssl_context=settings.public_tls.context()).start()
    log.info("listening", extra={"address": runner.addresses[0][:2], "tls": settings.public_tls.is_on})


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then accept nothing more and let running requests finish within the grace.

    Raises OSError when the port is taken or not allowed.
    """
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    runner = make_runner(settings)
    await runner.setup()
    try:
        await listen(runner, settings)
        keep_what_is_loaded()
        await stopping.wait()
        log.info("stopping", extra={"grace_s": settings.stop_grace_seconds})
    finally:
        await runner.cleanup()
