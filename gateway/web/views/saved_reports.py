"""Saved time reports: the list of a workspace, and one of them with its link, its files and its change."""

import asyncio
from urllib.parse import urlencode

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
from gateway.web.report_outline import told_apart
from gateway.web.saved_report_entries import PERIODS, entry_of
from gateway.web.shared_content import first_rows, period_of, streamed
from gateway.web.static_sheets import static_sheet
from gateway.web.visitor import Visitor, visitor_from
from services.runtime.codec import struct_of

PAGE_SIZE = 1000


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


async def _run(page: PageRequest) -> web.Response:
    """Return a report as it is now, over the period of the query where it has one; private ones too."""
    (profile, visitor), report = await asyncio.gather(_profile(page), _read(page))
    place = (_id(page.query.get("sheet", "1")) or 1) - 1
    head, parts = await streamed(page, first_rows(place, time_report=_source(page, report)), page.caller)
    if place >= max(len(head.sheet_headers), 1):
        raise PublicError(Code.NOT_FOUND)
    kept = {name: page.query[name] for name in ("workspace", "period", "from", "to") if page.query.get(name)}
    return document(
        page,
        "share.html",
        visitor,
        title=report.name,
        conditions=list(head.report.conditions),
        prepared_by=head.cover.author,
        ends="",
        no_data=head.cover.no_data,
        files=FILE_FORMATS,
        report_locale=(head.report.locale_info.locale or profile.locale).replace("_", "-"),
        time_zone=head.report.locale_info.time_zone or "UTC",
        sheets=told_apart(head.sheet_headers),
        place=place,
        sheet=static_sheet(parts),
        address=f"/page/saved/{report.id}/run",
        view=None,
        kept=f"&{urlencode(kept)}",
        hidden={"workspace": report.workspace_id},
        period=None if report.fixed_daterange else {name: kept.get(name, "") for name in ("period", "from", "to")},
        periods=PERIODS,
    )


def _source(page: PageRequest, report: SavedReport) -> Source:
    """Return a saved report over the period that a query names, if any."""
    return Source(token=report.token, params=None if report.fixed_daterange else struct_of(period_of(page.query)))


async def _file(page: PageRequest) -> web.StreamResponse:
    """Return a report as a file, over the period of the query where it has one."""
    services, word = page.services, page.words["format"]
    if word not in FILE_FORMATS:
        raise PublicError(Code.NOT_FOUND)
    source = _source(page, await _read(page))
    message = RenderRequest(time_report=source, format=FORMATS[word])
    call = services.stream(services.rendering.Render, message, page.caller)
    info = await file_info(call, services.settings)
    return await relay(page.http, web.StreamResponse(headers=file_headers(info)), info, call)


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
    "page/saved/{report}/run": {"GET": PageEndpoint("A saved time report as it is now", _run)},
    "page/saved/{report}/run.{format}": {
        "GET": PageEndpoint("A saved time report as a file", _file, content=Content.FILE)
    },
}
