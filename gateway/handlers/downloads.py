"""Finished reports, as the public JSON or as a file: one RPC, streamed straight through."""

from aiohttp import web

from gateway.calls import SERVICES
from gateway.streams import begin, relay
from gateway.wire import asks
from gateway.wire.files import file_headers


async def download(request: web.Request) -> web.StreamResponse:
    """/report/tracker/download: the report as a file."""
    services = request.app[SERVICES]
    asked = await asks.read(request, services.settings)
    call = services.render(asks.rendering(asked), asked.authorization)
    rendering = await begin(call, services.settings)
    return await relay(request, web.StreamResponse(headers=file_headers(rendering.info)), rendering)


async def retrieve(request: web.Request) -> web.StreamResponse:
    """/report/tracker/retrieve: the report as the public JSON."""
    services = request.app[SERVICES]
    asked = await asks.read(request, services.settings)
    call = services.render(asks.rendering(asked, json=True), asked.authorization)
    rendering = await begin(call, services.settings)
    response = web.StreamResponse(headers={"Content-Type": "application/json; charset=utf-8"})
    return await relay(request, response, rendering, frame=(b'{"success":true,"report":', b"}"))
