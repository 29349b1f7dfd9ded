"""Data of a report that modules of the page fetch: rows of sheets, points of tracks, and files."""

import hashlib
from collections.abc import AsyncGenerator
from contextlib import aclosing

from aiohttp import hdrs, web
from daybook.generation.v1.generation_service_pb2 import (
    ChartRange,
    ReportHead,
    RowRange,
    StreamPartsRequest,
    StreamPartsResponse,
)
from daybook.rendering.v1.rendering_service_pb2 import RenderRequest
from grpc.aio import UnaryStreamCall

from gateway.clients import Caller, message_of
from gateway.errors import Code, PublicError
from gateway.files import FORMATS, file_headers
from gateway.http_responses import JSON_TYPE
from gateway.requests.parameters import Parameters
from gateway.streams import file_info, relay, send
from gateway.web.entity_tags import is_held
from gateway.web.page_endpoint import PageRequest
from gateway.web.sheet_json import ALL_ROWS, Rows, pieces_json

MOST_ROWS, FIRST_ROWS = 10_000, 500
LEAST_POINTS, MOST_POINTS = 20, 20_000  # of a line
INLINE = "inline"
PartsCall = UnaryStreamCall[StreamPartsRequest, StreamPartsResponse]


async def head_of(page: PageRequest, call: PartsCall) -> ReportHead:
    """Return the first message of a report's parts. Failures surface here, before headers are sent."""
    message = await message_of(call, page.services.settings.first_message_seconds)
    if message is None or not message.HasField("head"):
        call.cancel()
        raise PublicError(Code.UNEXPECTED)
    return message.head


async def sheet_response(page: PageRequest, report_id: int) -> web.StreamResponse:
    """Respond with rows of a sheet as columnar JSON (`sheet_json`), at most 10,000 of them, or with one line chart.

    Raises PublicError 7 for wrong parameters and 204 for a sheet that is not there.
    """
    request = _parts_request(page, report_id)
    call = page.services.stream(page.services.generation.StreamParts, request, page.caller)
    try:
        head = await head_of(page, call)
        if request.sheet_index >= len(head.sheet_headers):
            raise PublicError(Code.NOT_FOUND)
        tag = _tag(head, request)
        headers = {"Content-Type": JSON_TYPE, hdrs.ETAG: tag, hdrs.CACHE_CONTROL: "private, no-cache"}
        if is_held(page.http, tag):
            return web.Response(status=304, headers=headers)
        texts = _sheet_texts(page, call, request)
        begun = [await anext(texts), await anext(texts, b"")]
        return await send(page.http, web.StreamResponse(headers=headers), _after(begun, texts))
    finally:
        call.cancel()


def _parts_request(page: PageRequest, report_id: int) -> StreamPartsRequest:
    """Return the request that the address describes: rows by `from_row` and `rows`, or a chart by `section`.

    Of a chart, `points` are the most of each line; `from_x` and `to_x` bound a part of it. Raises PublicError 7, 204.
    """
    parameters = Parameters(page.query)
    request = StreamPartsRequest(report_id=report_id, sheet_index=_place(page))
    section = parameters.optional_integer("section", low=0)
    if section is None:
        request.rows.CopyFrom(_rows(parameters))
    else:
        request.section_index = section
        request.chart_point_limit = parameters.optional_integer("points", low=LEAST_POINTS) or MOST_POINTS
        if request.chart_point_limit > MOST_POINTS:
            parameters.note("points", f"must be an integer from {LEAST_POINTS} to {MOST_POINTS}")
        bounds = [_x(parameters, name) for name in ("from_x", "to_x") if parameters.has(name)]
        if bounds:
            request.chart_range.CopyFrom(ChartRange(start=bounds[0], end=bounds[-1]))
    parameters.check()
    return request


def _place(page: PageRequest) -> int:
    parameters = Parameters(page.words)
    place = parameters.integer("sheet", low=0)
    if parameters.faults:
        raise PublicError(Code.NOT_FOUND)
    return place


def _rows(parameters: Parameters) -> RowRange:
    first = parameters.optional_integer("from_row", low=0) or 0
    count = parameters.optional_integer("rows", low=1) or FIRST_ROWS
    if count > MOST_ROWS:
        parameters.note("rows", f"must be an integer from 1 to {MOST_ROWS}")
    return RowRange(first=first, count=count)


def _x(parameters: Parameters, name: str) -> float:
    try:
        return float(parameters.text(name))
    except ValueError:
        parameters.note(name, "must be a number")
        return 0.0


def _tag(head: ReportHead, request: StreamPartsRequest) -> str:
    """Return the tag of rows: an attempt at a report never changes, and its texts are in the report's own language."""
    facts = head.attempt, head.report.locale_info.locale, request.SerializeToString(deterministic=True)
    return f'"{hashlib.sha256(repr(facts).encode()).hexdigest()[:24]}"'


async def _sheet_texts(page: PageRequest, call: PartsCall, request: StreamPartsRequest) -> AsyncGenerator[bytes, None]:
    within_s, before = page.services.settings.idle_seconds, b'{"sections":['
    wanted = Rows(request.rows.first, request.rows.count) if request.HasField("rows") else ALL_ROWS
    section = request.section_index if request.HasField("section_index") else None
    while (message := await message_of(call, within_s)) is not None:
        pieces = pieces_json(message.part.message, wanted, section)
        if pieces:
            yield before + b",".join(pieces)
            before = b","
    yield (b"" if before == b"," else before) + b"]}"


async def _after(begun: list[bytes], texts: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(texts):
        for text in begun:
            yield text
        async for text in texts:
            yield text


async def file_response(page: PageRequest, report_id: int) -> web.StreamResponse:
    """Respond with a report as a file, for `?inline=1` to be shown by the browser itself.

    Raises PublicError 204 for an unknown format.
    """
    number = FORMATS.get(page.words["format"].lower())
    if number is None:
        raise PublicError(Code.NOT_FOUND)
    request = RenderRequest(report_id=report_id, format=number)
    return await rendered(page, request, page.caller, inline=page.query.get(INLINE) == "1")


async def rendered(
    page: PageRequest, request: RenderRequest, caller: Caller, *, inline: bool = False
) -> web.StreamResponse:
    """Respond with a file that rendering makes, to be saved, or shown by the browser itself."""
    call = page.services.stream(page.services.rendering.Render, request, caller)
    info = await file_info(call, page.services.settings)
    headers = file_headers(info)
    if inline:
        headers["Content-Disposition"] = headers["Content-Disposition"].replace("attachment", INLINE, 1)
    return await relay(page.http, web.StreamResponse(headers=headers), info, call)
