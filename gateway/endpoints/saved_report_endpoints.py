"""Saved reports as they are kept: listing, saving, changing and deleting them."""

from aiohttp import web
from daybook.savedreport.v1.saved_report_pb2 import SavedReportChange
from daybook.savedreport.v1.saved_report_service_pb2 import (
    CreateSavedReportRequest,
    DeleteSavedReportsRequest,
    GetSavedReportRequest,
    UpdateSavedReportsRequest,
)

from gateway.clients import SERVICES
from gateway.http_responses import json_response
from gateway.requests import saved_report_requests as wire
from gateway.requests import toggl_requests as time_asks
from gateway.requests.bodies import pairs_of
from gateway.toggl_errors import INVALID_JSON, TimeError


async def list_reports(request: web.Request) -> web.Response:
    """GET /reports/shared: a page of saved reports. None of ours is mailed by a schedule."""
    services, caller = request.app[SERVICES], time_asks.caller_of(request)
    query = dict(pairs_of(request.rel_url.raw_query_string, "utf-8"))
    wanted = wire.listing(query, time_asks.workspace_id(request))
    scheduled = wire.flag(query, "scheduled")
    page = await services.ask_for(caller, services.saved_reports.ListSavedReports, wanted)
    return json_response([] if scheduled else [wire.saved_report(one) for one in page.reports])


async def create(request: web.Request) -> web.Response:
    """POST /reports/shared: save a report."""
    services, caller = request.app[SERVICES], time_asks.caller_of(request)
    change = await wire.change(await time_asks.object_of(request), new=True)
    wanted = CreateSavedReportRequest(workspace_id=time_asks.workspace_id(request), report=change)
    saved = await services.ask_for(caller, services.saved_reports.CreateSavedReport, wanted)
    return json_response(wire.saved_report(saved.report))


async def get(request: web.Request) -> web.Response:
    """GET /reports/shared/{report}: one saved report."""
    services, caller = request.app[SERVICES], time_asks.caller_of(request)
    wanted = GetSavedReportRequest(workspace_id=time_asks.workspace_id(request), report_id=time_asks.report_id(request))
    found = await services.ask_for(caller, services.saved_reports.GetSavedReport, wanted)
    return json_response(wire.saved_report(found.report))


async def update(request: web.Request) -> web.Response:
    """PUT /reports/shared/{report}: change one saved report."""
    change = await wire.change(await time_asks.object_of(request))
    change.id = time_asks.report_id(request)
    return await _updated(request, [change])


async def update_several(request: web.Request) -> web.Response:
    """PUT /reports/shared: change several, all or none; the page promises one report, so the first."""
    payloads = await time_asks.json_of(request)
    if not isinstance(payloads, list) or not payloads:
        raise TimeError(*INVALID_JSON)
    return await _updated(request, [await wire.change_of_several(one) for one in payloads])


async def delete(request: web.Request) -> web.Response:
    """DELETE /reports/shared/{report}: delete one saved report."""
    [deleted] = await _deleted(request, [time_asks.report_id(request)])
    return json_response(deleted)


async def delete_several(request: web.Request) -> web.Response:
    """PATCH /reports/shared/bulk_delete: delete several, all or none."""
    body = await time_asks.object_of(request)
    return json_response(await _deleted(request, wire.ids(body.get("ids"))))


async def _updated(request: web.Request, changes: list[SavedReportChange]) -> web.Response:
    services, caller = request.app[SERVICES], time_asks.caller_of(request)
    wanted = UpdateSavedReportsRequest(workspace_id=time_asks.workspace_id(request), reports=changes)
    changed = await services.ask_for(caller, services.saved_reports.UpdateSavedReports, wanted)
    return json_response(wire.saved_report(changed.reports[0]))


async def _deleted(request: web.Request, ids: list[int]) -> list[dict[str, object]]:
    services, caller = request.app[SERVICES], time_asks.caller_of(request)
    wanted = DeleteSavedReportsRequest(workspace_id=time_asks.workspace_id(request), report_ids=ids)
    deleted = await services.ask_for(caller, services.saved_reports.DeleteSavedReports, wanted)
    return [wire.saved_report(one) for one in deleted.reports]
