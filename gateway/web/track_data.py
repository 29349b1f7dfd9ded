"""Points of rows on the map, from TrackService."""

import re
from typing import Any

import orjson
from aiohttp import web
from daybook.input.v1.track_service_pb2 import ReadPointsRequest, ReadPointsResponse

from gateway.clients import message_of
from gateway.http_responses import JSON_TYPE
from gateway.requests.parameters import INT32, Parameters
from gateway.web.page_endpoint import PageRequest

MOST_RANGES = 100
MOST_POINTS = 20_000
CLOSEST = 22
RANGE = re.compile(r"([0-9]{1,10}):([0-9]{1,14}):([0-9]{1,14})")

Json = dict[str, Any]


async def track_response(page: PageRequest, report_id: int) -> web.Response:
    """Respond with the points of ranges of a report, each as columns.

    `ranges` are tracker, start and end in milliseconds, with colons, and commas between ranges. Raises PublicError 7.
    """
    request = points_request(page, report_id)
    found = [_empty() for _ in request.ranges]
    call = page.services.stream(page.services.tracks.ReadPoints, request, page.caller)
    try:
        while (message := await message_of(call, page.services.settings.first_message_seconds)) is not None:
            _add(found[message.range_index], message)
    finally:
        call.cancel()
    return web.Response(body=orjson.dumps({"ranges": found}), headers={"Content-Type": JSON_TYPE})


def points_request(page: PageRequest, report_id: int) -> ReadPointsRequest:
    """Return the request that the query describes. Raises PublicError 7 that names what is wrong."""
    parameters = Parameters(page.query)
    request = ReadPointsRequest(report_id=report_id, point_limit=MOST_POINTS)
    zoom = parameters.optional_integer("zoom", low=0)
    if zoom is not None:
        request.zoom = min(zoom, CLOSEST)
    wanted = parameters.text("ranges", required=True)
    for text in wanted.split(",") if wanted else ():
        known = RANGE.fullmatch(text)
        tracker, start, end = map(int, known.groups()) if known else (0, 0, 0)
        if not (0 < tracker < INT32 and start < end):
            parameters.note("ranges", "must be tracker:start:end in milliseconds, with commas between ranges")
            break
        entry = request.ranges.add(tracker_id=tracker)
        entry.start_time.FromMilliseconds(start)
        entry.end_time.FromMilliseconds(end)
    if len(request.ranges) > MOST_RANGES:
        parameters.note("ranges", f"must be at most {MOST_RANGES}")
    parameters.check()
    return request


def _empty() -> Json:
    return {"time": [], "lat": [], "lng": [], "speed": [], "line_starts": []}


def _add(found: Json, message: ReadPointsResponse) -> None:
    points, before = message.points, len(found["time"])
    found["line_starts"].extend(before + place for place in points.line_starts)
    for name, column in (("time", "time_ms"), ("lat", "lat"), ("lng", "lng"), ("speed", "speed_kmh")):
        found[name].extend(getattr(points, column))
