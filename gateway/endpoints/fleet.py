"""The fleet: the trackers that reports can be about."""

from aiohttp import web
from daybook.fleet.v1.fleet_service_pb2 import ListTrackersRequest

from gateway import http_responses as answers
from gateway.clients import PAGE_SIZE, SERVICES
from gateway.requests import tracker_requests as asks


async def list_trackers(request: web.Request) -> web.Response:
    """/tracker/list: the account's trackers."""
    services = request.app[SERVICES]
    asked = await asks.read(request, services.settings)
    pages = await services.pages(
        services.fleet.ListTrackers,
        lambda token: ListTrackersRequest(page_size=PAGE_SIZE, page_token=token),
        asked.authorization,
    )
    return answers.success(list=[answers.tracker(one) for page in pages for one in page.trackers])
