"""Asking a part whether it is ready for work."""

import asyncio
import ssl
import struct

import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from services.cli.failure import CommandFailed
from services.runtime.channel import open_channel
from services.runtime.tls import TlsSettings
from services.runtime.tls_errors import distrust

ANSWER_WITHIN_S = 2.0
OP_MSG = 2013


async def is_serving(address: str, service: str, tls: TlsSettings) -> bool:
    """Say whether a gRPC server says of the named service that it can serve now.

    Raises CommandFailed when the server shows a certificate that the settings do not let us take: waiting is no use.
    """
    async with open_channel(address, tls) as channel:
        try:
            answer = await HealthStub(channel).Check(HealthCheckRequest(service=service), timeout=ANSWER_WITHIN_S)
        except grpc.aio.AioRpcError as error:
            why = distrust(error.details() or "")
            if why:
                raise CommandFailed(f"cannot trust {service} at {address}: {why}") from error
            return False
    return bool(answer.status == HealthCheckResponse.SERVING)


async def answers_http(address: str, path: str, *, encrypted: bool = False) -> bool:
    """Say whether an HTTP server answers GET with status 200, over TLS with whatever certificate where encrypted."""
    request = f"GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    answer = await _exchange(address, request.encode(), _any_certificate() if encrypted else None)
    return answer.split(b" ")[1:2] == [b"200"]


async def answers_mongodb(address: str) -> bool:
    """Say whether a MongoDB server answers `hello`, which it does once its recovery is over."""
    command = b"\x10hello\0" + struct.pack("<i", 1) + b"\x02$db\0" + struct.pack("<i", 6) + b"admin\0"
    document = struct.pack("<i", len(command) + 5) + command + b"\0"
    body = struct.pack("<ib", 0, 0) + document  # no flags, one section: the document
    message = struct.pack("<iiii", 16 + len(body), 1, 0, OP_MSG) + body
    return b"isWritablePrimary" in await _exchange(address, message)


async def accepts(address: str) -> bool:
    """Say whether somebody takes connections at an address."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            _, writer = await _connect(address)
    except (OSError, TimeoutError, ValueError):
        return False
    writer.close()
    return True


def _any_certificate() -> ssl.SSLContext:
    """Return a context for asking whether somebody lives: the public's name need not be that of loopback."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def _exchange(address: str, request: bytes, tls: ssl.SSLContext | None = None) -> bytes:
    """Send bytes and return the first that come back; none when nobody answers."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            reader, writer = await _connect(address, tls)
            try:
                writer.write(request)
                return await reader.read(4096)
            finally:
                writer.transport.abort()  # under TLS an orderly end waits for the other side, which may hang
                await writer.wait_closed()
    except (OSError, TimeoutError, ValueError):  # the last: no host of that name can be
        return b""


async def _connect(
    address: str, tls: ssl.SSLContext | None = None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to host:port, [IPv6 address]:port, or the path of a socket."""
    if address.startswith("/"):
        return await asyncio.open_unix_connection(address)
    host, _, port = address.rpartition(":")
    return await asyncio.open_connection(host.strip("[]"), int(port), ssl=tls)
