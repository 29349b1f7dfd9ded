"""Scripts that PDF files have no font for, as rendering tells them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import grpc
from daybook.rendering.v1.rendering_service_pb2 import CheckFontsRequest
from daybook.rendering.v1.rendering_service_pb2_grpc import RenderingServiceStub

from services.cli.stack.parts import RENDERING_PART, Endpoint
from services.runtime.channel import open_channel
from services.runtime.tls import TlsSettings

ANSWER_WITHIN_S = 10.0  # many fonts may be read first


@dataclass(frozen=True, slots=True)
class MissingFonts:
    """Scripts without a font, and the Debian packages with fonts for them."""

    scripts: Sequence[str]
    packages: Sequence[str]

    @property
    def told(self) -> str:
        """Return what is missing and what can be done, in a line."""
        install = f"install {' '.join(self.packages)} or set FONTS_FOLDER"
        return f"no font for {', '.join(self.scripts)}: {install}"


async def missing_fonts(endpoints: Sequence[Endpoint], tls: TlsSettings | None) -> dict[Endpoint, MissingFonts]:
    """Return what the servers of rendering lack; those that lack nothing, or do not tell, are left out."""
    asked = [endpoint for endpoint in endpoints if endpoint.name == RENDERING_PART]
    answers = await asyncio.gather(*(_missing(endpoint, tls) for endpoint in asked))
    return {endpoint: found for endpoint, found in zip(asked, answers, strict=True) if found and found.scripts}


async def _missing(endpoint: Endpoint, tls: TlsSettings | None) -> MissingFonts | None:
    async with open_channel(endpoint.address, tls) as channel:
        try:
            answer = await RenderingServiceStub(channel).CheckFonts(CheckFontsRequest(), timeout=ANSWER_WITHIN_S)
        except grpc.aio.AioRpcError:  # of a version that does not know
            return None
    return MissingFonts(answer.missing_scripts, answer.debian_packages)
