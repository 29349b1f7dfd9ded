"""Endpoints of the tracker side by path."""

from aiohttp import web
from daybook.account.v1.account_service_pb2 import GetProfileRequest, LogOutRequest

from gateway.clients import SERVICES
from gateway.endpoints.input_endpoints import INPUT_ENDPOINTS
from gateway.endpoints.schedule_endpoints import SCHEDULE_ENDPOINTS
from gateway.endpoints.track_endpoints import TRACK_ENDPOINTS
from gateway.endpoints.tracker_endpoint import TrackerEndpoint, listing, unary
from gateway.files import FORMATS, file_headers, media_types
from gateway.http_responses import JSON_TYPE
from gateway.requests import tracker_requests
from gateway.requests.tracker_requests import TrackerRequest
from gateway.shapes import tracker_responses as responses
from gateway.shapes.json_schema import Schema
from gateway.shapes.report_json import RETRIEVED
from gateway.shapes.shape import Envelope
from gateway.shapes.user_responses import ACCOUNT_INFO, USER_SETTINGS
from gateway.streams import file_info, relay


async def _download(request: web.Request, asked: TrackerRequest) -> web.StreamResponse:
    services = request.app[SERVICES]
    call = services.stream(services.rendering.Render, tracker_requests.download(asked), asked.caller)
    info = await file_info(call, services.settings)
    return await relay(request, web.StreamResponse(headers=file_headers(info)), info, call)


async def _retrieve(request: web.Request, asked: TrackerRequest) -> web.StreamResponse:
    services = request.app[SERVICES]
    call = services.stream(services.rendering.Render, tracker_requests.retrieval(asked), asked.caller)
    info = await file_info(call, services.settings)
    envelope = Envelope(b'{"success":true,"report":', b"}")
    return await relay(request, web.StreamResponse(headers={"Content-Type": JSON_TYPE}), info, call, envelope)


FILE_CONTENT: Schema = {media: {} for media in media_types(FORMATS.values())}
TRACKER_ENDPOINTS: dict[str, TrackerEndpoint] = {
    **SCHEDULE_ENDPOINTS,
    **TRACK_ENDPOINTS,
    **INPUT_ENDPOINTS,
    "report/tracker/generate": unary(
        "Queue a report", tracker_requests.generation, lambda to: to.generation.GenerateReport, responses.QUEUED
    ),
    "report/tracker/list": listing(
        "The caller's reports, newest first",
        tracker_requests.reports,
        lambda to: to.generation.ListReports,
        responses.REPORT_LISTS,
    ),
    "report/tracker/status": unary(
        "How much is done; error 6 for a report that failed",
        tracker_requests.progress,
        lambda to: to.generation.GetReport,
        responses.PROGRESS,
    ),
    "report/tracker/retrieve": TrackerEndpoint(
        "The report as the public JSON", tracker_requests.retrieval, _retrieve, RETRIEVED
    ),
    "report/tracker/download": TrackerEndpoint(
        "The report as a file", tracker_requests.download, _download, FILE_CONTENT
    ),
    "report/tracker/delete": unary(
        "Delete a report, finished or not",
        tracker_requests.deletion,
        lambda to: to.generation.DeleteReport,
        responses.NOTHING,
    ),
    "user/auth": unary(
        "Begin a session and return its hash. Failed tries are counted by the client's address",
        tracker_requests.login,
        lambda to: to.accounts.LogIn,
        responses.SESSION,
        signed=False,
    ),
    "user/logout": unary(
        "End the session whose hash the request carries",
        lambda _: LogOutRequest(),
        lambda to: to.accounts.LogOut,
        responses.NOTHING,
    ),
    "user/get_info": unary(
        "The caller's account, what it may do and the limits of reports",
        tracker_requests.profile,
        lambda to: to.accounts.GetProfile,
        ACCOUNT_INFO,
    ),
    "user/settings/read": unary(
        "The settings of the caller's account",
        lambda _: GetProfileRequest(),
        lambda to: to.accounts.GetProfile,
        USER_SETTINGS,
    ),
    "tracker/settings/trip_detection/read": unary(
        "When a tracker counts as parked",
        tracker_requests.parking_of,
        lambda to: to.inputs.GetParking,
        responses.TRIP_DETECTION,
    ),
    "tracker/settings/trip_detection/update": unary(
        "Change when a tracker counts as parked; parameters left out stay as they are",
        tracker_requests.parking_change,
        lambda to: to.inputs.UpdateParking,
        responses.NOTHING,
    ),
    "plugin/list": listing(
        "The kinds of reports",
        tracker_requests.kinds,
        lambda to: to.generation.ListKinds,
        {False: responses.KIND_LIST},
    ),
}
