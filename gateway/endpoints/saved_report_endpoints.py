"""Endpoints of the timesheet side that keep saved reports and show profiles, by path and method."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from aiohttp import web
from daybook.account.v1.account_service_pb2 import GetProfileRequest
from daybook.savedreport.v1.saved_report_service_pb2 import ListSavedReportsRequest
from google.protobuf.message import Message
from grpc.aio import UnaryUnaryMultiCallable

from gateway.clients import SERVICES, Services
from gateway.endpoints.toggl_endpoints import Described, Respond, TogglEndpoint
from gateway.http_responses import json_response
from gateway.requests import saved_report_requests as requests
from gateway.requests.bodies import pairs_of
from gateway.requests.toggl_requests import caller_of, workspace_id
from gateway.shapes.json_schema import Schema, in_json, ref, several
from gateway.shapes.saved_report_responses import PROFILE, SAVED_REPORT

Q = TypeVar("Q", bound=Message)
R = TypeVar("R", bound=Message)


def _unary(
    read: Callable[[web.Request], Awaitable[Q]],
    method: Callable[[Services], UnaryUnaryMultiCallable[Q, R]],
    write: Callable[[R], object],
) -> Respond:
    """Return the response of a single call."""

    async def respond(request: web.Request) -> web.StreamResponse:
        services = request.app[SERVICES]
        response = await services.call(method(services), await read(request), caller_of(request))
        return json_response(write(response))

    return respond


def _report(response: Any) -> object:
    return SAVED_REPORT.write(response.report)


def _first(response: Any) -> object:
    return SAVED_REPORT.write(response.reports[0])


def _reports(response: Any) -> object:
    return SAVED_REPORT.write_all(response.reports)


async def _listing(request: web.Request) -> ListSavedReportsRequest:
    caller_of(request)
    query = dict(pairs_of(request.rel_url.raw_query_string, "utf-8"))
    return requests.listing_of(query, workspace_id(request))


async def _profile_request(_: web.Request) -> GetProfileRequest:
    return GetProfileRequest()


async def _logged(request: web.Request) -> web.Response:
    services = request.app[SERVICES]
    await services.call(services.accounts.GetProfile, GetProfileRequest(), caller_of(request))
    return web.Response()


def _single(body: Schema | None) -> Described:
    return Described(body, in_json(SAVED_REPORT.ref))


def _several(body: Schema | None) -> Described:
    return Described(body, in_json(several(SAVED_REPORT.ref)))


SAVED_REPORT_ENDPOINTS: dict[str, dict[str, TogglEndpoint]] = {
    "workspaces/{workspace}/reports/shared": {
        "GET": TogglEndpoint(
            "A page of saved reports",
            _unary(_listing, lambda to: to.saved_reports.ListSavedReports, _reports),
            _several(None),
            query={name: field.schema for name, field in requests.LISTING.items()},
        ),
        "POST": TogglEndpoint(
            "Save a report",
            _unary(requests.creation, lambda to: to.saved_reports.CreateSavedReport, _report),
            _single(ref("NewReport")),
        ),
        "PUT": TogglEndpoint(
            "Change several, all or none; the page promises one report, so the first",
            _unary(requests.updates, lambda to: to.saved_reports.UpdateSavedReports, _first),
            _single({**several(ref("ChangeOfOne")), "minItems": 1}),
        ),
    },
    "workspaces/{workspace}/reports/shared/bulk_delete": {
        "PATCH": TogglEndpoint(
            "Delete several, all or none",
            _unary(requests.deletions, lambda to: to.saved_reports.DeleteSavedReports, _reports),
            _several(ref("Ids")),
        )
    },
    "workspaces/{workspace}/reports/shared/{report}": {
        "GET": TogglEndpoint(
            "One saved report",
            _unary(requests.single, lambda to: to.saved_reports.GetSavedReport, _report),
            _single(None),
        ),
        "PUT": TogglEndpoint(
            "Change one saved report",
            _unary(requests.update, lambda to: to.saved_reports.UpdateSavedReports, _first),
            _single(ref("Change")),
        ),
        "DELETE": TogglEndpoint(
            "Delete one saved report",
            _unary(requests.deletion, lambda to: to.saved_reports.DeleteSavedReports, _first),
            _single(None),
        ),
    },
    "me": {
        "GET": TogglEndpoint(
            "The caller's profile",
            _unary(_profile_request, lambda to: to.accounts.GetProfile, PROFILE.write),
            Described(None, in_json(PROFILE.ref)),
        )
    },
    "me/logged": {"GET": TogglEndpoint("Nothing, for good credentials", _logged, Described(None, None))},
}
