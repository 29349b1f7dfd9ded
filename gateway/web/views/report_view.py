"""View of a report: the document, the data that its modules fetch, and its files."""

import asyncio

from aiohttp import web
from daybook.generation.v1.generation_service_pb2 import GetReportRequest, ReportHead, RowRange, StreamPartsRequest
from daybook.input.v1.input_service_pb2 import ListRequest
from grpc.aio import AioRpcError

from gateway.http_responses import json_response
from gateway.shapes.input_responses import zone_entry
from gateway.web.data import file_response, head_of, sheet_response
from gateway.web.documents import document
from gateway.web.entity_tags import tagged
from gateway.web.page_endpoint import Content, Endpoints, PageEndpoint, PageRequest
from gateway.web.report_entries import STATE_TEXTS, UNFINISHED
from gateway.web.report_outline import view_of
from gateway.web.track_data import track_response
from gateway.web.visitor import visitor_of
from services.runtime.errors import failure_of

NOT_FINISHED = ("NOT_READY", "REPORT_FAILED")
ZONES, MOST_ZONES = "page/zones", 500
ZONE = zone_entry(with_points=True)


async def _report(page: PageRequest) -> web.Response:
    """Return the view of a finished report, or the state of one that is not."""
    report_id = page.id("report")
    visitor, head = await asyncio.gather(visitor_of(page), _head(page, report_id))
    if head is None:
        asked = GetReportRequest(report_id=report_id)
        report = (await page.services.call(page.services.generation.GetReport, asked, page.caller)).report
        state, is_running = STATE_TEXTS.get(report.state, ""), report.state in UNFINISHED
        return document(page, "unfinished.html", visitor, report=report, state=state, is_running=is_running)
    address = f"/page/reports/{report_id}"
    return document(page, "report.html", visitor, **view_of(head, address, f"{address}/file", zones=f"/{ZONES}"))


async def _head(page: PageRequest, report_id: int) -> ReportHead | None:
    """Return the head of a finished report, None of one that is not."""
    request = StreamPartsRequest(report_id=report_id, sheet_index=0, with_outlines=True)
    request.rows.CopyFrom(RowRange(first=0, count=1))  # the head is wanted alone
    call = page.services.stream(page.services.generation.StreamParts, request, page.caller)
    try:
        return await head_of(page, call)
    except AioRpcError as error:
        if failure_of(error).reason not in NOT_FINISHED:
            raise
        return None
    finally:
        call.cancel()


async def _sheet(page: PageRequest) -> web.StreamResponse:
    return await sheet_response(page, page.id("report"))


async def _track(page: PageRequest) -> web.StreamResponse:
    return await track_response(page, page.id("report"))


async def _file(page: PageRequest) -> web.StreamResponse:
    return await file_response(page, page.id("report"))


async def _zones(page: PageRequest) -> web.Response:
    """Return the account's first zones with their points, for the map."""
    message = ListRequest(kind="zones", page_size=MOST_ZONES)
    found = await page.services.call(page.services.inputs.List, message, page.caller)
    entries = [ZONE.write(zone) for zone in found.batch.zones.items]
    return tagged(page.http, json_response({"zones": entries}))


REPORT_VIEW_ENDPOINTS: Endpoints = {
    "page/reports/{report}": {"GET": PageEndpoint("A report", _report)},
    "page/reports/{report}/sheets/{sheet}": {"GET": PageEndpoint("Rows of a sheet", _sheet, content=Content.DATA)},
    "page/reports/{report}/track": {"GET": PageEndpoint("Points of rows", _track, content=Content.DATA)},
    "page/reports/{report}/file.{format}": {"GET": PageEndpoint("A report as a file", _file, content=Content.FILE)},
    ZONES: {"GET": PageEndpoint("Zones on the map of a report", _zones, content=Content.DATA)},
}
