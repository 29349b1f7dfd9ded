"""Listener: accepts connections within limits, closes the others at once, and bounds TLS handshakes."""

import asyncio
import errno
import logging
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from aiohttp import web

from gateway.client_addresses import ADDRESSES
from gateway.connection_limits import ConnectionLimits, CountedLine
from gateway.settings import Settings
from services.runtime.addresses import ip_of
from services.runtime.open_files import open_files

log = logging.getLogger("daybook.gateway")

BACKLOG = 1024
ACCEPTED_AT_ONCE = 128
PAUSE_S = 0.1  # after an accept that failed for want of files or memory
OTHER_FILES = 128  # logs, channels to the services, files of the interpreter
UNSENT_BYTES = 128 * 1024  # that the kernel keeps of a response; else it is megabytes for a slow reader
NOT_OURS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)  # such as IPv6 where there is none
GONE_ALREADY = (errno.EAGAIN, errno.EINTR, errno.ECONNABORTED, errno.EPROTO)


class CountedConnection(Protocol):
    """Connection that says when it is lost."""

    when_lost: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Setup of a connection: its protocol, TLS if it is on, a place within the limits, and a time for its handshake."""

    factory: Callable[[], asyncio.Protocol]
    tls: ssl.SSLContext | None
    limits: ConnectionLimits
    handshake_s: float


class Listener:
    """Server over listening sockets, as `web.BaseSite` needs one."""

    def __init__(self, sockets: list[socket.socket], acceptance: Acceptance) -> None:
        self.sockets = sockets
        self._acceptance = acceptance
        self._loop = asyncio.get_running_loop()
        self._beginning: set[asyncio.Task[None]] = set()  # connections that shake hands
        self._refused = CountedLine(log, "connections refused")
        self._failed = CountedLine(log, "cannot accept")
        for one in sockets:
            self._listen(one)

    def close(self) -> None:
        """Accept nothing more, and drop what has not begun."""
        for one in self.sockets:
            if one.fileno() >= 0:
                self._loop.remove_reader(one.fileno())
                one.close()
        for task in self._beginning:
            task.cancel()

    def _listen(self, one: socket.socket) -> None:
        if one.fileno() >= 0:  # else it was closed meanwhile
            self._loop.add_reader(one.fileno(), self._accept, one)

    def _accept(self, listening: socket.socket) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                connection, name = listening.accept()
            except OSError as error:
                if error.errno not in GONE_ALREADY:
                    self._failed.note(error.strerror or str(error))
                    self._loop.remove_reader(listening.fileno())
                    self._loop.call_later(PAUSE_S, self._listen, listening)
                return
            self._take(connection, ip_of(str(name[0])) or "")

    def _take(self, connection: socket.socket, address: str) -> None:
        if not self._acceptance.limits.take(address):
            connection.close()
            self._refused.note("too many")
            return
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
        task = self._loop.create_task(self._begin(connection, address))
        self._beginning.add(task)
        task.add_done_callback(self._beginning.discard)

    async def _begin(self, connection: socket.socket, address: str) -> None:
        acceptance = self._acceptance
        held = Held(acceptance.limits, address)
        protocol = acceptance.factory()
        protocol.when_lost = held.give_back  # type: ignore[attr-defined]  # as CountedConnection has it
        handshake_s = acceptance.handshake_s if acceptance.tls else None
        try:
            await self._loop.connect_accepted_socket(
                lambda: protocol, connection, ssl=acceptance.tls, ssl_handshake_timeout=handshake_s
            )
        except BaseException as error:
            held.give_back()
            connection.close()
            if not isinstance(error, OSError | TimeoutError):  # the client is gone, slow or speaks no TLS
                raise


class Held:
    """Place of a connection, given back once."""

    def __init__(self, limits: ConnectionLimits, address: str) -> None:
        self._limits = limits
        self._address: str | None = address

    def give_back(self) -> None:
        """Give the place back, unless that is done."""
        if self._address is not None:
            self._limits.give_back(self._address)
            self._address = None


class Site(web.BaseSite):
    """Place where a runner's application listens."""

    __slots__ = ("_settings",)

    def __init__(self, runner: web.AppRunner, settings: Settings) -> None:
        super().__init__(runner, ssl_context=settings.public_tls.context(), backlog=BACKLOG)
        self._settings = settings

    @property
    def name(self) -> str:
        """The address, for people."""
        return self._settings.gateway_listen

    async def start(self) -> None:
        """Listen. Raises OSError."""
        await super().start()
        settings, runner = self._settings, self._runner
        server, app = runner.server, getattr(runner, "app", None)
        if server is None or app is None:
            raise RuntimeError("the runner is not set up")
        limits = ConnectionLimits(places(settings), settings.connections_per_address, app[ADDRESSES].is_proxy)
        acceptance = Acceptance(server, self._ssl_context, limits, settings.header_seconds)
        sockets = bound(*settings.host_and_port, backlog=self._backlog)
        self._server = cast("asyncio.AbstractServer", Listener(sockets, acceptance))


def places(settings: Settings) -> int:
    """Return how many connections there may be: no more than this process may have open files for."""
    most = max(1, open_files() - OTHER_FILES)
    if most < settings.connections_at_once:
        log.warning("RLIMIT_NOFILE allows fewer than CONNECTIONS_AT_ONCE", extra={"connections": most})
    return min(settings.connections_at_once, most)


def bound(host: str | None, port: int, *, backlog: int) -> list[socket.socket]:
    """Return sockets that listen on all addresses of a host, None for every interface, at one port.

    Raises OSError when one is taken, or none is this machine's.
    """
    sockets: list[socket.socket] = []
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    for family, kind, protocol, _, name in dict.fromkeys(found):
        number = port or (sockets[0].getsockname()[1] if sockets else 0)
        try:
            sockets.append(_bound(socket.socket(family, kind, protocol), (name[0], number, *name[2:]), backlog))
        except OSError as error:
            if error.errno not in NOT_OURS:
                for one in sockets:
                    one.close()
                raise
    if not sockets:
        raise OSError(errno.EADDRNOTAVAIL, "no address of this machine")
    return sockets


def _bound(made: socket.socket, name: tuple[str | int, ...], backlog: int) -> socket.socket:
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if made.family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.setblocking(False)
        made.bind(name)
        made.listen(backlog)
    except OSError:
        made.close()
        raise
    return made
