"""List of reports, and what is done from it: request, cancel and delete a report."""

import asyncio
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp import web
from daybook.generation.v1.generation_service_pb2 import (
    CancelReportRequest,
    DeleteReportRequest,
    GetReportRequest,
    ListReportsRequest,
)
from daybook.report.v1.report_pb2 import State

from gateway.http_responses import json_response
from gateway.requests import tracker_requests
from gateway.requests.bodies import values_of
from gateway.requests.parameters import Parameters
from gateway.requests.tracker_requests import TrackerRequest
from gateway.shapes.tracker_responses import NOTHING, QUEUED
from gateway.web.documents import document
from gateway.web.page_endpoint import Content, Endpoints, PageEndpoint, PageRequest
from gateway.web.report_entries import REQUEST, STATE_WORDS, UNFINISHED, entry_of
from gateway.web.visitor import visitor_of

PAGE_SIZE = 50
KIND = re.compile(r"[1-9][0-9]{0,8}")
FILTERS: Mapping[str, tuple[State.ValueType, ...]] = {
    "running": UNFINISHED,
    "finished": (State.STATE_FINISHED,),
    "failed": (State.STATE_FAILED, State.STATE_CANCELLED),
}


async def _list(page: PageRequest) -> web.Response:
    """Return a page of the list. While a report on it is made, a module asks for it again and again."""
    services, chosen, only = page.services, page.query.get("state", ""), page.query.get("only", "")
    message = ListReportsRequest(
        page_size=PAGE_SIZE,
        page_token=page.query.get("page_token", ""),
        states=FILTERS.get(chosen, ()),
        plugin_ids=[int(only)] if KIND.fullmatch(only) else [],
    )
    visitor, found = await asyncio.gather(
        visitor_of(page), services.call(services.generation.ListReports, message, page.caller)
    )
    kinds = await page.frame.kinds.of(services, visitor.locale)
    titles = {kind.id: kind.title for kind in kinds}
    filters = {"state": chosen if chosen in FILTERS else "", "only": only if message.plugin_ids else ""}
    return document(
        page,
        "reports.html",
        visitor,
        reports=[entry_of(report, visitor, titles) for report in found.reports],
        next_page_token=found.next_page_token,
        is_first_page=not message.page_token,
        **filters,
        kinds=sorted(titles.items(), key=lambda one: one[1]),
        query=urlencode({name: value for name, value in filters.items() if value}),
    )


async def _create(page: PageRequest) -> web.Response:
    """Queue a report; the body is that of `report/tracker/generate`."""
    values = await values_of(page.http, page.services.settings)
    parameters = Parameters({**values, "hash": None})
    message = tracker_requests.generation(TrackerRequest(parameters, page.caller))
    services = page.services
    queued = await services.call(services.generation.GenerateReport, message, page.caller, parameters.faults)
    return json_response(QUEUED.write(queued))


async def _delete(page: PageRequest) -> web.Response:
    services, message = page.services, DeleteReportRequest(report_id=page.id("report"))
    return json_response(NOTHING.write(await services.call(services.generation.DeleteReport, message, page.caller)))


async def _cancel(page: PageRequest) -> web.Response:
    services, message = page.services, CancelReportRequest(report_id=page.id("report"))
    answer = await services.call(services.generation.CancelReport, message, page.caller)
    return json_response({"success": True, "state": STATE_WORDS.get(answer.report.state, "")})


async def _request(page: PageRequest) -> web.Response:
    """Return the request of a report, with which another one like it is asked for."""
    services, message = page.services, GetReportRequest(report_id=page.id("report"))
    answer = await services.call(services.generation.GetReport, message, page.caller)
    return json_response(REQUEST.write(answer.report))


REPORT_LIST_ENDPOINTS: Endpoints = {
    "page/reports": {
        "GET": PageEndpoint("The list of reports", _list),
        "POST": PageEndpoint("Queue a report", _create, content=Content.DATA),
    },
    "page/reports/{report}/request": {
        "GET": PageEndpoint("The request of a report", _request, content=Content.DATA),
    },
    "page/reports/{report}/cancel": {
        "POST": PageEndpoint("Stop a report that is made", _cancel, content=Content.DATA),
    },
    "page/reports/{report}": {
        "DELETE": PageEndpoint("Delete a report, finished or not", _delete, content=Content.DATA)
    },
}
