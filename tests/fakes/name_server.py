"""Fake name server, for names that stand for several addresses."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

HEAD, QUESTION, RECORD = ">2sHHHHH", ">HH", ">HHHIH"
ANSWERED, IPV4, INTERNET, THE_NAME_ASKED = 0x8580, 1, 1, 0xC00C
LIVES_S = 1


class NameServer(asyncio.DatagramProtocol):
    """Answers every question for IPv4 addresses with those here, every other with none."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.port = 0

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self._transport = transport
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        head = struct.calcsize(HEAD)
        end = data.index(b"\0", head) + 1 + struct.calcsize(QUESTION)
        kind, _ = struct.unpack(QUESTION, data[end - struct.calcsize(QUESTION) : end])
        found = [socket.inet_aton(one) for one in self.addresses] if kind == IPV4 else []
        answer = struct.pack(HEAD, data[:2], ANSWERED, 1, len(found), 0, 0) + data[head:end]
        for one in found:
            answer += struct.pack(RECORD, THE_NAME_ASKED, IPV4, INTERNET, LIVES_S, len(one)) + one
        self._transport.sendto(answer, addr)


@asynccontextmanager
async def name_server(*addresses: str) -> AsyncIterator[NameServer]:
    """Run a name server on a free port of this machine while the context lasts."""
    loop = asyncio.get_running_loop()
    transport, names = await loop.create_datagram_endpoint(NameServer, local_addr=("127.0.0.1", 0))
    names.addresses += addresses
    try:
        yield names
    finally:
        transport.close()
