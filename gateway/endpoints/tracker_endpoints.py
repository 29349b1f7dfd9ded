"""Tracker reports: asking for them, following them, listing and deleting them; the kinds there are."""

from uuid import uuid4

from aiohttp import web
from daybook.generation.v1.generation_service_pb2 import (
    DeleteReportRequest,
    GetReportRequest,
    ListPluginsRequest,
    ListReportsRequest,
)
from daybook.report.v1.report_pb2 import State

from gateway import http_responses as answers
from gateway.clients import PAGE_SIZE, SERVICES
from gateway.errors import Code, PublicError
from gateway.requests import tracker_requests as asks


async def generate(request: web.Request) -> web.Response:
    """/report/tracker/generate: queue a report."""
    services = request.app[SERVICES]
    asked = await asks.read(request, services.settings)
    wanted = asks.generation(asked)
    wanted.request_id = wanted.request_id or uuid4().hex  # safe to repeat at another replica
    queued = await services.ask(services.generation.GenerateReport, wanted, asked.authorization)
    return answers.success(id=queued.report_id)


async def status(request: web.Request) -> web.Response:
    """/report/tracker/status: how much is done; error 6 for a report that failed."""
    services = request.app[SERVICES]
    asked = await asks.read(request, services.settings)
    wanted = GetReportRequest(report_id=asks.report_id(asked))
    report = (await services.ask(services.generation.GetReport, wanted, asked.authorization)).report
    if report.state == State.STATE_FAILED:
        raise PublicError(Code.UNEXPECTED)
    return answers.success(percent_ready=report.percent)


async def list_reports(request: web.Request) -> web.Response:
    """/report/tracker/list: the caller's reports, newest first."""
    services = request.app[SERVICES]
    asked = await asks.read(request, services.settings)
    iso = asks.wants_iso(asked)
    pages = await services.pages(
        services.generation.ListReports,
        lambda token: ListReportsRequest(page_size=PAGE_SIZE, page_token=token),
        asked.authorization,
    )
    return answers.success(list=[answers.report(one, iso=iso) for page in pages for one in page.reports])


async def delete(request: web.Request) -> web.Response:
    """/report/tracker/delete: delete a report, finished or not."""
    services = request.app[SERVICES]
    asked = await asks.read(request, services.settings)
    wanted = DeleteReportRequest(report_id=asks.report_id(asked))
    await services.ask(services.generation.DeleteReport, wanted, asked.authorization)
    return answers.success()


async def list_plugins(request: web.Request) -> web.Response:
    """/plugin/list: the kinds of reports."""
    services = request.app[SERVICES]
    asked = await asks.read(request, services.settings)
    pages = await services.pages(
        services.generation.ListPlugins,
        lambda token: ListPluginsRequest(page_size=PAGE_SIZE, page_token=token),
        asked.authorization,
    )
    return answers.success(list=[answers.plugin(one) for page in pages for one in page.plugins])
