"""gRPC servicer of RenderingService: a request in, a file out as messages."""

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
from services.rendering.render import RenderedFile, Renderer
from services.rendering.requests import RenderRequests
from services.runtime.channel import authorization_of

Context = ServicerContext[RenderReportRequest, AsyncIterator[RenderReportResponse]]
TimeContext = ServicerContext[RenderTimeReportRequest, AsyncIterator[RenderTimeReportResponse]]


class RenderingServicer(RenderingServiceServicer):
    """Servicer in front of a renderer."""

    def __init__(self, requests: RenderRequests, renderer: Renderer) -> None:
        self._requests = requests
        self._renderer = renderer

    async def RenderReport(self, request: RenderReportRequest, context: Context) -> AsyncIterator[RenderReportResponse]:
        """Send what the file is, then its bytes."""
        options = RenderOptions(headless=request.headless, iso_datetime=request.iso_datetime)
        wanted = self._requests.stored(request.report_id, request.format, options, authorization_of(context))
        async with self._renderer.render(wanted) as file, aclosing(file.chunks) as chunks:
            yield RenderReportResponse(file_info=_info(file))
            async for chunk in chunks:
                yield RenderReportResponse(chunk=chunk)

    async def RenderTimeReport(
        self, request: RenderTimeReportRequest, context: TimeContext
    ) -> AsyncIterator[RenderTimeReportResponse]:
        """Send what the file is, then its bytes."""
        wanted = self._requests.over_time(request.source, request.format, authorization_of(context))
        async with self._renderer.render(wanted) as file, aclosing(file.chunks) as chunks:
            yield RenderTimeReportResponse(file_info=_info(file))
            async for chunk in chunks:
                yield RenderTimeReportResponse(chunk=chunk)


def _info(file: RenderedFile) -> FileInfo:
    return FileInfo(file_name=file.name, media_type=file.media_type, size_bytes=file.size_bytes)
