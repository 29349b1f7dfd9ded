"""Finished reports, as the public JSON or as a file: one RPC, streamed straight through."""

from aiohttp import web

from gateway.clients import SERVICES
from gateway.files import file_headers
from gateway.requests import tracker_requests as asks
from gateway.streams import begin, relay


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
