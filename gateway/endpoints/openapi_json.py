"""The document of this API, made once when the gateway starts."""

from aiohttp import web

DOCUMENT = web.AppKey("document", bytes)


async def document(request: web.Request) -> web.Response:
    """/openapi.json: this document."""
    return web.Response(body=request.app[DOCUMENT], content_type="application/json", charset="utf-8")
