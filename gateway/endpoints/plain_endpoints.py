"""Endpoints that take nothing and cannot fail: health and the OpenAPI document."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from gateway.http_responses import JSON_TYPE, json_response
from gateway.shapes.json_schema import OBJECT, Schema
from gateway.shapes.tracker_responses import HEALTH

DOCUMENT = web.AppKey("document", bytes)


@dataclass(frozen=True, slots=True)
class PlainEndpoint:
    """Path that takes nothing: what it returns, its response and the schema of that."""

    summary: str
    respond: Callable[[web.Request], Awaitable[web.Response]]
    schema: Schema

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Respond to a request."""
        return await self.respond(request)


async def _health(_: web.Request) -> web.Response:
    return json_response(HEALTH.write(None))


async def _document(request: web.Request) -> web.Response:
    return web.Response(body=request.app[DOCUMENT], headers={"Content-Type": JSON_TYPE})


PLAIN_ENDPOINTS: dict[str, PlainEndpoint] = {
    "health": PlainEndpoint("Whether this process lives, whatever the services behind it do", _health, HEALTH.schema),
    "openapi.json": PlainEndpoint("This document", _document, OBJECT),
}
