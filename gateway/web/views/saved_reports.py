"""Saved time reports: the list of a workspace, and one of them with its link, its files and its change."""

import asyncio
from datetime import date

from aiohttp import web
from daybook.account.v1.account_service_pb2 import GetProfileRequest, GetProfileResponse
from daybook.input.v1.workspace_pb2 import Member
from daybook.rendering.v1.rendering_service_pb2 import RenderRequest
from daybook.savedreport.v1.saved_report_pb2 import SavedReport, SavedReportChange
from daybook.savedreport.v1.saved_report_service_pb2 import (
    GetSavedReportRequest,
    ListSavedReportsRequest,
    UpdateSavedReportsRequest,
)
from daybook.savedreport.v1.time_report_pb2 import Source

from gateway.endpoints.toggl_endpoints import FILE_FORMATS
from gateway.errors import Code, PublicError
from gateway.files import FORMATS, file_headers
from gateway.http_responses import json_response
from gateway.requests.bodies import values_of
from gateway.requests.parameters import Parameters
from gateway.streams import file_info, relay
from gateway.web.documents import document
from gateway.web.page_endpoint import ID, Content, Endpoints, PageEndpoint, PageRequest
from gateway.web.saved_report_entries import PERIODS, entry_of
from gateway.web.visitor import Visitor, visitor_from

PAGE_SIZE = 1000
DAYS = ("start_date", "end_date")


async def _profile(page: PageRequest) -> tuple[GetProfileResponse, Visitor]:
    profile = await page.services.call(page.services.accounts.GetProfile, GetProfileRequest(), page.caller)
    return profile, visitor_from(profile)


async def _list(page: PageRequest) -> web.Response:
    """Return the saved reports of a workspace, the first of the visitor's unless the query names another."""
    profile, visitor = await _profile(page)
    chosen = _id(page.query.get("workspace", "")) or profile.default_workspace_id
    reports: list[SavedReport] = []
    if chosen:
        message = ListSavedReportsRequest(
            workspace_id=chosen, page_size=PAGE_SIZE, order_by=ListSavedReportsRequest.ORDER_NAME
        )
        found = await page.services.call(page.services.saved_reports.ListSavedReports, message, page.caller)
        reports = list(found.reports)
    return document(
        page,
        "saved_reports.html",
        visitor,
        reports=[entry_of(one, visitor, profile.user_id) for one in reports],
        workspaces=[(one.id, one.name) for one in profile.workspaces],
        chosen=chosen,
    )


async def _show(page: PageRequest) -> web.Response:
    (profile, visitor), report = await asyncio.gather(_profile(page), _read(page))
    roles = {one.id: one.role for one in profile.workspaces}
    return document(
        page,
        "saved_report.html",
        visitor,
        report=entry_of(report, visitor, profile.user_id),
        is_admin=roles.get(report.workspace_id) == Member.ROLE_ADMIN,
        periods=PERIODS,
        formats=FILE_FORMATS,
    )


async def _read(page: PageRequest) -> SavedReport:
    message = GetSavedReportRequest(workspace_id=_workspace(page), report_id=page.id("report"))
    return (await page.services.call(page.services.saved_reports.GetSavedReport, message, page.caller)).report


async def _change(page: PageRequest) -> web.Response:
    """Share a report or keep it private, set the last day of its link, or give it a new link."""
    parameters = Parameters(await values_of(page.http, page.services.settings))
    change = SavedReportChange(
        id=page.id("report"),
        public=parameters.flag("public"),
        expire_date=parameters.text("expire_date") if parameters.has("expire_date") else None,
        regenerate_token=bool(parameters.flag("regenerate_token")),
    )
    message = UpdateSavedReportsRequest(workspace_id=parameters.integer("workspace_id", low=1), reports=[change])
    parameters.check()
    found = await page.services.call(page.services.saved_reports.UpdateSavedReports, message, page.caller)
    return json_response({"success": True, "token": found.reports[0].token})


async def _file(page: PageRequest) -> web.StreamResponse:
    """Return a report as a file, over the days or the named period of the query where there are some."""
    services, word = page.services, page.words["format"]
    if word not in FILE_FORMATS:
        raise PublicError(Code.NOT_FOUND)
    report = await _read(page)
    source = Source(token=report.token)
    source.params.update(_days(page))
    call = services.stream(
        services.rendering.Render, RenderRequest(time_report=source, format=FORMATS[word]), page.caller
    )
    info = await file_info(call, services.settings)
    return await relay(page.http, web.StreamResponse(headers=file_headers(info)), info, call)


def _days(page: PageRequest) -> dict[str, str]:
    """Return the days that a query asks for as parameters of a report, none without any. Raises PublicError 7."""
    period = page.query.get("period", "")
    if period in PERIODS:
        return {"period": period}
    found = {name: page.query[name] for name in DAYS if page.query.get(name)}
    for name, text in found.items():
        try:
            date.fromisoformat(text)
        except ValueError:
            parameters = Parameters({})
            parameters.note(name, "must be a day such as 2026-01-05")
            parameters.check()
    return found


def _workspace(page: PageRequest) -> int:
    number = _id(page.query.get("workspace", ""))
    if not number:
        raise PublicError(Code.NOT_FOUND)
    return number


def _id(text: str) -> int:
    return int(text) if ID.fullmatch(text) and int(text) < 2**63 else 0


SAVED_REPORT_ENDPOINTS: Endpoints = {
    "page/saved": {"GET": PageEndpoint("The list of saved time reports", _list)},
    "page/saved/{report}": {
        "GET": PageEndpoint("A saved time report", _show),
        "POST": PageEndpoint("Change how a saved time report is shared", _change, content=Content.DATA),
    },
    "page/saved/{report}/file.{format}": {
        "GET": PageEndpoint("A saved time report as a file", _file, content=Content.FILE)
    },
}
