"""Endpoints that take nothing and cannot fail: health and the OpenAPI document."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from daybook.generation.v1.generation_service_pb2 import ListKindsRequest, ListKindsResponse
from grpc.aio import AioRpcError

from gateway.clients import SERVICES, Caller
from gateway.http_responses import JSON_TYPE, json_response
from gateway.shapes.json_schema import OBJECT, Schema
from gateway.shapes.tracker_responses import HEALTH

LANGUAGE = "en"  # of the document


@dataclass(frozen=True, slots=True)
class Documents:
    """OpenAPI documents, each made for a serialized list of the kinds of reports."""

    of_kinds: Callable[[bytes], bytes]


DOCUMENTS = web.AppKey("documents", Documents)


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
    services = request.app[SERVICES]
    try:
        kinds = await services.pages(services.generation.ListKinds, ListKindsRequest(locale=LANGUAGE), Caller())
    except AioRpcError:  # the document leaves the options of reports open then
        kinds = ListKindsResponse()
    body = request.app[DOCUMENTS].of_kinds(kinds.SerializeToString())
    return web.Response(body=body, headers={"Content-Type": JSON_TYPE})


PLAIN_ENDPOINTS: dict[str, PlainEndpoint] = {
    "health": PlainEndpoint("Whether this process lives, whatever the services behind it do", _health, HEALTH.schema),
    "openapi.json": PlainEndpoint("This document", _document, OBJECT),
}
