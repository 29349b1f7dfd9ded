"""Endpoints that take nothing: health, readiness and the OpenAPI document."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import web
from daybook.generation.v1.generation_service_pb2 import ListKindsRequest, ListKindsResponse
from daybook.savedreport.v1.saved_report_service_pb2 import ListReportTypesRequest, ListReportTypesResponse
from grpc.aio import AioRpcError

from gateway.clients import SERVICES, Caller
from gateway.errors import ServiceUnavailable
from gateway.http_responses import JSON_TYPE, json_response
from gateway.readiness import READINESS
from gateway.shapes.json_schema import OBJECT, Schema
from gateway.shapes.tracker_responses import HEALTH, READY

LANGUAGE = "en"  # of the document


@dataclass(frozen=True, slots=True)
class Documents:
    """OpenAPI documents, each made for serialized lists of the kinds of reports, those over time entries last."""

    of_kinds: Callable[[bytes, bytes], bytes]


DOCUMENTS = web.AppKey("documents", Documents)


@dataclass(frozen=True, slots=True)
class PlainEndpoint:
    """Path that takes nothing: what it returns, its response, the schema of that, and the errors it may have."""

    summary: str
    respond: Callable[[web.Request], Awaitable[web.Response]]
    schema: Schema
    errors: tuple[int, ...] = ()

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Respond to a request."""
        return await self.respond(request)


async def _health(_: web.Request) -> web.Response:
    return json_response(HEALTH.write(None))


async def _ready(request: web.Request) -> web.Response:
    missing = await request.app[READINESS].missing()
    if missing:
        raise ServiceUnavailable(detail=", ".join(missing))
    return json_response(READY.write(None))


async def _document(request: web.Request) -> web.Response:
    services = request.app[SERVICES]
    kinds, report_types = ListKindsResponse(), ListReportTypesResponse()
    with suppress(AioRpcError):  # the document leaves the options and parameters of reports open then
        async for page in services.pages(services.generation.ListKinds, ListKindsRequest(locale=LANGUAGE), Caller()):
            kinds.MergeFrom(page)
        report_types = await services.call(services.saved_reports.ListReportTypes, ListReportTypesRequest(), Caller())
    body = request.app[DOCUMENTS].of_kinds(kinds.SerializeToString(), report_types.SerializeToString())
    return web.Response(body=body, headers={"Content-Type": JSON_TYPE})


PLAIN_ENDPOINTS: dict[str, PlainEndpoint] = {
    "health": PlainEndpoint("Whether this process lives, whatever the services behind it do", _health, HEALTH.schema),
    "ready": PlainEndpoint(
        "Whether requests can be served now; error 14 names the parts that do not serve",
        _ready,
        READY.schema,
        (503,),
    ),
    "openapi.json": PlainEndpoint("This document", _document, OBJECT),
}
