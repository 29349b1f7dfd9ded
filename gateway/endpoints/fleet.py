"""The fleet: the trackers that reports can be about."""

from aiohttp import web
from daybook.input.v1.input_service_pb2 import ListRequest

from gateway import http_responses as answers
from gateway.clients import PAGE_SIZE, SERVICES
from gateway.requests import tracker_requests as asks


async def list_trackers(request: web.Request) -> web.Response:
    """/tracker/list: the account's trackers."""
    services = request.app[SERVICES]
    asked = await asks.read(request, services.settings)
    pages = await services.pages(
        services.inputs.List,
        lambda token: ListRequest(kind="trackers", page_size=PAGE_SIZE, page_token=token),
        asked.authorization,
    )
    return answers.success(list=[answers.tracker(one) for page in pages for one in page.batch.trackers.items])
