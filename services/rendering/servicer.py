"""RenderingService: a message in, a file out as messages."""

from collections.abc import AsyncIterator
from contextlib import aclosing

from daybook.rendering.v1.rendering_service_pb2 import (
    FileInfo,
    RenderReportRequest,
    RenderReportResponse,
    RenderTimeReportRequest,
    RenderTimeReportResponse,
)
from daybook.rendering.v1.rendering_service_pb2_grpc import RenderingServiceServicer
from grpc.aio import ServicerContext

from services.rendering.asks import stored_ask, time_ask
from services.rendering.formats.base import Wishes
from services.rendering.render import File, Renders
from services.runtime.channel import authorization_of

Context = ServicerContext[RenderReportRequest, AsyncIterator[RenderReportResponse]]
TimeContext = ServicerContext[RenderTimeReportRequest, AsyncIterator[RenderTimeReportResponse]]


class RenderingServicer(RenderingServiceServicer):
    """Answers with the files that `Renders` makes."""

    def __init__(self, renders: Renders) -> None:
        self._renders = renders

    async def RenderReport(self, request: RenderReportRequest, context: Context) -> AsyncIterator[RenderReportResponse]:
        """Say what the file is, then send its bytes."""
        wishes = Wishes(headless=request.headless, iso_datetime=request.iso_datetime)
        ask = stored_ask(request.report_id, request.format, wishes, authorization_of(context))
        async with self._renders.render(ask) as file, aclosing(file.chunks) as chunks:
            yield RenderReportResponse(file_info=_info(file))
            async for chunk in chunks:
                yield RenderReportResponse(chunk=chunk)

    async def RenderTimeReport(
        self, request: RenderTimeReportRequest, context: TimeContext
    ) -> AsyncIterator[RenderTimeReportResponse]:
        """Say what the file is, then send its bytes."""
        ask = time_ask(request.source, request.format, authorization_of(context))
        async with self._renders.render(ask) as file, aclosing(file.chunks) as chunks:
            yield RenderTimeReportResponse(file_info=_info(file))
            async for chunk in chunks:
                yield RenderTimeReportResponse(chunk=chunk)


def _info(file: File) -> FileInfo:
    return FileInfo(file_name=file.name, media_type=file.media_type, size_bytes=file.size_bytes)
