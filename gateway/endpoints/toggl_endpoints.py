"""Endpoints of the timesheet side that run reports over time entries, by path and method."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote

from aiohttp import web
from daybook.rendering.v1.rendering_service_pb2 import Format, RenderRequest
from daybook.savedreport.v1.saved_report_service_pb2 import RunReportRequest
from daybook.savedreport.v1.time_report_pb2 import Source
from google.protobuf.struct_pb2 import Struct

from gateway.clients import SERVICES
from gateway.files import FORMATS, file_headers, format_word, media_types
from gateway.http_responses import json_response
from gateway.requests import toggl_requests
from gateway.requests.shared_links import prefers_json
from gateway.shapes import toggl_responses as responses
from gateway.shapes.json_schema import DAY, FLAG, Schema, in_json, ref, several
from gateway.shapes.shape import Envelope, Shape
from gateway.streams import file_info, relay
from gateway.time_report_stream import report_text, send_rows, start_of
from gateway.toggl_errors import BAD_REQUEST, ROUTE, Api, TogglError

Respond = Callable[[web.Request], Awaitable[web.StreamResponse]]
Extent = RunReportRequest.Extent

KINDS = {"search": "detailed", "summary": "summary", "weekly": "weekly"}  # by the word in the path
PUBLISHED = (Format.FORMAT_CSV, Format.FORMAT_XLSX, Format.FORMAT_PDF)
FILE_FORMATS = [format_word(published) for published in PUBLISHED]
FILE = f"[./](?P<format>{'|'.join(FILE_FORMATS)})"  # both spellings are published
FULL = "full"  # the one parameter of files
KIND = f"(?P<kind>{'|'.join(KINDS)})"
FILE_CONTENT: Schema = {media: {} for media in media_types(PUBLISHED)}
XLSX_MEDIA_TYPE = media_types([Format.FORMAT_XLSX])[0]  # unless the settings name another


class Described(NamedTuple):
    """Schema of a body, None without one, and the content of the response, None for an empty one."""

    body: Schema | None
    content: Schema | None


@dataclass(frozen=True, slots=True)
class TogglEndpoint:
    """Path and method of the timesheet side: what it does, its response and the schemas of both.

    `by_kind` describes it by the word for the kind of report in its path.
    """

    summary: str
    respond: Respond
    described: Described
    by_kind: Mapping[str, Described] = field(default_factory=dict)
    query: Mapping[str, Schema] = field(default_factory=dict)
    headers: Shape | None = None
    public: bool = False  # needs no credentials for a public report
    api: Api | None = None  # that words its errors, where its prefix does not say it
    redirect: str = ""  # when it refers to another address in place of its response

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Respond to a request. Raises TogglError and PublicError."""
        return await self.respond(request)


class ResponseShape(NamedTuple):
    """Extent of a report in a response, the text around its rows, and whether these always bear names."""

    extent: Extent.ValueType
    envelope: Callable[[responses.ReportStart], Envelope]
    named: bool


SAVED = ResponseShape(Extent.EXTENT_EVERYTHING, responses.saved_report_envelope, named=True)
BARE = ResponseShape(Extent.EXTENT_ROWS, responses.bare_envelope, named=False)
ReadSource = Callable[[web.Request], Awaitable[Source]]


def parameters_name(report_type: str) -> str:
    """Return the name of the schema of a kind of report's parameters."""
    return f"{report_type.capitalize()}Parameters"


def parameters_ref(report_type: str) -> Schema:
    """Return the schema of a kind of report's parameters."""
    return ref(parameters_name(report_type))


async def _of_kind(request: web.Request) -> Source:
    return await toggl_requests.workspace(request, KINDS[request[ROUTE].words["kind"]])


async def _project(request: web.Request) -> Source:
    chosen = [toggl_requests.project_id(request)]
    return await toggl_requests.workspace(request, "detailed", project_ids=chosen)


async def _file(request: web.Request, read: ReadSource) -> web.StreamResponse:
    services, format_ = request.app[SERVICES], FORMATS[request[ROUTE].words["format"]]
    source = await read(request)
    message = RenderRequest(time_report=source, format=format_, full=_taken_flag(source.params, FULL))
    call = services.stream(services.rendering.Render, message, toggl_requests.caller_of(request))
    info = await file_info(call, services.settings)
    if format_ == Format.FORMAT_XLSX:
        info.media_type = services.settings.xlsx_media_type
    return await relay(request, web.StreamResponse(headers=file_headers(info)), info, call)


async def _rows(request: web.Request, read: ReadSource, shape: ResponseShape) -> web.StreamResponse:
    services, source = request.app[SERVICES], await read(request)
    message = RunReportRequest(source=source, extent=shape.extent)
    call = services.stream(services.saved_reports.RunReport, message, toggl_requests.caller_of(request))
    try:
        start = await start_of(call, services.settings)
        named = shape.named or _is_set(start.info.input_params, "enrich_response")
        envelope = await asyncio.to_thread(shape.envelope, start)
        text = report_text(request, call, start, envelope, named=named)
        return await send_rows(request, text, responses.headers(start.info))
    finally:
        call.cancel()  # no effect on a call that is over


