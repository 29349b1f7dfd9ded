"""Progress of a report as server-sent events."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import orjson
from aiohttp import web

from gateway.web.page_endpoint import Content, Endpoints, PageEndpoint, PageRequest
from gateway.web.progress import Event

HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
RETRY_MS = 2000


async def _progress(page: PageRequest) -> web.StreamResponse:
    """Respond with the events of a report until it is over or the browser leaves."""
    events = page.frame.progress.follow(page.services, page.caller, page.id("report"))
    response = web.StreamResponse(headers=HEADERS)
    try:
        await response.prepare(page.http)
        await response.write(f"retry: {RETRY_MS}\n\n".encode())
        await _send(response, events)
    except ConnectionError:
        pass  # the browser has left
    return response


async def _send(response: web.StreamResponse, events: AsyncGenerator[Event | None, None]) -> None:
    async with aclosing(events):
        async for event in events:
            if event is None:
                await response.write(b": still there\n\n")
            else:
                await response.write(f"event: {event.name}\ndata: ".encode() + orjson.dumps(event.data) + b"\n\n")


REPORT_PROGRESS_ENDPOINTS: Endpoints = {
    "page/reports/{report}/progress": {
        "GET": PageEndpoint("Events of a report that is made", _progress, content=Content.DATA)
    }
}
