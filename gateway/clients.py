"""Calls to the services: channels, credentials, deadlines and the failures that callers see."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

from aiohttp import web
from daybook.account.v1 import account_service_pb2
from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub
from daybook.fleet.v1 import fleet_service_pb2
from daybook.fleet.v1.fleet_service_pb2_grpc import FleetServiceStub
from daybook.generation.v1 import generation_service_pb2
from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
from daybook.rendering.v1 import rendering_service_pb2
from daybook.rendering.v1.rendering_service_pb2 import (
    RenderReportRequest,
    RenderReportResponse,
    RenderTimeReportRequest,
    RenderTimeReportResponse,
)
from daybook.rendering.v1.rendering_service_pb2_grpc import RenderingServiceStub
from daybook.savedreport.v1 import saved_report_service_pb2
from daybook.savedreport.v1.saved_report_service_pb2 import RunReportRequest, RunReportResponse
from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceStub
from daybook.timesheet.v1 import timesheet_service_pb2
from daybook.timesheet.v1.timesheet_service_pb2_grpc import TimesheetServiceStub
from google.protobuf.message import Message
from grpc.aio import EOF, UnaryStreamCall, UnaryUnaryMultiCallable

from gateway.errors import Code, PublicError
from gateway.settings import Settings
from services.runtime.channel import CLIENT_ADDRESS_KEY, call_metadata, open_channel

Q = TypeVar("Q", bound=Message)
R = TypeVar("R")
M = TypeVar("M", bound=Message)
LARGEST_MESSAGE = 4 * 1024 * 1024 - 1024  # what a gRPC server takes at most, less some room
GENERATION = [
    service
    for module in (
        generation_service_pb2,  # whose health counts
        account_service_pb2,
        fleet_service_pb2,
        timesheet_service_pb2,
        saved_report_service_pb2,
    )
    for service in module.DESCRIPTOR.services_by_name.values()
]
RENDERING = list(rendering_service_pb2.DESCRIPTOR.services_by_name.values())
PAGE_SIZE = 200  # reports of a page stay far below the largest message


class Page(Protocol):
    """A page of a list."""

    @property
    def next_page_token(self) -> str:
        """Return what asks for the next page; empty on the last."""


P = TypeVar("P", bound=Page)
RenderCall = UnaryStreamCall[RenderReportRequest, RenderReportResponse]
RenderTimeCall = UnaryStreamCall[RenderTimeReportRequest, RenderTimeReportResponse]
RunCall = UnaryStreamCall[RunReportRequest, RunReportResponse]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks on the timesheet side: credentials as they came, None without any, and from which address."""

    authorization: str | None
    address: str


@dataclass(frozen=True, slots=True)
class Services:
    """The services behind the gateway."""

    generation: GenerationServiceStub
    accounts: AccountServiceStub
    fleet: FleetServiceStub
    timesheets: TimesheetServiceStub
    saved_reports: SavedReportServiceStub
    rendering: RenderingServiceStub
    settings: Settings

    async def ask(
        self, method: UnaryUnaryMultiCallable[Q, R], message: Q, authorization: str | None, client_address: str = ""
    ) -> R:
        """Return the answer of one call. Raises PublicError 9 for a message that no service would take."""
        _check_size(message)
        metadata = _metadata(authorization, client_address)
        return await method(message, metadata=metadata, timeout=self.settings.call_seconds)

    async def ask_for(self, caller: Caller, method: UnaryUnaryMultiCallable[Q, R], message: Q) -> R:
        """Return the answer of one call on the timesheet side, as `ask` does."""
        return await self.ask(method, message, caller.authorization, caller.address)

    async def pages(
        self, method: UnaryUnaryMultiCallable[Q, P], page: Callable[[str], Q], authorization: str | None
    ) -> list[P]:
        """Return every page of a list, one call after the other: the one case in which a route makes several."""
        found = [await self.ask(method, page(""), authorization)]
        while found[-1].next_page_token:
            found.append(await self.ask(method, page(found[-1].next_page_token), authorization))
        return found

    def render(self, message: RenderReportRequest, authorization: str | None) -> RenderCall:
        """Begin to render a report. The whole of it has no deadline; each message has (see `message_of`)."""
        return self.rendering.RenderReport(message, metadata=call_metadata(authorization))

    def render_time(self, message: RenderTimeReportRequest, caller: Caller) -> RenderTimeCall:
        """Begin to render a report over time entries, as `render` does. Raises PublicError 9 like `ask`."""
        _check_size(message)
        return self.rendering.RenderTimeReport(message, metadata=_metadata(caller.authorization, caller.address))

    def run(self, message: RunReportRequest, caller: Caller) -> RunCall:
        """Begin to run a report over time entries; its messages have deadlines as those of `render`."""
        _check_size(message)
        return self.saved_reports.RunReport(message, metadata=_metadata(caller.authorization, caller.address))


SERVICES = web.AppKey("services", Services)


async def open_services(app: web.Application, settings: Settings) -> AsyncIterator[None]:
    """Hold the channels open for as long as the application runs."""
    async with (
        open_channel(settings.generation_address, settings.grpc_tls, GENERATION) as generation,
        open_channel(settings.rendering_address, settings.grpc_tls, RENDERING) as rendering,
    ):
        app[SERVICES] = Services(
            GenerationServiceStub(generation),
            AccountServiceStub(generation),
            FleetServiceStub(generation),
            TimesheetServiceStub(generation),
            SavedReportServiceStub(generation),
            RenderingServiceStub(rendering),
            settings,
        )
        yield


async def message_of(call: UnaryStreamCall[Q, M], within_s: float) -> M | None:
    """Return the next message of a stream, None at its end. Raises PublicError 14 when none comes in time."""
    try:
        async with asyncio.timeout(within_s):
            message = await call.read()
    except TimeoutError:
        call.cancel()
        raise PublicError(Code.UNAVAILABLE) from None
    return None if message is EOF else cast("M", message)


def _check_size(message: Message) -> None:
    if message.ByteSize() > LARGEST_MESSAGE:
        raise PublicError(Code.REQUEST_TOO_LARGE)


def _metadata(authorization: str | None, client_address: str) -> tuple[tuple[str, str], ...]:
    metadata = call_metadata(authorization)
    return (*metadata, (CLIENT_ADDRESS_KEY, client_address)) if client_address else metadata
