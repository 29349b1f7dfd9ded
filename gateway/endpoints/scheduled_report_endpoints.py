"""Endpoints of the timesheet side about schedules of saved reports, by path and method."""

from contextlib import aclosing

from aiohttp import web
from grpc.aio import AioRpcError

from gateway.clients import SERVICES
from gateway.endpoints.toggl_endpoints import Described, TogglEndpoint
from gateway.http_responses import json_response
from gateway.requests import scheduled_report_requests as requests
from gateway.requests.toggl_requests import caller_of
from gateway.shapes.json_schema import in_json, ref, several
from gateway.shapes.scheduled_report_responses import SCHEDULED_REPORT
from gateway.shapes.shape import Json
from gateway.toggl_errors import recipient_error
from services.runtime.errors import failure_of


async def _list(request: web.Request) -> web.Response:
    services, message = request.app[SERVICES], await requests.schedules(request)
    found: list[Json] = []
    async with aclosing(services.pages(services.schedules.ListSchedules, message, caller_of(request))) as pages:
        async for page in pages:
            found += SCHEDULED_REPORT.write_all(page.schedules)
    return json_response(found)


async def _create(request: web.Request) -> web.Response:
    services, message = request.app[SERVICES], await requests.creation(request)
    try:
        response = await services.call(services.schedules.CreateSchedule, message, caller_of(request))
    except AioRpcError as error:
        refused = recipient_error(failure_of(error), len(message.schedule.recipients))
        if refused is None:
            raise
        raise refused from None
    return json_response(SCHEDULED_REPORT.write(response.schedule))


async def _delete(request: web.Request) -> web.Response:
    services, message = request.app[SERVICES], await requests.deletion(request)
    await services.call(services.schedules.DeleteSchedule, message, caller_of(request))
    return web.Response()


SCHEDULED_REPORT_ENDPOINTS: dict[str, dict[str, TogglEndpoint]] = {
    "workspaces/{workspace}/scheduled_reports": {
        "GET": TogglEndpoint(
            "The schedules of a workspace's saved reports",
            _list,
            Described(None, in_json(several(SCHEDULED_REPORT.ref))),
            api="scheduled",
        ),
        "POST": TogglEndpoint(
            "Mail a saved report to members every day, on the first day of a week or on the first day of a month",
            _create,
            Described(ref("NewScheduledReport"), in_json(SCHEDULED_REPORT.ref)),
            api="scheduled",
        ),
    },
    "workspaces/{workspace}/scheduled_reports/{report}": {
        "DELETE": TogglEndpoint("Delete a schedule", _delete, Described(None, None), api="scheduled")
    },
}
