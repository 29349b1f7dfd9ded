"""View of a report: the document, the data that its modules fetch, and its files."""

from typing import Any

import orjson
from aiohttp import web
from daybook.generation.v1.generation_service_pb2 import GetReportRequest, ReportHead, RowRange, StreamPartsRequest
from daybook.report.v1 import report_pb2
from grpc.aio import AioRpcError

from gateway.errors import Code
from gateway.files import FORMATS
from gateway.web.data import file_response, head_of, number_in_path, sheet_response
from gateway.web.documents import document
from gateway.web.page_endpoint import Content, Endpoints, PageEndpoint, PageRequest
from gateway.web.page_errors import public_failure
from gateway.web.report_outline import outline_json
from gateway.web.track_data import track_response
from gateway.web.visitor import visitor_of

UNFINISHED = (report_pb2.STATE_QUEUED, report_pb2.STATE_RUNNING)
OSM = "https://www.openstreetmap.org/"


async def _report(page: PageRequest) -> web.Response:
    """Return the view of a finished report, or the state of one that is not."""
    report_id, visitor = number_in_path(page, "report", 1), await visitor_of(page)
    generation = page.services.generation
    request = StreamPartsRequest(report_id=report_id, sheet_index=0, with_outlines=True)
    request.rows.CopyFrom(RowRange(first=0, count=1))  # the head is wanted alone
    call = page.services.stream(generation.StreamParts, request, page.caller)
    try:
        head = await head_of(page, call)
    except AioRpcError as error:
        if public_failure(error).code not in (Code.NOT_READY, Code.UNEXPECTED):
            raise
        asked = GetReportRequest(report_id=report_id)
        report = (await page.services.call(generation.GetReport, asked, page.caller)).report
        return document(page, "unfinished.html", visitor, report=report, is_running=report.state in UNFINISHED)
    finally:
        call.cancel()
    return document(page, "report.html", visitor, **view_of(head, f"/page/reports/{report_id}"))


def view_of(head: ReportHead, address: str, *, with_map: bool = True) -> dict[str, Any]:
    """Return what the template of a report needs; `address` is the path below which its data and files are."""
    report = head.report
    described = {
        "address": address,
        "locale": report.locale_info.locale,
        "time_zone": report.locale_info.time_zone,
        "period": head.cover.period,
        "sheets": outline_json(head),
        "files": {word: f"{address}/file.{word}" for word in FORMATS},
        "with_map": with_map,
    }
    return {
        "report": report,
        "cover": head.cover,
        "described": orjson.dumps(described).decode(),
        "files": described["files"],
        "osm": OSM,
    }


async def _sheet(page: PageRequest) -> web.StreamResponse:
    return await sheet_response(page, number_in_path(page, "report", 1))


async def _track(page: PageRequest) -> web.StreamResponse:
    return await track_response(page, number_in_path(page, "report", 1))


async def _file(page: PageRequest) -> web.StreamResponse:
    return await file_response(page, number_in_path(page, "report", 1))


REPORT_VIEW_ENDPOINTS: Endpoints = {
    "page/reports/{report}": {"GET": PageEndpoint("A report", _report)},
    "page/reports/{report}/sheets/{sheet}": {"GET": PageEndpoint("Rows of a sheet", _sheet, content=Content.DATA)},
    "page/reports/{report}/track": {"GET": PageEndpoint("Points of rows", _track, content=Content.DATA)},
    "page/reports/{report}/file.{format}": {"GET": PageEndpoint("A report as a file", _file, content=Content.FILE)},
}
