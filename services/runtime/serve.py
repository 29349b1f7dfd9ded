"""gRPC server of a process: health, reflection, channelz, and an orderly stop on SIGTERM or SIGINT."""

import asyncio
import logging
import signal
from collections.abc import Iterable

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from services.runtime.callers import Callers
from services.runtime.interceptor import InterceptedServer
from services.runtime.introspection import BOTH, Introspection, add_introspection
from services.runtime.reader_rate import WINDOW_S
from services.runtime.tls import TlsSettings

log = logging.getLogger("daybook.serve")

PENDING = 50_000  # calls that came and did not begin yet
OPTIONS = [
    ("grpc.enable_channelz", 1),
    ("grpc.so_reuseport", 0),  # a second server on the same port is a mistake, not a replica
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
    ("grpc.server.max_pending_requests", PENDING),  # past the usual 1,000 calls are reset at random, without a status
    ("grpc.server.max_pending_requests_hard_limit", PENDING),
    ("grpc.server_handshake_timeout_ms", 10_000),  # of TLS and of HTTP/2 itself
    ("grpc.max_metadata_size", 16_384),  # past the usual 8,192 bytes calls are refused by chance
    ("grpc.absolute_max_metadata_size", 32_768),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.max_connection_idle_ms", 300_000),
    ("grpc.max_connection_age_ms", 60_000),  # callers look up names again and find new replicas; calls end in peace
]
LOOPBACK = ("127.", "localhost:", "[::1]:", "unix:")


class CannotListen(OSError):
    """The address to listen on is taken, or is not one of this machine's."""


class CannotServe(Exception):
    """A fault that prevents serving until an operator has mended it; the text is one line for the operator."""


class Health:
    """Health of a server: "" means that the process lives, the name of a service that it can serve now."""

    def __init__(self, services: Iterable[str]) -> None:
        self.servicer = health.aio.HealthServicer()
        self._services = tuple(services)
        self._serving: bool | None = None
        self.stopping = asyncio.Event()
        self.failure: CannotServe | None = None

    def fail(self, failure: CannotServe) -> None:
        """Stop the server for a reason that `run_until_stopped` raises."""
        self.failure = failure
        self.stopping.set()

    async def set_serving(self, serving: bool) -> None:
        """Set whether the named services can serve now; without effect once the server is stopping."""
        if serving == self._serving:
            return
        self._serving = serving
        for name in self._services:
            await self.servicer.set(name, _status(serving))
        log.info("health", extra={"serving": serving})

    async def start(self) -> None:
        """Set that the process lives and serves nothing yet."""
        await self.servicer.set("", _status(True))
        await self.set_serving(False)

    async def stop(self) -> None:
        """Set for good that nothing is served any more."""
        await self.servicer.enter_graceful_shutdown()


def _status(serving: bool) -> health_pb2.HealthCheckResponse.ServingStatus:
    status = health_pb2.HealthCheckResponse
    return status.SERVING if serving else status.NOT_SERVING


def make_server(
    services: Iterable[str],
    health_: Health,
    client_idle_s: float = WINDOW_S,
    callers: Callers | None = None,
    introspection: Introspection = BOTH,
) -> grpc.aio.Server:
    """Return a server with health and introspection, which intercepts the methods of the servicers that are added.

    A stream is given up when its client takes less than 10 KB/s over `client_idle_s`. `callers` decides who is
    believed about clients.
    """
    server = grpc.aio.server(options=OPTIONS)
    health_pb2_grpc.add_HealthServicer_to_server(health_.servicer, server)
    add_introspection(server, list(services), introspection)
    return InterceptedServer(server, client_idle_s, callers)


async def start(server: grpc.aio.Server, health_: Health, listen: str, tls: TlsSettings | None = None) -> int:
    """Listen on `host:port` and return the port, chosen here when 0 was asked for. Named services are NOT_SERVING yet.

    Connections are encrypted where the settings say so. Raises CannotListen when the address cannot be had.
    """
    credentials = tls.server_credentials() if tls else None
    try:
        port = server.add_secure_port(listen, credentials) if credentials else server.add_insecure_port(listen)
    except RuntimeError as error:
        raise CannotListen(
            f"cannot listen on {listen}: is it taken? (see GENERATION_LISTEN, RENDERING_LISTEN)"
        ) from error
    await health_.start()
    await server.start()
    if credentials is None and not listen.startswith(LOOPBACK):
        log.warning("plain text on an address that other machines reach: set TLS_AUTHORITY", extra={"address": listen})
    log.info("listening", extra={"address": listen, "port": port, "tls": credentials is not None})
    return port


async def run_until_stopped(server: grpc.aio.Server, health_: Health, grace_s: float) -> None:
    """Serve until SIGTERM or SIGINT; then set NOT_SERVING, let running calls finish within the grace, and return.

    Raises CannotServe when the server was stopped for that.
    """
    stopping = health_.stopping
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, stopping.set)
    try:
        await stopping.wait()
        log.info("stopping", extra={"grace_s": grace_s})
    finally:
        await health_.stop()
        await server.stop(grace_s)
        for number in signals:
            loop.remove_signal_handler(number)
    log.info("stopped")
    if health_.failure is not None:
        raise health_.failure
