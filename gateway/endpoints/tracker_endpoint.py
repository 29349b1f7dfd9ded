"""Endpoint of the tracker side, made of a single call or of the pages of a list."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web
from google.protobuf.message import Message
from grpc.aio import AioRpcError, UnaryStreamMultiCallable, UnaryUnaryMultiCallable

from gateway.clients import SERVICES, Caller, Services
from gateway.errors import ENTITY_NOT_FOUND, Code, PublicError
from gateway.http_responses import JSON_TYPE, json_response
from gateway.requests import tracker_requests
from gateway.requests.tracker_requests import Listing, TrackerRequest
from gateway.shapes.json_schema import Schema, in_json
from gateway.shapes.shape import ListShape, Shape
from gateway.streams import send
from services.runtime.errors import failure_of

Q = TypeVar("Q", bound=Message)
R = TypeVar("R", bound=Message)
Reader = Callable[[TrackerRequest], Any]
Respond = Callable[[web.Request, TrackerRequest], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class TrackerEndpoint:
    """Action of the tracker side: what it does, the reader of its parameters, its response and the schema of that.

    `missing` is the code of an entity that is not there or another account's, which is a failure of `missing_reason`.
    """

    summary: str
    read: Reader
    respond: Respond
    content: Schema
    signed: bool = True
    missing: Code = Code.NOT_FOUND
    missing_reason: str = ENTITY_NOT_FOUND

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Respond to a request. Raises PublicError."""
        settings = request.app[SERVICES].settings
        asked = await tracker_requests.read(request, settings, signed=self.signed)
        try:
            return await self.respond(request, asked)
        except AioRpcError as error:
            if self.missing is Code.NOT_FOUND or failure_of(error).reason != self.missing_reason:
                raise
            raise PublicError(self.missing) from None


def unary(
    summary: str,
    read: Callable[[TrackerRequest], Q],
    method: Callable[[Services], UnaryUnaryMultiCallable[Q, R]],
    shape: Shape | Mapping[bool, Shape],
    *,
    signed: bool = True,
    missing: Code = Code.NOT_FOUND,
) -> TrackerEndpoint:
    """Return an endpoint of one call. Of two shapes the one is chosen by whether dates are wanted in ISO mode."""

    async def respond(request: web.Request, asked: TrackerRequest) -> web.StreamResponse:
        services, message = request.app[SERVICES], read(asked)
        response = await services.call(method(services), message, asked.caller, asked.parameters.faults)
        chosen = shape if isinstance(shape, Shape) else shape[bool(asked.parameters.flag("iso_datetime"))]
        return json_response(chosen.write(response))

    usual = shape if isinstance(shape, Shape) else shape[False]
    return TrackerEndpoint(summary, read, respond, in_json(usual.schema), signed, missing)


def listing(
    summary: str,
    read: Callable[[TrackerRequest], Listing[Q]],
    method: Callable[[Services], UnaryUnaryMultiCallable[Q, R]],
    shapes: Mapping[bool, ListShape],
    *,
    missing: Code = Code.NOT_FOUND,
    missing_reason: str = ENTITY_NOT_FOUND,
) -> TrackerEndpoint:
    """Return an endpoint that lists what is asked for, page by page.

    Its shape is chosen by the form of the entries that is wanted. `missing` stands for failures of that reason.
    """

    async def respond(request: web.Request, asked: TrackerRequest) -> web.StreamResponse:
        services, wanted = request.app[SERVICES], read(asked)
        pages = services.pages(method(services), wanted.message, asked.caller)
        return await _sent(request, shapes[wanted.form].texts(pages, wanted.limit))

    content = in_json(shapes[False].schema)
    return TrackerEndpoint(summary, read, respond, content, missing=missing, missing_reason=missing_reason)


def streaming(
    summary: str,
    read: Callable[[TrackerRequest], Listing[Q]],
    method: Callable[[Services], UnaryStreamMultiCallable[Q, R]],
    shapes: Mapping[bool, ListShape],
) -> TrackerEndpoint:
    """Return an endpoint that lists what a call streams. Its shape is chosen as that of `listing`."""

    async def respond(request: web.Request, asked: TrackerRequest) -> web.StreamResponse:
        services, wanted = request.app[SERVICES], read(asked)
        messages = services.messages(method(services), wanted.message, asked.caller)
        return await _sent(request, shapes[wanted.form].texts(messages))

    return TrackerEndpoint(summary, read, respond, in_json(shapes[False].schema))


def gathering(
    summary: str,
    read: Callable[[TrackerRequest], Q],
    messages: Callable[[Services, Q, Caller], AsyncGenerator[R, None]],
    shape: Shape,
) -> TrackerEndpoint:
    """Return an endpoint whose response is an object made of all messages of a call, or of all pages of a list."""

    async def respond(request: web.Request, asked: TrackerRequest) -> web.StreamResponse:
        services, message = request.app[SERVICES], read(asked)
        async with aclosing(messages(services, message, asked.caller)) as found:
            gathered = [one async for one in found]
        return json_response(shape.write(gathered))

    return TrackerEndpoint(summary, read, respond, in_json(shape.schema))


async def _sent(request: web.Request, texts: AsyncGenerator[bytes, None]) -> web.StreamResponse:
    """Send a response in pieces; one of a single piece as it is. Failures surface here, before headers are sent."""
    begun = [await anext(texts), await anext(texts, b"")]
    headers = {"Content-Type": JSON_TYPE}
    if not begun[1]:
        return web.Response(body=begun[0], headers=headers)
    return await send(request, web.StreamResponse(headers=headers), _after(begun, texts))


async def _after(begun: list[bytes], texts: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(texts):
        for text in begun:
            yield text
        async for text in texts:
            yield text
