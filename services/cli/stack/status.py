"""Status of the processes of a stack, asked over gRPC, HTTP and the protocol of MongoDB."""

from __future__ import annotations

import asyncio
import ssl
import struct
from collections.abc import Iterable

import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from services.cli.errors import CommandFailed
from services.cli.stack.parts import GATEWAY, SERVICES, SERVING, Endpoint
from services.runtime.channel import open_channel
from services.runtime.tls import TlsSettings
from services.runtime.tls_errors import distrust

ANSWER_WITHIN_S = 2.0
OP_MSG = 2013


async def statuses_of(endpoints: Iterable[Endpoint], tls: TlsSettings | None) -> dict[Endpoint, str]:
    """Return for each part "serving", "not serving", "does not answer", or why it is not trusted."""
    asked = list(endpoints)
    return dict(zip(asked, await asyncio.gather(*(_status_of(endpoint, tls) for endpoint in asked)), strict=True))


async def _status_of(endpoint: Endpoint, tls: TlsSettings | None) -> str:
    try:
        if endpoint.name == GATEWAY:
            serving = await answers_http(endpoint.address, "/health", encrypted=endpoint.https)
        else:
            serving = await is_serving(endpoint.address, SERVICES[endpoint.name], tls)
    except CommandFailed as failure:
        return str(failure)
    if serving:
        return SERVING
    return "not serving" if await accepts(endpoint.address) else "does not answer"


async def is_serving(address: str, service: str, tls: TlsSettings | None) -> bool:
    """Return whether a gRPC server reports the named service as serving.

    Raises CommandFailed when the settings do not trust its certificate: waiting is no use.
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
    """Return whether an HTTP server answers GET with status 200; where encrypted, any certificate is taken."""
    request = f"GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    answer = await _exchange(address, request.encode(), _any_certificate() if encrypted else None)
    return answer.split(b" ")[1:2] == [b"200"]


async def answers_mongodb(address: str) -> bool:
    """Return whether a MongoDB server answers `hello`, which it does once its recovery is over."""
    command = b"\x10hello\0" + struct.pack("<i", 1) + b"\x02$db\0" + struct.pack("<i", 6) + b"admin\0"
    document = struct.pack("<i", len(command) + 5) + command + b"\0"
    body = struct.pack("<ib", 0, 0) + document  # no flags, one section: the document
    message = struct.pack("<iiii", 16 + len(body), 1, 0, OP_MSG) + body
    return b"isWritablePrimary" in await _exchange(address, message)


async def accepts(address: str) -> bool:
    """Return whether a server accepts connections at an address."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            _, writer = await _connect(address)
    except (OSError, TimeoutError, ValueError):
        return False
    writer.close()
    return True


def _any_certificate() -> ssl.SSLContext:
    """Return a context that trusts anything: the certificate of the public name need not fit loopback."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def _exchange(address: str, request: bytes, tls: ssl.SSLContext | None = None) -> bytes:
    """Send bytes and return the first bytes of the answer, none without an answer."""
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
