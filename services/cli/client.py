"""Client of the running services: addresses, credentials, channels, and failed calls explained in a line."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import grpc
from daybook.account.v1 import account_service_pb2
from daybook.generation.v1 import generation_service_pb2
from daybook.input.v1 import input_service_pb2
from daybook.maintenance.v1 import maintenance_service_pb2
from daybook.rendering.v1 import rendering_service_pb2
from daybook.savedreport.v1 import saved_report_service_pb2
from grpc.aio import AioRpcError, Channel

from services.cli.errors import CommandFailed
from services.cli.settings import ClientSettings, read
from services.cli.stack.data_dir import Addresses, DataDir
from services.runtime.channel import call_metadata, open_channel
from services.runtime.errors import failure_of
from services.runtime.load_balancing import NONE_SERVES
from services.runtime.tls import TlsSettings
from services.runtime.tls_errors import distrust, is_dropped

CONTRACTS = {
    "generation": (
        generation_service_pb2,  # whose health counts
        account_service_pb2,
        input_service_pb2,
        maintenance_service_pb2,
        saved_report_service_pb2,
    ),
    "rendering": (rendering_service_pb2,),
}
DEADLINE_S = 30.0
DOWNLOAD_WITHIN_S = 1800.0

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
        return call_metadata(f"Bearer {self.token}")


def find_access(data_dir: Path | None) -> Access:
    """Find the running stack: the environment first, then the data directory.

    Raises CommandFailed when neither holds the addresses.
    """
    settings = read(ClientSettings)
    folder = DataDir(data_dir or settings.daybook_data_dir)
    generation, rendering, tls = settings.generation_address, settings.rendering_address, settings.grpc_tls
    if not (generation and rendering):
        found = folder.addresses()
        if found is None and not generation:
            raise CommandFailed(f"no stack runs on {folder.path}: start one with daybook up, or set GENERATION_ADDRESS")
        known = found or Addresses("", "", "", "")
        generation, rendering = generation or known.generation, rendering or known.rendering
        tls = tls if tls.is_on else folder.tls() or tls
    return Access(generation, rendering, settings.operator_token or folder.operator_token() or "", tls)


def as_account(hash_: str) -> Metadata:
    """Return the metadata of an account's call."""
    if not hash_.isascii() or not hash_.isprintable():
        raise CommandFailed("a hash has 32 hex digits")
    return call_metadata(f"NVX {hash_}")


@asynccontextmanager
async def service_at(access: Access, name: Literal["generation", "rendering"]) -> AsyncIterator[Channel]:
    """Open a channel; a call on it that fails within the block is raised as CommandFailed."""
    address: str = getattr(access, name)
    if not address:
        raise CommandFailed(f"nobody says where {name} is: set {name.upper()}_ADDRESS")
    services = [found for module in CONTRACTS[name] for found in module.DESCRIPTOR.services_by_name.values()]
    async with open_channel(address, access.tls, services) as channel:
        try:
            yield channel
        except AioRpcError as error:
            raise CommandFailed(explain(error, f"{name} at {address}")) from error


def explain(error: AioRpcError, service: str) -> str:
    """Return one line about a failed call that names each bad parameter."""
    failure = failure_of(error)
    if not failure.reason and failure.code is grpc.StatusCode.UNAVAILABLE:
        return _unreachable(service, failure.message)
    if not failure.reason and failure.code is grpc.StatusCode.DEADLINE_EXCEEDED:
        return f"{service} did not answer in time"
    facts = [f"{key} {value}" for key, value in failure.metadata.items()]
    bad = [f"{violation.field}: {violation.description}" for violation in failure.violations]
    said = failure.message or failure.code.name.lower()
    return f"{said}: {'; '.join([*facts, *bad])}" if facts or bad else said


def _unreachable(service: str, details: str) -> str:
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
    return asyncio.run(work)
