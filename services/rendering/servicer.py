"""gRPC servicer of RenderingService: a request in, a file out as messages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from daybook.rendering.v1.rendering_service_pb2 import (
    CheckFontsRequest,
    CheckFontsResponse,
    CheckMailServerRequest,
    CheckMailServerResponse,
    FileInfo,
    RenderRequest,
    RenderResponse,
)
from daybook.rendering.v1.rendering_service_pb2_grpc import RenderingServiceServicer
from grpc.aio import ServicerContext

from services.rendering.formats.pdf.pdf_format import PdfSettings
from services.rendering.formats.pdf.script_fonts import debian_packages, missing_scripts
from services.rendering.ports import MailServer
from services.rendering.render import Renderer
from services.rendering.requests import RenderRequests
from services.runtime.channel import authorization_of

Context = ServicerContext[RenderRequest, AsyncIterator[RenderResponse]]


class RenderingServicer(RenderingServiceServicer):
    """Servicer in front of a renderer, with the settings of the fonts that it finds and a check of the mail server."""

    def __init__(
        self, requests: RenderRequests, renderer: Renderer, fonts: PdfSettings, mail_server: MailServer
    ) -> None:
        self._requests = requests
        self._renderer = renderer
        self._fonts = fonts
        self._mail_server = mail_server

    async def Render(self, request: RenderRequest, context: Context) -> AsyncIterator[RenderResponse]:
        """Send what the file is, then its bytes."""
        job = self._requests.read(request, authorization_of(context))
        async with self._renderer.render(job) as file, aclosing(file.chunks) as chunks:
            info = FileInfo(file_name=file.name, media_type=file.media_type, size_bytes=file.size_bytes)
            yield RenderResponse(file_info=info)
            async for chunk in chunks:
                yield RenderResponse(zstd_frames=chunk) if file.is_zstd else RenderResponse(chunk=chunk)

    async def CheckFonts(self, request: CheckFontsRequest, context: ServicerContext[Any, Any]) -> CheckFontsResponse:
        """Return the scripts that no font of this server has."""
        del request, context
        scripts = await asyncio.to_thread(
            missing_scripts, self._fonts.fonts_folder, from_system=self._fonts.system_fonts
        )
        return CheckFontsResponse(missing_scripts=scripts, debian_packages=debian_packages(scripts))

    async def CheckMailServer(
        self, request: CheckMailServerRequest, context: ServicerContext[Any, Any]
    ) -> CheckMailServerResponse:
        """Return whether the mail server can be used."""
        del request, context
        return CheckMailServerResponse(state=await self._mail_server.state())
