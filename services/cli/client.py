"""Client of the running services: addresses, credentials, channels, streams, and failed calls explained in a line."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from services.cli.client_settings import check_client, client_tls, read_client
from services.cli.errors import CommandFailed
from services.cli.stack.data_dir import Addresses, DataDir
from services.runtime.load_balancing import NONE_SERVES, is_spread
from services.runtime.shown_text import shown

if TYPE_CHECKING:  # imported where a call is made: they take longer than the rest of a command
    from asyncio import Event

    from google.protobuf.descriptor import ServiceDescriptor
    from grpc.aio import AioRpcError, Channel, StreamUnaryCall

    from services.runtime.tls import TlsSettings

Request = TypeVar("Request")
Answer = TypeVar("Answer")
CONTRACTS = {
    "generation": (
        "generation.v1.generation",  # whose health counts
        "account.v1.account",
        "input.v1.input",
        "maintenance.v1.maintenance",
        "savedreport.v1.saved_report",
        "workspace.v1.workspace",
        "schedule.v1.schedule",
    ),
    "rendering": ("rendering.v1.rendering",),
}
OPTIONS = {"expire_time": "--expires", "sending_time": "--at"}  # fields whose options have other names
DEADLINE_S = 30.0
MOST_WORDS = 300  # characters of a sentence of ours
DOWNLOAD_WITHIN_S = 1800.0
LAST_ANSWER_WITHIN_S = 30.0  # of a call that is interrupted

Metadata = tuple[tuple[str, str], ...]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Access:
    """Addresses of the services, and the credentials of an operator."""

    generation: str
    rendering: str
    token: str
    tls: TlsSettings | None = None

    def as_operator(self) -> Metadata:
        """Return the metadata of an operator's call. Raises CommandFailed when no token is known."""
        if not self.token:
            raise CommandFailed("no operator token: set OPERATOR_TOKEN, or --data-dir to that of the running stack")
        return _metadata(f"Bearer {self.token}")


def find_access(data_dir: Path | None) -> Access:
    """Find the running stack: the environment first, then the data directory.

    Raises CommandFailed when neither holds the addresses.
    """
    settings, tls = read_client(), client_tls()
    check_client(settings, tls)
    folder = DataDir(data_dir or settings.daybook_data_dir)
    generation, rendering = settings.generation_address, settings.rendering_address
    if not (generation and rendering):
        found = folder.addresses()
        if found is None and not generation:
            raise CommandFailed(
                f"no stack runs on {shown(folder.path)}: start one with daybook up, or set GENERATION_ADDRESS"
            )
        known = found or Addresses("", "", "", "")
        generation, rendering = generation or known.generation, rendering or known.rendering
        tls = tls if tls and tls.is_on else folder.tls() or tls
    return Access(generation, rendering, settings.operator_token or folder.operator_token() or "", tls)


def as_account(hash_: str) -> Metadata:
    """Return the metadata of an account's call."""
    if not hash_.isascii() or not hash_.isprintable():
        raise CommandFailed("a hash has 32 hex digits")
    return _metadata(f"NVX {hash_}")


def without_account() -> Metadata:
    """Return the metadata of a call without credentials."""
    return _metadata(None)


def _metadata(authorization: str | None) -> Metadata:
    from services.runtime.channel import call_metadata

    return call_metadata(authorization)


def as_caller(access: Access, hash_: str) -> Metadata:
    """Return the metadata of an account's call, or of an operator's where no hash is given."""
    return as_account(hash_) if hash_ else access.as_operator()


@asynccontextmanager
async def service_at(access: Access, name: Literal["generation", "rendering"]) -> AsyncIterator[Channel]:
    """Open a channel; a call on it that fails within the block is raised as CommandFailed."""
    address: str = getattr(access, name)
    if not address:
        raise CommandFailed(f"nobody says where {name} is: set {name.upper()}_ADDRESS")
    from grpc.aio import AioRpcError

    from services.runtime.channel import open_channel

    services = _contracts(name) if is_spread(address) else []  # to one address calls are not spread
    async with open_channel(address, access.tls, services) as channel:
        try:
            yield channel
        except AioRpcError as error:
            raise CommandFailed(explain(error, f"{name} at {address}")) from error


