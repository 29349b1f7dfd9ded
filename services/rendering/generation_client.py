"""Client of generation: the sheets of reports, streamed over gRPC."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from daybook.generation.v1.generation_service_pb2 import StreamSheetsRequest, StreamSheetsResponse
from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
from daybook.report.v1.sheet_pb2 import SheetPart
from daybook.savedreport.v1.saved_report_service_pb2 import StreamReportSheetsRequest, StreamReportSheetsResponse
from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceStub
from grpc.aio import Channel, UnaryStreamCall

from services.errors import DaybookError, Unavailable
from services.rendering.ports import OpenReport, ReportSource, StoredReport
from services.runtime.channel import call_metadata

Message = StreamSheetsResponse | StreamReportSheetsResponse
Call = (
    UnaryStreamCall[StreamSheetsRequest, StreamSheetsResponse]
    | UnaryStreamCall[StreamReportSheetsRequest, StreamReportSheetsResponse]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTimeouts:
    """Longest waits for generation in seconds: for a kept report's head, for a time report's, for the next part."""

    head_s: float
    time_head_s: float
    idle_s: float


class GenerationClient:
    """Reader of reports over a channel to generation.

    A whole report has no time limit, only its head and the pause between two parts. A failure of generation is raised
    as its AioRpcError, silence as Unavailable.
    """

    def __init__(self, channel: Channel, timeouts: ReadTimeouts) -> None:
        self._kept = GenerationServiceStub(channel)
        self._over_time = SavedReportServiceStub(channel)
        self._timeouts = timeouts

    @asynccontextmanager
    async def open(self, source: ReportSource, authorization: str | None) -> AsyncIterator[OpenReport]:
        """Open a report; leaving the context cancels what has not been read."""
        call, head_s = self._call(source, authorization)
        try:
            first = await _next(call, head_s)
            if first is None or not first.HasField("head"):
                raise DaybookError("generation began without a head")
            yield OpenReport(first.head, self._parts(call))
        finally:
            call.cancel()

    def _call(self, source: ReportSource, authorization: str | None) -> tuple[Call, float]:
        """Begin the call for a report; return it and how long its head may take."""
        metadata = call_metadata(authorization)
        if isinstance(source, StoredReport):
            kept = StreamSheetsRequest(report_id=source.report_id)
            return self._kept.StreamSheets(kept, metadata=metadata), self._timeouts.head_s
        over_time = StreamReportSheetsRequest(source=source.source, layout=source.layout)
        return self._over_time.StreamReportSheets(over_time, metadata=metadata), self._timeouts.time_head_s

    async def _parts(self, call: Call) -> AsyncGenerator[SheetPart, None]:
        while (response := await _next(call, self._timeouts.idle_s)) is not None:
            yield response.part


async def _next(call: Call, limit_s: float) -> Message | None:
    """Return the next message, None after the last one."""
    try:
        async with asyncio.timeout(limit_s):
            response = await call.read()
    except TimeoutError:
        raise Unavailable from None
    return response if isinstance(response, Message) else None
