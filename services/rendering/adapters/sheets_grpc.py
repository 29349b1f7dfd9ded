"""The sheets of finished reports, as generation streams them over gRPC."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from daybook.generation.v1.generation_service_pb2 import StreamSheetsRequest, StreamSheetsResponse
from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
from daybook.report.v1.sheet_pb2 import SheetPart
from grpc.aio import Channel, UnaryStreamCall

from services.errors import DaybookError, Unavailable
from services.rendering.ports import OpenReport
from services.runtime.channel import call_metadata

Call = UnaryStreamCall[StreamSheetsRequest, StreamSheetsResponse]


class GrpcSheets:
    """Fills `Sheets` from a channel to generation.

    There is no limit over a whole report, only one to its head and one between its parts, in seconds. A failure of
    generation is raised as its AioRpcError, silence as Unavailable.
    """

    def __init__(self, channel: Channel, *, head_s: float, idle_s: float) -> None:
        self._stub = GenerationServiceStub(channel)
        self._head_s = head_s
        self._idle_s = idle_s

    @asynccontextmanager
    async def open(self, report_id: int, authorization: str | None) -> AsyncIterator[OpenReport]:
        """Open a report; leaving the context cancels what has not been read."""
        call = self._stub.StreamSheets(StreamSheetsRequest(report_id=report_id), metadata=call_metadata(authorization))
        try:
            first = await _next(call, self._head_s)
            if first is None or not first.HasField("head"):
                raise DaybookError("generation began without a head")
            yield OpenReport(first.head, self._parts(call))
        finally:
            call.cancel()

    async def _parts(self, call: Call) -> AsyncGenerator[SheetPart, None]:
        while (response := await _next(call, self._idle_s)) is not None:
            yield response.part


async def _next(call: Call, limit_s: float) -> StreamSheetsResponse | None:
    """Return the next message, None after the last one."""
    try:
        async with asyncio.timeout(limit_s):
            response = await call.read()
    except TimeoutError:
        raise Unavailable from None
    return response if isinstance(response, StreamSheetsResponse) else None
