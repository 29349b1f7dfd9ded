"""Endpoints of the tracker side by path."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web
from daybook.account.v1.account_service_pb2 import LogOutRequest
from google.protobuf.message import Message
from grpc.aio import UnaryUnaryMultiCallable

from gateway.clients import SERVICES, Services
from gateway.files import FORMATS, file_headers, media_types
from gateway.http_responses import JSON_TYPE, json_response
from gateway.requests import tracker_requests
from gateway.requests.tracker_requests import Listing, TrackerRequest
from gateway.shapes import tracker_responses as responses
from gateway.shapes.json_schema import Schema, in_json
from gateway.shapes.report_json import RETRIEVED
from gateway.shapes.shape import Envelope, ListShape, Shape
from gateway.streams import file_info, relay, send

Q = TypeVar("Q", bound=Message)
R = TypeVar("R", bound=Message)
Reader = Callable[[TrackerRequest], Any]
Respond = Callable[[web.Request, TrackerRequest], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class TrackerEndpoint:
    """Action of the tracker side: what it does, the reader of its parameters, its response and the schema of that."""

    summary: str
    read: Reader
    respond: Respond
    content: Schema
    signed: bool = True

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Respond to a request. Raises PublicError."""
        settings = request.app[SERVICES].settings
        return await self.respond(request, await tracker_requests.read(request, settings, signed=self.signed))


def _unary(
    summary: str,
    read: Callable[[TrackerRequest], Q],
    method: Callable[[Services], UnaryUnaryMultiCallable[Q, R]],
    shape: Shape,
    *,
    signed: bool = True,
) -> TrackerEndpoint:
    """Return an endpoint of one call."""

    async def respond(request: web.Request, asked: TrackerRequest) -> web.StreamResponse:
        services, message = request.app[SERVICES], read(asked)
        response = await services.call(method(services), message, asked.caller, asked.parameters.faults)
        return json_response(shape.write(response))

    return TrackerEndpoint(summary, read, respond, in_json(shape.schema), signed)


def _list(
    summary: str,
    read: Callable[[TrackerRequest], Listing[Q]],
    method: Callable[[Services], UnaryUnaryMultiCallable[Q, R]],
    shapes: Mapping[bool, ListShape],
) -> TrackerEndpoint:
    """Return an endpoint that lists what is asked for, page by page.

    Its shape is chosen by whether dates are wanted in ISO mode.
    """

    async def respond(request: web.Request, asked: TrackerRequest) -> web.StreamResponse:
        services, listing = request.app[SERVICES], read(asked)
        pages = services.pages(method(services), listing.message, asked.caller)
        texts = shapes[listing.iso].texts(pages, listing.limit)
        begun = [await anext(texts), await anext(texts, b"")]  # failures surface here, before headers are sent
        headers = {"Content-Type": JSON_TYPE}
        if not begun[1]:
            return web.Response(body=begun[0], headers=headers)
        return await send(request, web.StreamResponse(headers=headers), _after(begun, texts))

    return TrackerEndpoint(summary, read, respond, in_json(shapes[False].schema))


async def _after(begun: list[bytes], texts: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(texts):
        for text in begun:
            yield text
        async for text in texts:
            yield text


async def _download(request: web.Request, asked: TrackerRequest) -> web.StreamResponse:
    services = request.app[SERVICES]
    call = services.stream(services.rendering.Render, tracker_requests.download(asked), asked.caller)
    info = await file_info(call, services.settings)
    return await relay(request, web.StreamResponse(headers=file_headers(info)), info, call)


async def _retrieve(request: web.Request, asked: TrackerRequest) -> web.StreamResponse:
    services = request.app[SERVICES]
    call = services.stream(services.rendering.Render, tracker_requests.retrieval(asked), asked.caller)
    info = await file_info(call, services.settings)
    envelope = Envelope(b'{"success":true,"report":', b"}")
    return await relay(request, web.StreamResponse(headers={"Content-Type": JSON_TYPE}), info, call, envelope)


FILE_CONTENT: Schema = {media: {} for media in media_types(FORMATS.values())}
TRACKER_ENDPOINTS: dict[str, TrackerEndpoint] = {
    "report/tracker/generate": _unary(
        "Queue a report", tracker_requests.generation, lambda to: to.generation.GenerateReport, responses.QUEUED
    ),
    "report/tracker/list": _list(
        "The caller's reports, newest first",
        tracker_requests.reports,
        lambda to: to.generation.ListReports,
        responses.REPORT_LISTS,
    ),
    "report/tracker/status": _unary(
        "How much is done; error 6 for a report that failed",
        tracker_requests.progress,
        lambda to: to.generation.GetReport,
        responses.PROGRESS,
    ),
    "report/tracker/retrieve": TrackerEndpoint(
        "The report as the public JSON", tracker_requests.retrieval, _retrieve, RETRIEVED
    ),
    "report/tracker/download": TrackerEndpoint(
        "The report as a file", tracker_requests.download, _download, FILE_CONTENT
    ),
    "report/tracker/delete": _unary(
        "Delete a report, finished or not",
        tracker_requests.deletion,
        lambda to: to.generation.DeleteReport,
        responses.NOTHING,
    ),
    "user/auth": _unary(
        "Begin a session and return its hash. Failed tries are counted by the client's address",
        tracker_requests.login,
        lambda to: to.accounts.LogIn,
        responses.SESSION,
        signed=False,
    ),
    "user/logout": _unary(
        "End the session whose hash the request carries",
        lambda _: LogOutRequest(),
        lambda to: to.accounts.LogOut,
        responses.NOTHING,
    ),
    "tracker/list": _list(
        "The account's trackers, all or those with some labels",
        tracker_requests.trackers,
        lambda to: to.inputs.List,
        {False: responses.TRACKER_LIST},
    ),
    "employee/list": _list(
        "The account's employees, and how many match",
        tracker_requests.employees,
        lambda to: to.inputs.List,
        {False: responses.EMPLOYEE_LIST},
    ),
    "tracker/settings/trip_detection/read": _unary(
        "When a tracker counts as parked",
        tracker_requests.parking_of,
        lambda to: to.inputs.GetParking,
        responses.TRIP_DETECTION,
    ),
    "tracker/settings/trip_detection/update": _unary(
        "Change when a tracker counts as parked; parameters left out stay as they are",
        tracker_requests.parking_change,
        lambda to: to.inputs.UpdateParking,
        responses.NOTHING,
    ),
    "plugin/list": _list(
        "The kinds of reports",
        tracker_requests.kinds,
        lambda to: to.generation.ListKinds,
        {False: responses.KIND_LIST},
    ),
}
