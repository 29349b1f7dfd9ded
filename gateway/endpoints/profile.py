"""Who the caller is, and whether the credentials are good."""

from aiohttp import web
from daybook.timesheet.v1.timesheet_service_pb2 import GetProfileRequest, GetProfileResponse

from gateway.clients import SERVICES
from gateway.http_responses import json_response
from gateway.requests.toggl_requests import caller_of
from gateway.shapes.profiles import profile


async def me(request: web.Request) -> web.Response:
    """/me: the caller's profile."""
    return json_response(profile(await _profile(request)))


async def logged(request: web.Request) -> web.Response:
    """/me/logged: nothing, for good credentials."""
    await _profile(request)
    return web.Response()


async def _profile(request: web.Request) -> GetProfileResponse:
    services = request.app[SERVICES]
    return await services.ask_for(caller_of(request), services.timesheets.GetProfile, GetProfileRequest())
