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

from services.rendering.formats.base import RenderOptions
from services.rendering.render import File, Renderer
from services.rendering.requests import stored_ask, time_ask
from services.runtime.channel import authorization_of

Context = ServicerContext[RenderReportRequest, AsyncIterator[RenderReportResponse]]
TimeContext = ServicerContext[RenderTimeReportRequest, AsyncIterator[RenderTimeReportResponse]]


class RenderingServicer(RenderingServiceServicer):
    """Answers with the files that `Renderer` makes."""

    def __init__(self, renders: Renderer) -> None:
        self._renders = renders

    async def RenderReport(self, request: RenderReportRequest, context: Context) -> AsyncIterator[RenderReportResponse]:
        """Say what the file is, then send its bytes."""
        options = RenderOptions(headless=request.headless, iso_datetime=request.iso_datetime)
        ask = stored_ask(request.report_id, request.format, options, authorization_of(context))
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
