"""Reports over time entries, saved ones by their token and those of a workspace: as JSON or as a file."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from aiohttp import web
from daybook.rendering.v1.rendering_service_pb2 import Format, RenderTimeReportRequest
from daybook.savedreport.v1.saved_report_service_pb2 import RunReportRequest
from daybook.savedreport.v1.time_report_pb2 import Source

from gateway.clients import SERVICES
from gateway.files import file_headers
from gateway.http_responses import json_response
from gateway.requests import toggl_requests as time_asks
from gateway.shapes import time_answers
from gateway.streams import begin, relay
from gateway.structs import is_set
from gateway.time_report_stream import opening_of, send_rows
from gateway.toggl_errors import PLACE

Extent = RunReportRequest.Extent

FORMATS = {"csv": Format.FORMAT_CSV, "xlsx": Format.FORMAT_XLSX, "pdf": Format.FORMAT_PDF}
KINDS = {"search": "detailed", "summary": "summary", "weekly": "weekly"}  # by the word in the path


class Form(NamedTuple):
    """How much of a report is answered, what stands around its rows, and whether these always bear names."""

    extent: Extent.ValueType
    frame: Callable[[time_answers.Opening], time_answers.Frame]
    named: bool


SAVED = Form(Extent.EXTENT_EVERYTHING, time_answers.whole, named=True)
BARE = Form(Extent.EXTENT_ROWS, time_answers.bare, named=False)


async def run_saved(request: web.Request) -> web.StreamResponse:
    """/shared/{token}: a saved report with everything around its rows."""
    return await _rows(request, await time_asks.saved(request), SAVED)


async def export_saved(request: web.Request) -> web.StreamResponse:
    """/shared/{token}.csv and its like: a saved report as a file."""
    return await _file(request, await time_asks.saved(request))


async def search(request: web.Request) -> web.StreamResponse:
    """/search/time_entries, /summary/time_entries, /weekly/time_entries: rows or groups of a workspace's report."""
    return await _rows(request, await time_asks.workspace(request, _kind(request)), BARE)


async def export(request: web.Request) -> web.StreamResponse:
    """/search/time_entries.csv and its like: a workspace's report as a file."""
    return await _file(request, await time_asks.workspace(request, _kind(request)))


async def totals(request: web.Request) -> web.StreamResponse:
    """/search/time_entries/totals: the sums of a detailed report, their graph only where asked for."""
    source = await time_asks.workspace(request, "detailed")
    return await _totals(request, source, graph=is_set(source.params, "with_graph"))


async def projects(request: web.Request) -> web.StreamResponse:
    """/projects/summary: the time of each member on each project."""
    return await _rows(request, await time_asks.workspace(request, "projects"), BARE)


async def project(request: web.Request) -> web.StreamResponse:
    """/projects/{project}/summary: the sums of one project."""
    chosen = [time_asks.project_id(request)]
    return await _totals(request, await time_asks.workspace(request, "detailed", project_ids=chosen), graph=True)


def _kind(request: web.Request) -> str:
    return KINDS[request[PLACE].words["kind"]]


async def _file(request: web.Request, source: Source) -> web.StreamResponse:
    services, suffix = request.app[SERVICES], request[PLACE].words["format"]
    wanted = RenderTimeReportRequest(source=source, format=FORMATS[suffix])
    rendering = await begin(services.render_time(wanted, time_asks.caller_of(request)), services.settings)
    if suffix == "xlsx":
        rendering.info.media_type = services.settings.xlsx_media_type
    return await relay(request, web.StreamResponse(headers=file_headers(rendering.info)), rendering)


async def _rows(request: web.Request, source: Source, form: Form) -> web.StreamResponse:
    services = request.app[SERVICES]
    call = services.run(RunReportRequest(source=source, extent=form.extent), time_asks.caller_of(request))
    try:
        opening = await opening_of(call, services.settings)
        named = form.named or is_set(opening.info.input_params, "enrich_response")
        headers = time_answers.headers(opening.info)
        frame = await asyncio.to_thread(form.frame, opening)
        return await send_rows(request, call, opening, frame, headers, named=named)
    finally:
        call.cancel()  # no effect on a call that is over


async def _totals(request: web.Request, source: Source, *, graph: bool) -> web.Response:
    services = request.app[SERVICES]
    wanted = RunReportRequest(source=source, extent=Extent.EXTENT_TOTALS)
    call = services.run(wanted, time_asks.caller_of(request))
    try:
        info = (await opening_of(call, services.settings)).info
    finally:
        call.cancel()  # no effect on a call that is over
    sums = time_answers.totals(info.totals, hidden=info.hide_amounts)
    response = json_response(sums if graph else sums | {"graph": []})
    response.headers.update(time_answers.headers(info))
    return response
