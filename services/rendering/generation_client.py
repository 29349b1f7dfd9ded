"""Client of generation: the sheets of reports, streamed over gRPC."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from daybook.generation.v1.generation_service_pb2 import StreamedPart, StreamPartsRequest, StreamPartsResponse
from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
from grpc.aio import Channel, UnaryStreamCall

from services.errors import DaybookError, Unavailable
from services.rendering.ports import OpenReport, ReportSource, StoredReport
from services.runtime.channel import call_metadata

Call = UnaryStreamCall[StreamPartsRequest, StreamPartsResponse]


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
        self._generation = GenerationServiceStub(channel)
        self._timeouts = timeouts

    @asynccontextmanager
    async def open(
        self,
        source: ReportSource,
        authorization: str | None,
        *,
        public_json: bool = False,
        chart_point_limit: int = 0,
    ) -> AsyncIterator[OpenReport]:
        """Open a report; leaving the context cancels what has not been read."""
        request, head_s = self._request(source)
        request.public_json, request.chart_point_limit = public_json, chart_point_limit
        call = self._generation.StreamParts(request, metadata=call_metadata(authorization))
        try:
            first = await _next(call, head_s)
            if first is None or not first.HasField("head"):
                raise DaybookError("generation began without a head")
            yield OpenReport(first.head, self._parts(call))
        finally:
            call.cancel()

    def _request(self, source: ReportSource) -> tuple[StreamPartsRequest, float]:
        """Return the request for a report and the longest wait for its head."""
        if isinstance(source, StoredReport):
            return StreamPartsRequest(report_id=source.report_id), self._timeouts.head_s
        return StreamPartsRequest(time_report=source.source, layout=source.layout), self._timeouts.time_head_s

    async def _parts(self, call: Call) -> AsyncGenerator[StreamedPart, None]:
        while (response := await _next(call, self._timeouts.idle_s)) is not None:
            yield response.part


async def _next(call: Call, limit_s: float) -> StreamPartsResponse | None:
    """Return the next message, None after the last one."""
    try:
        async with asyncio.timeout(limit_s):
            response = await call.read()
    except TimeoutError:
        raise Unavailable from None
    return response if isinstance(response, StreamPartsResponse) else None
