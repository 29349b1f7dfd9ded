"""TCP links that can be cut, held or slowed down while something runs over them."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Self

from faulty.core import FaultyProxy
from faulty.middlewares import BaseMiddleware, LatencyMiddleware

HOST = "127.0.0.1"
DELAY_MS = (20, 200)

logging.getLogger("faulty.proxy").disabled = True  # broken connections are what it is here for


class Gate(BaseMiddleware):
    """Lets bytes pass while it is open, and keeps them, in order, while it is shut."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()

    async def process(self, chunk: bytes) -> AsyncGenerator[bytes, None]:
        """Give the bytes once the gate is open."""
        await self.open.wait()
        yield chunk


class Link(FaultyProxy):
    """A way from one part to another on a port of its own."""

    def __init__(self, target_port: int) -> None:
        super().__init__(HOST, 0, HOST, target_port)
        self._gate = Gate()
        self._is_cut = False
        self._clients: set[asyncio.StreamWriter] = set()
        self.heal()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._handle_client, HOST, 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        self._gate.open.set()
        await self.stop()

    @property
    def address(self) -> str:
        """Where this end listens, host:port."""
        assert self._server is not None
        return f"{HOST}:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        """Break all connections, and every new one at once."""
        self._is_cut = True
        for client in self._clients:
            client.transport.abort()

    def hold(self) -> None:
        """Pass nothing on and break nothing: a silent network."""
        self._gate.open.clear()

    def delay(self) -> None:
        """Let every piece of bytes take its time, each way."""
        for pipeline in (self.ingress_pipeline, self.egress_pipeline):
            pipeline.add(LatencyMiddleware(*DELAY_MS))

    def heal(self) -> None:
        """Pass everything on again; what was held comes first."""
        self._is_cut = False
        self.clear_all_rules()
        for pipeline in (self.ingress_pipeline, self.egress_pipeline):
            pipeline.add(self._gate)
        self._gate.open.set()

    async def _handle_client(self, client_reader: asyncio.StreamReader, client_writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            client_writer.transport.abort()
            return
        self._clients.add(client_writer)
        try:
            await super()._handle_client(client_reader, client_writer)
        finally:
            self._clients.discard(client_writer)
