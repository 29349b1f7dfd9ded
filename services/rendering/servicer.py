"""gRPC servicer of RenderingService: a request in, a file out as messages."""

from collections.abc import AsyncIterator
from contextlib import aclosing

from daybook.rendering.v1.rendering_service_pb2 import FileInfo, RenderRequest, RenderResponse
from daybook.rendering.v1.rendering_service_pb2_grpc import RenderingServiceServicer
from grpc.aio import ServicerContext

from services.rendering.render import Renderer
from services.rendering.requests import RenderRequests
from services.runtime.channel import authorization_of

Context = ServicerContext[RenderRequest, AsyncIterator[RenderResponse]]


class RenderingServicer(RenderingServiceServicer):
    """Servicer in front of a renderer."""

    def __init__(self, requests: RenderRequests, renderer: Renderer) -> None:
        self._requests = requests
        self._renderer = renderer

    async def Render(self, request: RenderRequest, context: Context) -> AsyncIterator[RenderResponse]:
        """Send what the file is, then its bytes."""
        job = self._requests.read(request, authorization_of(context))
        async with self._renderer.render(job) as file, aclosing(file.chunks) as chunks:
            info = FileInfo(file_name=file.name, media_type=file.media_type, size_bytes=file.size_bytes)
            yield RenderResponse(file_info=info)
            async for chunk in chunks:
                yield RenderResponse(zstd_frames=chunk) if file.is_zstd else RenderResponse(chunk=chunk)
