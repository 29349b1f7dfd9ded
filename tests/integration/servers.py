"""Servers on free ports for tests, and a generation whose answers are prepared."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import grpc
from daybook.generation.v1.generation_service_pb2 import (
    DESCRIPTOR,
    GetReportRequest,
    GetReportResponse,
    ReportHead,
    StreamPartsRequest,
    StreamPartsResponse,
    WatchReportRequest,
    WatchReportResponse,
)
from daybook.generation.v1.generation_service_pb2_grpc import (
    GenerationServiceServicer,
    add_GenerationServiceServicer_to_server,
)
from daybook.report.v1.sheet_pb2 import SheetPart
from daybook.savedreport.v1.saved_report_service_pb2_grpc import (
    SavedReportServiceServicer,
    add_SavedReportServiceServicer_to_server,
)

from services.runtime.channel import authorization_of, open_channel
from services.runtime.logs import request_id
from services.runtime.serve import Health, make_server, start
from tests.builders.parts import streamed

GENERATION = DESCRIPTOR.services_by_name["GenerationService"].full_name


@dataclass
class Generation(GenerationServiceServicer, SavedReportServiceServicer):
    """Answers every call from what is prepared here, and notes what came and what is running."""

    head: ReportHead | None = None
    parts: Iterable[SheetPart] = ()
    error: BaseException | None = None  # raised by unary calls, and by StreamParts in place of the head
    late_error: Exception | None = None  # raised by streams after their last message
    pause: asyncio.Event | None = None  # waited for by streams after their last message
    calls: list[tuple[int, str | None, str]] = field(default_factory=list)  # report id, credentials, request id
    asked: list[StreamPartsRequest] = field(default_factory=list)
    head_pause_s: float = 0.0  # before the head of a time report
    running: int = 0
    sent: int = 0

    def _note(self, report_id: int, context: grpc.aio.ServicerContext) -> None:
        self.calls.append((report_id, authorization_of(context), request_id.get()))
        if self.error is not None:
            raise self.error

    async def GetReport(self, request: GetReportRequest, context: grpc.aio.ServicerContext) -> GetReportResponse:  # noqa: N802  the contract's name
        self._note(request.report_id, context)
        return GetReportResponse()

    async def WatchReport(  # noqa: N802  the contract's name
        self, request: WatchReportRequest, context: grpc.aio.ServicerContext
    ) -> AsyncIterator[WatchReportResponse]:
        self._note(request.report_id, context)
        yield WatchReportResponse()
        await self._end()
        yield WatchReportResponse()

    async def StreamParts(  # noqa: N802  the contract's name
        self, request: StreamPartsRequest, context: grpc.aio.ServicerContext
    ) -> AsyncIterator[StreamPartsResponse]:
        self.asked.append(request)
        self._note(request.report_id, context)
        if request.HasField("time_report"):
            await asyncio.sleep(self.head_pause_s)
        self.running += 1
        try:
            yield StreamPartsResponse(head=self.head)
            for part in streamed(self.parts, public_json=request.public_json):
                self.sent += 1
                yield StreamPartsResponse(part=part)
            await self._end()
        finally:
            self.running -= 1

    async def _end(self) -> None:
        if self.pause is not None:
            await self.pause.wait()
        if self.late_error is not None:
            raise self.late_error


@dataclass
class Server:
    """A running server, its health, its address, and a channel to it."""

    server: grpc.aio.Server
    health: Health
    address: str
    channel: grpc.aio.Channel


@asynccontextmanager
async def serving(add: Callable[[grpc.aio.Server], None], *services: str, idle_s: float = 60) -> AsyncIterator[Server]:
    """Run a server on a free port of this machine while the context lasts."""
    health = Health(services)
    server = make_server(services, health, client_idle_s=idle_s)
    add(server)
    address = f"127.0.0.1:{await start(server, health, '127.0.0.1:0')}"
    try:
        async with open_channel(address) as channel:
            yield Server(server, health, address, channel)
    finally:
        await server.stop(0)


@asynccontextmanager
async def serving_generation(generation: Generation, idle_s: float = 60) -> AsyncIterator[Server]:
    """Run a prepared generation on a free port."""

    def add(server: grpc.aio.Server) -> None:
        add_GenerationServiceServicer_to_server(generation, server)
        add_SavedReportServiceServicer_to_server(generation, server)

    async with serving(add, GENERATION, idle_s=idle_s) as running:
        yield running


async def until(claim: Callable[[], bool]) -> None:
    """Wait until the claim holds, for 30 seconds at most."""
    async with asyncio.timeout(30):
        while not claim():  # noqa: ASYNC110  what it looks at knows nothing of the loop
            await asyncio.sleep(0.01)
