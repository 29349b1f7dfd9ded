"""List of reports."""

from aiohttp import web

from gateway.web.documents import document
from gateway.web.page_endpoint import Endpoints, PageEndpoint, PageRequest
from gateway.web.visitor import visitor_of


async def _list(page: PageRequest) -> web.Response:
    return document(page, "reports.html", await visitor_of(page))


REPORT_LIST_ENDPOINTS: Endpoints = {"page/reports": {"GET": PageEndpoint("The list of reports", _list)}}
