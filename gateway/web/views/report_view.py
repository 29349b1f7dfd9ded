"""A report: its progress while it is made, then its content."""

import asyncio

from aiohttp import web
from daybook.generation.v1.generation_service_pb2 import GetReportRequest
from daybook.report.v1.report_pb2 import State

from gateway.web.documents import document
from gateway.web.page_endpoint import Endpoints, PageEndpoint, PageRequest
from gateway.web.report_entries import entry_of
from gateway.web.visitor import visitor_of


async def _report(page: PageRequest) -> web.Response:
    services, message = page.services, GetReportRequest(report_id=page.id("report"))
    visitor, found = await asyncio.gather(
        visitor_of(page), services.call(services.generation.GetReport, message, page.caller)
    )
    titles = {kind.id: kind.title for kind in await page.frame.kinds.of(services, visitor.locale)}
    template = "report.html" if found.report.state == State.STATE_FINISHED else "progress.html"
    return document(page, template, visitor, report=entry_of(found.report, visitor, titles))


REPORT_VIEW_ENDPOINTS: Endpoints = {"page/reports/{report}": {"GET": PageEndpoint("A report", _report)}}