async def _totals(request: web.Request, read: ReadSource, *, graph: bool) -> web.Response:
    """Return the totals; without `graph`, their graph is empty unless the parameters ask for it."""
    services, source = request.app[SERVICES], await read(request)
    message = RunReportRequest(source=source, extent=Extent.EXTENT_TOTALS)
    call = services.stream(services.saved_reports.RunReport, message, toggl_requests.caller_of(request))
    try:
        info = (await start_of(call, services.settings)).info
    finally:
        call.cancel()  # no effect on a call that is over
    totals = responses.totals(info)
    if not graph and not _is_set(source.params, "with_graph"):
        totals["graph"] = []
    response = json_response(totals)
    response.headers.update(responses.headers(info))
    return response


async def _open(request: web.Request) -> web.StreamResponse:
    """Respond with the page of a saved report, or with its JSON where that is preferred."""
    if prefers_json(request.headers.getall("Accept", [])):
        response = await _rows(request, toggl_requests.saved_by_query, SAVED)
    else:
        address = f"/share/{quote(request[ROUTE].words['token'], safe='')}"
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address, "Vary": "Accept"})
    return response


def _taken_flag(params: Struct, name: str) -> bool:
    """Return a flag among the parameters that is none of the report's, and take it out. Raises TogglError 400."""
    if name not in params.fields:
        return False
    value = params.fields[name]
    if value.WhichOneof("kind") not in ("bool_value", "null_value"):
        raise TogglError(BAD_REQUEST, f"Invalid parameter {name}.")
    is_set = value.bool_value
    del params.fields[name]
    return is_set


def _is_set(params: Struct, name: str) -> bool:
    return name in params.fields and params.fields[name].bool_value


def _post(summary: str, respond: Respond, described: Described, **more: Any) -> dict[str, TogglEndpoint]:
    return {"POST": TogglEndpoint(summary, respond, described, **more)}


def _of_file(parameters: Schema) -> Schema:
    """Return the schema of a body that holds parameters, and beside them whether a PDF is to have all rows."""
    flag = {**FLAG, "description": "All rows in a PDF that would pass the ceiling of pages"}
    return {"allOf": [parameters, {"type": "object", "properties": {FULL: flag}}]}


OF_KIND = Described(None, None)  # `by_kind` describes each
ANY_PARAMETERS = ref("AnyParameters")
ROWS_BY_KIND = {word: Described(parameters_ref(kind), in_json(responses.ROWS[word])) for word, kind in KINDS.items()}
FILES_BY_KIND = {word: Described(_of_file(parameters_ref(kind)), FILE_CONTENT) for word, kind in KINDS.items()}
TOTALS = Described(parameters_ref("detailed"), in_json(responses.TOTALS.ref))
PROJECT_ROWS = Described(parameters_ref("projects"), in_json(several(responses.PROJECT_ROW.ref)))

TIME_REPORT_ENDPOINTS: dict[str, dict[str, TogglEndpoint]] = {
    f"shared/{{token}}{FILE}": _post(
        "A saved report as a file",
        partial(_file, read=toggl_requests.saved),
        Described(_of_file(ANY_PARAMETERS), FILE_CONTENT),
        public=True,
    ),
    "shared/{token}": _post(
        "A saved report with everything around its rows",
        partial(_rows, read=toggl_requests.saved, shape=SAVED),
        Described(ANY_PARAMETERS, in_json(responses.RAN_REPORT)),
        headers=responses.HEADERS,
        public=True,
    )
    | {
        "GET": TogglEndpoint(
            "A saved report where JSON is preferred, the parameters in the query: lists repeated or with commas",
            _open,
            Described(None, in_json(responses.RAN_REPORT)),
            query={"start_date": DAY, "end_date": DAY},
            headers=responses.HEADERS,
            public=True,
            redirect="To the page of the report, where JSON is not preferred to it",
        )
    },
    f"workspace/{{workspace}}/{KIND}/time_entries{FILE}": _post(
        "A workspace's report as a file", partial(_file, read=_of_kind), OF_KIND, by_kind=FILES_BY_KIND
    ),
    f"workspace/{{workspace}}/{KIND}/time_entries": _post(
        "Rows or groups of a workspace's report",
        partial(_rows, read=_of_kind, shape=BARE),
        OF_KIND,
        by_kind=ROWS_BY_KIND,
        headers=responses.HEADERS,
    ),
    "workspace/{workspace}/search/time_entries/totals": _post(
        "The sums of a detailed report, their graph only where asked for",
        partial(_totals, read=partial(toggl_requests.workspace, report_type="detailed"), graph=False),
        TOTALS,
        headers=responses.HEADERS,
    ),
    "workspace/{workspace}/projects/summary": _post(
        "The time of each member on each project",
        partial(_rows, read=partial(toggl_requests.workspace, report_type="projects"), shape=BARE),
        PROJECT_ROWS,
        headers=responses.HEADERS,
    ),
    "workspace/{workspace}/projects/{project}/summary": _post(
        "The sums of one project", partial(_totals, read=_project, graph=True), TOTALS, headers=responses.HEADERS
    ),
}
