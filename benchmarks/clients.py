"""HTTP clients that cost next to nothing themselves: each sends the same request again as soon as it is answered."""

import asyncio
import time

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"


def seconds_for(address: str, request: bytes, clients: int, requests: int) -> float:
    """Return how long `clients` on a connection each take for so many requests in all, every one answered with 200."""
    return asyncio.run(_measured(address, request, clients, requests))


def get(address: str, path: str) -> bytes:
    """Return a request for a path."""
    return f"GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n".encode()


async def _measured(address: str, request: bytes, clients: int, requests: int) -> float:
    host, port = address.rsplit(":", 1)
    connections = [await asyncio.open_connection(host, int(port)) for _ in range(clients)]
    began = time.perf_counter()
    await asyncio.gather(*(_asked(*one, request, requests // clients) for one in connections))
    taken = time.perf_counter() - began
    for _, writer in connections:
        writer.close()
        await writer.wait_closed()
    return taken


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, times: int) -> None:
    for _ in range(times):
        writer.write(request)
        head = await reader.readuntil(END_OF_HEAD)
        assert head.startswith(b"HTTP/1.1 200 "), head
        length = head.lower().partition(LENGTH)[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