def _contracts(name: str) -> list[ServiceDescriptor]:
    modules = [import_module(f"daybook.{path}_service_pb2") for path in CONTRACTS[name]]
    return [found for module in modules for found in module.DESCRIPTOR.services_by_name.values()]


def explain(error: AioRpcError, service: str) -> str:
    """Return one line about a failed call that names each bad parameter."""
    from grpc import StatusCode

    from services.runtime.errors import failure_of

    failure = failure_of(error)
    if not failure.reason and failure.code is StatusCode.UNAVAILABLE:
        return _unreachable(service, failure.message)
    if not failure.reason and failure.code is StatusCode.DEADLINE_EXCEEDED:
        return f"{service} did not answer in time"
    facts = [f"{shown(key)} {shown(value)}" for key, value in failure.metadata.items()]
    bad = [f"{_named(one.field)}: {shown(one.description, MOST_WORDS)}" for one in failure.violations]
    said = shown(failure.message, MOST_WORDS) or failure.code.name.lower()
    return f"{said}: {'; '.join(bad or facts)}" if facts or bad else said


def _named(field: str) -> str:
    """Return a field of a request as the option of the command line that it came by, where there is one.

    The option may be for a field within others: schedule.parameters.emails[1] is --email [1].
    """
    given = {word.partition("=")[0] for word in sys.argv}
    for name in re.finditer(r"[^.\[\]]+", field):
        words = (f"--{name[0]}".replace("_", "-"), f"--{name[0].removesuffix('s')}", OPTIONS.get(name[0], ""))
        option = next((word for word in words if word in given), "")
        if option:
            rest = field[name.end() :].removeprefix(".")
            return shown(f"{option} {rest}".rstrip())
    return shown(field)


def _unreachable(service: str, details: str) -> str:
    from services.runtime.tls_errors import distrust, is_dropped

    why = distrust(details)
    if why:
        return f"cannot trust {service}: {why} (see TLS_AUTHORITY and TLS_SERVER_NAME)"
    if is_dropped(details):
        return f"{service} ended the connection at once: it may want TLS (TLS_AUTHORITY) or another TLS_CERTIFICATE"
    if NONE_SERVES in details:
        return f"{service} cannot serve now: is MongoDB there?"
    return f"cannot reach {service}: is daybook up running?"


def run(work: Coroutine[None, None, Result]) -> Result:
    """Run the asynchronous part of a command to its end."""
    import asyncio

    return asyncio.run(work)


async def send(
    call: StreamUnaryCall[Request, Answer], requests: Iterable[Request], take: Callable[[Answer], None] | None = None
) -> Answer:
    """Write all requests and return the answer; a request is taken from them when the one before is written.

    With `take`, which is given the answer, an interruption ends the requests and not the call: what is written by then
    is answered, and CancelledError raised afterwards. Raises the server's own error when the call fails, whatever gRPC
    says of the write that met it.
    """
    import asyncio

    stop = asyncio.Event()
    exchange = asyncio.ensure_future(_exchange(call, requests, stop))
    try:
        await asyncio.wait({exchange})
    except asyncio.CancelledError:
        stop.set()
        if take is not None:
            await asyncio.wait({exchange}, timeout=LAST_ANSWER_WITHIN_S)
            if exchange.done() and not exchange.cancelled() and exchange.exception() is None:
                take(exchange.result())
        raise
    finally:
        exchange.cancel()
        call.cancel()
    answer = exchange.result()
    if take is not None:
        take(answer)
    return answer


async def _exchange(call: StreamUnaryCall[Request, Answer], requests: Iterable[Request], stop: Event) -> Answer:
    import asyncio

    writing = asyncio.ensure_future(_write(call, requests, stop))

    def stop_writing(_: object) -> None:
        """Keep the server's status: a write that fails would put its own in its place, one cancelled does not."""
        writing.cancel()

    call.add_done_callback(stop_writing)
    try:
        await asyncio.wait({writing})
        if not writing.cancelled():
            writing.result()
        return await call
    finally:
        writing.cancel()


async def _write(call: StreamUnaryCall[Request, Answer], requests: Iterable[Request], stop: Event) -> None:
    """Write requests until the call is over, which alone knows why it is, or no more are wanted."""
    from asyncio import InvalidStateError

    from grpc.aio import AioRpcError

    with suppress(AioRpcError, InvalidStateError):
        for request in requests:
            await call.write(request)
            if stop.is_set():
                break
        await call.done_writing()
