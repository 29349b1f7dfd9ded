"""Fake of the generation service: its answers are prepared, and its calls are noted."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

import grpc
from daybook.generation.v1.generation_service_pb2 import (
    GetReportRequest,
    GetReportResponse,
    ReportHead,
    StreamPartsRequest,
    StreamPartsResponse,
    WatchReportRequest,
    WatchReportResponse,
)
from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceServicer
from daybook.report.v1.sheet_pb2 import SheetPart
from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceServicer

from services.runtime.channel import authorization_of
from services.runtime.logs import request_id
from tests.builders.parts import streamed


@dataclass
class FakeGeneration(GenerationServiceServicer, SavedReportServiceServicer):
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
